#include "controller/store/store.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store/state.h"
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

absl::Time Since(Store& store, std::string_view organization, absl::Time now) {
  return store.SeeDrift(organization, {Ttl()}, now)->open.at("ttl").periods.back().first_seen;
}

TEST_F(StoreTest, KeepsARunAcrossReopening) {
  std::int64_t run = 0;
  {
    const auto store = Open();
    const Lease lease = Hold(*store, "contoso");
    run = Begin(*store, "contoso", lease);
    ASSERT_TRUE(Intend(*store, "contoso", run, lease, "k1").ok());
    ASSERT_TRUE(Intend(*store, "contoso", run, lease, "k2").ok());
    ASSERT_TRUE(store->RecordResult("contoso", Done(run, 1)).ok());
  }
  const auto store = Open();
  const auto unfinished = *store->UnfinishedRuns("contoso");
  ASSERT_THAT(unfinished, SizeIs(1));
  EXPECT_EQ(unfinished[0].plan_file, std::string("a\0b", 3));
  EXPECT_EQ(unfinished[0].commit, "c0ffee");
  EXPECT_EQ(unfinished[0].override_reason, "fire");
  EXPECT_EQ(unfinished[0].started, kNow);
  const auto doubt = *store->InDoubt("contoso", run);
  ASSERT_THAT(doubt, SizeIs(1));
  EXPECT_EQ(doubt[0].key, "k2");
  EXPECT_EQ(doubt[0].seq, 2);
  const auto results = *store->Results("contoso", run);
  ASSERT_THAT(results, SizeIs(1));
  EXPECT_EQ(results[0].revision, "r2");
  // Ended, but with an intent in doubt: the next run must still settle it.
  ASSERT_TRUE(store->EndRun("contoso", run, kNow + absl::Seconds(5), "interrupted").ok());
  EXPECT_THAT(*store->UnfinishedRuns("contoso"), SizeIs(1));
  ASSERT_TRUE(store->RecordResult("contoso", Done(run, 2)).ok());
  EXPECT_THAT(*store->UnfinishedRuns("contoso"), IsEmpty());
  EXPECT_EQ((*store->Runs("contoso", 10))[0].ended, kNow + absl::Seconds(5));
}

TEST_F(StoreTest, ResultsFollowTheirIntentOnce) {
  const auto store = Open();
  const Lease lease = Hold(*store, "contoso");
  const std::int64_t run = Begin(*store, "contoso", lease);
  EXPECT_FALSE(store->RecordResult("contoso", Done(run, 1)).ok());
  ASSERT_TRUE(Intend(*store, "contoso", run, lease, "k").ok());
  EXPECT_TRUE(store->RecordResult("contoso", Done(run, 1)).ok());
  EXPECT_FALSE(store->RecordResult("contoso", Done(run, 1)).ok());
}

TEST_F(StoreTest, AFinishedKeyIsNotUsedAgain) {
  const auto store = Open();
  const Lease lease = Hold(*store, "contoso");
  const std::int64_t run = Begin(*store, "contoso", lease);
  std::set<std::string> keys;
  for (int i = 1; i <= 3; ++i) {
    keys.insert(Intend(*store, "contoso", run, lease, "k")->key);
    ASSERT_TRUE(store->RecordResult("contoso", Done(run, i)).ok());
  }
  EXPECT_THAT(keys, SizeIs(3));
  // In doubt: the key stays, so that the provider can be asked about it.
  const std::string first = Intend(*store, "contoso", run, lease, "other")->key;
  EXPECT_EQ(Intend(*store, "contoso", run, lease, "other")->key, first);
}

