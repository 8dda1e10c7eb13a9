#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <vector>

#include "controller/check/bound.h"
#include "controller/check/bounder.h"

namespace poolshift::check {

absl::Duration LeastTime(const PlanningProblem& problem) {
  using Times = std::map<ValueIndex, absl::Duration>;
  std::vector<Times>
      times;  // by variable: the values that can come about, and when at the earliest
  for (const Variable& variable : problem.variables)
    times.push_back({{variable.start, absl::ZeroDuration()}});
  const auto at = [&times](VariableIndex variable, ValueIndex value) {
    const Times& known = times[static_cast<std::size_t>(variable)];
    const auto found = known.find(value);
    return found == known.end() ? absl::InfiniteDuration() : found->second;
  };
  Bounder bounder(problem);
  std::vector<std::optional<std::vector<Demand>>> demands;
  for (const Operator& step : problem.operators)
    demands.push_back(bounder.Demands(step));
  for (bool sooner = true; sooner;) {
    sooner = false;
    for (std::size_t i = 0; i < problem.operators.size(); ++i) {
      if (!demands[i].has_value()) continue;
      absl::Duration end = absl::ZeroDuration();
      for (const Effect& effect : problem.operators[i].effects)
        end = std::max(end, at(effect.variable, effect.from));
      for (const auto& [variable, values] : *demands[i]) {
        absl::Duration earliest = absl::InfiniteDuration();
        for (ValueSet left = values; left != 0; left &= left - 1)
          earliest =
              std::min(earliest, at(variable, static_cast<ValueIndex>(std::countr_zero(left))));
        end = std::max(end, earliest);
      }
      end += problem.operators[i].action.duration;
      for (const Effect& effect : problem.operators[i].effects) {
        if (end >= at(effect.variable, effect.to)) continue;
        times[static_cast<std::size_t>(effect.variable)][effect.to] = end;
        sooner = true;
      }
    }
  }
  absl::Duration least = absl::ZeroDuration();
  for (int i = 0; i < static_cast<int>(problem.variables.size()); ++i) {
    const ValueIndex goal = problem.variables[static_cast<std::size_t>(i)].goal;
    if (goal >= 0) least = std::max(least, at(i, goal));
  }
  return least;
}

}  // namespace poolshift::check
