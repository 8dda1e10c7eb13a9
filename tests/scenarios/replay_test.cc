// Every scenario's plan is made again from what would be on record of it, after the providers have
// ended.
#include "controller/engine/replay.h"

#include "gmock/gmock.h"

#include "tests/scenarios/scenario.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

class ReplayTest : public ScenarioTest {
 protected:
  // The plan and its inputs, through the bytes of a plan file.
  PlanFile Recorded(Objective objective = Objective::kFewestActions) {
    PlanFile file;
    file.plan = MakePlan(objective);
    if (workspace_ == nullptr) return file;
    Measurements measured;
    for (const Action& action : file.plan.actions)
      measured[action.target.kind + ' ' + std::string(Name(action.verb))] = {absl::Seconds(7)};
    UseMeasurements(measured, file.plan);
    file.inputs = InputsOf(*workspace_,
                           observed_,
                           PreparationOf(GetParam()),
                           objective,
                           measured,
                           ThisPlanner("test"));
    workspace_.reset();
    auto decoded = DecodePlanFile(EncodePlanFile(file), "the plan");
    EXPECT_TRUE(decoded.ok()) << decoded.status();
    return decoded.ok() ? *std::move(decoded) : PlanFile();
  }
};

TEST_P(ReplayTest, GivesTheSamePlan) {
  const PlanFile record = Recorded();
  const auto replayed = Replay(record, ThisPlanner("test"));
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_TRUE(replayed->same) << replayed->difference;
  EXPECT_EQ(PlanDigest(replayed->plan), PlanDigest(record.plan));
  EXPECT_EQ(replayed->recorded, replayed->now);
}

TEST_P(ReplayTest, GivesTheSamePlanOfLeastTime) {
  const PlanFile record = Recorded(Objective::kLeastTime);
  const auto replayed = Replay(record, ThisPlanner("test"));
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_TRUE(replayed->same) << replayed->difference;
}

INSTANTIATE_TEST_SUITE_P(Folders, ReplayTest, testing::ValuesIn(ScenarioNames()), TestNameOf);

using OneReplayTest = ReplayTest;

TEST_P(OneReplayTest, ShowsTheFirstDifference) {
  PlanFile record = Recorded();
  ASSERT_FALSE(record.plan.actions.empty());
  PlanFile edited = record;
  edited.plan.actions[0].title = "something else";
  const auto replayed = Replay(edited, ThisPlanner("test"));
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_FALSE(replayed->same);
  EXPECT_THAT(replayed->difference, HasSubstr("recorded:       \"title\": \"something else\""));
  // What JSON does not show is compared too.
  edited = record;
  edited.inputs->measured.clear();
  EXPECT_FALSE(Replay(edited, ThisPlanner("test"))->same);
}

// Other observations, another plan: it is the record that decides, nothing else.
TEST_P(OneReplayTest, FollowsTheObservations) {
  PlanFile record = Recorded();
  for (auto& [key, seen] : record.inputs->observed.observations) {
    if (key.id.kind != "SiteRoute") continue;
    seen.presence = Presence::kUnreachable;
    seen.properties = Value();
  }
  const auto replayed = Replay(record, ThisPlanner("test"));
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_FALSE(replayed->same);
}

TEST_P(OneReplayTest, NamesAnotherPlanner) {
  PlanFile record = Recorded();
  record.inputs->made_by.rules = "of another time";
  const auto replayed = Replay(record, ThisPlanner("test"));
  ASSERT_TRUE(replayed.ok());
  EXPECT_TRUE(replayed->same);
  EXPECT_NE(replayed->recorded, replayed->now);
}

TEST_P(OneReplayTest, NeedsTheInputs) {
  PlanFile record = Recorded();
  record.inputs.reset();
  EXPECT_TRUE(absl::IsFailedPrecondition(Replay(record, ThisPlanner("test")).status()));
}

INSTANTIATE_TEST_SUITE_P(Folder, OneReplayTest, testing::Values("xmpp-failover"), TestNameOf);

TEST(PlannerIdentityTest, NamesTheBuildAndTheRules) {
  const PlannerIdentity here = ThisPlanner("1.2.3");
  EXPECT_EQ(here.program, "1.2.3");
  EXPECT_EQ(here.planner.size(), 64U);
  EXPECT_EQ(here.rules.size(), 64U);
  EXPECT_THAT(ToString(here), HasSubstr("poolshift 1.2.3, planner " + here.planner.substr(0, 12)));
}

}  // namespace
}  // namespace poolshift
