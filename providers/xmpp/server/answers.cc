#include "providers/xmpp/server/answers.h"

#include <charconv>

#include "absl/strings/ascii.h"

#include "nlohmann/json.hpp"

namespace poolshift::xmpp {
namespace {

std::size_t LengthIn(std::string_view head) {
  const std::string lower = absl::AsciiStrToLower(absl::string_view(head.data(), head.size()));
  constexpr std::string_view kName = "\r\ncontent-length:";
  const std::size_t at = lower.find(kName);
  if (at == std::string::npos) return std::string::npos;
  const std::size_t digits = lower.find_first_not_of(' ', at + kName.size());
  if (digits == std::string::npos) return std::string::npos;
  std::size_t length = std::string::npos;
  std::from_chars(lower.data() + digits, lower.data() + lower.size(), length);
  return length;
}

}  // namespace

absl::StatusOr<std::int64_t> CountIn(const std::string& printed) {
  constexpr std::string_view kMark = "streams=";
  const std::size_t at = printed.find(kMark);
  std::int64_t count = -1;
  if (at != std::string::npos) {
    const char* begin = printed.data() + at + kMark.size();
    std::from_chars(begin, printed.data() + printed.size(), count);
  }
  if (count < 0) return absl::InternalError("no number of streams in `" + printed + '`');
  return count;
}

absl::StatusOr<std::int64_t> NumberIn(const std::string& json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  const auto& value = parsed.is_object() && parsed.size() == 1 ? parsed.begin().value() : parsed;
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0)
    return absl::InvalidArgumentError("no number");
  return value.get<std::int64_t>();
}

absl::StatusOr<HttpAnswer> AnswerIn(std::string_view received) {
  const std::size_t end = received.find("\r\n\r\n");
  const std::size_t space = received.find(' ');
  if (received.substr(0, 5) != "HTTP/" || end == std::string_view::npos || space > end)
    return absl::UnknownError("the answer is no HTTP, or not whole");
  HttpAnswer answer;
  const char* status = received.data() + space + 1;
  std::from_chars(status, received.data() + end, answer.status);
  answer.body = received.substr(end + 4);
  const std::size_t length = LengthIn(received.substr(0, end));
  if (length != std::string::npos) {
    if (answer.body.size() < length) return absl::UnknownError("the answer is not whole");
    answer.body.resize(length);
  }
  return answer;
}

}  // namespace poolshift::xmpp
