#include "controller/engine/measured.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/wire/record.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::Time kNow = absl::UnixEpoch();

Plan OneRoute() {
  Plan plan;
  plan.organization = "contoso";
  Action& action = plan.actions.emplace_back();
  action.id = "a1";
  action.target = {"SiteRoute", "Site1"};
  action.duration = absl::Seconds(10);
  return plan;
}

// A run of OneRoute() whose action took so long.
void Ran(Store& store, const Lease& lease, absl::Duration took, const std::string& outcome) {
  RunRecord run;
  run.plan_file = EncodePlanFile({OneRoute(), {}, kNow, "", "", {}, {}});
  run.token = lease.token;
  run.started = kNow;
  const auto id = store.BeginRun("contoso", run);
  ASSERT_TRUE(id.ok()) << id.status();
  IntentRecord intent;
  intent.run = *id;
  intent.seq = 1;
  intent.key = intent.proposed_key = "key";
  intent.action = "a1";
  intent.token = lease.token;
  intent.at = kNow;
  const auto intended = store.RecordIntent("contoso", intent);
  ASSERT_TRUE(intended.ok()) << intended.status();
  const ResultRecord result{*id, intended->seq, outcome, "", "", kNow + took};
  ASSERT_TRUE(store.RecordResult("contoso", result).ok());
}

TEST(MeasuredTest, OnlyWhatEndedWellCounts) {
  const conformance::Scratch scratch;
  const auto store = Store::Open(scratch.path());
  ASSERT_TRUE(store.ok()) << store.status();
  const auto lease = (*store)->AcquireLease("contoso", ThisProcess("alice"), kNow);
  ASSERT_TRUE(lease.ok());
  Ran(**store, *lease, absl::Milliseconds(3100), "done");
  Ran(**store, *lease, absl::Seconds(90), "failed");
  const auto measured = MeasureRuns(**store, "contoso", 10);
  ASSERT_TRUE(measured.ok()) << measured.status();
  EXPECT_THAT(measured->at("SiteRoute update"), ElementsAre(absl::Seconds(4)));
  EXPECT_THAT(*MeasureRuns(**store, "fabrikam", 10), IsEmpty());
}

TEST(MeasuredTest, TheMedianIsTheEstimate) {
  Plan plan = OneRoute();
  const Measurements measured = {
      {"SiteRoute update", {absl::Seconds(60), absl::Seconds(4), absl::Seconds(5)}}};
  EXPECT_EQ(UseMeasurements(measured, plan), "SiteRoute update 5s (3 times)");
  EXPECT_EQ(plan.actions[0].duration, absl::Seconds(5));
}

TEST(MeasuredTest, WhatWasNeverMeasuredStays) {
  Plan plan = OneRoute();
  EXPECT_EQ(UseMeasurements({{"Topology update", {absl::Seconds(60)}}}, plan), "");
  EXPECT_EQ(plan.actions[0].duration, absl::Seconds(10));
}

}  // namespace
}  // namespace poolshift
