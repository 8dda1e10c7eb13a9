// Dispatcher: the destinations that Kamailio's module of that name hands requests to, as `kamcmd
// dispatcher.list` prints them (Kamailio 5.6, module dispatcher, "dispatcher.list"). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "providers/linux/inside.h"

namespace poolshift::sip {

struct Destination {
  std::int64_t set = 0;
  std::string uri;
  // As listed. First: A active, T trying (it fails its probes, not often enough yet), I inactive,
  // D disabled by an administrator; requests go to A and T. Second: P it is probed, X it is not
  // marked for it (and is all the same with `ds_probing_mode` 1).
  std::string flags;
  bool lives() const { return flags[0] == 'A' || flags[0] == 'T'; }
  bool operator==(const Destination&) const = default;
};

// Absent: the module is not loaded. Empty: it is, and has no destination. An error says what the
// answer is instead of a whole list; a list that is cut off is none.
absl::StatusOr<std::optional<std::vector<Destination>>> DestinationsIn(std::string_view printed);

// Of the sets that count; empty = all. A destination in several counts once.
linux_host::Ways WaysAmong(const std::vector<Destination>& destinations,
                           const std::vector<std::int64_t>& sets);

}  // namespace poolshift::sip
