#include "providers/dns/update/record.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "absl/status/status.h"

#include "fmt/format.h"
#include <arpa/inet.h>

namespace poolshift::dns {
namespace {

constexpr std::size_t kLongestString = 255;
constexpr std::size_t kLongestText = 16384;

char Lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// Empty when `text` is no address of the family.
std::string CanonicalAddress(int family, const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  char canonical[INET6_ADDRSTRLEN];
  if (text.find('\0') != std::string::npos) return "";  // would end it for inet_pton
  if (inet_pton(family, text.c_str(), bytes) != 1) return "";
  return inet_ntop(family, bytes, canonical, sizeof canonical) == nullptr ? "" : canonical;
}

bool IsShort(const std::string& text) {
  unsigned number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size() && number <= 65535;
}

absl::StatusOr<Fields> ParseService(const std::string& text) {
  std::istringstream words(text);
  Fields fields;
  for (std::string word; words >> word;)
    fields.push_back(word);
  const bool numbers =
      fields.size() == 4 && std::all_of(fields.begin(), fields.begin() + 3, IsShort);
  if (!numbers || !(fields[3] == "." || IsOwnerName(NormalName(fields[3])))) {
    return absl::InvalidArgumentError(
        fmt::format("`{}` is no SRV record: write `priority weight port target`, each number at "
                    "most 65535",
                    text));
  }
  if (fields[3] != ".") fields[3] = NormalName(fields[3]);
  return fields;
}

Fields CutText(std::string_view text) {
  Fields strings;
  for (std::size_t at = 0; at < text.size(); at += kLongestString) {
    strings.emplace_back(text.substr(at, kLongestString));
  }
  if (strings.empty()) strings.emplace_back();
  return strings;
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') out += '\\';
    if (code < 0x20 || code > 0x7e) {
      out += fmt::format("\\{:03}", code);
    } else {
      out += letter;
    }
  }
  return out + '"';
}

}  // namespace

std::string NormalName(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  std::string normal(name);
  std::transform(normal.begin(), normal.end(), normal.begin(), Lower);
  return normal;
}

bool IsOwnerName(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  std::size_t label = 0;
  for (const char letter : name) {
    const bool plain = (Lower(letter) >= 'a' && Lower(letter) <= 'z') ||
                       (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    if (letter == '.' ? label == 0 : (!plain || label == 63)) return false;
    label = letter == '.' ? 0 : label + 1;
  }
  return label > 0;
}

bool IsInZone(std::string_view name, std::string_view zone) {
  if (name.size() == zone.size()) return name == zone;
  return name.size() > zone.size() + 1 && name.substr(name.size() - zone.size()) == zone &&
         name[name.size() - zone.size() - 1] == '.';
}

bool IsSupportedType(std::string_view type) {
  return type == "A" || type == "AAAA" || type == "SRV" || type == "TXT";
}

std::string RecordText(std::string_view type, const Fields& fields) {
  if (type == "SRV" && fields.size() == 4) {
    const std::string target = fields[3] == "." ? "." : NormalName(fields[3]);
    return fmt::format("{} {} {} {}", fields[0], fields[1], fields[2], target);
  }
  std::string text;
  for (const std::string& field : fields)
    text += field;
  return text;
}

absl::StatusOr<Fields> ParseRecordText(std::string_view type, std::string_view text) {
  if (type == "SRV") return ParseService(std::string(text));
  if (type == "TXT" && text.size() <= kLongestText) return CutText(text);
  if (type == "TXT") return absl::InvalidArgumentError("a TXT record holds at most 16384 bytes");
  if (type != "A" && type != "AAAA") {
    return absl::InvalidArgumentError(
        fmt::format("records of type `{}` are not supported: A, AAAA, SRV and TXT are", type));
  }
  std::string address = CanonicalAddress(type == "A" ? AF_INET : AF_INET6, std::string(text));
  if (address.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("`{}` is no IPv{} address", text, type == "A" ? 4 : 6));
  }
  return Fields{std::move(address)};
}

std::string ZoneFileText(std::string_view type, const Fields& fields) {
  if (type == "SRV" && fields.size() == 4) {
    const std::string dot = fields[3] == "." ? "" : ".";
    return fmt::format("{} {} {} {}{}", fields[0], fields[1], fields[2], fields[3], dot);
  }
  if (type != "TXT") return RecordText(type, fields);
  std::string text;
  for (const std::string& field : fields)
    text += (text.empty() ? "" : " ") + Quoted(field);
  return text;
}

}  // namespace poolshift::dns
