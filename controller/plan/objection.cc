#include "controller/plan/objection.h"

#include <algorithm>
#include <deque>

namespace poolshift::plan {
namespace {

using Places = std::vector<bool>;

class Order {
 public:
  Order(const PlanningProblem& problem,
        const std::vector<int>& steps,
        const std::vector<std::vector<int>>& needs)
      : problem_(problem), steps_(steps), needs_(needs) {}

  std::vector<std::size_t> Chain(std::size_t earlier, std::size_t later) const {
    std::vector<std::size_t> next(steps_.size(), steps_.size());  // towards `later`
    std::deque<std::size_t> open{later};
    Places seen(steps_.size());
    seen[later] = true;
    while (!open.empty() && open.front() != earlier) {
      const std::size_t at = open.front();
      open.pop_front();
      for (const int need : needs_[at]) {
        const auto before = static_cast<std::size_t>(need);
        if (seen[before]) continue;
        seen[before] = true;
        next[before] = at;
        open.push_back(before);
      }
    }
    if (open.empty()) return {};
    std::vector<std::size_t> chain;
    for (std::size_t at = earlier; at != steps_.size(); at = next[at])
      chain.push_back(at);
    return chain;
  }

  // First with as little done as possible, then with as much: some rule stands in one of the two.
  Objection Against(std::size_t earlier, std::size_t later) const {
    Objection objection{earlier, later, std::nullopt, {}};
    const Places dependents = From(earlier, true);
    Places least = From(later, false);
    Places most(steps_.size(), true);
    const Places behind = From(later, true);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      least[i] = least[i] && !dependents[i] && i != later;
      most[i] = !dependents[i] && !behind[i];
    }
    if (!Object(least, objection)) Object(most, objection);
    return objection;
  }

 private:
  const Operator& At(std::size_t place) const {
    return problem_.operators[static_cast<std::size_t>(steps_[place])];
  }

  // The step and all before (or all after) it.
  Places From(std::size_t place, bool after) const {
    Places found(steps_.size());
    found[place] = true;
    if (after) {
      for (std::size_t i = place + 1; i < steps_.size(); ++i) {
        found[i] = std::any_of(needs_[i].begin(), needs_[i].end(), [&](int need) {
          return found[static_cast<std::size_t>(need)];
        });
      }
      return found;
    }
    for (std::size_t i = place + 1; i-- > 0;) {
      if (!found[i]) continue;
      for (const int need : needs_[i])
        found[static_cast<std::size_t>(need)] = true;
    }
    return found;
  }

  std::vector<ValueIndex> StateAfter(const Places& done) const {
    std::vector<ValueIndex> state;
    for (const Variable& variable : problem_.variables)
      state.push_back(variable.start);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (!done[i]) continue;
      for (const Effect& effect : At(i).effects)
        state[static_cast<std::size_t>(effect.variable)] = effect.to;
    }
    return state;
  }

  static bool Holds(const Literal& literal, const std::vector<ValueIndex>& state) {
    return std::binary_search(literal.values.begin(),
                              literal.values.end(),
                              state[static_cast<std::size_t>(literal.variable)]);
  }

  static bool Holds(const Clause& clause, const std::vector<ValueIndex>& state) {
    const auto count = std::count_if(clause.literals.begin(),
                                     clause.literals.end(),
                                     [&](const Literal& literal) { return Holds(literal, state); });
    return count >= clause.at_least && count <= clause.at_most;
  }

  std::string Told(VariableIndex variable, const std::vector<ValueIndex>& state) const {
    const Variable& told = problem_.variables[static_cast<std::size_t>(variable)];
    const auto value = static_cast<std::size_t>(state[static_cast<std::size_t>(variable)]);
    return told.name + " is " + told.values[value];
  }

  // Whether doing the later step now is not possible, or breaks a rule that holds.
  bool Object(const Places& done, Objection& objection) const {
    const Operator& step = At(objection.later);
    std::vector<ValueIndex> state = StateAfter(done);
    for (const Literal& needed : step.preconditions) {
      if (!Holds(needed, state)) objection.state.push_back(Told(needed.variable, state));
    }
    for (const Effect& effect : step.effects) {
      if (state[static_cast<std::size_t>(effect.variable)] != effect.from)
        objection.state.push_back(Told(effect.variable, state));
    }
    if (!objection.state.empty()) return true;
    std::vector<ValueIndex> next = state;
    for (const Effect& effect : step.effects)
      next[static_cast<std::size_t>(effect.variable)] = effect.to;
    for (const Clause& clause : problem_.clauses) {
      if (Holds(clause, next) || !Holds(clause, state)) continue;
      objection.rule = clause.reason;
      for (const Literal& literal : clause.literals)
        objection.state.push_back(Told(literal.variable, next));
      return true;
    }
    return false;
  }

  const PlanningProblem& problem_;
  const std::vector<int>& steps_;
  const std::vector<std::vector<int>>& needs_;
};

}  // namespace

std::vector<Objection> ObjectionsBetween(const PlanningProblem& problem,
                                         const std::vector<int>& steps,
                                         const std::vector<std::vector<int>>& needs,
                                         std::size_t earlier,
                                         std::size_t later) {
  const Order order(problem, steps, needs);
  const std::vector<std::size_t> chain = order.Chain(earlier, later);
  std::vector<Objection> objections;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i)
    objections.push_back(order.Against(chain[i], chain[i + 1]));
  return objections;
}

}  // namespace poolshift::plan
