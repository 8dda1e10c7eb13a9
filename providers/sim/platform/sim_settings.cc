#include "providers/sim/platform/sim_settings.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace poolshift::sim {
namespace {

constexpr std::array<std::string_view, 5> kKeys = {"world", "state", "fenced", "writes", "clock"};

std::string PathOf(const sdk::Configuration& configuration, std::string_view key) {
  const std::string path(configuration.configuration.StringOr(key, ""));
  if (path.empty() || path.front() == '/' || configuration.base_directory.empty()) return path;
  return configuration.base_directory + '/' + path;
}

}  // namespace

std::vector<std::string> ReadSettings(const sdk::Configuration& configuration,
                                      SimSettings& settings) {
  std::vector<std::string> problems;
  if (configuration.configuration.is_map()) {
    for (const auto& [key, value] : configuration.configuration.map()) {
      if (std::ranges::find(kKeys, key) == kKeys.end())
        problems.push_back("unknown key `" + key +
                           "`; the sim provider knows `world`, `state`, `fenced`, `writes` and "
                           "`clock`");
    }
  }
  settings.world = PathOf(configuration, "world");
  if (settings.world.empty())
    problems.emplace_back("`world` is missing: name the world file, such as `world: world.sim`");
  settings.state = PathOf(configuration, "state");
  settings.writes = PathOf(configuration, "writes");
  settings.clock = configuration.configuration.StringOr("clock", "");
  const Value* fenced = configuration.configuration.Find("fenced");
  settings.fenced = fenced == nullptr || !fenced->is_bool() || fenced->boolean();
  return problems;
}

}  // namespace poolshift::sim
