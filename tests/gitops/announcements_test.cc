// What is told from one look to the next: each thing once, whatever happens in between.
#include "controller/gitops/announcements.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/kit/scratch.h"

namespace poolshift {
namespace {

using notify::Event;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1795230000);

DriftEntry Entry(const std::string& name, absl::Time first_seen = kNow) {
  DriftEntry entry;
  entry.resource = {"SiteRoute", name};
  entry.text = "route of " + name + " is wrong";
  entry.impact = "traffic is affected";
  entry.fingerprint = "f-" + name;
  entry.first_seen = first_seen;
  return entry;
}

RunEntry Ran(std::int64_t number, const std::string& outcome) {
  RunEntry run;
  run.run = number;
  run.outcome = outcome;
  run.plan_digest = "0123456789abcdef";
  run.ended = outcome.empty() ? absl::InfiniteFuture() : kNow;
  return run;
}

class AnnouncementsTest : public testing::Test {
 protected:
  AnnouncementsTest() {
    auto organization = std::make_shared<Organization>();
    organization->name = "contoso";
    now_.organization = organization;
    now_.commit = "c0ffee";
    now_.plan = std::make_shared<Plan>();
    See({});
  }

  void See(std::vector<DriftEntry> entries, std::vector<DriftEntry> not_looked = {}) {
    auto drift = std::make_shared<DriftReport>();
    drift->organization = "contoso";
    drift->entries = std::move(entries);
    drift->not_looked = std::move(not_looked);
    now_.drift = drift;
  }
  // Names of what is told now; the status of the commit is looked at by its own tests.
  std::vector<std::string> Told() {
    events_ = Announce(now_, kNow, told_);
    std::erase_if(events_, [](const Event& event) { return event.name == "commit-status"; });
    std::vector<std::string> names;
    for (const Event& event : events_)
      names.push_back(event.name);
    return names;
  }
  std::vector<Event> Statuses() {
    events_ = Announce(now_, kNow, told_);
    std::erase_if(events_, [](const Event& event) { return event.name != "commit-status"; });
    return events_;
  }

