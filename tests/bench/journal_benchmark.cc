// What the journal costs an action: its intent and its result, each durable, beside a loop that
// only makes two blocks durable.
#include <array>
#include <string>

#include "benchmark/benchmark.h"
#include "controller/store/store.h"
#include "tests/bench/bench_folder.h"
#include <fcntl.h>
#include <unistd.h>

namespace poolshift {
namespace {

void JournalAction(benchmark::State& state) {
  const BenchFolder folder;
  const auto store = Store::Open(folder.path());
  if (!store.ok()) return state.SkipWithError(std::string(store.status().message()).c_str());
  const auto lease = (*store)->AcquireLease("contoso", ThisProcess("alice"), absl::Now());
  RunRecord run;
  run.plan_file = std::string(100'000, 'p');
  run.token = lease->token;
  run.started = absl::Now();
  IntentRecord intent;
  intent.run = (*store)->BeginRun("contoso", run).value_or(0);
  intent.token = lease->token;
  intent.action = "a0123456789abcdef";
  std::int64_t number = 0;
  for (auto _ : state) {
    intent.proposed_key = "key " + std::to_string(++number);
    intent.at = absl::Now();
    const auto recorded = (*store)->RecordIntent("contoso", intent);
    if (!recorded.ok()) return state.SkipWithError("no intent");
    const ResultRecord result{intent.run, recorded->seq, "done", "", "revision", absl::Now()};
    if (!(*store)->RecordResult("contoso", result).ok()) return state.SkipWithError("no result");
  }
}
BENCHMARK(JournalAction)->UseRealTime()->Unit(benchmark::kMicrosecond);

void TwoSyncs(benchmark::State& state) {
  const BenchFolder folder;
  const int file = ::open((folder.path() + "/file").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::array<char, 4096> block{};
  off_t at = 0;
  for (auto _ : state) {
    for (int i = 0; i < 2; ++i, at += static_cast<off_t>(block.size())) {
      if (::pwrite(file, block.data(), block.size(), at) < 0 || ::fdatasync(file) != 0)
        return state.SkipWithError("cannot write");
    }
  }
  ::close(file);
}
BENCHMARK(TwoSyncs)->UseRealTime()->Unit(benchmark::kMicrosecond);

// What every process pays before its first write: the whole chain of a store with so many actions.
void CheckJournal(benchmark::State& state) {
  const BenchFolder folder;
  const auto store = Store::Open(folder.path());
  if (!store.ok()) return state.SkipWithError(std::string(store.status().message()).c_str());
  const auto lease = (*store)->AcquireLease("contoso", ThisProcess("alice"), absl::Now());
  for (std::int64_t done = 0; done < state.range(0); done += 50) {
    RunRecord run;
    run.plan_file = std::string(100'000, 'p') + std::to_string(done);
    run.token = lease->token;
    const std::int64_t id = (*store)->BeginRun("contoso", run).value_or(0);
    for (int i = 1; i <= 50; ++i) {
      IntentRecord intent;
      intent.run = id;
      intent.token = lease->token;
      intent.proposed_key = std::to_string(done + i);
      (void)(*store)->RecordIntent("contoso", intent);
      (void)(*store)->RecordResult("contoso", {id, i, "done", "", "revision", absl::Now()});
    }
    (void)(*store)->EndRun("contoso", id, absl::Now(), "done");
  }
  for (auto _ : state) {
    const auto again = Store::Open(folder.path());
    if (!again.ok() || !(*again)->CheckJournal("contoso").ok())
      return state.SkipWithError("not whole");
  }
}
BENCHMARK(CheckJournal)->Arg(100)->Arg(10000)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace poolshift