TEST_F(StoreTest, OrganizationsDoNotMeet) {
  const auto store = Open();
  const Lease contoso = Hold(*store, "contoso");
  const Lease fabrikam = Hold(*store, "fabrikam");  // both at a time
  const std::int64_t run = Begin(*store, "contoso", contoso, "file1");
  ASSERT_TRUE(Intend(*store, "contoso", run, contoso, "k").ok());
  ASSERT_TRUE(store->RecordResult("contoso", Done(run, 1)).ok());
  ASSERT_TRUE(Intend(*store, "contoso", run, contoso, "k2").ok());
  ASSERT_TRUE(store->SeeDrift("contoso", {Ttl()}, kNow).ok());

  EXPECT_THAT(*store->Runs("fabrikam", 10), IsEmpty());
  EXPECT_THAT(*store->UnfinishedRuns("fabrikam"), IsEmpty());
  EXPECT_THAT(*store->InDoubt("fabrikam", run), IsEmpty());
  EXPECT_THAT(*store->Intents("fabrikam", run), IsEmpty());
  EXPECT_THAT(*store->Results("fabrikam", run), IsEmpty());
  EXPECT_EQ(*store->ConsumedBy("fabrikam", "file1"), 0);
  EXPECT_EQ(*store->ConsumedBy("contoso", "file1"), run);
  EXPECT_FALSE(store->EndRun("fabrikam", run, kNow, "done").ok());
  EXPECT_FALSE(Intend(*store, "fabrikam", run, fabrikam, "k4").ok());
  EXPECT_FALSE(store->RecordResult("fabrikam", Done(run, 2)).ok());
  EXPECT_FALSE(store->RecordEvidence("fabrikam", {run, 0, "g", "done", "", "seen", kNow}).ok());
  EXPECT_EQ(Since(*store, "fabrikam", kNow + absl::Hours(1)), kNow + absl::Hours(1));
  EXPECT_EQ(Since(*store, "contoso", kNow + absl::Hours(2)), kNow);
  // The same key was finished by another organisation: that says nothing here.
  const std::int64_t other = Begin(*store, "fabrikam", fabrikam, "file1");
  EXPECT_EQ(Intend(*store, "fabrikam", other, fabrikam, "k")->key, "k");
  // One organisation's token opens nothing for the other.
  EXPECT_FALSE(Intend(*store, "fabrikam", other, Lease{contoso.token + 1, {}, kNow}, "k3").ok());
}

TEST_F(StoreTest, ASavedPlanIsUsedOnce) {
  const auto store = Open();
  const Lease lease = Hold(*store, "contoso");
  Begin(*store, "contoso", lease, "file1");
  RunRecord again;
  again.token = lease.token;
  again.single_use = "file1";
  EXPECT_TRUE(absl::IsFailedPrecondition(store->BeginRun("contoso", again).status()));
  EXPECT_THAT(*store->Runs("contoso", 10), SizeIs(1));  // the refused run left nothing behind
}

TEST_F(StoreTest, TokensOnlyGrow) {
  const auto store = Open();
  std::int64_t last = 0;
  // The clock goes back, and still.
  for (const absl::Duration step :
       {absl::ZeroDuration(), absl::Hours(1), -absl::Hours(9), absl::ZeroDuration()}) {
    absl::StatusOr<Lease> lease = store->AcquireLease("contoso", ThisProcess("alice"), kNow + step);
    ASSERT_TRUE(lease.ok());
    EXPECT_GT(lease->token, last);
    last = lease->token;
    ASSERT_TRUE(store->ReleaseLease("contoso", *lease).ok());
  }
}

TEST_F(StoreTest, AHeldLeaseSaysByWhom) {
  const auto store = Open();
  Hold(*store, "contoso");
  const absl::Status refused = store->AcquireLease("contoso", ThisProcess("bob"), kNow).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  const std::string text(refused.message());
  EXPECT_THAT(text, HasSubstr("alice on "));
  EXPECT_THAT(
      text, HasSubstr("(process " + std::to_string(getpid()) + "), since 2019-12-20 00:00:00 UTC"));
  EXPECT_THAT(text, HasSubstr(path()));
}

