// What the controller adds to a run: over a pretended platform in this process and a real store on
// a real disk. Without latency, per action (beside `TwoSyncs`, which only makes two blocks
// durable); with latency, the time of the whole run by what no order can beat; and how long the run
// after one that was cut off takes until its first call.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "benchmark/benchmark.h"
#include "controller/engine/run.h"
#include "controller/store/store.h"
#include "tests/bench/bench_folder.h"
#include "tests/engine_run/fake_platform.h"

namespace poolshift {
namespace {

constexpr int kPlaces = 8;  // calls at a time, RunPolicy's own

std::string NameOf(std::int64_t number) { return "thing" + std::to_string(number); }

// A state directory, a platform with things that are off, and runs over it.
class Stage {
 public:
  explicit Stage(std::int64_t things) {
    for (std::int64_t i = 0; i < things; ++i)
      platform.Set(NameOf(i), "off");
    options_.organization = "contoso";
    options_.holder = ThisProcess("alice");
    options_.executor.provider_limit = kPlaces;
  }

  RunOutcome Run(const Plan& plan) {
    const auto store = Store::Open(folder_.path());
    if (!store.ok()) return {};
    const std::map<std::string, Provider*> providers = {{"lab", &platform}};
    RunObserver nobody;
    return RunPlan(plan, options_, {providers, **store, nobody, interruption});
  }

  FakePlatform platform;
  Interruption interruption;

 private:
  const BenchFolder folder_;
  RunOptions options_;
};

Plan Chain(std::int64_t length) {
  std::vector<std::string> things;
  for (std::int64_t i = 0; i < length; ++i)
    things.push_back(NameOf(i));
  return ChainOf(things);
}

void RunChain(benchmark::State& state) {
  const Plan plan = Chain(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    auto stage = std::make_unique<Stage>(state.range(0));
    state.ResumeTiming();
    if (stage->Run(plan).code != RunOutcome::Code::kDone) return state.SkipWithError("not done");
    state.PauseTiming();
    stage.reset();
    state.ResumeTiming();
  }
  state.counters["per_action"] = benchmark::Counter(
      static_cast<double>(state.range(0)),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(RunChain)->Arg(10)->Arg(100)->Arg(1000)->UseRealTime()->Unit(benchmark::kMillisecond);

// As a move of many sites: an action that all wait for, then one per site of which every fifth
// holds the one lock, then one that waits for all.
Plan Move(std::int64_t actions, absl::Duration latency) {
  Plan plan = Chain(actions);
  for (Action& action : plan.actions) {
    action.duration = latency;
    action.needs.clear();
  }
  Action& last = plan.actions.back();
  for (std::size_t i = 1; i + 1 < plan.actions.size(); ++i) {
    plan.actions[i].needs = {plan.actions.front().id};
    if (i % 10 == 0) plan.actions[i].locks = {"cms"};
    last.needs.push_back(plan.actions[i].id);
  }
  std::sort(last.needs.begin(), last.needs.end());
  return plan;
}

// The greatest of longest chain, sum under the lock and sum by places: nothing can be faster.
absl::Duration Bound(const Plan& plan, absl::Duration latency) {
  const auto middle = static_cast<std::int64_t>(plan.actions.size()) - 2;
  const std::int64_t rounds = std::max((middle + kPlaces - 1) / kPlaces, middle / 10);
  return latency * (2 + rounds);
}

void MakespanOfMove(benchmark::State& state) {
  const absl::Duration latency = absl::Milliseconds(state.range(1));
  const Plan plan = Move(state.range(0), latency);
  const double bound = absl::ToDoubleSeconds(Bound(plan, latency));
  double seconds = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto stage = std::make_unique<Stage>(state.range(0));
    stage->platform.on_call = [&](const std::string&) {
      std::this_thread::sleep_for(absl::ToChronoMicroseconds(latency));
    };
    const absl::Time start = absl::Now();
    state.ResumeTiming();
    if (stage->Run(plan).code != RunOutcome::Code::kDone) return state.SkipWithError("not done");
    state.PauseTiming();
    seconds += absl::ToDoubleSeconds(absl::Now() - start);
    stage.reset();
    state.ResumeTiming();
  }
  state.counters["of_bound"] = seconds / static_cast<double>(state.iterations()) / bound;
}
BENCHMARK(MakespanOfMove)
    ->Args({10, 1000})
    ->Args({100, 200})
    ->Args({1000, 200})
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// Half of the actions are done when the run is cut off with one call in doubt; the next run has the
// other half to do.
void DecideResume(benchmark::State& state) {
  const std::int64_t size = state.range(0);
  const Plan plan = Chain(size);
  for (auto _ : state) {
    auto stage = std::make_unique<Stage>(size);
    const std::string last = NameOf(size / 2);
    stage->platform.mishaps[last] = {Mishap::kLostBefore};
    stage->platform.on_call = [&](const std::string& thing) {
      if (thing == last) stage->platform.gone = true;
    };
    if (stage->Run(plan).code == RunOutcome::Code::kDone) return state.SkipWithError("not cut off");
    stage->platform.gone = false;
    Plan rest = plan;
    rest.actions.erase(rest.actions.begin(), rest.actions.begin() + size / 2);
    rest.basis.erase(rest.basis.begin(), rest.basis.begin() + size / 2);
    rest.actions.front().needs.clear();
    std::atomic<bool> called = false;
    const absl::Time start = absl::Now();
    stage->platform.on_call = [&](const std::string&) {
      if (!called.exchange(true))
        state.SetIterationTime(absl::ToDoubleSeconds(absl::Now() - start));
    };
    if (stage->Run(rest).code != RunOutcome::Code::kDone) return state.SkipWithError("not resumed");
  }
}
BENCHMARK(DecideResume)->Arg(1000)->Iterations(5)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace poolshift
