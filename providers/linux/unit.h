// Unit: what systemd says of one unit, and what that means in the words of kind EdgeService. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace poolshift::linux_host {

struct Unit {
  std::string load_state;    // loaded, not-found, masked, error, bad-setting
  std::string active_state;  // active, reloading, inactive, failed, activating, deactivating
  std::string sub_state;     // running, auto-restart, stop-sigterm, …
  std::string file_state;    // enabled, disabled, static, masked, …; empty: none
  std::string result;        // why it ended: success, exit-code, …
  std::int64_t exit_status = 0;
  std::int64_t main_pid = 0;
  std::int64_t restarts = 0;  // by systemd, since it was started
  bool exists() const { return load_state != "not-found" && !load_state.empty(); }
};

// running | stopped | starting | stopping. A unit that waits for its next start after a crash is
// `starting`: it is neither up nor down.
std::string_view StateOf(const Unit& unit);

// automatic: it comes with the machine. disabled: masked, nobody can start it. manual: everything
// else; somebody, or another unit, must start it.
std::string_view StartModeOf(const Unit& unit);

// "active (running)", "failed (exit-code, status 1)": for people.
std::string Described(const Unit& unit);

// Of `systemctl show`: lines NAME=VALUE.
Unit UnitFrom(std::string_view shown);
// One property by its name in systemd.
void SetProperty(std::string_view name, std::string_view value, Unit& unit);
inline constexpr std::string_view kProperties =
    "LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStatus,MainPID,NRestarts";

}  // namespace poolshift::linux_host
