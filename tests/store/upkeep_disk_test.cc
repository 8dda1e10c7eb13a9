// What is done to a store besides recording runs, on a disk that fails or loses power at any moment
// of it: all of it is there afterwards or nothing, all when that was said, the rest of the record
// is whole, and doing it again leads to the same end.
#include <functional>

#include <gmock/gmock.h>

#include "tests/store/faulty_disk.h"
#include "tests/store/state.h"

namespace poolshift {
namespace {

struct Upkeep {
  const char* name;
  std::function<void(const std::string& directory)> prepare;
  std::function<absl::Status(Store& store)> act;
  bool opens = false;  // the work is done by opening the store
};

void WriteRuns(Store& store, int count) {
  const Lease lease = Hold(store, "contoso");
  for (int i = 1; i <= count; ++i) {
    const std::int64_t run = Begin(store, "contoso", lease, "file" + std::to_string(i));
    ASSERT_TRUE(Intend(store, "contoso", run, lease, "k" + std::to_string(i)).ok());
    ASSERT_TRUE(store.RecordResult("contoso", Done(run, 1)).ok());
    ASSERT_TRUE(store.RecordEvidence("contoso", {run, 0, "g", "done", "", "seen", kNow}).ok());
    ASSERT_TRUE(store.EndRun("contoso", run, kNow + absl::Seconds(i), "done", "").ok());
  }
  ASSERT_TRUE(store.ReleaseLease("contoso", lease).ok());
}

absl::Status PruneToTwo(Store& store) {
  return store.Prune("contoso", {2, absl::ZeroDuration()}, "alice", kNow).status();
}

class UpkeepTest : public StoreTest, public testing::WithParamInterface<Upkeep> {
 protected:
  UpkeepTest() {
    GetParam().prepare(directory_);
    if (GetParam().opens) WriteVersion(1);
    std::filesystem::rename(directory_, made_);
    Restore();
    before_ = GetParam().opens ? "" : Shown();
    EXPECT_TRUE(Act().ok());
    after_ = Shown();
    std::filesystem::remove_all(directory_);
    EXPECT_NE(before_, after_) << "nothing is done";
  }
  ~UpkeepTest() override { std::filesystem::remove_all(made_); }

  void Restore() const {
    std::filesystem::copy(made_, directory_, std::filesystem::copy_options::recursive);
  }

  absl::Status Act() {
    auto store = Store::Open(directory_);
    return store.ok() ? GetParam().act(**store) : store.status();
  }

  // What there is, in words.
  std::string Shown() {
    const auto store = Open();
    if (store == nullptr) return "no store";
    std::string shown;
    for (const char* organization : {"contoso", "fabrikam"}) {
      const auto runs = store->Runs(organization, 1000);
      EXPECT_TRUE(runs.ok()) << runs.status();
      for (const RunRecord& run : *runs) {
        shown += " run " + std::to_string(run.id) + '/' +
                 std::to_string(store->Intents(organization, run.id)->size()) + '/' +
                 std::to_string(store->Results(organization, run.id)->size());
        if (!run.single_use.empty() && *store->ConsumedBy(organization, run.single_use) != run.id)
          ADD_FAILURE() << "it is forgotten that a plan file was used";
      }
      const auto standing = store->Standing(organization);
      EXPECT_TRUE(standing.ok()) << standing.status();
      shown += " token " + std::to_string(standing->lease.token);
      const auto drift = store->DriftHistory(organization, 100);
      EXPECT_TRUE(drift.ok()) << drift.status();
      for (const DriftRecord& each : *drift)
        shown += each.is_acknowledged(kNow) ? " known" : " drift";
    }
    const auto report = store->VerifyJournal("contoso", {});
    EXPECT_TRUE(report.ok()) << report.status();
    return shown + (report->faults.empty() ? " whole" : " broken");
  }

