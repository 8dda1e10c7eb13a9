#include "controller/check/proof.h"

#include <algorithm>

namespace poolshift::check {
namespace {

bool Has(const Literal& literal, ValueIndex value) {
  return std::count(literal.values.begin(), literal.values.end(), value) > 0;
}

// The greatest matching of `takers` with givers before them (augmenting paths).
class Matching {
 public:
  Matching(const Order& order, std::vector<int> takers, std::vector<int> givers)
      : order_(order), takers_(std::move(takers)), givers_(std::move(givers)) {
    taken_.assign(givers_.size(), -1);
  }

  int Size() {
    int size = 0;
    for (std::size_t taker = 0; taker < takers_.size(); ++taker) {
      tried_.assign(givers_.size(), false);
      size += Match(taker) ? 1 : 0;
    }
    return size;
  }

 private:
  bool Match(std::size_t taker) {
    for (std::size_t giver = 0; giver < givers_.size(); ++giver) {
      if (tried_[giver] || !order_.Before(givers_[giver], takers_[taker])) continue;
      tried_[giver] = true;
      if (taken_[giver] >= 0 && !Match(static_cast<std::size_t>(taken_[giver]))) continue;
      taken_[giver] = static_cast<int>(taker);
      return true;
    }
    return false;
  }

  const Order& order_;
  std::vector<int> takers_, givers_;  // positions
  std::vector<int> taken_;            // by giver: its taker, or -1
  std::vector<bool> tried_;           // by giver
};

}  // namespace

Proof::Proof(const PlanningProblem& problem, const std::vector<int>& steps, Order& order)
    : problem_(problem),
      steps_(steps),
      order_(order),
      clauses_(problem.variables.size()),
      changes_(problem.variables.size()),
      effects_(steps.size()) {
  for (int i = 0; i < static_cast<int>(problem.clauses.size()); ++i) {
    for (const Literal& literal : problem.clauses[static_cast<std::size_t>(i)].literals)
      clauses_[static_cast<std::size_t>(literal.variable)].push_back(i);
  }
  for (int i = 0; i < static_cast<int>(steps.size()); ++i) {
    std::vector<VariableIndex>& changed = effects_[static_cast<std::size_t>(i)];
    for (const Effect& effect : Step(i).effects) {
      changes_[static_cast<std::size_t>(effect.variable)].push_back({i, effect.from, effect.to});
      changed.push_back(effect.variable);
    }
    std::sort(changed.begin(), changed.end());
  }
}

const Operator& Proof::Step(int position) const {
  return problem_.operators[static_cast<std::size_t>(steps_[static_cast<std::size_t>(position)])];
}

std::vector<std::string> Proof::Faults() const {
  std::vector<std::string> faults;
  for (VariableIndex i = 0; i < static_cast<VariableIndex>(changes_.size()); ++i) {
    if (auto fault = ChainFault(i); fault.has_value()) faults.push_back(*std::move(fault));
  }
  if (!faults.empty()) return faults;  // what follows reads the chains
  for (int i = 0; i < static_cast<int>(steps_.size()); ++i) {
    for (const Literal& needed : Step(i).preconditions) {
      if (IsMet(needed, i)) continue;
      faults.push_back("`" + Step(i).action.title + "` may run before " +
                       problem_.variables[static_cast<std::size_t>(needed.variable)].name +
                       " is ready");
    }
  }
  for (const Clause& clause : problem_.clauses) {
    if (!IsKept(clause))
      faults.push_back("some order of the steps breaks " + clause.reason.rule + ": " +
                       clause.reason.text);
  }
  return faults;
}

// The changes of one variable follow each other, each from where the one before it led.
std::optional<std::string> Proof::ChainFault(VariableIndex variable) const {
  ValueIndex value = problem_.variables[static_cast<std::size_t>(variable)].start;
  int before = -1;
  for (const Change& change : changes_[static_cast<std::size_t>(variable)]) {
    if (change.from != value || (before >= 0 && !order_.Before(before, change.position))) {
      return "`" + Step(change.position).action.title + "` expects another value of " +
             problem_.variables[static_cast<std::size_t>(variable)].name;
    }
    value = change.to;
    before = change.position;
  }
  return std::nullopt;
}

// `needed` holds in every state in which the step at `position` may be next.
bool Proof::IsMet(const Literal& needed, int position) const {
  ValueIndex value = problem_.variables[static_cast<std::size_t>(needed.variable)].start;
  bool met = Has(needed, value);
  for (const Change& change : changes_[static_cast<std::size_t>(needed.variable)]) {
    if (change.position == position || order_.Before(position, change.position)) break;
    if (order_.Before(change.position, position)) met = true;  // what was before it is past
    met = met && Has(needed, change.to);
  }
  return met;
}

bool Proof::ChangeTheSame(int one, int other) const {
  const bool swap = Step(one).effects.size() > Step(other).effects.size();
  const auto& changed = effects_[static_cast<std::size_t>(swap ? one : other)];
  const auto& effects = Step(swap ? other : one).effects;
  return std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
    return std::binary_search(changed.begin(), changed.end(), effect.variable);
  });
}

