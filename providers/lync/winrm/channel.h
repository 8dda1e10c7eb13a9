// Channel: one kept-alive TLS connection to one machine, over which requests go one after the
// other. Connects when it is not connected. A request is sent once: one whose connection was lost
// is never sent again behind the caller's back. One thread at a time.
//
// How to read an error:
//   Unavailable       nothing of the request has left: no way there, or not the machine that was
//                     declared (certificate, pin)
//   PermissionDenied  401 or 403: it was not carried out, because of who we are
//   DeadlineExceeded, Unknown, ResourceExhausted
//                     it has left, and there is no whole answer: what became of it is not known
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/world/curl_library.h"
#include "providers/lync/winrm/target.h"

namespace poolshift::lync::winrm {

class Channel {
 public:
  explicit Channel(Target target);

  const Target& target() const { return target_; }

  // The body of the answer with status 200, or of another that may hold a SOAP fault (400, 500).
  absl::StatusOr<std::string> Post(const std::string& envelope, absl::Time deadline);

 private:
  struct Exchange;

  absl::Status Open();
  void SetLogin();
  absl::StatusOr<std::string> Judge(int code, const Exchange& exchange) const;
  absl::Status NotReached(int code, const std::string& words) const;
  std::string HowToLogIn() const;

  const Target target_;
  const std::string url_;
  CurlHandle handle_;
  CurlWords headers_, route_;
};

}  // namespace poolshift::lync::winrm
