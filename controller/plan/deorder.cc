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

#include "controller/plan/idle_edge.h"

namespace poolshift::plan {
namespace {

constexpr int kAtStart = -1;

struct Change {
  int position = 0;
  ValueIndex to = 0;
};

Rows<Change> ChangesOf(const PlanningProblem& problem, const std::vector<int>& steps) {
  std::vector<std::pair<std::size_t, Change>> changes;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const Effect& effect : problem.operators[static_cast<std::size_t>(steps[i])].effects)
      changes.emplace_back(static_cast<std::size_t>(effect.variable),
                           Change{static_cast<int>(i), effect.to});
  }
  return {problem.variables.size(), changes};
}

class Orderer {
 public:
  Orderer(const PlanningProblem& problem, const std::vector<int>& steps)
      : problem_(problem),
        steps_(steps),
        before_(steps.size()),
        changes_(ChangesOf(problem, steps)),
        reached_(steps.size(), -1) {}

  std::vector<std::vector<int>> Run() {
    for (std::size_t variable = 0; variable < problem_.variables.size(); ++variable) {
      const auto changes = changes_[variable];
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
    if (from == kAtStart || from == to) return;
    std::vector<int>& before = before_[static_cast<std::size_t>(to)];
    const auto place = std::lower_bound(before.begin(), before.end(), from);
    if (place == before.end() || *place != from) before.insert(place, from);
  }

  bool HasEdge(int from, int to) const {
    const std::vector<int>& before = before_[static_cast<std::size_t>(to)];
    return std::binary_search(before.begin(), before.end(), from);
  }

  // An edge that one of several tokens asked for: another order of the steps may make it idle.
  void EdgeInDoubt(int from, int to) {
    if (from == kAtStart || from == to || HasEdge(from, to)) return;
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
      std::erase(before_[static_cast<std::size_t>(to)], from);
      const auto& earlier = reduced[static_cast<std::size_t>(from)];
      for (const int each : earlier)
        EdgeInDoubt(each, to);
      for (int later = to + 1; later < static_cast<int>(before_.size()); ++later) {
        if (HasEdge(to, later)) EdgeInDoubt(from, later);
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
    std::vector<Flip>& flips = flips_;
    flips.clear();
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
  void OrderTokens(std::vector<Flip>& flips, bool taking, int free) {
    std::sort(flips.begin(), flips.end(), [taking](const Flip& a, const Flip& b) {
      if (a.position != b.position) return a.position < b.position;
      return (a.to_true == taking) < (b.to_true == taking);
    });
    // One that gives and one that takes, and nothing free: there is no choice.
    if (flips.size() == 2 && free == 0 && flips[0].to_true != taking && flips[1].to_true == taking)
      return Edge(flips[0].position, flips[1].position);
    std::size_t lent = static_cast<std::size_t>(std::max(0, -free));
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
      EdgeInDoubt(*taken, flip.position);
      released.erase(taken);
    }
  }

  std::vector<std::vector<int>> Reduce() {
    std::vector<std::vector<int>> reduced(before_.size());
    std::size_t last = 0;  // the last node that waits for several; many wait for the same ones
    for (std::size_t node = 0; node < before_.size(); ++node) {
      const std::vector<int>& before = before_[node];
      if (before.size() < 2) {
        reduced[node] = before;
      } else if (before == before_[last]) {
        reduced[node] = reduced[last];
      } else {
        ReduceNode(node, reduced);
      }
      if (before.size() > 1) last = node;
    }
    return reduced;
  }

  // From the last to the first: whatever comes before one that is kept is left out.
  void ReduceNode(std::size_t node, std::vector<std::vector<int>>& reduced) {
    const std::vector<int>& before = before_[node];
    std::vector<int>& kept = reduced[node];
    ++walk_;
    std::size_t marked = 0;  // of those kept
    for (auto at = before.rbegin(); at != before.rend(); ++at) {
      if (IsDirect(*at, kept, reduced)) continue;
      for (; marked < kept.size(); ++marked)
        Mark(kept[marked], before.front(), reduced);
      if (reached_[static_cast<std::size_t>(*at)] != walk_) kept.push_back(*at);
    }
    std::reverse(kept.begin(), kept.end());
  }

  // Whether one of few waits for `ancestor`: that answers the common fan-out behind a gate without
  // a walk.
  static bool IsDirect(int ancestor,
                       const std::vector<int>& from,
                       const std::vector<std::vector<int>>& reduced) {
    constexpr std::size_t kFew = 4;
    return from.size() <= kFew && std::any_of(from.begin(), from.end(), [&](int start) {
             const auto& direct = reduced[static_cast<std::size_t>(start)];
             return std::binary_search(direct.begin(), direct.end(), ancestor);
           });
  }

  // Marks all that comes before `start`, back to `first`.
  void Mark(int start, int first, const std::vector<std::vector<int>>& reduced) {
    open_.assign(1, start);
    while (!open_.empty()) {
      const int at = open_.back();
      open_.pop_back();
      for (const int earlier : reduced[static_cast<std::size_t>(at)]) {
        int& reached = reached_[static_cast<std::size_t>(earlier)];
        if (earlier < first || reached == walk_) continue;
        reached = walk_;
        open_.push_back(earlier);
      }
    }
  }

  const PlanningProblem& problem_;
  const std::vector<int>& steps_;
  std::vector<std::vector<int>> before_;       // by position, sorted
  std::vector<std::pair<int, int>> doubtful_;  // edges
  const Rows<Change> changes_;                 // by variable, in order
  std::vector<Flip> flips_;                    // of the clause that is looked at
  std::vector<int> reached_;                   // by position: in which walk
  std::vector<int> open_;
  int walk_ = 0;
};

}  // namespace

std::vector<std::vector<int>> Deorder(const PlanningProblem& problem,
                                      const std::vector<int>& steps) {
  return Orderer(problem, steps).Run();
}

}  // namespace poolshift::plan