TEST_F(StoreTest, EndedProcessesLoseTheirLease) {
  const auto store = Open();
  const pid_t child = fork();
  if (child == 0) _exit(0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  LeaseHolder dead = ThisProcess("alice");
  dead.pid = child;
  const absl::StatusOr<Lease> first = store->AcquireLease("contoso", dead, kNow);
  ASSERT_TRUE(first.ok());
  const Lease second = Hold(*store, "contoso");
  EXPECT_GT(second.token, first->token);
  EXPECT_TRUE(second.displaces);
  // The dead one's late writes are fenced off.
  RunRecord run;
  run.token = first->token;
  EXPECT_TRUE(absl::IsAborted(store->BeginRun("contoso", run).status()));
}

TEST_F(StoreTest, ReusedProcessIdIsNoHolder) {
  const auto store = Open();
  LeaseHolder earlier = ThisProcess("alice");
  ASSERT_GT(earlier.process_start, 1);
  earlier.process_start -= 1;  // a process with our number, before us
  ASSERT_TRUE(store->AcquireLease("contoso", earlier, kNow).ok());
  Hold(*store, "contoso");
}

TEST_F(StoreTest, ALeaseElsewhereIsNeverTaken) {
  const auto store = Open();
  ASSERT_TRUE(store->AcquireLease("contoso", {"alice", "elsewhere", 1, 0}, kNow).ok());
  EXPECT_THAT(
      std::string(store->AcquireLease("contoso", ThisProcess("bob"), kNow).status().message()),
      HasSubstr("alice on elsewhere"));
}

TEST_F(StoreTest, ABrokenLeaseIsOnRecord) {
  const auto store = Open();
  const Lease held = Hold(*store, "contoso");
  const std::int64_t floor = held.token + 1000;
  LeaseBreak wanted;
  wanted.at = kNow + absl::Hours(1);
  wanted.by = {"bob", "host2", 7, 0};
  wanted.reason = "host1 is dark";
  const auto broken = store->BreakLease("contoso", wanted, floor);
  ASSERT_TRUE(broken.ok()) << broken.status();
  EXPECT_THAT(broken->former, HasSubstr("alice on "));
  EXPECT_EQ(store->Standing("contoso")->state, LeaseStanding::State::kBroken);
  const auto breaks = store->LeaseBreaks("contoso");
  ASSERT_THAT(*breaks, SizeIs(1));
  EXPECT_EQ(breaks->front().reason, "host1 is dark");
  EXPECT_EQ(breaks->front().by.who, "bob");
  EXPECT_EQ(breaks->front().at, kNow + absl::Hours(1));
  EXPECT_THAT(*store->LeaseBreaks("fabrikam"), IsEmpty());

  // Whoever held it begins nothing more, and cannot give back what is not its own.
  RunRecord run;
  run.token = held.token;
  EXPECT_TRUE(absl::IsAborted(store->BeginRun("contoso", run).status()));
  ASSERT_TRUE(store->ReleaseLease("contoso", held).ok());
  EXPECT_EQ(store->Standing("contoso")->state, LeaseStanding::State::kBroken);
  EXPECT_GT(Hold(*store, "contoso").token, floor);
}

TEST_F(StoreTest, WhoeverFollowsABreakRaisesTheFence) {
  const auto store = Open();
  Lease first = Hold(*store, "contoso");
  EXPECT_FALSE(first.displaces);
  ASSERT_TRUE(store->BreakLease("contoso", {}, 0).ok());
  Lease second = Hold(*store, "contoso");
  EXPECT_TRUE(second.displaces);
  // It could not raise the fence: the next one must.
  ASSERT_TRUE(store->ReleaseLease("contoso", second).ok());
  Lease third = Hold(*store, "contoso");
  EXPECT_TRUE(third.displaces);
  third.displaces = false;
  ASSERT_TRUE(store->ReleaseLease("contoso", third).ok());
  EXPECT_FALSE(Hold(*store, "contoso").displaces);
}

TEST_F(StoreTest, AFirstLeaseCanBeBroken) {
  const auto store = Open();
  const auto broken = store->BreakLease("contoso", {}, 5000);
  ASSERT_TRUE(broken.ok());
  EXPECT_EQ(broken->former, "");
  EXPECT_EQ(broken->token, 5000);
}

TEST_F(StoreTest, MigratesVersionOne) {
  WriteVersion(1);
  const auto store = Open();
  ASSERT_NE(store, nullptr);
  const auto runs = *store->Runs("contoso", 10);
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].who, "alice");
  EXPECT_EQ(runs[0].override_reason, "");
  EXPECT_EQ(runs[0].plan_file, std::string("\0\xff", 2));
  const auto doubt = *store->InDoubt("fabrikam", 2);
  ASSERT_THAT(doubt, SizeIs(1));
  EXPECT_EQ(doubt[0].proposed_key, "key2");
  EXPECT_EQ(*store->ConsumedBy("contoso", "file1"), 1);
  const Lease lease = Hold(*store, "contoso");
  EXPECT_GT(lease.token, 7);
  const std::int64_t run = Begin(*store, "contoso", lease);
  EXPECT_NE(Intend(*store, "contoso", run, lease, "key1")->key,
            "key1");  // finished before the migration
}

