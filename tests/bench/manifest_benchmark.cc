// Manifests: texts of an organisation of N sites to a checked Organization.
#include "benchmark/benchmark.h"
#include "controller/manifest/manifest.h"
#include "tests/bench/organisation.h"

namespace poolshift {
namespace {

std::size_t SizeOf(const std::vector<bench::TextFile>& files) {
  std::size_t bytes = 0;
  for (const bench::TextFile& file : files)
    bytes += file.text.size();
  return bytes;
}

void ParseManifests(benchmark::State& state) {
  const std::vector<bench::TextFile> files = bench::Manifests(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    for (const bench::TextFile& file : files) {
      const ParsedFile parsed = ParseManifest(file.name, file.text);
      if (parsed.diagnostics().has_errors()) return state.SkipWithError("a manifest has a fault");
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * SizeOf(files)));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(ParseManifests)
    ->Unit(benchmark::kMillisecond)
    ->Arg(2)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(10000)
    ->Complexity();

void LoadOrganization(benchmark::State& state) {
  const std::vector<bench::TextFile> files = bench::Manifests(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    std::vector<ParsedFile> parsed;
    for (const bench::TextFile& file : files)
      parsed.push_back(ParseManifest(file.name, file.text));
    const LoadedOrganization loaded = AssembleOrganization(std::move(parsed));
    if (loaded.diagnostics.has_errors()) {
      for (const Diagnostic& item : loaded.diagnostics.items())
        return state.SkipWithError(ToString(item).c_str());
    }
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(LoadOrganization)
    ->Unit(benchmark::kMillisecond)
    ->Arg(2)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(10000)
    ->Complexity();

}  // namespace
}  // namespace poolshift
