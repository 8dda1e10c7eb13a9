#include "controller/apply/outlook.h"

#include <algorithm>

namespace poolshift {
namespace {

constexpr std::size_t kMostNext = 3;

// Whether it waits for nothing but what is ready or runs.
bool IsNext(const RunState& state, int i) {
  const auto place = static_cast<std::size_t>(i);
  const Phase phase = state.actions[place].phase;
  if (phase == Phase::kReady) return true;
  if (phase != Phase::kWaiting) return false;
  const std::vector<ActionId>& needs = state.plan->actions[place].needs;
  return std::all_of(needs.begin(), needs.end(), [&state](const ActionId& need) {
    const int needed = state.places->at(need);
    return state.running.contains(needed) ||
           state.actions[static_cast<std::size_t>(needed)].end == ActionEnd::kDone;
  });
}

std::vector<int> NextOf(const RunState& state) {
  std::vector<int> next;
  if (state.end != RunEnd::kNone) return next;  // nothing new is begun
  for (int i = 0; i < static_cast<int>(state.actions.size()); ++i)
    if (IsNext(state, i)) next.push_back(i);
  std::stable_sort(next.begin(), next.end(), [&state](int a, int b) {
    return (*state.path)[static_cast<std::size_t>(a)] > (*state.path)[static_cast<std::size_t>(b)];
  });
  next.resize(std::min(next.size(), kMostNext));
  return next;
}

}  // namespace

Outlook OutlookOf(const RunState& state, absl::Time now) {
  Outlook outlook;
  outlook.remaining = Remaining(state, now);
  for (std::size_t i = 0; i < state.actions.size(); ++i) {
    const absl::Duration expected = Expected(state.plan->actions[i]);
    const bool ended = state.actions[i].phase == Phase::kEnded;
    outlook.left.push_back(ended ? absl::ZeroDuration() : expected);
    if (!state.running.contains(static_cast<int>(i))) continue;
    const absl::Duration since = now - state.actions[i].started;
    outlook.running.push_back({static_cast<int>(i), since, expected});
    outlook.left.back() = std::max(expected - since, absl::ZeroDuration());
  }
  outlook.next = NextOf(state);
  return outlook;
}

}  // namespace poolshift