TEST_F(StoreTest, ANewerSchemaIsRefused) {
  Open();
  Execute("INSERT INTO schema VALUES (99, 0)");
  const absl::Status status = Store::Open(directory_).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(path() + " has schema version 99, this program knows 4"));
}

TEST_F(StoreTest, AForeignDatabaseIsLeftAlone) {
  Execute("CREATE TABLE cats (name TEXT)");
  std::filesystem::permissions(path(), std::filesystem::perms(0600));
  EXPECT_THAT(std::string(Store::Open(directory_).status().message()),
              HasSubstr("no store of Poolshift"));
}

TEST_F(StoreTest, DamageIsFoundWhenOpening) {
  {
    const auto store = Open();
    const Lease lease = Hold(*store, "contoso");
    for (int i = 0; i < 200; ++i)
      Begin(*store, "contoso", lease);
  }
  const std::string whole = [&] {
    std::ifstream file(path(), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }();
  ASSERT_GT(whole.size(), 30000U);
  struct Row {
    std::string name;
    std::string content;
  };
  std::string overwritten = whole;
  for (std::size_t at = 4096; at < 20480; ++at)
    overwritten[at] = '\x5a';
  for (const Row& row :
       std::vector<Row>{{"no database", "apiVersion: poolshift/v1\n" + std::string(5000, 'x')},
                        {"pages overwritten", overwritten},
                        {"cut off", whole.substr(0, 12288)}}) {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << row.content;
    const absl::Status status = Store::Open(directory_).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << row.name << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path())) << row.name;
    EXPECT_THAT(std::string(status.message()), HasSubstr("Move it aside")) << row.name;
  }
}

TEST_F(StoreTest, FilesArePrivate) {
  const std::string inner = directory_ + "/state";
  const mode_t before = umask(0);
  ASSERT_TRUE(Store::Open(inner).ok());
  umask(before);
  struct stat found {};
  ASSERT_EQ(stat(inner.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
  ASSERT_EQ(stat((inner + "/poolshift.db").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  chmod((inner + "/poolshift.db").c_str(), 0644);
  EXPECT_THAT(std::string(Store::Open(inner).status().message()), HasSubstr("chmod 600 " + inner));
  chmod(inner.c_str(), 0777);
  EXPECT_THAT(std::string(Store::Open(inner).status().message()), HasSubstr("chmod 700 " + inner));
}

TEST_F(StoreTest, CommitsAreSeenAtOnce) {
  // Two connections: what one has recorded, the other sees at once, through the write-ahead log.
  const auto one = Open();
  const auto two = Open();
  const Lease lease = Hold(*one, "contoso");
  const std::int64_t run = Begin(*one, "contoso", lease);
  ASSERT_TRUE(Intend(*one, "contoso", run, lease, "k").ok());
  EXPECT_THAT(*two->InDoubt("contoso", run), SizeIs(1));
  EXPECT_TRUE(std::filesystem::exists(path() + "-wal"));
}

}  // namespace
}  // namespace poolshift
