// The stages of planning, each alone, on the real move (move.h): both federations leave one Edge
// pool of N sites, three changes a site. What each stage takes in is made before the clock runs.
#include "benchmark/benchmark.h"
#include "controller/check/checker.h"
#include "controller/engine/planning.h"
#include "controller/federation/lowering.h"
#include "controller/plan/planner.h"
#include "tests/bench/steady.h"

namespace poolshift {
namespace {

struct Moving {
  explicit Moving(int sites)
      : seen(bench::MovingOrganisation(sites)),
        loaded(bench::LoadAnew(seen.manifests)),
        assignment(loaded.organization, seen.offered),
        lowered(Lower(loaded.organization, seen.observed, assignment)) {
    const auto solved = plan::Solve(lowered.problem);
    if (const auto* found = std::get_if<plan::Solution>(&solved)) solution = *found;
  }

  const bench::Steady seen;
  const LoadedOrganization loaded;
  const Assignment assignment;
  const Lowered lowered;
  plan::Solution solution;
};

// Fewer actions than three a site are another move.
bool IsTheMove(const plan::Solution& solution, benchmark::State& state) {
  if (solution.certificate.actions >= 3 * state.range(0)) return true;
  state.SkipWithError("fewer actions than three a site");
  return false;
}

void LowerMove(benchmark::State& state) {
  const Moving move(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(Lower(move.loaded.organization, move.seen.observed, move.assignment));
  }
}

// From the lowered problem to the ordered actions: groups, ways, interleaving, shortening, order,
// certificate, ids.
void SolveMove(benchmark::State& state) {
  const Moving move(static_cast<int>(state.range(0)));
  if (!IsTheMove(move.solution, state)) return;
  for (auto _ : state) {
    state.PauseTiming();
    PlanningProblem problem = move.lowered.problem;  // planning gives its problem away too
    state.ResumeTiming();
    const auto result = plan::Solve(problem);
    std::vector<Action> actions =
        plan::ActionsOf(std::move(problem), std::get<plan::Solution>(result));
    state.PauseTiming();
    benchmark::DoNotOptimize(actions);
    actions.clear();
    state.ResumeTiming();
  }
  state.counters["actions"] = move.solution.certificate.actions;
}

void CheckMove(benchmark::State& state) {
  const Moving move(static_cast<int>(state.range(0)));
  if (!IsTheMove(move.solution, state)) return;
  const plan::Solution& found = move.solution;
  const PlanningProblem& problem = move.lowered.problem;
  for (auto _ : state) {
    const check::Findings findings = check::CheckOrder(problem, found.steps, found.needs);
    const auto faults =
        check::CheckCertificate(problem, found.steps, found.needs, found.certificate);
    if (!findings.faults.empty() || !faults.empty()) return state.SkipWithError("a fault");
  }
}

// All of it, and the account of the source pages.
void PlanMove(benchmark::State& state) {
  const Moving move(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const auto plan =
        MakePlanWithoutCommands(move.loaded.organization, move.seen.observed, move.assignment);
    if (!plan.ok() || plan->actions.empty()) return state.SkipWithError("there is no plan");
  }
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)->Arg(100)->Arg(1000)->Arg(10000);
}

BENCHMARK(LowerMove)->Apply(Sizes);
BENCHMARK(SolveMove)->Apply(Sizes);
BENCHMARK(CheckMove)->Apply(Sizes);
BENCHMARK(PlanMove)->Apply(Sizes);

}  // namespace
}  // namespace poolshift
