// Replanning: one line of an organisation of N sites changes, from the bytes of the file to the
// plan; and the same from scratch.
#include "benchmark/benchmark.h"
#include "controller/engine/planning.h"
#include "controller/engine/replanning.h"
#include "tests/bench/steady.h"

namespace poolshift {
namespace {

// A file of the middle in two forms, which differ in one line.
struct Edited {
  std::string name;
  std::string forms[2];
};

Edited Change(const bench::Steady& steady, std::string_view from, std::string_view to) {
  const bench::TextFile& file = steady.manifests.at(steady.manifests.size() / 2);
  Edited edited{file.name, {file.text, file.text}};
  std::string& text = edited.forms[1];
  text.replace(text.find(from, text.size() / 2), from.size(), to);
  return edited;
}

void Replan(benchmark::State& state, std::string_view from, std::string_view to) {
  const bench::Steady steady = bench::SteadyOrganisation(static_cast<int>(state.range(0)));
  const Edited edited = Change(steady, from, to);
  Replanning replanning(steady.offered);
  for (const bench::TextFile& file : steady.manifests)
    replanning.SetManifest(file.name, file.text);
  replanning.See(steady.observed);
  replanning.Replan();
  int form = 0;
  std::size_t actions = 0;
  for (auto _ : state) {
    form = 1 - form;
    replanning.SetManifest(edited.name, edited.forms[form]);
    const auto outcome = replanning.Replan();
    if (outcome.plan == nullptr || !outcome.plan->ok() || !(*outcome.plan)->refusals.empty())
      return state.SkipWithError("there is no plan");
    actions = std::max(actions, (*outcome.plan)->actions.size());
  }
  state.counters["steps"] = static_cast<double>(actions);
}

void ReplanComment(benchmark::State& state) {
  Replan(state, "kind: FrontEndPool\n", "# as agreed\nkind: FrontEndPool\n");
}
void ReplanOneLine(benchmark::State& state) { Replan(state, "ttl: 5m", "ttl: 10m"); }
void ReplanConferencing(benchmark::State& state) {
  Replan(state, "conferencing: edgepool1", "conferencing: edgepool2");
}

void ReplanNextHop(benchmark::State& state) {
  Replan(state, "nextHop: pool", "nextHop: pool1 # was pool");
}

void LoadOneLine(benchmark::State& state) {
  const bench::Steady steady = bench::SteadyOrganisation(static_cast<int>(state.range(0)));
  const Edited edited = Change(steady, "ttl: 5m", "ttl: 10m");
  ManifestSet manifests;
  for (const bench::TextFile& file : steady.manifests)
    manifests.Set(file.name, file.text);
  manifests.Load();
  int form = 0;
  for (auto _ : state) {
    form = 1 - form;
    manifests.Set(edited.name, edited.forms[form]);
    if (manifests.Load().difference != ManifestSet::Difference::kFields)
      return state.SkipWithError("it is not followed");
  }
}

void PlanAnew(benchmark::State& state) {
  const bench::Steady steady = bench::SteadyOrganisation(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const LoadedOrganization loaded = bench::LoadAnew(steady.manifests);
    const Assignment assignment(loaded.organization, steady.offered);
    const auto plan = MakePlanWithoutCommands(loaded.organization, steady.observed, assignment);
    if (!plan.ok() || !plan->empty()) return state.SkipWithError("there is something to do");
  }
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)->Arg(100)->Arg(1000);
}

BENCHMARK(ReplanComment)->Apply(Sizes);
BENCHMARK(ReplanOneLine)->Apply(Sizes);
BENCHMARK(ReplanConferencing)->Apply(Sizes);
BENCHMARK(ReplanNextHop)->Apply(Sizes);
BENCHMARK(LoadOneLine)->Apply(Sizes);
BENCHMARK(PlanAnew)->Apply(Sizes);

}  // namespace
}  // namespace poolshift
