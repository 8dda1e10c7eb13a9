#include "providers/xmpp/server/answers.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

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

// Names of domains with white space between them, sorted. What is no name is no list.
absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& text) {
  std::vector<std::string> names =
      absl::StrSplit(absl::AsciiStrToLower(text), absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty());
  for (const std::string& name : names) {
    const bool is_name = std::all_of(name.begin(), name.end(), [](const char letter) {
      return absl::ascii_isalnum(static_cast<unsigned char>(letter)) || letter == '-' ||
             letter == '.' || static_cast<unsigned char>(letter) >= 0x80;
    });
    if (!is_name) return absl::InvalidArgumentError('`' + name + "` is no domain");
  }
  std::sort(names.begin(), names.end());
  return names;
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

absl::StatusOr<std::vector<std::string>> DomainsIn(const std::string& printed) {
  constexpr std::string_view kMark = "domains=";
  const std::size_t at = printed.find(kMark);
  if (at == std::string::npos)
    return absl::InternalError("no list of domains in `" + printed + '`');
  const std::size_t begin = at + kMark.size();
  return NamesIn(printed.substr(begin, printed.find_first_of("\r\n", begin) - begin));
}

absl::StatusOr<std::vector<std::string>> HostsIn(const std::string& answer) {
  const auto parsed = nlohmann::json::parse(answer, nullptr, false);
  if (parsed.is_discarded()) return NamesIn(answer);
  if (!parsed.is_array()) return absl::InvalidArgumentError("no list");
  std::string names;
  for (const auto& name : parsed) {
    if (!name.is_string()) return absl::InvalidArgumentError("no name");
    names += name.get<std::string>() + '\n';
  }
  return NamesIn(names);
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
