// Why the order is enough. A clause "at least a, at most m of these literals" is two counts of
// tokens: m tokens for the literals that hold, n - a for those that do not. A step that makes a
// literal hold takes a token that was free at the start or that an earlier step of the sequence
// released; in the second case an edge is drawn from the one that released it. In any set of steps
// closed under edges, two literals cannot have the same token: the second taker has the releasing
// step as predecessor, which ended the first one's hold. So no more literals hold (or fail) than
// there are tokens. A clause that is broken at the start has more holders than tokens: the first
// releases only pay back what was lent, and every taker comes after all of them, so that the clause
// is repaired before anything new is taken, and never made worse.
#include "controller/plan/deorder.h"

#include <algorithm>
#include <map>
#include <set>

#include "controller/plan/idle_edge.h"

namespace poolshift::plan {
namespace {

constexpr int kAtStart = -1;

struct Change {
  int position = 0;
  ValueIndex to = 0;
};

class Orderer {
 public:
  Orderer(const PlanningProblem& problem, const std::vector<int>& steps)
      : problem_(problem),
        steps_(steps),
        before_(steps.size()),
        changes_(problem.variables.size()) {
    for (int i = 0; i < static_cast<int>(steps.size()); ++i) {
      for (const Effect& effect : Step(i).effects) {
        changes_[static_cast<std::size_t>(effect.variable)].push_back({i, effect.to});
      }
    }
  }

  std::vector<std::vector<int>> Run() {
    for (const auto& changes : changes_) {
      for (std::size_t i = 1; i < changes.size(); ++i)
        Edge(changes[i - 1].position, changes[i].position);
    }
    for (int i = 0; i < static_cast<int>(steps_.size()); ++i) {
      for (const Literal& needed : Step(i).preconditions)
        OrderPrecondition(needed, i);
    }
    for (std::size_t i = 0; i < problem_.clauses.size(); ++i)
      OrderClause(problem_.clauses[i]);
    return doubtful_.empty() ? Reduce() : DropIdle(Reduce());
  }

 private:
  const Operator& Step(int position) const {
    return problem_.operators[static_cast<std::size_t>(steps_[static_cast<std::size_t>(position)])];
  }

  void Edge(int from, int to) {
    if (from != kAtStart && from != to) before_[static_cast<std::size_t>(to)].insert(from);
  }

  // An edge that one of several tokens asked for: another order of the steps may make it idle.
  void EdgeInDoubt(int from, int to) {
    if (from == kAtStart || from == to || before_[static_cast<std::size_t>(to)].count(from) > 0)
      return;
    Edge(from, to);
    doubtful_.emplace_back(from, to);
  }

  // Leaves out the doubtful edges without which every clause is as safe. What is needed now stays
  // needed when others are gone, so that one look at each is enough.
  std::vector<std::vector<int>> DropIdle(std::vector<std::vector<int>> reduced) {
    for (std::size_t i = 0; i < doubtful_.size(); ++i) {
      const auto [from, to] = doubtful_[i];
      const auto& direct = reduced[static_cast<std::size_t>(to)];
      if (!std::binary_search(direct.begin(), direct.end(), from) ||
          !IsIdle({problem_, steps_, reduced}, from, to))
        continue;
      auto& before = before_[static_cast<std::size_t>(to)];
      before.erase(from);
      const auto& earlier = reduced[static_cast<std::size_t>(from)];
      for (const int each : earlier)
        EdgeInDoubt(each, to);
      for (int later = to + 1; later < static_cast<int>(before_.size()); ++later) {
        if (before_[static_cast<std::size_t>(later)].count(to) > 0) EdgeInDoubt(from, later);
      }
      reduced = Reduce();
    }
    return reduced;
  }

  // The change after which `needed` has held until `position` comes before it; the change that ends
  // it, after.
  void OrderPrecondition(const Literal& needed, int position) {
    int producer = kAtStart;
    bool held = Holds(needed, problem_.variables[static_cast<std::size_t>(needed.variable)].start);
    for (const Change& change : changes_[static_cast<std::size_t>(needed.variable)]) {
      if (change.position == position) continue;
      const bool holds = Holds(needed, change.to);
      if (change.position < position && holds && !held) producer = change.position;
      if (change.position > position && !holds) {
        Edge(position, change.position);
        break;
      }
      held = holds;
    }
    Edge(producer, position);
  }

