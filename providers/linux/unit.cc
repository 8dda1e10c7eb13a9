#include "providers/linux/unit.h"

#include <charconv>

namespace poolshift::linux_host {
namespace {

std::int64_t NumberIn(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool BeginsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

}  // namespace

std::string_view StateOf(const Unit& unit) {
  if (unit.active_state == "active" || unit.active_state == "reloading") return "running";
  if (unit.active_state == "activating") return "starting";
  if (unit.active_state == "deactivating") return "stopping";
  return "stopped";
}

std::string_view StartModeOf(const Unit& unit) {
  if (unit.load_state == "masked" || BeginsWith(unit.file_state, "masked")) return "disabled";
  const bool comes = BeginsWith(unit.file_state, "enabled") || unit.file_state == "generated";
  return comes ? "automatic" : "manual";
}

std::string Described(const Unit& unit) {
  if (unit.active_state == "failed" || (!unit.result.empty() && unit.result != "success")) {
    return unit.active_state + " (" + unit.result + ", status " + std::to_string(unit.exit_status) +
           ')';
  }
  return unit.active_state + " (" + unit.sub_state + ')';
}

void SetProperty(std::string_view name, std::string_view value, Unit& unit) {
  if (name == "LoadState") unit.load_state = value;
  if (name == "ActiveState") unit.active_state = value;
  if (name == "SubState") unit.sub_state = value;
  if (name == "UnitFileState") unit.file_state = value;
  if (name == "Result") unit.result = value;
  if (name == "ExecMainStatus") unit.exit_status = NumberIn(value);
  if (name == "MainPID") unit.main_pid = NumberIn(value);
  if (name == "NRestarts") unit.restarts = NumberIn(value);
}

Unit UnitFrom(std::string_view shown) {
  Unit unit;
  while (!shown.empty()) {
    const std::string_view line = shown.substr(0, shown.find('\n'));
    shown.remove_prefix(line.size() < shown.size() ? line.size() + 1 : line.size());
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos)
      SetProperty(line.substr(0, equals), line.substr(equals + 1), unit);
  }
  return unit;
}

}  // namespace poolshift::linux_host