  Snapshot now_;
  Announced told_;
  std::vector<Event> events_;
};

TEST_F(AnnouncementsTest, NothingIsNoNews) {
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(AnnouncementsTest, ADifferenceIsToldOnceAndThenItsEnd) {
  See({Entry("Site1"), Entry("Site2")});
  EXPECT_THAT(Told(), ElementsAre("drift-found"));
  EXPECT_EQ(events_[0].severity, "traffic is affected");
  EXPECT_THAT(events_[0].summary, HasSubstr("2 differences"));
  EXPECT_THAT(events_[0].details, HasSubstr("SiteRoute/Site2: route of Site2 is wrong"));
  EXPECT_EQ(events_[0].organization, "contoso");
  EXPECT_EQ(events_[0].commit, "c0ffee");
  EXPECT_THAT(Told(), IsEmpty());
  See({Entry("Site2")});
  EXPECT_THAT(Told(), ElementsAre("drift-cleared"));
  EXPECT_THAT(events_[0].summary, HasSubstr("1 difference is gone, 1 stand"));
  See({});
  EXPECT_THAT(Told(), ElementsAre("drift-cleared"));
  EXPECT_THAT(events_[0].summary, HasSubstr("all is as declared"));
}

TEST_F(AnnouncementsTest, TheSameAgainLaterIsAnotherEvent) {
  See({Entry("Site1")});
  Told();
  const std::string key = events_[0].key;
  See({});
  Told();
  See({Entry("Site1", kNow + absl::Hours(1))});
  EXPECT_THAT(Told(), ElementsAre("drift-found"));
  EXPECT_NE(events_[0].key, key);
}

TEST_F(AnnouncementsTest, WhatCouldNotBeLookedAtIsNotGone) {
  See({Entry("Site1")});
  Told();
  See({}, {Entry("Site1")});
  EXPECT_THAT(Told(), IsEmpty());
  See({});
  now_.error = "nobody answers";
  EXPECT_THAT(Told(), IsEmpty()) << "a look that saw nothing proves nothing";
  now_.error.clear();
  EXPECT_THAT(Told(), ElementsAre("drift-cleared"));
}

TEST_F(AnnouncementsTest, WhatIsAcknowledgedIsKnown) {
  DriftEntry entry = Entry("Site1");
  entry.acknowledged = DriftAcknowledgement{"alice", "known", kNow, kNow + absl::Hours(1)};
  See({entry});
  EXPECT_THAT(Told(), IsEmpty());
  See({Entry("Site1")});
  EXPECT_THAT(Told(), ElementsAre("drift-found")) << "the acknowledgement has expired";
}

TEST_F(AnnouncementsTest, AStormIsOneEvent) {
  std::vector<DriftEntry> entries;
  for (int i = 0; i < 1000; ++i)
    entries.push_back(Entry("Site" + std::to_string(i)));
  See(entries);
  EXPECT_THAT(Told(), ElementsAre("drift-found"));
  EXPECT_THAT(events_[0].details, HasSubstr("and 980 more"));
}

TEST_F(AnnouncementsTest, AWaitingPlanIsToldOnce) {
  now_.digest = "0123456789abcdef";
  now_.ruling.kind = Ruling::Kind::kApproval;
  now_.ruling.approvals_missing = 2;
  EXPECT_THAT(Told(), ElementsAre("plan-waiting"));
  EXPECT_THAT(events_[0].summary, HasSubstr("waits for 2 people to agree"));
  EXPECT_THAT(events_[0].details, HasSubstr("poolshift approve 0123456789ab"));
  now_.ruling.approvals_missing = 1;
  EXPECT_THAT(Told(), IsEmpty());
  now_.digest = "fedcba9876543210";
  EXPECT_THAT(Told(), ElementsAre("plan-waiting"));
  const std::string key = events_[0].key;
  now_.ruling.kind = Ruling::Kind::kNothing;
  now_.runs = {Ran(1, "done")};
  Told();
  now_.ruling.kind = Ruling::Kind::kApproval;
  EXPECT_THAT(Told(), ElementsAre("plan-waiting")) << "the same plan, once more";
  EXPECT_NE(events_[0].key, key);
}

TEST_F(AnnouncementsTest, EndsOfRunsAreTold) {
  now_.runs = {Ran(2, "done"), Ran(1, "failed: x")};
  EXPECT_THAT(Told(), IsEmpty()) << "of the time before anybody was told";
  now_.runs = {Ran(4, ""), Ran(3, "done"), Ran(2, "done"), Ran(1, "failed: x")};
  EXPECT_THAT(Told(), ElementsAre("applied"));
  EXPECT_EQ(events_[0].run, "3");
  now_.runs.front() = Ran(4, "gate timed out: nobody answers");
  EXPECT_THAT(Told(), ElementsAre("failed"));
  EXPECT_THAT(events_[0].summary, HasSubstr("nobody answers"));
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(AnnouncementsTest, LostReadinessIsToldOnceADrill) {
  DrillChanges changes;
  changes.looked_at = kNow;
  changes.changes = {{DrillChange::Way::kLost, "site", "Site1", false, {"replica is stale"}, {}},
                     {DrillChange::Way::kGained, "pool", "edge2", true, {}, {"x"}}};
  now_.drill_changes = std::make_shared<DrillChanges>(changes);
  EXPECT_THAT(Told(), ElementsAre("readiness-lost"));
  EXPECT_EQ(events_[0].summary, "not ready any more if site Site1 dies");
  EXPECT_EQ(events_[0].details, "if site Site1 dies: replica is stale");
  EXPECT_THAT(Told(), IsEmpty());
  changes.looked_at = kNow + absl::Hours(24);
  changes.changes.erase(changes.changes.begin());
  now_.drill_changes = std::make_shared<DrillChanges>(changes);
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(AnnouncementsTest, ARefusedCommitIsTold) {
  now_.refused = "commit deadbeef is not signed";
  now_.refused_commit = "deadbeef";
  EXPECT_THAT(Told(), ElementsAre("commit-refused"));
  EXPECT_EQ(events_[0].commit, "deadbeef");
  EXPECT_THAT(Told(), IsEmpty());
  now_.refused.clear();
  now_.faults = "m.yaml:1:1: error: no";
  EXPECT_THAT(Told(), ElementsAre("commit-refused"));
}

struct StatusRow {
  const char* name;
  Ruling::Kind kind;
  const char* state;
};

TEST_F(AnnouncementsTest, WhereTheCommitStands) {
  for (const StatusRow& row : {StatusRow{"as declared", Ruling::Kind::kNothing, "success"},
                               {"reports", Ruling::Kind::kReport, "success"},
                               {"waits for people", Ruling::Kind::kApproval, "pending"},
                               {"waits for a window", Ruling::Kind::kTime, "pending"},
                               {"paused", Ruling::Kind::kPaused, "pending"},
                               {"refused", Ruling::Kind::kRefused, "failure"},
                               {"rejected", Ruling::Kind::kRejected, "failure"}}) {
    now_.ruling.kind = row.kind;
    const std::vector<Event> statuses = Statuses();
    ASSERT_THAT(statuses, SizeIs(1)) << row.name;
    EXPECT_EQ(statuses[0].state, row.state) << row.name;
    EXPECT_EQ(statuses[0].commit, "c0ffee") << row.name;
    EXPECT_THAT(Statuses(), IsEmpty()) << row.name << " is told once";
  }
  now_.refused_commit = "deadbeef";
  now_.refused = "commit deadbeef is not signed\nwhat to do";
  const std::vector<Event> statuses = Statuses();
  ASSERT_THAT(statuses, SizeIs(1));
  EXPECT_EQ(statuses[0].state, "failure");
  EXPECT_EQ(statuses[0].commit, "deadbeef");
  EXPECT_EQ(statuses[0].summary, "not followed: commit deadbeef is not signed");
}

// A target is told of a key once, so what comes back needs another.
TEST_F(AnnouncementsTest, AStandingThatComesBackIsToldAgain) {
  std::set<std::string> keys;
  for (const char* error : {"", "nobody answers", "", "nobody answers"}) {
    now_.error = error;
    const std::vector<Event> statuses = Statuses();
    ASSERT_THAT(statuses, SizeIs(1));
    keys.insert(statuses[0].key);
  }
  EXPECT_THAT(keys, SizeIs(4));
  now_.error.clear();
  for (const char* refused : {"commit x is not signed", "", "commit x is not signed"}) {
    now_.refused = refused;
    for (const Event& event : Announce(now_, kNow, told_))
      keys.insert(event.key);
  }
  EXPECT_THAT(keys, SizeIs(7));
}

TEST_F(AnnouncementsTest, WithoutACommitThereIsNoStatus) {
  now_.commit.clear();
  EXPECT_THAT(Statuses(), IsEmpty());
}

TEST_F(AnnouncementsTest, WhatWasToldOutlivesARestart) {
  conformance::Scratch scratch;
  RealFiles files;
  EXPECT_EQ(*ReadAnnounced(files, scratch.Path(".")), Announced{});
  See({Entry("Site1")});
  now_.runs = {Ran(7, "done")};
  now_.digest = "0123456789abcdef";
  now_.ruling.kind = Ruling::Kind::kApproval;
  now_.refused = "commit deadbeef is not signed";
  Told();
  ASSERT_TRUE(WriteAnnounced(files, scratch.Path("."), told_).ok());
  const absl::StatusOr<Announced> read = ReadAnnounced(files, scratch.Path("."));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, told_);
  told_ = *read;
  EXPECT_THAT(Told(), IsEmpty());
  scratch.Write("announced.json", "[]");
  EXPECT_TRUE(absl::IsDataLoss(ReadAnnounced(files, scratch.Path(".")).status()));
}

}  // namespace
}  // namespace poolshift
