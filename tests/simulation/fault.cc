#include "tests/simulation/fault.h"

#include <algorithm>

namespace poolshift::simulation {
namespace {

constexpr std::array<std::string_view, kFaults> kNames = {
    "error-before",  "refusal",       "error-after",  "lost-before",
    "lost-after",    "silent-before", "silent-after", "silent-late",
    "duplicate",     "crash-before",  "crash-after",  "outsider-first",
    "stale",         "blind",         "look-fails",   "look-silent",
    "lookup-fails",  "lookup-silent", "disk-full",    "sync-fails",
    "kill",          "power-loss",    "pause",        "notification-lost",
    "outsider",      "clock-step",    "goal-change",  "old-plan",
    "takeover",      "fence-fails",   "fence-silent", "export-fails",
    "export-silent", "export-unkept", "interrupt",    "away",
    "throttled",     "locked-out",    "half-done"};

}  // namespace

std::string_view Name(Fault fault) { return kNames.at(static_cast<std::size_t>(fault)); }

Fault FaultNamed(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  return static_cast<Fault>(found - kNames.begin());
}

Faults::Faults(std::uint64_t seed, std::array<int, kFaults> chance, std::set<int> left_out)
    : chance_(chance), left_out_(std::move(left_out)) {
  Stream seeds(seed);
  for (std::size_t i = 0; i < kFaults; ++i) {
    streams_.emplace_back(seeds.Next());
    measures_.emplace_back(seeds.Next());
  }
}

bool Faults::Strikes(Fault fault) {
  const auto place = static_cast<std::size_t>(fault);
  if (!on_ || chance_[place] == 0) return false;
  if (static_cast<int>(streams_[place].Below(1000)) >= chance_[place]) return false;
  return left_out_.count(++struck_) == 0;
}

}  // namespace poolshift::simulation
