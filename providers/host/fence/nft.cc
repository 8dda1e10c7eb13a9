#include "providers/host/fence/nft.h"

#include <algorithm>

#include "nlohmann/json.hpp"

namespace poolshift::host {
namespace {

using Json = nlohmann::json;

std::string SetName(const std::string& purpose, const Address& address) {
  return purpose + (address.is_v6 ? '6' : '4');
}

// The element of a set that is of this address and port; null when there is none.
const Json* ElementOf(const Json& set, const Address& address, int port) {
  const auto elements = set.find("elem");
  if (elements == set.end() || !elements->is_array()) return nullptr;
  for (const Json& entry : *elements) {
    const Json& element = entry.contains("elem") ? entry["elem"] : entry;
    const Json& value = element.contains("val") ? element["val"] : element;
    if (!value.contains("concat") || value["concat"].size() != 2) continue;
    const Json &where = value["concat"][0], &what = value["concat"][1];
    if (!where.is_string() || !what.is_number_integer() || what.get<int>() != port) continue;
    const auto found = Address::Parse(where.get<std::string>());
    if (found.has_value() && found->text == address.text) return &element;
  }
  return nullptr;
}

const Json* SetIn(const Json& all, const std::string& name) {
  for (const Json& entry : all) {
    if (entry.contains("set") && entry["set"].value("name", "") == name) return &entry["set"];
  }
  return nullptr;
}

bool HasRuleFor(const Json& all, const std::string& name) {
  const std::string reference = "\"@" + name + '"';
  return std::any_of(all.begin(), all.end(), [&](const Json& entry) {
    return entry.contains("rule") && entry["rule"].value("chain", "") == "fence" &&
           entry["rule"].dump().find(reference) != std::string::npos;
  });
}

// "reset until 2026-12-01T00:00:00+00:00" -> the time.
std::string ExpiryIn(const std::string& comment) {
  constexpr std::string_view kUntil = " until ";
  const std::size_t at = comment.find(kUntil);
  return at == std::string::npos ? "" : comment.substr(at + kUntil.size());
}

std::string Element(const Address& address, int port, const std::string& more = "") {
  return "{ " + address.text + " . " + std::to_string(port) + more + " }";
}

constexpr const char* kTable = " inet poolshift ";

// The table as it must be, whatever of it is there already.
std::string Preamble() {
  std::string script =
      "add table inet poolshift\n"
      "add chain inet poolshift fence { type filter hook prerouting priority -150 ; }\n"
      "flush chain inet poolshift fence\n";
  for (const char* family : {"4", "6"}) {
    const bool is_v6 = *family == '6';
    const std::string type = is_v6 ? "ipv6_addr" : "ipv4_addr", header = is_v6 ? "ip6" : "ip";
    for (const char* purpose : {"reset", "drop", "fences"}) {
      const bool is_record = purpose == std::string("fences");
      script += std::string("add set") + kTable + purpose + family + " { type " + type +
                " . inet_service ; " + (is_record ? "" : "flags timeout ; ") + "}\n";
    }
    script += std::string("add rule") + kTable + "fence " + header + " daddr . tcp dport @reset" +
              family + " reject with tcp reset\nadd rule" + kTable + "fence " + header +
              " daddr . tcp dport @drop" + family + " drop\n";
  }
  return script;
}

}  // namespace

absl::StatusOr<FenceState> FenceIn(const std::string& json, const Address& address, int port) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (parsed.is_discarded() || !parsed.contains("nftables"))
    return absl::InternalError("nft did not answer with its JSON");
  const Json& all = parsed["nftables"];
  FenceState state;
  for (const char* mode : {"reset", "drop"}) {
    const std::string name = SetName(mode, address);
    const Json* set = SetIn(all, name);
    if (set != nullptr && ElementOf(*set, address, port) != nullptr && HasRuleFor(all, name))
      state.mode = mode;
  }
  const Json* records = SetIn(all, SetName("fences", address));
  const Json* record = records == nullptr ? nullptr : ElementOf(*records, address, port);
  if (record == nullptr) return state;
  state.recorded = true;
  state.expires = ExpiryIn(record->value("comment", ""));
  return state;
}

absl::StatusOr<std::string> FenceScript(const Address& address,
                                        int port,
                                        const FenceState& before,
                                        const FenceState& after,
                                        std::optional<absl::Time> now) {
  std::string more;
  if (after.mode != "none" && !after.expires.empty()) {
    absl::Time expiry;
    std::string fault;
    if (!absl::ParseTime(absl::RFC3339_full, after.expires, &expiry, &fault))
      return absl::InvalidArgumentError("`expires` is `" + after.expires + "`, no RFC 3339 time");
    const std::int64_t seconds = now.has_value() ? absl::ToInt64Seconds(expiry - *now) : 1;
    if (seconds < 1)
      return absl::InvalidArgumentError("the fence would have run out at " + after.expires);
    more = " timeout " + (now.has_value() ? std::to_string(seconds) + 's'
                                          : "<seconds until " + after.expires + '>');
  }
  std::string script = Preamble();
  const auto change =
      [&](const char* verb, const std::string& purpose, const std::string& element) {
        script += std::string(verb) + " element" + kTable + SetName(purpose, address) + ' ' +
                  element + '\n';
      };
  const std::string plain = Element(address, port);
  if (before.recorded) change("delete", "fences", plain);
  for (const char* mode : {"reset", "drop"}) {  // there or not, run out meanwhile or not
    change("add", mode, plain);
    change("delete", mode, plain);
  }
  if (after.mode == "none") return script;
  change("add", after.mode, Element(address, port, more));
  const std::string until = after.expires.empty() ? "" : " until " + after.expires;
  change("create", "fences", Element(address, port, " comment \"" + after.mode + until + '"'));
  return script;
}

}  // namespace poolshift::host
