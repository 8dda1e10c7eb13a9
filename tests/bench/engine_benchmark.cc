// Engine: the stages of `plan` on an organisation of N sites with the real `sim` program: looking
// through the plugin, comparing, planning (lower, solve, check, account) and the commands.
#include <filesystem>
#include <fstream>
#include <memory>

#include "benchmark/benchmark.h"
#include "controller/diff/difference.h"
#include "controller/engine/workspace.h"
#include "tests/bench/organisation.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;

// A generated organisation in a folder of its own, opened read-only.
class Opened {
 public:
  explicit Opened(int sites) {
    std::string name = (fs::temp_directory_path() / "poolshift-bench-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (const bench::TextFile& file : bench::Manifests(sites))
      Write(file);
    Write(bench::WorldFile(sites));
    Workspace::Options options;
    options.paths = {(folder_ / "manifests").string()};
    options.state_directory = folder_ / "state";
    options.plugin_directory = POOLSHIFT_BIN_DIR;
    Diagnostics diagnostics;
    auto opened = Workspace::Open({&clock_, &files_, &processes_}, options, diagnostics);
    if (opened.ok())
      workspace_ = *std::move(opened);
    else
      problem_ = std::string(opened.status().message());
  }
  ~Opened() {
    workspace_.reset();
    fs::remove_all(folder_);
  }

  // Null, with a reason, when it could not be opened.
  Workspace* workspace() { return workspace_.get(); }
  const std::string& problem() const { return problem_; }

 private:
  void Write(const bench::TextFile& file) {
    fs::create_directories((folder_ / file.name).parent_path());
    std::ofstream(folder_ / file.name) << file.text;
  }

  fs::path folder_;
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  std::unique_ptr<Workspace> workspace_;
  std::string problem_;
};

void ObserveThroughPlugin(benchmark::State& state) {
  Opened opened(static_cast<int>(state.range(0)));
  if (opened.workspace() == nullptr) return state.SkipWithError(opened.problem().c_str());
  std::size_t seen = 0;
  for (auto _ : state) {
    const auto observed = opened.workspace()->Observe();
    if (!observed.ok()) return state.SkipWithError("the provider does not answer");
    seen += observed->observations.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(seen));
  state.SetComplexityN(state.range(0));
}

void CompareWithDeclared(benchmark::State& state) {
  Opened opened(static_cast<int>(state.range(0)));
  if (opened.workspace() == nullptr) return state.SkipWithError(opened.problem().c_str());
  const auto observed = opened.workspace()->Observe();
  if (!observed.ok()) return state.SkipWithError("the provider does not answer");
  for (auto _ : state)
    benchmark::DoNotOptimize(Differences(opened.workspace()->organization(), *observed));
  state.SetComplexityN(state.range(0));
}

void PlanFailover(benchmark::State& state) {
  Opened opened(static_cast<int>(state.range(0)));
  if (opened.workspace() == nullptr) return state.SkipWithError(opened.problem().c_str());
  const auto observed = opened.workspace()->Observe();
  if (!observed.ok()) return state.SkipWithError("the provider does not answer");
  for (auto _ : state) {
    const auto plan = opened.workspace()->MakePlan(*observed, absl::UnixEpoch());
    if (!plan.ok() || !plan->refusals.empty()) return state.SkipWithError("there is no plan");
  }
  state.SetComplexityN(state.range(0));
}

void AllSizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)->Arg(2)->Arg(100)->Arg(1000)->Arg(10000)->Complexity();
}

BENCHMARK(ObserveThroughPlugin)->Apply(AllSizes)->UseRealTime();
BENCHMARK(CompareWithDeclared)->Apply(AllSizes);
BENCHMARK(PlanFailover)->Apply(AllSizes)->UseRealTime();

}  // namespace
}  // namespace poolshift
