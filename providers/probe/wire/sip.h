// SIP, as far as a probe speaks it (RFC 3261): one OPTIONS request, and the responses to it.
#pragma once

#include <string>
#include <string_view>

namespace poolshift::probe {

struct SipOptions {
  std::string domain;       // asked for: sip:DOMAIN
  std::string from;         // our own domain
  std::string local_place;  // "192.0.2.7:40000", of the connection
  std::string unique;       // letters and digits that nobody else uses
};
std::string SipOptionsRequest(const SipOptions& options);

struct SipResponse {
  int status = 0;  // 100 to 699
  std::string reason;
  std::string server;  // of the Server header, "" without
};

// Reads responses to one request out of a byte stream, whatever the pieces are that it comes in.
// Reads at most 64 KiB: whoever sends more is at fault.
class SipReader {
 public:
  enum class Next {
    kMore,      // feed it more
    kResponse,  // `response` is the next response to our request
    kFault,     // this is no SIP; `fault` says why
  };

  explicit SipReader(std::string unique) : unique_(std::move(unique)) {}

  void Feed(std::string_view bytes);
  Next Read();
  const SipResponse& response() const { return response_; }
  const std::string& fault() const { return fault_; }

 private:
  Next Fault(std::string_view why);
  bool ReadHead(std::string_view head, std::size_t& body);

  const std::string unique_;
  std::string buffer_;
  std::size_t fed_ = 0;
  bool ours_ = false;  // of the head that was read last
  SipResponse response_;
  std::string fault_;
};

}  // namespace poolshift::probe
