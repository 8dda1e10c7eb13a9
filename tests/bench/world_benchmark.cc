// World files: what the plugin `sim` reads when it starts for the first time.
#include "benchmark/benchmark.h"
#include "providers/sim/world/world_file.h"
#include "tests/bench/organisation.h"

namespace poolshift {
namespace {

void ReadWorldFile(benchmark::State& state) {
  const bench::TextFile file = bench::WorldFile(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    Diagnostics diagnostics;
    const auto world = sim::ReadWorld(file.text, file.name, absl::UnixEpoch(), diagnostics);
    if (!world.has_value()) {
      return state.SkipWithError(ToString(diagnostics.items().front()).c_str());
    }
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(ReadWorldFile)
    ->Unit(benchmark::kMillisecond)
    ->Arg(2)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(10000)
    ->Complexity();

}  // namespace
}  // namespace poolshift
