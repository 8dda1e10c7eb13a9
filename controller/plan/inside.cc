#include "controller/plan/inside.h"

#include <algorithm>

namespace poolshift::plan {

Inside::Inside(const PlanningProblem& problem, const Index& index, const std::vector<Group>& groups)
    : problem_(problem), index_(index) {
  std::set<int> clauses;
  for (std::size_t place = 0; place < groups.size(); ++place) {
    for (const VariableIndex variable : groups[place].variables) {
      group_of_[variable] = place;
      for (const Occurrence& at : index.clauses[static_cast<std::size_t>(variable)])
        clauses.insert(at.clause);
    }
  }
  for (const int clause : clauses) {
    const auto& literals = problem.clauses[static_cast<std::size_t>(clause)].literals;
    if (std::all_of(literals.begin(), literals.end(), [this](const Literal& literal) {
          return group_of_.contains(literal.variable) ||
                 index_.operators[static_cast<std::size_t>(literal.variable)].empty();
        }))
      clauses_[clause];
  }
  for (std::size_t place = 0; place < groups.size(); ++place) {
    for (const VariableIndex variable : groups[place].variables)
      AddGroup(place, index.operators[static_cast<std::size_t>(variable)]);
  }
}

void Inside::AddGroup(std::size_t place, std::span<const int> operators) {
  for (const int step : operators) {
    for (const Literal& needed : problem_.operators[static_cast<std::size_t>(step)].preconditions) {
      if (group_of_.contains(needed.variable)) needed_[needed.variable].insert(place);
    }
    for (const int clause : TouchedBy(step)) {
      const int change = ChangeOf(step, problem_.clauses[static_cast<std::size_t>(clause)]);
      if (change < 0) clauses_[clause].less.insert(place);
      if (change > 0) clauses_[clause].more.insert(place);
    }
  }
}

// Inside clauses, each once.
std::vector<int> Inside::TouchedBy(int step) const {
  std::vector<int> touched;
  for (const Effect& effect : problem_.operators[static_cast<std::size_t>(step)].effects) {
    for (const Occurrence& at : index_.clauses[static_cast<std::size_t>(effect.variable)]) {
      if (clauses_.contains(at.clause)) touched.push_back(at.clause);
    }
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  return touched;
}

int Inside::ChangeOf(int step, const Clause& clause) const {
  int change = 0;
  for (const Effect& effect : problem_.operators[static_cast<std::size_t>(step)].effects) {
    for (const Literal& literal : clause.literals) {
      if (literal.variable != effect.variable) continue;
      change += (Holds(literal, effect.to) ? 1 : 0) - (Holds(literal, effect.from) ? 1 : 0);
    }
  }
  return change;
}

Obstacle Inside::Against(int step, std::size_t own, const State& state) const {
  const auto others = [own](const std::set<std::size_t>& groups) {
    Obstacle obstacle{true, {groups.begin(), groups.end()}};
    std::erase(obstacle.groups, own);
    return obstacle;
  };
  for (const Literal& needed : problem_.operators[static_cast<std::size_t>(step)].preconditions) {
    const auto group = group_of_.find(needed.variable);
    const bool fixed = index_.operators[static_cast<std::size_t>(needed.variable)].empty();
    if ((group == group_of_.end() && !fixed) ||
        Holds(needed, state[static_cast<std::size_t>(needed.variable)]))
      continue;
    return fixed ? others({}) : others({group->second});
  }
  for (const int index : TouchedBy(step)) {
    const Clause& clause = problem_.clauses[static_cast<std::size_t>(index)];
    const int before = CountHolding(clause, state);
    const int after = before + ChangeOf(step, clause);
    if (StaysAllowed(clause, before, after)) continue;
    const Balance& balance = clauses_.at(index);
    return others(after < clause.at_least ? balance.more : balance.less);
  }
  return {};
}

const std::vector<std::size_t>& Inside::RivalsOf(int step, std::size_t own) {
  const auto [known, added] = rivals_.try_emplace(step);
  if (!added) return known->second;
  std::set<std::size_t> rivals;
  const Operator& changes = problem_.operators[static_cast<std::size_t>(step)];
  for (const Literal& needed : changes.preconditions) {
    const auto group = group_of_.find(needed.variable);
    if (group != group_of_.end()) rivals.insert(group->second);
  }
  for (const Effect& effect : changes.effects) {
    const auto needing = needed_.find(effect.variable);
    if (needing != needed_.end()) rivals.insert(needing->second.begin(), needing->second.end());
  }
  for (const int index : TouchedBy(step)) {
    const Clause& clause = problem_.clauses[static_cast<std::size_t>(index)];
    const int change = ChangeOf(step, clause);
    const Balance& balance = clauses_.at(index);
    if (change < 0 && clause.at_least > 0) rivals.insert(balance.less.begin(), balance.less.end());
    if (change > 0 && clause.at_most < static_cast<int>(clause.literals.size()))
      rivals.insert(balance.more.begin(), balance.more.end());
  }
  rivals.erase(own);
  known->second.assign(rivals.begin(), rivals.end());
  return known->second;
}

}  // namespace poolshift::plan
