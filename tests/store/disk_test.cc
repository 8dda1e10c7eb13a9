// The store on a disk that fails, lies or loses power: it reports an error, or what it acknowledged
// is there afterwards, and never anything that was not recorded.
#include <optional>
#include <set>

#include <gmock/gmock.h>

#include "tests/store/faulty_disk.h"
#include "tests/store/state.h"

namespace poolshift {
namespace {

using testing::IsSubsetOf;
using testing::IsSupersetOf;

using Records = std::set<std::string>;

// What of a run's course was acknowledged, and what was tried, in words.
struct Course {
  Records acknowledged, tried;
  std::int64_t token = 0;
  bool head_kept = false;

  bool Note(const std::string& record, const absl::Status& status) {
    tried.insert(record);
    if (status.ok()) acknowledged.insert(record);
    return status.ok();
  }
};

class DiskTest : public StoreTest {
 protected:
  DiskTest() {
    EXPECT_NE(Open(), nullptr);
    std::filesystem::rename(directory_, made_);
  }
  ~DiskTest() override { std::filesystem::remove_all(made_); }

  // Two runs. `goes_on`: as if nobody minded an error.
  static void Record(Store& store, Course& course, bool goes_on) {
    for (int number = 1; number <= 2; ++number) {
      const auto lease = store.AcquireLease("contoso", ThisProcess("alice"), kNow);
      if (!lease.ok()) return;
      course.token = lease->token;
      if (!RecordRun(store, *lease, course, goes_on, number) && !goes_on) return;
      if (number == 2) return;  // it was cut off
      course.head_kept = store.KeepHead("contoso").ok();
      (void)store.ReleaseLease("contoso", *lease);
      (void)store.SeeDrift("contoso", {Ttl()}, kNow);
    }
  }

  // After it, with the real disk again. Nothing when the store says that it is damaged.
  static std::optional<Records> Recorded(Store& store) {
    Records all;
    const auto runs = store.Runs("contoso", 100);
    if (!runs.ok() || !store.CheckJournal("contoso").ok()) return std::nullopt;
    for (const RunRecord& run : *runs) {
      const std::string of = " of " + run.single_use;
      all.insert("begin" + of);
      if (run.ended != absl::InfiniteFuture()) all.insert("end" + of);
      const auto intents = store.Intents("contoso", run.id);
      const auto results = store.Results("contoso", run.id);
      const auto evidence = store.Evidence("contoso", run.id);
      const auto events = store.Events("contoso", run.id);
      if (!intents.ok() || !results.ok() || !evidence.ok() || !events.ok()) return std::nullopt;
      for (const IntentRecord& intent : *intents)
        all.insert("intent " + intent.proposed_key + of);
      for (const ResultRecord& result : *results)
        all.insert("result " + result.text + of);
      for (const EvidenceRecord& each : *evidence)
        all.insert("evidence " + each.action + of);
      for (const EventRow& event : *events)
        all.insert(event.kind + ' ' + event.text + of);
    }
    return all;
  }

  // Records on the faulty disk, cuts the power at the end, and looks what is left. Whether the
  // fault struck.
  bool Try(FaultyDisk& disk, bool goes_on, std::uint64_t seed, const std::string& what) {
    SCOPED_TRACE(what + (goes_on ? ", going on" : "") + ", seed " + std::to_string(seed));
    if (!creates_)
      std::filesystem::copy(made_, directory_, std::filesystem::copy_options::recursive);
    Course course;
    {
      auto store = Store::Open(directory_);
      if (store.ok()) Record(**store, course, goes_on);
      disk.CutPower();
    }
    const bool struck = disk.struck();
    disk.Restore(seed);
    disk.Plan(DiskFault::kNone, 0);
    Check(course);
    std::filesystem::remove_all(directory_);
    return struck;
  }

  virtual void Check(const Course& course) {
    const auto store = Open();
    ASSERT_NE(store, nullptr);
    const auto report = store->VerifyJournal("contoso", {});
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_THAT(report->faults, testing::IsEmpty());
    const auto recorded = Recorded(*store);
    ASSERT_TRUE(recorded.has_value());
    EXPECT_THAT(*recorded, IsSupersetOf(course.acknowledged));
    EXPECT_THAT(course.tried, IsSupersetOf(*recorded));
    const auto standing = store->Standing("contoso");
    ASSERT_TRUE(standing.ok());
    EXPECT_GE(standing->lease.token, course.token);
    // And the work goes on.
    const auto lease = store->AcquireLease("contoso", ThisProcess("alice"), kNow);
    EXPECT_TRUE(standing->state != LeaseStanding::State::kHeld || !lease.ok());
  }

  // What an undisturbed course needs, until the store is closed.
  struct Cost {
    int writes = 0, syncs = 0;
  };
  Cost Measure(FaultyDisk& disk) {
    if (!creates_)
      std::filesystem::copy(made_, directory_, std::filesystem::copy_options::recursive);
    Course course;
    Cost cost;
    disk.Plan(DiskFault::kNone, 0);
    {
      const auto store = Open();
      if (!creates_) Record(*store, course, /*goes_on=*/false);
      cost = {disk.writes(), disk.syncs()};
    }
    EXPECT_EQ(course.acknowledged, course.tried);
    EXPECT_EQ(course.acknowledged.size(), creates_ ? 0U : 18U);
    EXPECT_EQ(course.head_kept, !creates_);
    std::filesystem::remove_all(directory_);
    return cost;
  }

