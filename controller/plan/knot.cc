#include "controller/plan/knot.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace poolshift::plan {
namespace {

using Ways = std::set<std::size_t>;

class Knots {
 public:
  Knots(const PlanningProblem& problem,
        const Interleaving& interleaving,
        const std::vector<int>& way_of)
      : problem_(problem), interleaving_(interleaving), way_of_(way_of) {
    for (const Blocked& blocked : interleaving.blocked)
      waits_[blocked.way] = WaitsFor(blocked);
  }

  Ways Find() const {
    for (const auto& [way, others] : waits_) {
      const bool waits = std::any_of(others.begin(), others.end(), [this](std::size_t other) {
        return waits_.contains(other);
      });
      if (waits || others.empty()) continue;
      Ways knot = others;
      knot.insert(way);
      return knot;
    }
    Ways shortest;
    for (const auto& [way, others] : waits_) {
      Ways circle = CircleThrough(way);
      if (!circle.empty() && (shortest.empty() || circle.size() < shortest.size()))
        shortest = std::move(circle);
    }
    return shortest;
  }

 private:
  // The other ways that could make the step possible.
  Ways WaitsFor(const Blocked& blocked) const {
    Ways others;
    if (blocked.variable >= 0) Add(blocked.variable, blocked.way, others);
    if (blocked.clause < 0) return others;
    const Clause& clause = problem_.clauses[static_cast<std::size_t>(blocked.clause)];
    // One literal more or less must hold first.
    const bool too_many = IsTooMany(clause, blocked.step);
    for (const Literal& literal : clause.literals) {
      if (Holds(literal, interleaving_.state[static_cast<std::size_t>(literal.variable)]) ==
          too_many)
        Add(literal.variable, blocked.way, others);
    }
    if (!others.empty()) return others;
    for (const Literal& literal : clause.literals)
      Add(literal.variable, blocked.way, others);
    return others;
  }

  bool IsTooMany(const Clause& clause, int step) const {
    State after = interleaving_.state;
    ApplyEffects(problem_.operators[static_cast<std::size_t>(step)], after);
    return CountHolding(clause, after) > clause.at_most;
  }

  void Add(VariableIndex variable, std::size_t own, Ways& others) const {
    const int way = way_of_[static_cast<std::size_t>(variable)];
    if (way >= 0 && static_cast<std::size_t>(way) != own)
      others.insert(static_cast<std::size_t>(way));
  }

  Ways CircleThrough(std::size_t first) const {
    std::map<std::size_t, std::size_t> from;
    std::deque<std::size_t> open{first};
    while (!open.empty()) {
      const std::size_t way = open.front();
      open.pop_front();
      for (const std::size_t next : waits_.at(way)) {
        if (next == first) {
          Ways circle{first};
          for (std::size_t at = way; at != first; at = from.at(at))
            circle.insert(at);
          return circle;
        }
        if (waits_.contains(next) && from.emplace(next, way).second) open.push_back(next);
      }
    }
    return {};
  }

  const PlanningProblem& problem_;
  const Interleaving& interleaving_;
  const std::vector<int>& way_of_;
  std::map<std::size_t, Ways> waits_;  // of blocked ways
};

}  // namespace

std::vector<std::size_t> FindKnot(const PlanningProblem& problem,
                                  const Interleaving& interleaving,
                                  const std::vector<int>& way_of) {
  const Ways knot = Knots(problem, interleaving, way_of).Find();
  return {knot.begin(), knot.end()};
}

}  // namespace poolshift::plan
