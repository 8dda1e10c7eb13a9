#include "controller/check/checker.h"

#include <algorithm>
#include <set>

namespace poolshift::check {
namespace {

constexpr int kExtensions = 3;
// A longer plan has too many ideals to enumerate: do not begin.
constexpr std::size_t kMostStepsEnumerated = 64;

using Done = std::vector<bool>;  // by position

class Checker {
 public:
  Checker(const PlanningProblem& problem,
          const std::vector<int>& steps,
          const std::vector<std::vector<int>>& needs)
      : problem_(problem), steps_(steps), needs_(needs), touched_(problem.variables.size()) {
    for (int i = 0; i < static_cast<int>(problem.clauses.size()); ++i) {
      for (const Literal& literal : problem.clauses[static_cast<std::size_t>(i)].literals) {
        touched_[static_cast<std::size_t>(literal.variable)].push_back(i);
      }
    }
    for (const Variable& variable : problem.variables)
      start_.push_back(variable.start);
  }

  Findings Run(std::int64_t cap) {
    if (!EdgesPointBack()) return std::move(findings_);
    if (!EnumerateIdeals(cap) && findings_.faults.empty()) {
      for (int i = 0; i <= kExtensions && findings_.faults.empty(); ++i) {
        WalkExtension(i);
      }
    }
    CheckGoal();
    return std::move(findings_);
  }

 private:
  void Fault(std::string text) {
    constexpr std::size_t kEnough = 10;
    if (findings_.faults.size() < kEnough) findings_.faults.push_back(std::move(text));
  }

  const Operator& Step(std::size_t position) const {
    return problem_.operators[static_cast<std::size_t>(steps_[position])];
  }

  bool EdgesPointBack() {
    if (needs_.size() != steps_.size()) Fault("the order does not have one entry per step");
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      for (const int before : needs_[i]) {
        if (before < 0 || before >= static_cast<int>(i))
          Fault("step " + std::to_string(i) + " needs a later one");
      }
    }
    return findings_.faults.empty();
  }

  static bool Has(const Literal& literal, const std::vector<ValueIndex>& state) {
    const ValueIndex value = state[static_cast<std::size_t>(literal.variable)];
    return std::count(literal.values.begin(), literal.values.end(), value) > 0;
  }

  int Holding(const Clause& clause, const std::vector<ValueIndex>& state) const {
    return static_cast<int>(
        std::count_if(clause.literals.begin(), clause.literals.end(), [&](const Literal& literal) {
          return Has(literal, state);
        }));
  }

  std::string Name(VariableIndex variable) const {
    return problem_.variables[static_cast<std::size_t>(variable)].name;
  }

  bool IsReady(std::size_t position, const Done& done) const {
    return !done[position] &&
           std::all_of(needs_[position].begin(), needs_[position].end(), [&](int before) {
             return done[static_cast<std::size_t>(before)];
           });
  }

  // True when all were looked at.
  bool EnumerateIdeals(std::int64_t cap) {
    if (steps_.size() > kMostStepsEnumerated) return false;
    std::set<Done> seen;
    std::vector<std::pair<Done, std::vector<ValueIndex>>> open;
    open.emplace_back(Done(steps_.size()), start_);
    seen.insert(open.back().first);
    while (!open.empty()) {
      const auto [done, state] = std::move(open.back());
      open.pop_back();
      for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (!IsReady(i, done)) continue;
        std::vector<ValueIndex> next = state;
        if (!Do(i, next)) return false;
        Done more = done;
        more[i] = true;
        if (!seen.insert(more).second) continue;
        if (static_cast<std::int64_t>(seen.size()) > cap) return false;
        open.emplace_back(std::move(more), std::move(next));
      }
    }
    findings_.ideals = static_cast<std::int64_t>(seen.size());
    findings_.exhaustive = true;
    return true;
  }

