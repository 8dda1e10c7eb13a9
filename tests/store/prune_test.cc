// Pruning: what goes, what must outlive it, and the chain over the cut.
#include <gmock/gmock.h>

#include "tests/store/state.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class PruneTest : public StoreTest {
 protected:
  // Runs 1 to `count`, an hour each, run N with the key "kN" and, as plan, its own text.
  void WriteRuns(Store& store, int count) {
    const Lease lease = Hold(store, "contoso");
    for (int i = 1; i <= count; ++i) {
      RunRecord run;
      run.plan_file = "plan " + std::to_string(i);
      run.token = lease.token;
      run.single_use = "file" + std::to_string(i);
      RunPapers papers{{"A/b"}, {{"manifest", "a.yaml", "the same text"}}};
      const std::int64_t id = *store.BeginRun("contoso", run, papers);
      ASSERT_TRUE(Intend(store, "contoso", id, lease, "k" + std::to_string(i)).ok());
      ASSERT_TRUE(store.RecordResult("contoso", Done(id, 1)).ok());
      ASSERT_TRUE(store.EndRun("contoso", id, kNow + absl::Hours(i), "done").ok());
    }
    ASSERT_TRUE(store.ReleaseLease("contoso", lease).ok());
  }
  std::vector<std::string> Faults(const std::vector<ChainHead>& heads = {}) {
    return Open()->VerifyJournal("contoso", heads)->faults;
  }
  static std::vector<std::int64_t> Left(Store& store) {
    std::vector<std::int64_t> ids;
    const auto runs = store.Runs("contoso", 1000);
    for (const RunRecord& run : *runs)
      ids.push_back(run.id);
    return ids;
  }
};

TEST_F(PruneTest, KeepsTheNewestAndTheChain) {
  const auto store = Open();
  WriteRuns(*store, 6);
  const ChainHead before = *store->Head("contoso");
  const auto report = store->Prune("contoso", {2, absl::ZeroDuration()}, "alice", kNow);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->removed, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(report->left, 2);
  EXPECT_THAT(Left(*store), ElementsAre(6, 5));
  EXPECT_THAT(Faults({before}), IsEmpty());
  EXPECT_THAT(*store->Attachments("contoso", 6), SizeIs(2));  // the shared text is still there
  EXPECT_THAT(*store->Attachments("contoso", 1), IsEmpty());
  EXPECT_THAT(*store->Events("contoso", 1), IsEmpty());
  ASSERT_TRUE(store->Shrink().ok());
  EXPECT_THAT(Faults(), IsEmpty());
  // And can be pruned again.
  EXPECT_THAT(store->Prune("contoso", {1, absl::ZeroDuration()}, "alice", kNow)->removed,
              ElementsAre(5));
  EXPECT_THAT(Faults(), IsEmpty());
  EXPECT_THAT(store->Prune("contoso", {1, absl::ZeroDuration()}, "alice", kNow)->removed,
              IsEmpty());
}

TEST_F(PruneTest, YoungRunsStay) {
  const auto store = Open();
  WriteRuns(*store, 6);
  const absl::Time now = kNow + absl::Hours(6);
  EXPECT_THAT(store->Prune("contoso", {1, absl::Hours(3)}, "alice", now)->removed,
              ElementsAre(1, 2, 3));
}

TEST_F(PruneTest, UnfinishedRunsStay) {
  const auto store = Open();
  WriteRuns(*store, 2);
  const Lease lease = Hold(*store, "contoso");
  const std::int64_t open = Begin(*store, "contoso", lease);  // run 3, not ended
  for (int i = 0; i < 2; ++i) {
    const std::int64_t run = Begin(*store, "contoso", lease);
    ASSERT_TRUE(Intend(*store, "contoso", run, lease, "doubt").ok());
    ASSERT_TRUE(store->EndRun("contoso", run, kNow, "interrupted").ok());  // in doubt
  }
  EXPECT_THAT(store->Prune("contoso", {}, "alice", kNow + absl::Hours(999))->removed,
              ElementsAre(1, 2));
  EXPECT_THAT(Left(*store), ElementsAre(5, 4, open));
  EXPECT_THAT(*store->UnfinishedRuns("contoso"), SizeIs(3));
  EXPECT_THAT(Faults(), IsEmpty());
}

