#include "controller/report/timetable.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace poolshift {
namespace {

using ::testing::ElementsAre;

// a1 and a2 share a lock; a3 waits for a1 alone.
Plan ThreeActions() {
  Plan plan;
  plan.actions.resize(3);
  for (std::size_t i = 0; i < 3; ++i)
    plan.actions[i].id = "a" + std::to_string(i + 1);
  plan.actions[0].locks = plan.actions[1].locks = {"cms"};
  plan.actions[0].duration = absl::Seconds(10);
  plan.actions[1].duration = absl::Seconds(20);
  plan.actions[2].duration = absl::Seconds(5);
  plan.actions[2].needs = {"a1"};
  return plan;
}

TEST(TimetableTest, LocksSerialise) {
  const Timetable table = TimetableOf(ThreeActions());
  EXPECT_EQ(table.total, absl::Seconds(30));
  EXPECT_EQ(table.slots.at(2).begin, absl::Seconds(10));
  EXPECT_THAT(table.critical, ElementsAre("a1", "a2"));
}

TEST(TimetableTest, CriticalPathFollowsNeeds) {
  Plan plan = ThreeActions();
  plan.actions[2].duration = absl::Seconds(60);
  EXPECT_THAT(TimetableOf(plan).critical, ElementsAre("a1", "a3"));
}

// A record moves away from a TTL of 300 s, then the proof by name, which holds `hold`.
Plan RecordMoves(absl::Duration hold) {
  Plan plan;
  plan.situations = {{"xmpp", "failover", "edgepool1", "edgepool2", ""}};
  plan.actions.resize(2);
  Action& record = plan.actions[0];
  record.id = "a1";
  record.target = {"DnsRecordSet", "xmpp.contoso.net/A"};
  record.before = Value::Map{{"records", Value::List{"192.0.2.1"}}, {"ttl", 300}};
  record.after = Value::Map{{"records", Value::List{"192.0.2.2"}}, {"ttl", 60}};
  Action& proof = plan.actions[1];
  proof.id = "g1";
  proof.verb = Verb::kGate;
  proof.target = {"DnsRecordSet", "xmpp of contoso"};
  proof.gate = Gate{};
  proof.gate->hold = hold;
  proof.duration = hold + absl::Seconds(1);
  proof.needs = {"a1"};
  return plan;
}

TEST(TimetableTest, RecoveryIsWithAndWithoutTheTail) {
  for (const absl::Duration hold : {absl::ZeroDuration(), absl::Seconds(300)}) {
    const Timetable table = TimetableOf(RecordMoves(hold));
    ASSERT_EQ(table.recoveries.size(), 1U);
    EXPECT_EQ(table.recoveries[0].protocol, "xmpp");
    EXPECT_EQ(table.recoveries[0].ours, absl::Seconds(6));
    EXPECT_EQ(table.recoveries[0].tail, absl::Seconds(300));
  }
}

TEST(TimetableTest, AnEqualRecordHasNoTail) {
  Plan plan = RecordMoves(absl::ZeroDuration());
  plan.actions[0].after.Set("records", Value::List{"192.0.2.1"});
  EXPECT_EQ(TimetableOf(plan).recoveries[0].tail, absl::ZeroDuration());
}

// What stays has worked all the while; what a record leads back to where it is declared has not.
TEST(TimetableTest, WhatStaysHasNothingToRecoverFrom) {
  Plan plan = RecordMoves(absl::ZeroDuration());
  plan.situations[0].name = "steady";
  EXPECT_EQ(TimetableOf(plan).recoveries.size(), 1U);
  plan.actions[0].after.Set("records", Value::List{"192.0.2.1"});
  EXPECT_TRUE(TimetableOf(plan).recoveries.empty());
}

TEST(TimetableTest, WhatHasEndedTakesNoMore) {
  const Plan plan = RecordMoves(absl::ZeroDuration());
  const Timetable table = TimetableOf(plan, {absl::ZeroDuration(), absl::Milliseconds(400)});
  EXPECT_EQ(table.total, absl::Milliseconds(400));
  ASSERT_EQ(table.recoveries.size(), 1U);
  EXPECT_EQ(table.recoveries[0].ours, absl::Milliseconds(400));
}

}  // namespace
}  // namespace poolshift