  // One linear extension of the order: 0 is the plan's own, the others prefer late, odd and even
  // positions.
  void WalkExtension(int which) {
    std::vector<std::size_t> waiting(steps_.size());
    std::vector<std::vector<std::size_t>> next(steps_.size());
    std::set<std::pair<std::size_t, std::size_t>> ready;
    const auto rank = [&](std::size_t i) {
      if (which == 1) return steps_.size() - i;
      if (which == 0) return i;
      return (i % 2 == static_cast<std::size_t>(which % 2) ? 0 : steps_.size()) + i;
    };
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      waiting[i] = needs_[i].size();
      for (const int before : needs_[i])
        next[static_cast<std::size_t>(before)].push_back(i);
      if (waiting[i] == 0) ready.emplace(rank(i), i);
    }
    std::vector<ValueIndex> state = start_;
    while (!ready.empty()) {
      const std::size_t at = ready.begin()->second;
      ready.erase(ready.begin());
      if (!Do(at, state)) return;
      ++findings_.ideals;
      for (const std::size_t follower : next[at]) {
        if (--waiting[follower] == 0) ready.emplace(rank(follower), follower);
      }
    }
  }

  // Does the step at `position` in `state`; false (and a fault) when it could not be done there or
  // breaks a rule.
  bool Do(std::size_t position, std::vector<ValueIndex>& state) {
    const Operator& step = Step(position);
    for (const Literal& needed : step.preconditions) {
      if (!Has(needed, state)) {
        Fault("`" + step.action.title + "` may run before " + Name(needed.variable) + " is ready");
        return false;
      }
    }
    const std::vector<std::pair<int, int>> before = TouchedBy(step, state);
    for (const Effect& effect : step.effects) {
      ValueIndex& value = state[static_cast<std::size_t>(effect.variable)];
      if (value != effect.from) {
        Fault("`" + step.action.title + "` expects another value of " + Name(effect.variable));
        return false;
      }
      value = effect.to;
    }
    return RulesHold(step, before, state);
  }

  // The clauses that the step can change, with how many of their literals hold now.
  std::vector<std::pair<int, int>> TouchedBy(const Operator& step,
                                             const std::vector<ValueIndex>& state) const {
    std::vector<std::pair<int, int>> touched;
    for (const Effect& effect : step.effects) {
      for (const int index : touched_[static_cast<std::size_t>(effect.variable)]) {
        touched.emplace_back(index,
                             Holding(problem_.clauses[static_cast<std::size_t>(index)], state));
      }
    }
    return touched;
  }

  // A clause broken from the start may be repaired in parts, never made worse.
  bool RulesHold(const Operator& step,
                 const std::vector<std::pair<int, int>>& before,
                 const std::vector<ValueIndex>& state) {
    for (const auto& [index, was] : before) {
      const Clause& clause = problem_.clauses[static_cast<std::size_t>(index)];
      const int now = Holding(clause, state);
      const bool too_few = now < clause.at_least && (was >= clause.at_least || now < was);
      const bool too_many = now > clause.at_most && (was <= clause.at_most || now > was);
      if (too_few || too_many) {
        Fault("`" + step.action.title + "` may run when it breaks " + clause.reason.rule + ": " +
              clause.reason.text);
        return false;
      }
    }
    return true;
  }

  void CheckGoal() {
    std::vector<ValueIndex> state = start_;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      for (const Effect& effect : Step(i).effects)
        state[static_cast<std::size_t>(effect.variable)] = effect.to;
    }
    for (std::size_t i = 0; i < state.size(); ++i) {
      const Variable& variable = problem_.variables[i];
      if (variable.goal >= 0 && state[i] != variable.goal)
        Fault(variable.name + " does not reach its goal");
    }
  }

  const PlanningProblem& problem_;
  const std::vector<int>& steps_;
  const std::vector<std::vector<int>>& needs_;
  std::vector<std::vector<int>> touched_;  // by variable: clauses
  std::vector<ValueIndex> start_;
  Findings findings_;
};

}  // namespace

Findings CheckOrder(const PlanningProblem& problem,
                    const std::vector<int>& steps,
                    const std::vector<std::vector<int>>& needs,
                    std::int64_t cap) {
  return Checker(problem, steps, needs).Run(cap);
}

}  // namespace poolshift::check
