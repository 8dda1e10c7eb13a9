#include "controller/plan/schedule.h"

#include <queue>

namespace poolshift::plan {
namespace {

class Interleaver {
 public:
  Interleaver(const PlanningProblem& problem,
              const Index& index,
              const std::vector<std::vector<int>>& ways)
      : problem_(problem),
        index_(index),
        ways_(ways),
        state_(StartState(problem)),
        holding_(index.holding),
        position_(ways.size()),
        checked_(ways.size()),
        blocked_(ways.size()),
        waiting_for_variable_(problem.variables.size()),
        waiting_for_clause_(problem.clauses.size()) {}

  Interleaving Run() {
    for (std::size_t group = 0; group < ways_.size(); ++group)
      Offer(group);
    Interleaving result;
    while (!ready_.empty()) {
      const auto [step, group] = ready_.top();
      ready_.pop();
      if (!TryStep(group)) continue;
      result.steps.push_back(step);
      ++position_[group];
      checked_[group] = {};
      Offer(group);
    }
    for (std::size_t group = 0; group < ways_.size(); ++group) {
      if (position_[group] < ways_[group].size()) result.blocked.push_back(blocked_[group]);
    }
    result.state = std::move(state_);
    return result;
  }

 private:
  // How far the current step of a group has been found possible; resumed when it is offered again.
  struct Checked {
    std::size_t preconditions = 0;
    std::size_t occurrences = 0;
  };

  void Offer(std::size_t group) {
    if (position_[group] < ways_[group].size())
      ready_.emplace(ways_[group][position_[group]], group);
  }

  const Operator& CurrentStep(std::size_t group) const {
    return problem_.operators[static_cast<std::size_t>(ways_[group][position_[group]])];
  }

  // Applies the group's step when it is possible, else registers what it waits for.
  bool TryStep(std::size_t group) {
    const Operator& step = CurrentStep(group);
    Checked& from = checked_[group];
    if (!PreconditionsHold(step, group, from.preconditions) ||
        !ClausesAllow(step, group, from.occurrences)) {
      return false;
    }
    // Something found possible earlier may have changed since: look at everything once more.
    if (from.preconditions > 0 && !PreconditionsHold(step, group, from.preconditions = 0))
      return false;
    if (from.occurrences > 0 && !ClausesAllow(step, group, from.occurrences = 0)) return false;
    Apply(step);
    return true;
  }

  bool PreconditionsHold(const Operator& step, std::size_t group, std::size_t& from) {
    for (std::size_t i = from; i < step.preconditions.size(); ++i) {
      const Literal& needed = step.preconditions[i];
      if (Holds(needed, state_[static_cast<std::size_t>(needed.variable)])) continue;
      from = i;
      blocked_[group] = {group, ways_[group][position_[group]], -1, needed.variable};
      waiting_for_variable_[static_cast<std::size_t>(needed.variable)].push_back(group);
      return false;
    }
    return true;
  }

  bool ClausesAllow(const Operator& step, std::size_t group, std::size_t& from) {
    std::size_t seen = 0;
    for (const Effect& effect : step.effects) {
      for (const Occurrence& at : index_.clauses[static_cast<std::size_t>(effect.variable)]) {
        if (seen++ < from) continue;
        const Clause& clause = problem_.clauses[static_cast<std::size_t>(at.clause)];
        const int now = holding_[static_cast<std::size_t>(at.clause)];
        const int after = now + Change(step, clause, at);
        if (StaysAllowed(clause, now, after)) continue;
        from = seen - 1;
        blocked_[group] = {group, ways_[group][position_[group]], at.clause, -1};
        waiting_for_clause_[static_cast<std::size_t>(at.clause)].push_back(group);
        return false;
      }
    }
    return true;
  }

  static int Change(const Operator& step, const Clause& clause, const Occurrence& at) {
    if (step.effects.size() == 1) {
      const Literal& literal = clause.literals[static_cast<std::size_t>(at.literal)];
      return Difference(literal, step.effects.front());
    }
    int change = 0;
    for (const Literal& literal : clause.literals) {
      for (const Effect& effect : step.effects) {
        if (effect.variable == literal.variable) change += Difference(literal, effect);
      }
    }
    return change;
  }

  static int Difference(const Literal& literal, const Effect& effect) {
    return (Holds(literal, effect.to) ? 1 : 0) - (Holds(literal, effect.from) ? 1 : 0);
  }

  void Apply(const Operator& step) {
    for (const Effect& effect : step.effects) {
      for (const Occurrence& at : index_.clauses[static_cast<std::size_t>(effect.variable)]) {
        const Clause& clause = problem_.clauses[static_cast<std::size_t>(at.clause)];
        const int change =
            Difference(clause.literals[static_cast<std::size_t>(at.literal)], effect);
        holding_[static_cast<std::size_t>(at.clause)] += change;
        if (change != 0) Wake(waiting_for_clause_[static_cast<std::size_t>(at.clause)]);
      }
      state_[static_cast<std::size_t>(effect.variable)] = effect.to;
      Wake(waiting_for_variable_[static_cast<std::size_t>(effect.variable)]);
    }
  }

  void Wake(std::vector<std::size_t>& groups) {
    for (const std::size_t group : groups)
      Offer(group);
    groups.clear();
  }

  const PlanningProblem& problem_;
  const Index& index_;
  const std::vector<std::vector<int>>& ways_;
  State state_;
  std::vector<int> holding_;           // by clause: literals that hold
  std::vector<std::size_t> position_;  // by group: steps done
  std::vector<Checked> checked_;
  std::vector<Blocked> blocked_;
  std::vector<std::vector<std::size_t>> waiting_for_variable_;
  std::vector<std::vector<std::size_t>> waiting_for_clause_;
  std::priority_queue<std::pair<int, std::size_t>,
                      std::vector<std::pair<int, std::size_t>>,
                      std::greater<>>
      ready_;
};

}  // namespace

Interleaving Interleave(const PlanningProblem& problem,
                        const Index& index,
                        const std::vector<std::vector<int>>& ways) {
  return Interleaver(problem, index, ways).Run();
}

}  // namespace poolshift::plan
