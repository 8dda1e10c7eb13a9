#include "controller/plan/beginning.h"

#include <algorithm>

namespace poolshift::plan {

Beginning::Beginning(const PlanningProblem& problem, const Index& index) : problem_(problem) {
  std::map<std::string, int> numbers;
  for (const Operator& step : problem.operators) {
    std::map<int, int>& changes = changes_.emplace_back();
    for (const Effect& effect : step.effects) {
      for (const Occurrence& at : index.clauses[static_cast<std::size_t>(effect.variable)]) {
        const Literal& literal = problem.clauses[static_cast<std::size_t>(at.clause)]
                                     .literals[static_cast<std::size_t>(at.literal)];
        changes[at.clause] +=
            (Holds(literal, effect.to) ? 1 : 0) - (Holds(literal, effect.from) ? 1 : 0);
      }
    }
    std::erase_if(changes, [](const auto& change) { return change.second == 0; });
    std::vector<int>& locks = locks_.emplace_back();
    for (const std::string& lock : step.action.locks)
      locks.push_back(numbers.emplace(lock, static_cast<int>(numbers.size())).first->second);
    std::sort(locks.begin(), locks.end());
  }
}

int Beginning::ChangeBy(int step, int clause) const {
  const auto& changes = changes_[static_cast<std::size_t>(step)];
  const auto found = changes.find(clause);
  return found == changes.end() ? 0 : found->second;
}

// Whether `step` changes what `other` changes or needs.
bool Beginning::Meets(const Operator& step, const Operator& other) const {
  for (const Effect& effect : step.effects) {
    for (const Effect& theirs : other.effects) {
      if (effect.variable == theirs.variable) return true;
    }
    for (const Literal& needed : other.preconditions) {
      if (effect.variable == needed.variable && !Holds(needed, effect.to)) return true;
    }
  }
  return false;
}

bool Beginning::IsAllowed(int index,
                          const State& state,
                          const std::vector<Running>& running) const {
  const Operator& step = problem_.operators[static_cast<std::size_t>(index)];
  if (!IsApplicable(step, state)) return false;
  const auto& own = locks_[static_cast<std::size_t>(index)];
  for (const Running& at : running) {
    const Operator& other = problem_.operators[static_cast<std::size_t>(at.step)];
    const auto& theirs = locks_[static_cast<std::size_t>(at.step)];
    if (Meets(step, other) || Meets(other, step) ||
        std::find_first_of(own.begin(), own.end(), theirs.begin(), theirs.end()) != own.end())
      return false;
  }
  return KeepsClauses(index, state, running);
}

// The fewest and the most literals that can hold when any of them are done.
bool Beginning::KeepsClauses(int step,
                             const State& state,
                             const std::vector<Running>& running) const {
  for (const auto& [index, change] : changes_[static_cast<std::size_t>(step)]) {
    const Clause& clause = problem_.clauses[static_cast<std::size_t>(index)];
    const int holding = CountHolding(clause, state);
    int less = std::min(0, change);
    int more = std::max(0, change);
    for (const Running& at : running) {
      const int theirs = ChangeBy(at.step, index);
      less += std::min(0, theirs);
      more += std::max(0, theirs);
    }
    if (!StaysAllowed(clause, holding, holding + less) ||
        !StaysAllowed(clause, holding, holding + more))
      return false;
  }
  return true;
}

}  // namespace poolshift::plan
