#include "providers/sim/world/dns_record.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "providers/sim/world/world.h"
#include <arpa/inet.h>

namespace poolshift::sim {
namespace {

bool IsCanonicalAddress(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  if (inet_pton(family, text.c_str(), bytes.data()) != 1) return false;
  return inet_ntop(family, bytes.data(), canonical.data(), canonical.size()) != nullptr &&
         text == canonical.data();
}

bool IsHostName(std::string_view name) {
  return !name.empty() && name.size() < 254 && name.back() != '.' && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == '.';
         });
}

// Takes one number of 16 bits and the space after it.
bool TakeNumber(std::string_view& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto size = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || number > 65535 || size >= text.size() || *end != ' ') return false;
  text.remove_prefix(size + 1);
  return true;
}

bool IsService(std::string_view text) {
  return TakeNumber(text) && TakeNumber(text) && TakeNumber(text) && IsHostName(text);
}

bool IsRecord(std::string_view type, const std::string& text) {
  if (type == "A") return IsCanonicalAddress(AF_INET, text);
  if (type == "AAAA") return IsCanonicalAddress(AF_INET6, text);
  if (type == "SRV") return IsService(text);
  if (type == "CNAME") return IsHostName(text);
  return text.size() < 256;
}

}  // namespace

std::string RecordSetFault(std::string_view key, const std::vector<std::string>& records) {
  const auto [name, type] = SplitLast(key);
  if (type != "A" && type != "AAAA" && type != "SRV" && type != "TXT" && type != "CNAME") {
    return "`" + std::string(key) + "` is not <name>/<A|AAAA|SRV|TXT|CNAME>";
  }
  if (!IsHostName(name)) {
    return "`" + std::string(name) + "` is no owner name: lower case, without a trailing dot";
  }
  for (const std::string& record : records) {
    if (!IsRecord(type, record)) {
      return "`" + record + "` is no " + std::string(type) + " record" +
             (type == "SRV" ? ": write <priority> <weight> <port> <target>" : "");
    }
  }
  if (std::ranges::adjacent_find(records) != records.end()) return "a record is there twice";
  return "";
}

}  // namespace poolshift::sim