  bool creates_ = false;  // the store is not there yet, and only that is attacked
  const std::string made_ = directory_ + "-made";

 private:
  static bool RecordRun(
      Store& store, const Lease& lease, Course& course, bool goes_on, int number) {
    RunRecord run;
    run.who = "alice";
    run.token = lease.token;
    run.single_use = "file" + std::to_string(number);
    run.plan_file = std::string(5000, 'p');
    run.started = kNow;
    const std::string of = " of " + run.single_use;
    const auto id = store.BeginRun("contoso", run);
    if (!course.Note("begin" + of, id.status())) return false;
    for (int i = 1; i <= 3; ++i) {
      const std::string key = "k" + std::to_string(i);
      const auto intent = Intend(store, "contoso", *id, lease, key);
      if (!course.Note("intent " + key + of, intent.status()) && !goes_on) return false;
      if (!intent.ok() || (number == 2 && i == 3)) continue;
      ResultRecord result = Done(*id, intent->seq);
      result.text = key;
      if (!course.Note("result " + key + of, store.RecordResult("contoso", result)) && !goes_on)
        return false;
    }
    const absl::Status seen =
        store.RecordEvidence("contoso", {*id, 0, "g", "done", "", std::string(3000, 's'), kNow});
    if (!course.Note("evidence g" + of, seen) && !goes_on) return false;
    const absl::Status saved = store.RecordEvent("contoso", {"export", *id, "", "x", "", kNow});
    if (!course.Note("export x" + of, saved) && !goes_on) return false;
    if (number == 2) return true;
    return course.Note("end" + of, store.EndRun("contoso", *id, kNow, "done", ""));
  }
};

struct Attack {
  const char* name;
  DiskFault fault;
  bool lasts;
  bool creates = false;
};

class DiskAttackTest : public DiskTest, public testing::WithParamInterface<Attack> {};

TEST_P(DiskAttackTest, AnErrorOrItIsThere) {
  const Attack& attack = GetParam();
  creates_ = attack.creates;
  FaultyDisk disk;
  const Cost cost = Measure(disk);
  const bool sync = attack.fault == DiskFault::kSyncFails;
  const int most = attack.fault == DiskFault::kPowerCut ? cost.writes + cost.syncs
                   : sync                               ? cost.syncs
                                                        : cost.writes;
  EXPECT_GT(most, sync ? 20 : 50);
  for (int number = 1; number <= most && !HasFailure(); ++number) {
    const std::string what = attack.name + std::string(" at ") + std::to_string(number);
    disk.Plan(attack.fault, number, attack.lasts);
    EXPECT_TRUE(Try(disk, /*goes_on=*/false, 0, what)) << what;
    disk.Plan(attack.fault, number, attack.lasts);
    Try(disk, /*goes_on=*/true, static_cast<std::uint64_t>(number), what);
  }
}

INSTANTIATE_TEST_SUITE_P(Disks,
                         DiskAttackTest,
                         testing::Values(Attack{"PowerCut", DiskFault::kPowerCut, true},
                                         Attack{"WriteFails", DiskFault::kWriteFails, false},
                                         Attack{"Full", DiskFault::kFull, true},
                                         Attack{"SyncFails", DiskFault::kSyncFails, false},
                                         Attack{"SyncsFail", DiskFault::kSyncFails, true},
                                         Attack{
                                             "PowerCutWhenNew", DiskFault::kPowerCut, true, true},
                                         Attack{"FullWhenNew", DiskFault::kFull, true, true}),
                         [](const auto& attack) { return attack.param.name; });

// Nothing helps against a disk that says it has written and has not, but it must not go unnoticed
// once a head is kept, and never make another record.
class LyingDiskTest : public DiskTest {
 protected:
  void Check(const Course& course) override {
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(directory_);
    if (!store.ok()) return void(++noticed_);
    const auto recorded = Recorded(**store);
    if (!recorded.has_value()) return void(++noticed_);
    EXPECT_THAT(course.tried, IsSupersetOf(*recorded));
    EXPECT_GE(recorded->count("end of file1"), course.head_kept ? 1U : 0U);
  }

  int noticed_ = 0;
};

TEST_F(LyingDiskTest, IsNoticedOrABeginning) {
  FaultyDisk disk;
  const int most = Measure(disk).syncs;
  for (int number = 1; number <= most && !HasFailure(); ++number) {
    for (const std::uint64_t seed : {0, number}) {
      disk.Plan(DiskFault::kSyncForgotten, number, /*lasts=*/true);
      const std::string what = "sync forgotten at " + std::to_string(number);
      EXPECT_TRUE(Try(disk, /*goes_on=*/false, seed, what)) << what;
    }
  }
  EXPECT_GT(noticed_, 3);
}

}  // namespace
}  // namespace poolshift
