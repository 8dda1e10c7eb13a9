#include "providers/probe/agent/inventory.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/ascii.h"

#include "fmt/format.h"
#include <arpa/inet.h>

namespace poolshift::probe {
namespace {

std::string Lower(std::string_view name) {
  std::string lower = absl::AsciiStrToLower({name.data(), name.size()});
  if (!lower.empty() && lower.back() == '.') lower.pop_back();
  return lower;
}

bool IsHostName(const std::string& name) {
  if (name.empty() || name.size() > 253 || name.front() == '.' || name.front() == '-') return false;
  const bool letters = std::all_of(name.begin(), name.end(), [](const char letter) {
    return absl::ascii_isalnum(static_cast<unsigned char>(letter)) || letter == '-' ||
           letter == '_' || letter == '.';
  });
  return letters && std::any_of(name.begin(), name.end(), [](const char letter) {
           return absl::ascii_isalpha(static_cast<unsigned char>(letter));
         });
}

bool IsAtOrBelow(const std::string& name, const std::string& zone) {
  if (name == zone) return true;
  return name.size() > zone.size() && name.ends_with(zone) &&
         name[name.size() - zone.size() - 1] == '.';
}

// The address, and how many bits it has of its own.
bool ReadAddress(const std::string& text, std::array<unsigned char, 16>& bytes, int& width) {
  std::array<unsigned char, 4> v4{};
  if (inet_pton(AF_INET, text.c_str(), v4.data()) == 1) {
    bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, v4[0], v4[1], v4[2], v4[3]};
    width = 32;
    return true;
  }
  width = 128;
  return inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

}  // namespace

bool ReadNetwork(std::string_view text, Network& network) {
  const std::size_t slash = text.find('/');
  int width = 0;
  if (!ReadAddress(std::string(text.substr(0, slash)), network.bytes, width)) return false;
  network.bits = 128;
  if (slash == std::string_view::npos) return true;
  int prefix = -1;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + slash + 1, last, prefix);
  if (error != std::errc() || end != last || prefix < 0 || prefix > width) return false;
  network.bits = 128 - width + prefix;
  return true;
}

bool Contains(const Network& network, std::string_view address) {
  std::array<unsigned char, 16> bytes{};
  int width = 0;
  if (!ReadAddress(std::string(address), bytes, width)) return false;
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const unsigned mask = 0x80U >> static_cast<unsigned>(bit % 8);
    if ((bytes[byte] & mask) != (network.bytes[byte] & mask)) return false;
  }
  return true;
}

std::string Inventory::Allow(std::string_view host, std::vector<int> ports) {
  Target target;
  target.ports = std::move(ports);
  if (target.ports.empty()) return fmt::format("`{}` has no ports: name each", host);
  if (!ReadNetwork(host, target.network)) {
    target.is_name = true;
    target.name = Lower(host);
    if (!IsHostName(target.name))
      return fmt::format("`{}` is neither an address, nor a network, nor a host name", host);
  }
  targets_.push_back(std::move(target));
  return "";
}

void Inventory::AllowNames(std::string_view zone) { zones_.push_back(Lower(zone)); }

std::string Inventory::Objection(const Question& question) const {
  if (question.resolve) {
    const std::string name = Lower(question.host);
    if (std::any_of(zones_.begin(), zones_.end(), [&](const std::string& zone) {
          return IsAtOrBelow(name, zone);
        }))
      return "";
    return fmt::format("{} is in no `zone` of the agent's configuration", Printable(question.host));
  }
  const std::string name = Lower(question.host);
  for (const Target& target : targets_) {
    const bool meant =
        target.is_name ? target.name == name : Contains(target.network, question.host);
    if (meant &&
        std::find(target.ports.begin(), target.ports.end(), question.port) != target.ports.end())
      return "";
  }
  return fmt::format("{} is in no `allow` line of the agent's configuration",
                     Printable(Place(question.host, question.port)));
}

}  // namespace poolshift::probe
