#include "controller/plan/planner.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "controller/plan/conflict.h"
#include "controller/plan/deorder.h"
#include "controller/plan/earliest.h"
#include "controller/plan/fastest.h"
#include "controller/plan/groups.h"
#include "controller/plan/makespan.h"
#include "controller/plan/search.h"
#include "controller/plan/shares.h"
#include "controller/plan/shorten.h"
#include "controller/plan/weave.h"

namespace poolshift::plan {
namespace {

int CostOf(const PlanningProblem& problem, const std::vector<int>& steps) {
  int cost = 0;
  for (const int step : steps)
    cost += problem.operators[static_cast<std::size_t>(step)].cost;
  return cost;
}

// Variables that differ from their goal though no operator changes them.
std::vector<VariableIndex> Immovable(const PlanningProblem& problem, const Index& index) {
  std::vector<VariableIndex> immovable;
  for (std::size_t i = 0; i < problem.variables.size(); ++i) {
    const Variable& variable = problem.variables[i];
    if (variable.goal >= 0 && variable.goal != variable.start && index.operators[i].empty()) {
      immovable.push_back(static_cast<VariableIndex>(i));
    }
  }
  return immovable;
}

class Solver {
 public:
  Solver(const PlanningProblem& problem, const Budget& budget)
      : problem_(problem), budget_(budget), index_(problem), groups_(FindGroups(problem)) {}

  std::variant<Solution, NoSolution> Run() {
    std::vector<std::vector<int>> ways;
    if (!FindWays(ways)) return Stranded();
    for (const auto& way : ways) {
      costs_.push_back(CostOf(problem_, way));
      bound_ += costs_.back();
    }
    Woven woven = Weave(problem_, index_, groups_, std::move(ways), budget_.states);
    if (woven.solved) return Best(Certified(std::move(woven.steps), "search", woven.states));
    part_ = std::move(woven.part);
    if (!woven.exhausted) return Explain(woven.blocked, true);
    // When the exact search ends without an answer any safe plan will do, and says so.
    Found found = FindAny(problem_, index_, groups_, budget_.states);
    if (!found.solved) return Explain(woven.blocked, !found.exhausted);
    return Best(Certified(std::move(found.steps), "unproven", woven.states + found.states));
  }

  // Whether it is proved that there is no plan.
  bool IsHopeless() {
    std::vector<std::vector<int>> ways;
    if (!FindWays(ways)) return true;
    const Woven woven = Weave(problem_, index_, groups_, std::move(ways), budget_.states);
    return !woven.solved && !woven.exhausted;
  }

  // Without a plan: the variables of the part that has none.
  const std::vector<VariableIndex>& part() const { return part_; }

 private:
  // Each group's cheapest way. False: `part_` has none.
  bool FindWays(std::vector<std::vector<int>>& ways) {
    part_ = Immovable(problem_, index_);
    if (!part_.empty()) return false;
    ways.reserve(groups_.size());
    WayFinder finder(problem_, index_);
    for (const Group& group : groups_) {
      auto way = finder.Cheapest(group);
      if (!way.has_value()) {
        part_ = group.variables;
        return false;
      }
      ways.push_back(*std::move(way));
      is_refined_.push_back(finder.has_left_out());
    }
    return true;
  }

  const std::string& NameOf(VariableIndex variable) const {
    return problem_.variables[static_cast<std::size_t>(variable)].name;
  }

  // No operator changes what must change, or a group has no way.
  NoSolution Stranded() const {
    NoSolution none{true, {}, {}, {}};
    for (const VariableIndex variable : part_)
      none.stuck.push_back(NameOf(variable));
    if (!index_.operators[static_cast<std::size_t>(part_.front())].empty()) none.stuck.resize(1);
    return none;
  }

  NoSolution Explain(const std::vector<Blocked>& blocked, bool proved) const {
    NoSolution none{proved, {}, {}, {}};
    std::set<Reason> because;
    for (const Blocked& at : blocked) {
      const Operator& step = problem_.operators[static_cast<std::size_t>(at.step)];
      none.stuck.push_back(NameOf(step.effects.front().variable));
      if (at.clause >= 0)
        because.insert(problem_.clauses[static_cast<std::size_t>(at.clause)].reason);
      if (at.variable >= 0)
        because.insert({"precondition", "it waits for " + NameOf(at.variable), ""});
    }
    none.because.assign(because.begin(), because.end());
    return none;
  }

  // `method`: how it is known when the bound does not say it.
  Solution Certified(std::vector<int> steps, std::string method, std::int64_t states) const {
    return Made(Shorten(problem_, index_, groups_, std::move(steps)), std::move(method), states);
  }

  Solution Made(Shortened shortened, std::string method, std::int64_t states) const {
    Solution solution;
    solution.steps = std::move(shortened.steps);
    solution.needs = std::move(shortened.needs);
    Certificate& certificate = solution.certificate;
    certificate.actions = CostOf(problem_, solution.steps);
    certificate.lower_bound = bound_;
    certificate.method = certificate.actions == bound_ ? "bound" : std::move(method);
    certificate.states = states;
    certificate.shares = SharesOf(problem_, index_, groups_, costs_, is_refined_);
    const Makespan& time = shortened.time;
    certificate.critical_path = time.critical_path;
    certificate.makespan_bound = time.bound;
    certificate.makespan = time.makespan;
    return solution;
  }

