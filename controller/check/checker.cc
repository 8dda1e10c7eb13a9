#include "controller/check/checker.h"

#include <algorithm>
#include <set>

#include "controller/check/bound.h"
#include "controller/check/proof.h"

namespace poolshift::check {
namespace {

// A longer plan has too many ideals to enumerate: do not begin.
constexpr std::size_t kMostStepsEnumerated = 64;

using Done = std::vector<bool>;  // by position

class Checker {
 public:
  Checker(const PlanningProblem& problem,
          const std::vector<int>& steps,
          const std::vector<std::vector<int>>& needs)
      : problem_(problem), steps_(steps), needs_(needs) {
    for (const Variable& variable : problem.variables)
      start_.push_back(variable.start);
  }

  Findings Run(std::int64_t cap) {
    if (!EdgesPointBack()) return std::move(findings_);
    CheckGoal();
    Order order(needs_);
    Proof proof(problem_, steps_, order);
    for (std::string& fault : proof.Faults())
      Fault(std::move(fault));
    if (findings_.faults.empty()) EnumerateIdeals(cap);
    if (findings_.faults.empty()) CheckEdges(order, proof);
    return std::move(findings_);
  }

 private:
  void Fault(std::string text) {
    constexpr std::size_t kEnough = 10;
    if (findings_.faults.size() < kEnough) findings_.faults.push_back(std::move(text));
  }

  void Idle(std::string text) { findings_.idle.push_back(std::move(text)); }

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

  void CheckEdges(const Order& order, Proof& proof) {
    for (int i = 0; i < static_cast<int>(needs_.size()); ++i) {
      const std::string title =
          "`" + Step(static_cast<std::size_t>(i)).action.title + "` waits for `";
      const int implied = order.Superfluous(i);
      if (implied >= 0)
        Idle(title + Step(static_cast<std::size_t>(implied)).action.title +
             "`, as it would anyhow");
      for (const int before : needs_[static_cast<std::size_t>(i)]) {
        ++findings_.edges;
        if (implied < 0 && !proof.NeedsEdge(before, i))
          Idle(title + Step(static_cast<std::size_t>(before)).action.title + "` without need");
      }
    }
  }

  void EnumerateIdeals(std::int64_t cap) {
    if (steps_.size() > kMostStepsEnumerated) return;
    FillTouched();
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
        if (!Do(i, next)) return;
        Done more = done;
        more[i] = true;
        if (!seen.insert(more).second) continue;
        if (static_cast<std::int64_t>(seen.size()) > cap) return;
        open.emplace_back(std::move(more), std::move(next));
      }
    }
    findings_.ideals = static_cast<std::int64_t>(seen.size());
    findings_.exhaustive = true;
  }

  void FillTouched() {
    touched_.resize(problem_.variables.size());
    for (int i = 0; i < static_cast<int>(problem_.clauses.size()); ++i) {
      for (const Literal& literal : problem_.clauses[static_cast<std::size_t>(i)].literals)
        touched_[static_cast<std::size_t>(literal.variable)].push_back(i);
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

std::vector<std::string> CheckCertificate(const PlanningProblem& problem,
                                          const std::vector<int>& steps,
                                          const std::vector<std::vector<int>>& needs,
                                          const Certificate& certificate) {
  std::vector<std::string> faults;
  const auto expect = [&faults](bool holds, std::string fault) {
    if (!holds) faults.push_back(std::move(fault));
  };
  std::vector<int> paid(problem.operators.size());
  std::vector<absl::Duration> end(steps.size());
  absl::Duration longest = absl::ZeroDuration();
  int cost = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Operator& step = problem.operators[static_cast<std::size_t>(steps[i])];
    paid[static_cast<std::size_t>(steps[i])] += step.cost;
    cost += step.cost;
    for (const int before : needs[i])
      end[i] = std::max(end[i], end[static_cast<std::size_t>(before)]);
    end[i] += step.action.duration;
    longest = std::max(longest, end[i]);
  }
  expect(certificate.actions == cost, "the certificate counts other actions than the plan has");
  expect(certificate.critical_path == longest, "the certificate states another longest chain");
  expect(
      certificate.makespan >= certificate.makespan_bound && certificate.makespan_bound >= longest,
      "the certificate states less time than the longest chain takes");
  const int bound = LowerBound(problem, paid);
  expect(certificate.lower_bound <= bound,
         "the certificate states a lower bound of " + std::to_string(certificate.lower_bound) +
             ", the problem has " + std::to_string(bound));
  expect(certificate.method != "bound" || cost == certificate.lower_bound,
         "the certificate says minimal, but its bound is not reached");
  for (std::string& fault : CheckShares(problem, certificate))
    faults.push_back(std::move(fault));
  if (certificate.time_method.empty()) return faults;
  expect(certificate.least_time <= certificate.makespan,
         "the certificate states more time than the plan takes as the least of all plans");
  expect(certificate.time_method == "unproven" || certificate.least_time == certificate.makespan,
         "the certificate says fastest, but states less time than the plan takes");
  expect(certificate.time_method == "search" || certificate.least_time <= LeastTime(problem),
         "the certificate states more as the least time than the problem demands");
  return faults;
}

}  // namespace poolshift::check