  struct Flip {
    int position = 0;
    bool to_true = false;
  };

  void OrderClause(const Clause& clause) {
    std::vector<Flip> flips;
    int holding = 0;
    for (const Literal& literal : clause.literals) {
      bool held =
          Holds(literal, problem_.variables[static_cast<std::size_t>(literal.variable)].start);
      holding += held ? 1 : 0;
      for (const Change& change : changes_[static_cast<std::size_t>(literal.variable)]) {
        const bool holds = Holds(literal, change.to);
        if (holds != held) flips.push_back({change.position, holds});
        held = holds;
      }
    }
    if (flips.empty()) return;
    // Releases come before takes at the same position: one step does both at once.
    const int size = static_cast<int>(clause.literals.size());
    if (clause.at_most < size) OrderTokens(flips, true, clause.at_most - holding);
    if (clause.at_least > 0) OrderTokens(flips, false, size - clause.at_least - (size - holding));
  }

  // `taking`: flips to this truth take a token, the others release one. `free`: tokens nobody has
  // at the start.
  void OrderTokens(std::vector<Flip> flips, bool taking, int free) {
    std::sort(flips.begin(), flips.end(), [taking](const Flip& a, const Flip& b) {
      if (a.position != b.position) return a.position < b.position;
      return (a.to_true == taking) < (b.to_true == taking);
    });
    std::size_t lent = static_cast<std::size_t>(std::max(0, -free));
    // One that gives and one that takes, and nothing free: there is no choice.
    const bool is_plain = flips.size() == 2 && free == 0;
    std::vector<int> paid_back;
    std::vector<int> released(static_cast<std::size_t>(std::max(0, free)), kAtStart);
    for (const Flip& flip : flips) {
      if (flip.to_true != taking) {
        (paid_back.size() < lent ? paid_back : released).push_back(flip.position);
        continue;
      }
      for (const int payment : paid_back)
        EdgeInDoubt(payment, flip.position);
      if (released.empty()) continue;  // only while the clause is broken: it was no worse before
      const auto same = std::find(released.begin(), released.end(), flip.position);
      const auto taken = same != released.end() ? same : released.begin();
      if (is_plain) {
        Edge(*taken, flip.position);
      } else {
        EdgeInDoubt(*taken, flip.position);
      }
      released.erase(taken);
    }
  }

  std::vector<std::vector<int>> Reduce() {
    std::vector<std::vector<int>> reduced(before_.size());
    for (int node = 0; node < static_cast<int>(before_.size()); ++node) {
      const std::set<int>& before = before_[static_cast<std::size_t>(node)];
      std::vector<int>& kept = reduced[static_cast<std::size_t>(node)];
      for (auto at = before.rbegin(); at != before.rend(); ++at) {
        if (!IsReachable(*at, kept, reduced)) kept.push_back(*at);
      }
      std::reverse(kept.begin(), kept.end());
    }
    return reduced;
  }

  // Whether `ancestor` is before any of `from`, by edges already reduced. Looks at direct
  // predecessors first: that answers the common fan-out behind a gate without a walk.
  static bool IsReachable(int ancestor,
                          const std::vector<int>& from,
                          const std::vector<std::vector<int>>& reduced) {
    for (const int start : from) {
      const auto& direct = reduced[static_cast<std::size_t>(start)];
      if (std::binary_search(direct.begin(), direct.end(), ancestor)) return true;
    }
    std::vector<int> open = from;
    std::set<int> visited;
    while (!open.empty()) {
      const int at = open.back();
      open.pop_back();
      for (const int earlier : reduced[static_cast<std::size_t>(at)]) {
        if (earlier == ancestor) return true;
        if (earlier > ancestor && visited.insert(earlier).second) open.push_back(earlier);
      }
    }
    return false;
  }

  const PlanningProblem& problem_;
  const std::vector<int>& steps_;
  std::vector<std::set<int>> before_;
  std::vector<std::pair<int, int>> doubtful_;  // edges
  std::vector<std::vector<Change>> changes_;   // by variable, in order
};

}  // namespace

std::vector<std::vector<int>> Deorder(const PlanningProblem& problem,
                                      const std::vector<int>& steps) {
  return Orderer(problem, steps).Run();
}

}  // namespace poolshift::plan