// A result that came after later runs: the run is removed whole or not at all.
TEST_F(PruneTest, NoRunIsCutThrough) {
  const auto store = Open();
  const Lease lease = Hold(*store, "contoso");
  const std::int64_t first = Begin(*store, "contoso", lease);
  ASSERT_TRUE(Intend(*store, "contoso", first, lease, "k").ok());
  ASSERT_TRUE(store->EndRun("contoso", first, kNow, "interrupted").ok());
  const std::int64_t second = Begin(*store, "contoso", lease);
  ASSERT_TRUE(store->RecordResult("contoso", Done(first, 1)).ok());
  ASSERT_TRUE(store->EndRun("contoso", second, kNow, "done").ok());
  EXPECT_THAT(store->Prune("contoso", {1, absl::ZeroDuration()}, "alice", kNow)->removed,
              IsEmpty());
  EXPECT_THAT(store->Prune("contoso", {}, "alice", kNow)->removed, ElementsAre(first, second));
  EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(PruneTest, WhatMustOutliveARunDoes) {
  const auto store = Open();
  WriteRuns(*store, 3);
  ASSERT_TRUE(store->Prune("contoso", {1, absl::ZeroDuration()}, "alice", kNow).ok());
  // The saved plan stays used, the finished key stays finished: a provider that remembers it would
  // say "done" and do nothing.
  EXPECT_EQ(*store->ConsumedBy("contoso", "file1"), 1);
  const Lease lease = Hold(*store, "contoso");
  const std::int64_t run = Begin(*store, "contoso", lease);
  EXPECT_NE(Intend(*store, "contoso", run, lease, "k1")->key, "k1");
  EXPECT_THAT(Faults(), IsEmpty());
  Execute("DELETE FROM consumed WHERE run = 1");
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("used plans")));
}

TEST_F(PruneTest, ForgedCutsAreFound) {
  ChainHead head;
  {
    const auto store = Open();
    WriteRuns(*store, 4);
    ASSERT_TRUE(store->Prune("contoso", {2, absl::ZeroDuration()}, "alice", kNow).ok());
    head = *store->Head("contoso");
  }
  for (const char* sql :
       {"DELETE FROM chain WHERE seq = (SELECT min(seq) FROM chain)",
        "DELETE FROM events WHERE kind = 'prune'",
        "UPDATE events SET data = replace(data, 'hash ', 'hash 0') WHERE kind = 'prune'"}) {
    const std::string copy = directory_ + "/copy";
    Execute("VACUUM INTO '" + copy + "'");
    Execute(sql);
    EXPECT_THAT(Faults(), Not(IsEmpty())) << sql;
    std::filesystem::rename(copy, path());
    std::filesystem::permissions(path(), std::filesystem::perms(0600));
    for (const char* part : {"-wal", "-shm"})
      std::filesystem::remove(path() + part);
    EXPECT_THAT(Faults({head}), IsEmpty());
  }
}

TEST_F(PruneTest, OldHeadsCannotBeCompared) {
  const auto store = Open();
  WriteRuns(*store, 1);
  const ChainHead old = *store->Head("contoso");
  const Lease lease = Hold(*store, "contoso");
  for (int i = 0; i < 3; ++i) {
    const std::int64_t run = Begin(*store, "contoso", lease);
    ASSERT_TRUE(store->EndRun("contoso", run, kNow, "done").ok());
  }
  ASSERT_TRUE(store->Prune("contoso", {1, absl::ZeroDuration()}, "alice", kNow).ok());
  const auto report = store->VerifyJournal("contoso", {old});
  EXPECT_THAT(report->faults, IsEmpty());
  EXPECT_TRUE(report->head_pruned);
}

TEST_F(PruneTest, GivenUpRecordsAreNotForgotten) {
  const auto store = Open();
  WriteRuns(*store, 3);
  Execute("UPDATE results SET outcome = 'failed' WHERE run = 1");
  ASSERT_TRUE(Open()->Acknowledge("contoso", "bob", "typo", kNow).ok());
  const auto again = Open();
  ASSERT_EQ(again->Prune("contoso", {1, absl::ZeroDuration()}, "alice", kNow)->removed.size(), 2U);
  EXPECT_THAT(Faults(), IsEmpty());
  const auto breaks = again->VerifyJournal("contoso", {})->breaks;
  ASSERT_THAT(breaks, SizeIs(1));
  EXPECT_EQ(breaks[0].text, "typo");
  EXPECT_EQ(breaks[0].who, "bob");
}

}  // namespace
}  // namespace poolshift
