#include "providers/linux/sockets.h"

#include <charconv>

#include "absl/strings/str_split.h"

namespace poolshift::linux_host {
namespace {

std::int64_t NumberAt(std::string_view text) {
  std::int64_t number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// users:(("lua5.4",pid=59,fd=8),("lua5.4",pid=60,fd=8))
void ReadUsers(std::string_view text, Listener& listener) {
  const std::size_t name = text.find("((\"");
  if (name == std::string_view::npos) return;
  listener.program = text.substr(name + 3, text.find('"', name + 3) - name - 3);
  for (std::size_t at = 0; (at = text.find("pid=", at)) != std::string_view::npos; at += 4)
    listener.pids.push_back(NumberAt(text.substr(at + 4)));
}

}  // namespace

std::vector<Listener> ListenersFrom(std::string_view printed) {
  std::vector<Listener> listeners;
  const absl::string_view text(printed.data(), printed.size());
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (words.size() < 5 || words[0] != "LISTEN") continue;
    const std::size_t colon = words[3].rfind(':');
    const std::int64_t port =
        colon == std::string::npos ? -1 : NumberAt(std::string_view(words[3]).substr(colon + 1));
    if (port < 1 || port > 65535) continue;
    Listener listener;
    listener.address = words[3].substr(0, colon);
    listener.port = static_cast<std::uint16_t>(port);
    if (words.size() > 5) ReadUsers(words[5], listener);
    listeners.push_back(std::move(listener));
  }
  return listeners;
}

bool BelongsTo(std::string_view cgroup, std::string_view unit) {
  const absl::string_view text(cgroup.data(), cgroup.size());
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    for (const absl::string_view part : absl::StrSplit(line, '/')) {
      if (part == absl::string_view(unit.data(), unit.size())) return true;
    }
  }
  return false;
}

}  // namespace poolshift::linux_host
