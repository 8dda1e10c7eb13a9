// Sockets: which ports are bound on a machine, by `ss -Hltnp`, and by whom. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolshift::linux_host {

struct Listener {
  std::string address;  // "0.0.0.0", "[::]", "*"
  std::uint16_t port = 0;
  std::string program;             // of the first process; empty when ss may not say
  std::vector<std::int64_t> pids;  // of all that hold it
};

// Lines that are none are passed over.
std::vector<Listener> ListenersFrom(std::string_view printed);

// Whether a text of /proc/<pid>/cgroup says that the process belongs to the unit.
bool BelongsTo(std::string_view cgroup, std::string_view unit);

}  // namespace poolshift::linux_host
