// The simulated store and the real one give the same answers to the same questions, for random
// sequences of them: what the simulation proves, it proves of a store that behaves like ours.
#include <filesystem>

#include <gtest/gtest.h>

#include "controller/store/store.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/timeline.h"

namespace poolshift::simulation {
namespace {

std::string Shown(const absl::Status& status) {
  return status.ok() ? "ok" : absl::StatusCodeToString(status.code());
}

std::string Shown(const IntentRecord& it) {
  return std::to_string(it.run) + '/' + std::to_string(it.seq) + ' ' + it.key + ' ' +
         it.proposed_key + ' ' + it.action + ' ' + std::to_string(it.token);
}

std::string Shown(const RunRecord& it) {
  return std::to_string(it.id) + ' ' + it.plan_digest + ' ' + it.plan_file + ' ' + it.who + ' ' +
         std::to_string(it.token) + ' ' + it.outcome + ' ' + it.text + ' ' + it.single_use + ' ' +
         std::to_string(it.ended == absl::InfiniteFuture());
}

template <class Record>
std::string Shown(const absl::StatusOr<std::vector<Record>>& records) {
  std::string text = Shown(records.status());
  if (!records.ok()) return text;
  for (const Record& record : *records)
    text += "; " + Shown(record);
  return text;
}

// One random question or record; what came of it.
class Visitor {
 public:
  explicit Visitor(std::uint64_t seed) : stream_(seed) {}

  std::string Visit(RunStore& store) {
    const std::string organization = stream_.Percent(80) ? "contoso" : "fabrikam";
    const absl::Time now = absl::FromUnixSeconds(1'700'000'000 + ++step_);
    const auto run = static_cast<std::int64_t>(1 + stream_.Below(6));
    switch (stream_.Below(10)) {
      case 0: {
        const bool mine = stream_.Percent(50);
        const auto lease =
            store.AcquireLease(organization, {"alice", "elsewhere", mine ? 1 : 2, 1}, now);
        if (lease.ok()) leases_[organization] = *lease;
        return "lease " + Shown(lease.status()) +
               (lease.ok() ? std::to_string(lease->token) + std::to_string(lease->displaces) : "");
      }
      case 1:
        if (stream_.Percent(50)) leases_[organization].displaces = false;
        return "release " + Shown(store.ReleaseLease(organization, leases_[organization]));
      case 9: {
        LeaseBreak wanted;
        wanted.at = now;
        wanted.by = {"bob", "elsewhere", 3, 1};
        wanted.reason = "away";
        const auto floor = static_cast<std::int64_t>(stream_.Below(2)) * absl::ToUnixMillis(now);
        const auto broken = store.BreakLease(organization, wanted, floor);
        return "break " + Shown(broken.status()) +
               (broken.ok() ? std::to_string(broken->token) + broken->former : "");
      }
      case 2: {
        RunRecord record;
        record.plan_digest = "digest";
        record.plan_file = std::string("plan\0file", 9);
        record.who = "alice";
        record.token = Token(organization);
        record.started = now;
        if (stream_.Percent(30)) record.single_use = "plan" + std::to_string(stream_.Below(3));
        const auto begun = store.BeginRun(organization, record, {});
        return "begin " + Shown(begun.status()) + (begun.ok() ? std::to_string(*begun) : "");
      }
      case 3:
        return "end " + Shown(store.EndRun(organization, run, now, "done", "text"));
      case 4:
      case 5: {
        IntentRecord intent;
        intent.run = run;
        intent.proposed_key = "key" + std::to_string(stream_.Below(3));
        intent.action = "a1";
        intent.token = Token(organization);
        intent.at = now;
        const auto recorded = store.RecordIntent(organization, intent);
        return "intent " + Shown(recorded.status()) + (recorded.ok() ? Shown(*recorded) : "");
      }
      case 6: {
        const auto seq = static_cast<std::int64_t>(1 + stream_.Below(4));
        return "result " +
               Shown(store.RecordResult(organization, {run, seq, "done", "", "revision", now}));
      }
      case 7:
        return "doubts " + Shown(store.InDoubt(organization, run));
      default:
        return "unfinished " + Shown(store.UnfinishedRuns(organization));
    }
  }

 private:
  std::int64_t Token(const std::string& organization) {
    return leases_[organization].token - (stream_.Percent(10) ? 1 : 0);
  }

  Stream stream_;
  std::int64_t step_ = 0;
  std::map<std::string, Lease> leases_;
};

TEST(StoreModel, AnswersAsTheRealStore) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    std::string pattern = testing::TempDir() + "/poolshift-model-XXXXXX";
    const std::string directory = mkdtemp(pattern.data());
    auto real = Store::Open(directory);
    ASSERT_TRUE(real.ok()) << real.status();
    Disk disk;
    SimulatedStore simulated(disk,
                             {[](const Entry&, Moment) { return absl::OkStatus(); },
                              [](const LeaseHolder&) { return true; }});
    Visitor there(seed), here(seed);
    for (int step = 0; step < 150; ++step)
      ASSERT_EQ(there.Visit(**real), here.Visit(simulated)) << "seed " << seed << ", step " << step;
    std::filesystem::remove_all(directory);
  }
}

TEST(StoreModel, LosesWhatWasNotSynced) {
  for (const bool keeps : {false, true}) {
    for (const Moment last : {Moment::kTorn, Moment::kUnsynced, Moment::kSynced}) {
      Disk disk;
      const Lease first{5, {"alice", "host", 1, 1}, absl::UnixEpoch()};
      disk.Write(entry::Acquired{"contoso", first});
      disk.Sync();
      disk.Write(entry::Acquired{"contoso", {6, first.holder, first.since}});
      if (last == Moment::kTorn) disk.Tear();
      if (last == Moment::kSynced) disk.Sync();
      disk.LosePower([keeps] { return keeps; });
      const bool left = last == Moment::kSynced || (keeps && last == Moment::kUnsynced);
      EXPECT_EQ(disk.tables().leases.at("contoso").lease.token, left ? 6 : 5);
    }
  }
}

// A record that could not be synced may turn up after a crash, but never after a later one.
TEST(StoreModel, AGivenUpRecordIsOverwritten) {
  Disk disk;
  disk.Write(entry::Acquired{"contoso", {5, {}, absl::UnixEpoch()}});
  disk.Write(entry::Acquired{"fabrikam", {6, {}, absl::UnixEpoch()}});
  disk.Sync();
  disk.LosePower([] { return true; });
  EXPECT_EQ(disk.tables().leases.count("contoso"), 0U);
  EXPECT_EQ(disk.tables().leases.count("fabrikam"), 1U);
}

}  // namespace
}  // namespace poolshift::simulation
