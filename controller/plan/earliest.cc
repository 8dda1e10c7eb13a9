#include "controller/plan/earliest.h"

#include <algorithm>
#include <limits>

#include "controller/plan/refinement.h"

namespace poolshift::plan {
namespace {

constexpr Ticks kNever = std::numeric_limits<Ticks>::max();

}  // namespace

Ticks TicksOf(const Operator& step) { return absl::ToInt64Nanoseconds(step.action.duration); }

Earliest::Earliest(const PlanningProblem& problem, const Index& index) : problem_(problem) {
  std::size_t values = 0;
  for (const Variable& variable : problem.variables) {
    first_.push_back(values);
    values += variable.values.size();
  }
  times_.resize(values);
  Refinement refinement(problem, index);
  for (int i = 0; i < static_cast<int>(problem.operators.size()); ++i) {
    const Operator& step = problem.operators[static_cast<std::size_t>(i)];
    std::vector<Effect> effects = step.effects;
    std::sort(effects.begin(), effects.end(), [](const Effect& a, const Effect& b) {
      return a.variable < b.variable;
    });
    std::vector<VariableIndex> variables;
    std::vector<ValueIndex> before, after;
    for (const Effect& effect : effects) {
      variables.push_back(effect.variable);
      before.push_back(effect.from);
      after.push_back(effect.to);
    }
    auto needs = refinement.NeedsOf({variables, before, after, i});
    if (needs.has_value()) rules_.push_back({i, TicksOf(step), *std::move(needs)});
  }
}

Ticks& Earliest::At(VariableIndex variable, ValueIndex value) {
  return times_[first_[static_cast<std::size_t>(variable)] + static_cast<std::size_t>(value)];
}

Ticks Earliest::Of(const Literal& needed) {
  Ticks earliest = kNever;
  for (const ValueIndex value : needed.values)
    earliest = std::min(earliest, At(needed.variable, value));
  return earliest;
}

bool Earliest::Apply(const Rule& rule) {
  const Operator& step = problem_.operators[static_cast<std::size_t>(rule.step)];
  Ticks begin = 0;
  for (const Effect& effect : step.effects)
    begin = std::max(begin, At(effect.variable, effect.from));
  for (const Literal& needed : rule.needs) {
    if (begin == kNever) return false;
    begin = std::max(begin, Of(needed));
  }
  if (begin == kNever) return false;
  bool sooner = false;
  for (const Effect& effect : step.effects) {
    Ticks& known = At(effect.variable, effect.to);
    sooner = sooner || begin + rule.takes < known;
    known = std::min(known, begin + rule.takes);
  }
  return sooner;
}

std::optional<Ticks> Earliest::Bound(const State& state, const std::vector<Running>& running) {
  std::fill(times_.begin(), times_.end(), kNever);
  for (std::size_t i = 0; i < state.size(); ++i)
    At(static_cast<VariableIndex>(i), state[i]) = 0;
  Ticks latest = 0;
  for (const Running& at : running) {
    latest = std::max(latest, at.left);
    for (const Effect& effect : problem_.operators[static_cast<std::size_t>(at.step)].effects) {
      Ticks& known = At(effect.variable, effect.to);
      known = std::min(known, at.left);
    }
  }
  for (bool sooner = true; sooner;) {
    sooner = false;
    for (const Rule& rule : rules_)
      sooner = Apply(rule) || sooner;
  }
  for (std::size_t i = 0; i < state.size(); ++i) {
    const ValueIndex goal = problem_.variables[i].goal;
    if (goal >= 0) latest = std::max(latest, At(static_cast<VariableIndex>(i), goal));
  }
  if (latest == kNever) return std::nullopt;
  return latest;
}

}  // namespace poolshift::plan
