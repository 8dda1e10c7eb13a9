#include "controller/notify/transfer.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "controller/world/curl_library.h"

namespace poolshift::notify {
namespace {

constexpr std::size_t kLargestAnswer = 65536;

void Add(const std::string& word, CurlWords& words) {
  words.reset(Curl().append(words.release(), word.c_str()));
}

std::size_t Forget(char* /*bytes*/, std::size_t size, std::size_t count, void* left) {
  auto& room = *static_cast<std::size_t*>(left);
  if (size * count > room) return 0;  // ends the exchange
  room -= size * count;
  return size * count;
}

std::size_t Read(char* bytes, std::size_t size, std::size_t count, void* text) {
  auto& rest = *static_cast<std::string_view*>(text);
  const std::size_t taken = std::min(size * count, rest.size());
  std::memcpy(bytes, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

CurlHandle Open(const std::string& url, const char* protocols, absl::Duration time_limit) {
  CurlHandle handle(Curl().ready ? Curl().init() : nullptr);
  if (handle == nullptr) return handle;
  const auto limit = static_cast<long>(absl::ToInt64Milliseconds(time_limit));
  Curl().set(handle.get(), CURLOPT_URL, url.c_str());
  Curl().set(handle.get(), CURLOPT_PROTOCOLS_STR, protocols);
  Curl().set(handle.get(), CURLOPT_NOSIGNAL, 1L);
  Curl().set(handle.get(), CURLOPT_PROXY, "");
  Curl().set(handle.get(), CURLOPT_TIMEOUT_MS, limit);
  Curl().set(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, limit);
  Curl().set(handle.get(), CURLOPT_WRITEFUNCTION, Forget);
  return handle;
}

// libcurl's own words name hosts and ports, never what was sent.
absl::Status Perform(CURL* handle) {
  const CURLcode code = Curl().perform(handle);
  if (code == CURLE_OK) return absl::OkStatus();
  const std::string text = Curl().text(code);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return absl::DeadlineExceededError("no answer in time");
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return absl::InvalidArgumentError(text);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_LOGIN_DENIED:
    case CURLE_USE_SSL_FAILED:
      return absl::PermissionDeniedError(text);
    case CURLE_WRITE_ERROR:
      return absl::OutOfRangeError("the answer is larger than 64 KiB");
    default:
      return absl::UnavailableError(text);
  }
}

}  // namespace

absl::StatusOr<long> SendPost(const Post& post, absl::Duration time_limit) {
  const CurlHandle handle = Open(post.url, "http,https", time_limit);
  if (handle == nullptr) return absl::UnavailableError(kNoCurl);
  CurlWords headers;
  for (const std::string& header : post.headers)
    Add(header, headers);
  std::size_t room = kLargestAnswer;
  Curl().set(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  Curl().set(handle.get(), CURLOPT_POSTFIELDS, post.body.c_str());
  Curl().set(handle.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(post.body.size()));
  Curl().set(handle.get(), CURLOPT_WRITEDATA, &room);
  const absl::Status sent = Perform(handle.get());
  if (!sent.ok()) return sent;
  long status = 0;
  Curl().info(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

absl::Status SendLetter(const Letter& letter, absl::Duration time_limit) {
  const CurlHandle handle = Open(letter.url, "smtp,smtps", time_limit);
  if (handle == nullptr) return absl::UnavailableError(kNoCurl);
  CurlWords to;
  for (const std::string& each : letter.to)
    Add('<' + each + '>', to);
  std::string_view rest = letter.message;
  std::size_t room = kLargestAnswer;
  Curl().set(handle.get(), CURLOPT_MAIL_FROM, ('<' + letter.from + '>').c_str());
  Curl().set(handle.get(), CURLOPT_MAIL_RCPT, to.get());
  // One address that is refused keeps nobody else's letter back.
  Curl().set(handle.get(), CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  Curl().set(handle.get(), CURLOPT_USE_SSL, letter.must_encrypt ? CURLUSESSL_ALL : CURLUSESSL_NONE);
  Curl().set(handle.get(), CURLOPT_UPLOAD, 1L);
  Curl().set(handle.get(), CURLOPT_READFUNCTION, Read);
  Curl().set(handle.get(), CURLOPT_READDATA, &rest);
  Curl().set(handle.get(), CURLOPT_WRITEDATA, &room);
  if (!letter.user.empty()) {
    Curl().set(handle.get(), CURLOPT_USERNAME, letter.user.c_str());
    Curl().set(handle.get(), CURLOPT_PASSWORD, letter.password.c_str());
  }
  const absl::Status sent = Perform(handle.get());
  long status = 0;
  Curl().info(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  constexpr long kRefusedForGood = 500;
  if (!sent.ok() && absl::IsUnavailable(sent) && status >= kRefusedForGood)
    return absl::FailedPreconditionError("the server refuses it with " + std::to_string(status));
  return sent;
}

}  // namespace poolshift::notify