  // Whether the fault struck.
  bool Try(FaultyDisk& disk, std::uint64_t seed, const std::string& what) {
    SCOPED_TRACE(what + ", seed " + std::to_string(seed));
    Restore();
    const absl::Status done = Act();
    disk.CutPower();
    const bool struck = disk.struck();
    disk.Restore(seed);
    disk.Plan(DiskFault::kNone, 0);
    const std::string left = Shown();
    EXPECT_TRUE(!done.ok() || left == after_) << "it was said to be done, and there is " << left;
    EXPECT_TRUE(GetParam().opens || left == before_ || left == after_) << left;
    EXPECT_TRUE(left == after_ || Act().ok()) << "it cannot be done again";
    EXPECT_EQ(Shown(), after_);
    std::filesystem::remove_all(directory_);
    return struck;
  }

  const std::string made_ = directory_ + "-made";
  std::string before_, after_;
};

TEST_P(UpkeepTest, AllOrNothing) {
  FaultyDisk disk;
  Restore();
  disk.Plan(DiskFault::kNone, 0);
  ASSERT_TRUE(Act().ok());
  const int writes = disk.writes(), syncs = disk.syncs();
  std::filesystem::remove_all(directory_);
  EXPECT_GT(syncs, 0);
  const std::pair<DiskFault, int> faults[] = {{DiskFault::kPowerCut, writes + syncs},
                                              {DiskFault::kWriteFails, writes},
                                              {DiskFault::kFull, writes},
                                              {DiskFault::kSyncFails, syncs}};
  for (const auto& [fault, most] : faults) {
    for (int number = 1; number <= most && !HasFailure(); ++number) {
      const bool lasts = fault == DiskFault::kPowerCut || fault == DiskFault::kFull;
      for (const std::uint64_t seed : {0, number}) {
        disk.Plan(fault, number, lasts);
        const std::string what =
            "fault " + std::to_string(static_cast<int>(fault)) + " at " + std::to_string(number);
        EXPECT_TRUE(Try(disk, seed, what)) << what;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All,
    UpkeepTest,
    testing::Values(
        Upkeep{"Migration",
               [](const std::string&) {},
               [](Store&) { return absl::OkStatus(); },
               /*opens=*/true},
        Upkeep{"Prune",
               [](const std::string& directory) { WriteRuns(**Store::Open(directory), 6); },
               &PruneToTwo},
        Upkeep{"PruneAndShrink",
               [](const std::string& directory) { WriteRuns(**Store::Open(directory), 6); },
               [](Store& store) {
                 const absl::Status pruned = PruneToTwo(store);
                 return pruned.ok() ? store.Shrink() : pruned;
               }},
        Upkeep{"BrokenLease",
               [](const std::string& directory) {
                 const auto store = *Store::Open(directory);
                 WriteRuns(*store, 1);
                 Hold(*store, "contoso");
               },
               [](Store& store) {
                 LeaseBreak wanted;
                 wanted.at = kNow;
                 wanted.by.who = "bob";
                 wanted.reason = "it is gone";
                 return store.BreakLease("contoso", wanted, 5000).status();
               }},
        Upkeep{"RecordGivenUp",
               [](const std::string& directory) {
                 WriteRuns(**Store::Open(directory), 3);
                 sqlite3* connection = nullptr;
                 sqlite3_open((directory + "/poolshift.db").c_str(), &connection);
                 sqlite3_exec(connection, "UPDATE runs SET who = 'x'", nullptr, nullptr, nullptr);
                 sqlite3_close(connection);
               },
               [](Store& store) {
                 return store.Acknowledge("contoso", "alice", "somebody wrote into it", kNow);
               }},
        Upkeep{"DriftAcknowledged",
               [](const std::string& directory) {
                 const auto store = *Store::Open(directory);
                 ASSERT_TRUE(store->SeeDrift("contoso", {Ttl()}, kNow).ok());
               },
               [](Store& store) {
                 return store
                     .AcknowledgeDrift(
                         "contoso", "ttl", {"alice", "change 4711", kNow, kNow + absl::Hours(1)})
                     .status();
               }}),
    [](const auto& upkeep) { return upkeep.param.name; });

}  // namespace
}  // namespace poolshift