// The step at `position` needs a variable that the other changes, and no longer finds it ready.
bool Proof::Unprepares(int other, int position) const {
  const auto& changed = effects_[static_cast<std::size_t>(other)];
  const auto& needs = Step(position).preconditions;
  return std::any_of(needs.begin(), needs.end(), [&](const Literal& needed) {
    return std::binary_search(changed.begin(), changed.end(), needed.variable) &&
           !IsMet(needed, position);
  });
}

std::size_t Proof::CountTouched(int position) const {
  std::size_t count = 0;
  for (const Effect& effect : Step(position).effects)
    count += clauses_[static_cast<std::size_t>(effect.variable)].size();
  return count;
}

std::vector<int> Proof::TouchedBy(int position) const {
  std::vector<int> touched;
  for (const Effect& effect : Step(position).effects) {
    const auto& clauses = clauses_[static_cast<std::size_t>(effect.variable)];
    touched.insert(touched.end(), clauses.begin(), clauses.end());
  }
  return touched;
}

std::vector<Proof::Shift> Proof::ShiftsOf(const Clause& clause) const {
  std::vector<Shift> shifts;
  for (const Literal& literal : clause.literals) {
    for (const Change& change : changes_[static_cast<std::size_t>(literal.variable)]) {
      const int by = (Has(literal, change.to) ? 1 : 0) - (Has(literal, change.from) ? 1 : 0);
      if (by != 0) shifts.push_back({change.position, by});
    }
  }
  if (clause.literals.size() == 1) return shifts;
  std::sort(shifts.begin(), shifts.end(), [](const Shift& a, const Shift& b) {
    return a.position < b.position;
  });
  std::vector<Shift> merged;  // one step may change several literals at once
  for (const Shift& shift : shifts) {
    if (!merged.empty() && merged.back().position == shift.position) {
      merged.back().by += shift.by;
    } else {
      merged.push_back(shift);
    }
  }
  return merged;
}

// The most by which `sign` times the number of holding literals can exceed that at the start.
int Proof::Most(const std::vector<Shift>& shifts, int sign) const {
  std::vector<int> takers, givers;
  for (const Shift& shift : shifts) {
    auto& side = sign * shift.by > 0 ? takers : givers;
    side.insert(side.end(), static_cast<std::size_t>(std::abs(shift.by)), shift.position);
  }
  if (takers.empty()) return 0;
  const int count = static_cast<int>(takers.size());
  return count - Matching(order_, std::move(takers), std::move(givers)).Size();
}

// More hold than may (times `sign`): no taker before enough has been given back.
bool Proof::IsRepaired(const std::vector<Shift>& shifts, int sign, int start, int most) const {
  for (const Shift& taker : shifts) {
    if (sign * taker.by <= 0) continue;
    int holding = start;
    std::vector<Shift> open;
    for (const Shift& shift : shifts) {
      if (shift.position == taker.position || order_.Before(shift.position, taker.position)) {
        holding += sign * shift.by;
      } else {
        open.push_back(shift);
      }
    }
    if (holding + Most(open, sign) > most) return false;
  }
  return true;
}

bool Proof::IsKept(const Clause& clause) const {
  const std::vector<Shift> shifts = ShiftsOf(clause);
  if (shifts.empty()) return true;
  int start = 0;
  for (const Literal& literal : clause.literals)
    start += Has(literal, problem_.variables[static_cast<std::size_t>(literal.variable)].start);
  const auto within = [&](int sign, int limit) {
    if (sign * start > sign * limit) return IsRepaired(shifts, sign, sign * start, sign * limit);
    return sign * start + Most(shifts, sign) <= sign * limit;
  };
  return (clause.at_most == INT32_MAX || within(1, clause.at_most)) &&
         (clause.at_least <= 0 || within(-1, clause.at_least));
}

bool Proof::NeedsEdge(int earlier, int later) {
  order_.Forget(earlier, later);
  const auto needs_it = [&] {
    if (ChangeTheSame(earlier, later) || Unprepares(earlier, later) || Unprepares(later, earlier))
      return true;
    // A clause that only one of them touches is kept without the edge.
    const std::vector<int> touched =
        TouchedBy(CountTouched(earlier) <= CountTouched(later) ? earlier : later);
    return std::any_of(touched.begin(), touched.end(), [&](int clause) {
      return !IsKept(problem_.clauses[static_cast<std::size_t>(clause)]);
    });
  };
  const bool needed = needs_it();
  order_.Remember();
  return needed;
}

}  // namespace poolshift::check
