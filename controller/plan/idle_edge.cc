#include "controller/plan/idle_edge.h"

#include <algorithm>
#include <map>
#include <set>

#include "controller/plan/index.h"

namespace poolshift::plan {
namespace {

constexpr std::size_t kMostSteps = 12;  // that touch one clause

class Without {
 public:
  Without(const OrderedSteps& ordered, int from, int to)
      : ordered_(ordered), from_(from), to_(to) {}

  bool IsSafe() const {
    return std::none_of(
        ordered_.problem.clauses.begin(),
        ordered_.problem.clauses.end(),
        [this](const Clause& clause) { return Mentions(clause) && !Keeps(clause); });
  }

 private:
  // How the number of holding literals changes, by position of the step that does it.
  using Changes = std::map<int, int>;

  const Operator& Step(int position) const {
    return ordered_.problem
        .operators[static_cast<std::size_t>(ordered_.steps[static_cast<std::size_t>(position)])];
  }

  bool Mentions(const Clause& clause) const {
    return Mentions(clause, from_) && Mentions(clause, to_);
  }
  bool Mentions(const Clause& clause, int position) const {
    for (const Literal& literal : clause.literals) {
      for (const Effect& effect : Step(position).effects) {
        if (effect.variable == literal.variable) return true;
      }
    }
    return false;
  }

  Changes ChangesOf(const Clause& clause) const {
    Changes changes;
    for (int i = 0; i < static_cast<int>(ordered_.steps.size()); ++i) {
      for (const Effect& effect : Step(i).effects) {
        for (const Literal& literal : clause.literals) {
          if (literal.variable != effect.variable) continue;
          changes[i] += (Holds(literal, effect.to) ? 1 : 0) - (Holds(literal, effect.from) ? 1 : 0);
        }
      }
    }
    std::erase_if(changes, [](const auto& change) { return change.second == 0; });
    return changes;
  }

  // All sets of these steps that the order allows, each with every step that may come next.
  bool Keeps(const Clause& clause) const {
    const Changes changes = ChangesOf(clause);
    if (changes.size() > kMostSteps) return false;
    const int start = CountHolding(clause, StartState(ordered_.problem));
    std::set<std::set<int>> seen;
    std::vector<std::pair<std::set<int>, int>> open{{{}, start}};
    while (!open.empty()) {
      const auto [done, holding] = std::move(open.back());
      open.pop_back();
      for (const auto& [position, by] : changes) {
        if (done.count(position) > 0 || !IsNext(position, changes, done)) continue;
        if (!StaysAllowed(clause, holding, holding + by)) return false;
        std::set<int> more = done;
        more.insert(position);
        if (seen.insert(more).second) open.emplace_back(std::move(more), holding + by);
      }
    }
    return true;
  }

  bool IsNext(int position, const Changes& changes, const std::set<int>& done) const {
    return std::all_of(changes.begin(), changes.end(), [&](const auto& change) {
      return done.count(change.first) > 0 || !Before(change.first, position);
    });
  }

  bool Before(int earlier, int later) const {
    if (earlier >= later || (earlier == from_ && later == to_)) return false;
    std::set<int> open{later};
    while (!open.empty()) {
      const int at = *open.rbegin();
      if (at <= earlier) return at == earlier;
      open.erase(at);
      const auto& needs = ordered_.needs[static_cast<std::size_t>(at)];
      open.insert(needs.begin(), needs.end());
    }
    return false;
  }

  const OrderedSteps& ordered_;
  const int from_, to_;
};

}  // namespace

bool IsIdle(const OrderedSteps& ordered, int from, int to) {
  return Without(ordered, from, to).IsSafe();
}

}  // namespace poolshift::plan
