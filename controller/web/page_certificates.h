// PageCertificates: what the pages prove themselves with over TLS, looked for anew whenever
// somebody connects: a certificate is renewed without a restart. What is wrong is not taken; then
// the former one goes on to count. One thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace poolshift {

struct PageCertificate {
  std::string chain;               // PEM, one's own first
  std::string key;                 // PEM
  std::vector<std::string> names;  // that the pages may be asked for by (page_site.h)
  bool operator==(const PageCertificate&) const = default;
};

class PageCertificates {
 public:
  // What there is now, or what is wrong with it.
  using Look = std::function<absl::StatusOr<PageCertificate>()>;
  using Log = std::function<void(const std::string& line)>;

  // Errors are those of the first look, and InvalidArgument when GnuTLS does not take what it
  // found.
  static absl::StatusOr<std::unique_ptr<PageCertificates>> Make(Look look, Log log);

  // For a connection that begins. Of a fault the log has one line, until it is over or another.
  const PageCertificate& Renewed();
  // As of the last connection.
  const PageCertificate& current() const { return taken_; }

 private:
  PageCertificates(Look look, Log log, PageCertificate taken)
      : look_(std::move(look)), log_(std::move(log)), taken_(std::move(taken)) {}

  const Look look_;
  const Log log_;
  PageCertificate taken_;
  std::string complaint_;  // the last one, which is not repeated
};

}  // namespace poolshift
