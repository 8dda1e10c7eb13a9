// The planner alone: one designation that moves, and sites that follow it, each with a route to set
// and services to start before. The number of groups grows with the sites, as in a real failover.
#include "benchmark/benchmark.h"
#include "controller/check/checker.h"
#include "controller/plan/planner.h"

namespace poolshift {
namespace {

class ProblemMaker {
 public:
  VariableIndex AddVariable(const std::string& name) {
    problem_.variables.push_back({name, {"was", "will be"}, 0, 1});
    const auto variable = static_cast<VariableIndex>(problem_.variables.size() - 1);
    Operator step;
    step.action.target = {"Part", name};
    step.action.before = "was";
    step.action.after = "will be";
    step.effects = {{variable, 0, 1}};
    problem_.operators.push_back(std::move(step));
    return variable;
  }

  // `later` changes only when `earlier` has.
  void AddOrder(VariableIndex earlier, VariableIndex later) {
    Clause clause;
    clause.reason = {"order", "the one before the other", "benchmark"};
    clause.literals = {{later, {0}}, {earlier, {1}}};
    clause.at_least = 1;
    problem_.clauses.push_back(std::move(clause));
  }

  PlanningProblem Take() { return std::move(problem_); }

 private:
  PlanningProblem problem_;
};

PlanningProblem Failover(int sites) {
  ProblemMaker maker;
  const VariableIndex flag = maker.AddVariable("flag");
  for (int site = 1; site <= sites; ++site) {
    const std::string name = "site" + std::to_string(site);
    const VariableIndex service = maker.AddVariable(name + ".service");
    const VariableIndex route = maker.AddVariable(name + ".route");
    maker.AddOrder(flag, route);
    maker.AddOrder(service, route);
  }
  return maker.Take();
}

void SolveFailover(benchmark::State& state) {
  const PlanningProblem problem = Failover(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const auto result = plan::Solve(problem);
    const auto* solution = std::get_if<plan::Solution>(&result);
    if (solution == nullptr) return state.SkipWithError("the problem has a solution");
    benchmark::DoNotOptimize(plan::ActionsOf(problem, *solution));
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(SolveFailover)->Arg(2)->Arg(100)->Arg(1000)->Arg(10000)->Complexity();

void CheckFailover(benchmark::State& state) {
  const PlanningProblem problem = Failover(static_cast<int>(state.range(0)));
  const auto result = plan::Solve(problem);
  const auto* solution = std::get_if<plan::Solution>(&result);
  if (solution == nullptr) return state.SkipWithError("the problem has a solution");
  for (auto _ : state) {
    const check::Findings findings = check::CheckOrder(problem, solution->steps, solution->needs);
    if (!findings.faults.empty()) return state.SkipWithError(findings.faults.front().c_str());
    if (!findings.idle.empty()) return state.SkipWithError(findings.idle.front().c_str());
    if (findings.edges > 4 * static_cast<std::int64_t>(solution->steps.size()))
      return state.SkipWithError("more than four edges a step");
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(CheckFailover)->Arg(2)->Arg(100)->Arg(1000)->Complexity();

}  // namespace
}  // namespace poolshift
