#include "providers/probe/wire/sip.h"

#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

#include "fmt/format.h"
#include "providers/probe/wire/question.h"

namespace poolshift::probe {
namespace {

constexpr std::size_t kMostBytes = 65536;
constexpr std::size_t kMostHeaders = 200;

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool Same(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

// "SIP/2.0 200 OK"
bool ReadStatusLine(std::string_view line, SipResponse& response) {
  constexpr std::string_view kVersion = "SIP/2.0 ";
  if (line.size() < kVersion.size() + 3 || !Same(line.substr(0, kVersion.size()), kVersion))
    return false;
  const char* digits = line.data() + kVersion.size();
  const auto [end, error] = std::from_chars(digits, digits + 3, response.status);
  if (error != std::errc() || end != digits + 3 || response.status < 100 || response.status > 699)
    return false;
  const std::string_view rest = line.substr(kVersion.size() + 3);
  if (!rest.empty() && rest[0] != ' ') return false;
  response.reason = Printable(Trimmed(rest), 100);
  return true;
}

bool ReadLength(std::string_view text, std::size_t& length) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  return error == std::errc() && end == text.data() + text.size() && length <= kMostBytes;
}

}  // namespace

std::string SipOptionsRequest(const SipOptions& options) {
  return fmt::format(
      "OPTIONS sip:{0} SIP/2.0\r\n"
      "Via: SIP/2.0/TLS {1};branch=z9hG4bK{2};rport\r\n"
      "Max-Forwards: 1\r\n"
      "From: <sip:probe@{3}>;tag={2}\r\n"
      "To: <sip:{0}>\r\n"
      "Call-ID: {2}\r\n"
      "CSeq: 1 OPTIONS\r\n"
      "Contact: <sip:probe@{1};transport=tls>\r\n"
      "Accept: application/sdp\r\n"
      "User-Agent: poolshift-probe\r\n"
      "Content-Length: 0\r\n\r\n",
      options.domain,
      options.local_place,
      options.unique,
      options.from);
}

void SipReader::Feed(std::string_view bytes) {
  fed_ += bytes.size();
  if (fed_ <= kMostBytes) buffer_ += bytes;
}

SipReader::Next SipReader::Fault(std::string_view why) {
  fault_ = std::string(why);
  return Next::kFault;
}

bool SipReader::ReadHead(std::string_view head, std::size_t& body) {
  ours_ = false;
  response_ = {};
  std::size_t line_end = head.find("\r\n");
  if (!ReadStatusLine(head.substr(0, line_end), response_)) return false;
  std::size_t headers = 0;
  while (line_end != std::string_view::npos) {
    const std::size_t begin = line_end + 2;
    line_end = head.find("\r\n", begin);
    const std::string_view line = head.substr(
        begin, line_end == std::string_view::npos ? std::string_view::npos : line_end - begin);
    if (line.empty()) continue;
    if (++headers > kMostHeaders) return false;
    if (line[0] == ' ' || line[0] == '\t') continue;  // goes on with the line before
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view name = Trimmed(line.substr(0, colon));
    const std::string_view value = Trimmed(line.substr(colon + 1));
    if (Same(name, "call-id") || Same(name, "i")) ours_ = value == unique_;
    if (Same(name, "server")) response_.server = Printable(value, 100);
    if ((Same(name, "content-length") || Same(name, "l")) && !ReadLength(value, body)) return false;
  }
  return true;
}

SipReader::Next SipReader::Read() {
  if (!fault_.empty()) return Next::kFault;
  for (;;) {
    if (fed_ > kMostBytes) return Fault("it sends more than 64 KiB");
    // Keep-alives (RFC 5626) may stand between messages.
    buffer_.erase(0, std::min(buffer_.find_first_not_of("\r\n"), buffer_.size()));
    constexpr std::string_view kBegin = "SIP/2.0 ";
    const std::size_t seen = std::min(buffer_.size(), kBegin.size());
    if (!Same(std::string_view(buffer_).substr(0, seen), kBegin.substr(0, seen)))
      return Fault("it answers `" + Printable(buffer_, 40) + "`, which is no SIP response");
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos) return Next::kMore;
    std::size_t body = 0;
    if (!ReadHead(std::string_view(buffer_).substr(0, end), body))
      return Fault("it answers with a SIP response that is malformed");
    if (buffer_.size() < end + 4 + body) return Next::kMore;
    buffer_.erase(0, end + 4 + body);
    if (ours_) return Next::kResponse;
  }
}

}  // namespace poolshift::probe
