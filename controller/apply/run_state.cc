#include "controller/apply/run_state.h"

#include <algorithm>

#include "absl/status/status.h"

#include "controller/model/try.h"

namespace poolshift {
namespace {

using Places = std::map<ActionId, int>;

absl::Status Unrunnable(const Action& action, const std::string& why) {
  return absl::InvalidArgumentError("the plan cannot be run: action " + action.id + " (" +
                                    action.title + ") " + why + "; make the plan again");
}

absl::Status CheckAction(const Action& action, const Places& earlier) {
  if (earlier.contains(action.id)) return Unrunnable(action, "is in it twice");
  if (action.gate.has_value() != (action.verb == Verb::kGate)) {
    return Unrunnable(action, "is half a gate: verb and conditions disagree");
  }
  for (const ActionId& need : action.needs) {
    if (!earlier.contains(need))
      return Unrunnable(action, "needs " + need + ", which does not come before it");
  }
  return absl::OkStatus();
}

absl::Status CheckRelied(const Action& action, const Plan& plan, const Places& earlier) {
  for (const ActionId& gate : action.relies) {
    const auto found = earlier.find(gate);
    const Action* named =
        found == earlier.end() ? nullptr : &plan.actions[static_cast<std::size_t>(found->second)];
    if (named == nullptr || !named->gate.has_value() || named->gate->expectations.empty())
      return Unrunnable(action, "relies on " + gate + ", which is no gate before it that looks");
  }
  return absl::OkStatus();
}

absl::StatusOr<Places> CheckPlan(const Plan& plan, const RunPolicy& policy) {
  if (!plan.refusals.empty()) {
    return absl::InvalidArgumentError("the plan is refused: " + plan.refusals[0].text);
  }
  const bool stuck = std::any_of(policy.provider_limits.begin(),
                                 policy.provider_limits.end(),
                                 [](const auto& limit) { return limit.second < 1; });
  if (policy.provider_limit < 1 || policy.attempts < 1 || stuck) {
    return absl::InvalidArgumentError("a run needs at least one call at a time and one attempt");
  }
  Places places;
  for (const Action& action : plan.actions) {
    POOLSHIFT_TRY(CheckAction(action, places));
    POOLSHIFT_TRY(CheckRelied(action, plan, places));
    places.emplace(action.id, static_cast<int>(places.size()));
  }
  return places;
}

std::vector<std::vector<int>> Dependents(const Plan& plan, const Places& places) {
  std::vector<std::vector<int>> dependents(plan.actions.size());
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    for (const ActionId& need : plan.actions[i].needs) {
      dependents[static_cast<std::size_t>(places.at(need))].push_back(static_cast<int>(i));
    }
  }
  return dependents;
}

// Longest expected time from the start of each action to the end of the last that depends on it.
std::vector<absl::Duration> Paths(const Plan& plan,
                                  const std::vector<std::vector<int>>& dependents) {
  std::vector<absl::Duration> paths(plan.actions.size());
  for (std::size_t i = plan.actions.size(); i-- > 0;) {
    absl::Duration after = absl::ZeroDuration();
    for (const int next : dependents[i])
      after = std::max(after, paths[static_cast<std::size_t>(next)]);
    paths[i] = Expected(plan.actions[i]) + after;
  }
  return paths;
}

}  // namespace

std::string_view Name(ActionEnd end) {
  switch (end) {
    case ActionEnd::kDone:
      return "done";
    case ActionEnd::kFailed:
      return "failed";
    case ActionEnd::kNotDone:
      return "not done";
    case ActionEnd::kInDoubt:
      return "in doubt";
  }
  return "";
}

absl::Duration Expected(const Action& action) {
  return action.gate.has_value() ? std::max(action.duration, action.gate->hold) : action.duration;
}

absl::StatusOr<RunState> StartRun(std::shared_ptr<const Plan> plan, RunPolicy policy) {
  POOLSHIFT_ASSIGN(Places places, CheckPlan(*plan, policy));
  RunState state;
  auto dependents =
      std::make_shared<const std::vector<std::vector<int>>>(Dependents(*plan, places));
  state.path = std::make_shared<const std::vector<absl::Duration>>(Paths(*plan, *dependents));
  state.dependents = std::move(dependents);
  state.places = std::make_shared<const Places>(std::move(places));
  state.policy = std::make_shared<const RunPolicy>(std::move(policy));
  state.actions.resize(plan->actions.size());
  for (std::size_t i = 0; i < plan->actions.size(); ++i) {
    state.actions[i].unmet = static_cast<int>(plan->actions[i].needs.size());
    for (const std::string& lock : plan->actions[i].locks)
      state.lock_work[lock] += Expected(plan->actions[i]);
  }
  state.plan = std::move(plan);
  return state;
}

absl::Duration Remaining(const RunState& state, absl::Time now) {
  absl::Duration longest = absl::ZeroDuration();
  for (const int i : state.running) {
    const auto place = static_cast<std::size_t>(i);
    const absl::Duration elapsed =
        std::min(now - state.actions[place].started, Expected(state.plan->actions[place]));
    longest = std::max(longest, (*state.path)[place] - elapsed);
  }
  if (!state.ready.empty()) longest = std::max(longest, -state.ready.begin()->first);
  const bool begun = state.finished || !state.running.empty() || !state.ready.empty();
  for (std::size_t i = 0; i < state.path->size() && !begun; ++i) {
    longest = std::max(longest, (*state.path)[i]);
  }
  for (const auto& [lock, work] : state.lock_work)
    longest = std::max(longest, work);
  return longest;
}

}  // namespace poolshift