  // Of the plan with fewest actions and those that are dearer, the one that is wanted.
  Solution Best(Solution smallest) const {
    if (budget_.objective == Objective::kFewestActions) return smallest;
    Earliest earliest(problem_, index_);
    const absl::Duration least =
        absl::Nanoseconds(earliest.Bound(StartState(problem_)).value_or(0));
    if (smallest.certificate.makespan == least) return Timed(std::move(smallest), "bound", least);
    const Fastest fastest = FindFastest(problem_, index_, groups_, earliest, Moments());
    const std::int64_t states = smallest.certificate.states + fastest.states;
    if (fastest.found) {
      const absl::Duration time = absl::Nanoseconds(fastest.makespan);
      std::vector<std::vector<int>> needs = Deorder(problem_, fastest.steps);
      const Makespan played = MakespanOf(problem_, fastest.steps, needs);
      Solution quick = Made({fastest.steps, std::move(needs), played}, "search", states);
      if (quick.certificate.makespan == time)
        return Timed(std::move(quick), time == least ? "bound" : "search", time);
    }
    constexpr int kDearer = 2;
    Solution quick =
        Made(Shorten(problem_, index_, groups_, smallest.steps, kDearer), "unproven", states);
    if (quick.certificate.actions == smallest.certificate.actions)
      quick.certificate.method = smallest.certificate.method;
    const bool is_least = quick.certificate.makespan == least;
    return Timed(std::move(quick), is_least ? "bound" : "unproven", least);
  }

  static Solution Timed(Solution solution, std::string method, absl::Duration least) {
    solution.certificate.time_method = std::move(method);
    solution.certificate.least_time = least;
    return solution;
  }

  // Each looks at all operators.
  std::int64_t Moments() const {
    constexpr std::int64_t kMostLooks = 4'000'000;
    const auto operators = static_cast<std::int64_t>(problem_.operators.size());
    return std::min(budget_.moments, kMostLooks / std::max<std::int64_t>(1, operators));
  }

  const PlanningProblem& problem_;
  const Budget budget_;
  const Index index_;
  const std::vector<Group> groups_;
  int bound_ = 0;
  std::vector<int> costs_;        // by group: of its cheapest way
  std::vector<bool> is_refined_;  // by group: steps that can never happen were left out
  std::vector<VariableIndex> part_;
};

}  // namespace

std::variant<Solution, NoSolution> Solve(const PlanningProblem& problem, const Budget& budget) {
  Solver solver(problem, budget);
  auto result = solver.Run();
  auto* none = std::get_if<NoSolution>(&result);
  if (none == nullptr || !none->proved) return result;
  Budget less = budget;
  less.states = std::min<std::int64_t>(budget.states, 20000);
  none->demands = FindConflict(problem, solver.part(), [&less](const PlanningProblem& left) {
    return Solver(left, less).IsHopeless();
  });
  return result;
}

namespace {

// The same change twice (a restart): told apart by order.
void NameThem(std::vector<Action>& actions) {
  std::unordered_map<ActionId, int> uses;
  uses.reserve(actions.size());
  for (Action& action : actions) {
    action.id = MakeActionId(action.verb, action.target, action.before, action.after);
    const int use = uses[action.id]++;
    if (use > 0) action.id += "-" + std::to_string(use + 1);
  }
}

// Fills in `needs` and what gates compare with.
void Connect(const PlanningProblem& problem,
             const Solution& solution,
             std::vector<Action>& actions) {
  std::vector<int> last(problem.operators.size(), -1);  // by operator: its last place
  for (std::size_t i = 0; i < actions.size(); ++i)
    last[static_cast<std::size_t>(solution.steps[i])] = static_cast<int>(i);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    actions[i].needs.reserve(solution.needs[i].size());
    for (const int before : solution.needs[i])
      actions[i].needs.push_back(actions[static_cast<std::size_t>(before)].id);
    std::sort(actions[i].needs.begin(), actions[i].needs.end());
    if (!actions[i].gate.has_value()) continue;
    std::vector<ActionId> produced;
    for (const int step :
         problem.operators[static_cast<std::size_t>(solution.steps[i])].produced_by) {
      const int place = last[static_cast<std::size_t>(step)];
      if (place >= 0) produced.push_back(actions[static_cast<std::size_t>(place)].id);
    }
    std::sort(produced.begin(), produced.end());
    actions[i].gate->produced_by = std::move(produced);
  }
}

}  // namespace

std::vector<Action> ActionsOf(const PlanningProblem& problem, const Solution& solution) {
  std::vector<Action> actions;
  actions.reserve(solution.steps.size());
  for (const int step : solution.steps)
    actions.push_back(problem.operators[static_cast<std::size_t>(step)].action);
  NameThem(actions);
  Connect(problem, solution, actions);
  return actions;
}

std::vector<Action> ActionsOf(PlanningProblem&& problem, const Solution& solution) {
  std::vector<bool> taken(problem.operators.size());
  for (const int step : solution.steps) {
    const auto at = static_cast<std::size_t>(step);
    if (taken[at]) return ActionsOf(std::as_const(problem), solution);
    taken[at] = true;
  }
  std::vector<Action> actions;
  actions.reserve(solution.steps.size());
  for (const int step : solution.steps)
    actions.push_back(std::move(problem.operators[static_cast<std::size_t>(step)].action));
  NameThem(actions);
  Connect(problem, solution, actions);
  return actions;
}

}  // namespace poolshift::plan
