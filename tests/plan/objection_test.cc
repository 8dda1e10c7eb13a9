#include "controller/plan/objection.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace poolshift::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Start a service, see it answer (a gate with a precondition), move a record (a clause): 0, 1, 2.
// 3 is free.
PlanningProblem ServiceSeenMoved() {
  PlanningProblem problem;
  problem.variables = {{"service", {"stopped", "running"}, 0, 1},
                       {"seen", {"no", "yes"}, 0, 1},
                       {"record", {"former", "next"}, 0, 1},
                       {"other", {"off", "on"}, 0, 1}};
  problem.operators.resize(4);
  for (VariableIndex i = 0; i < 4; ++i)
    problem.operators[static_cast<std::size_t>(i)].effects = {{i, 0, 1}};
  problem.operators[1].preconditions = {{0, {1}}};
  problem.clauses = {{{"I-10", "no record ahead of service", ""}, {{2, {0}}, {1, {1}}}, 1}};
  return problem;
}

const std::vector<int> kSteps{0, 1, 2, 3};
const std::vector<std::vector<int>> kNeeds{{}, {0}, {1}, {}};

TEST(ObjectionTest, NamesTheRuleAndTheState) {
  const auto objections = ObjectionsBetween(ServiceSeenMoved(), kSteps, kNeeds, 1, 2);
  ASSERT_THAT(objections, SizeIs(1));
  ASSERT_TRUE(objections[0].rule.has_value());
  EXPECT_EQ(objections[0].rule->rule, "I-10");
  EXPECT_THAT(objections[0].state, ElementsAre("record is next", "seen is no"));
}

TEST(ObjectionTest, NamesWhatIsNotPossibleYet) {
  const auto objections = ObjectionsBetween(ServiceSeenMoved(), kSteps, kNeeds, 0, 1);
  ASSERT_THAT(objections, SizeIs(1));
  EXPECT_FALSE(objections[0].rule.has_value());
  EXPECT_THAT(objections[0].state, ElementsAre("service is stopped"));
}

TEST(ObjectionTest, FollowsTheChain) {
  const auto objections = ObjectionsBetween(ServiceSeenMoved(), kSteps, kNeeds, 0, 2);
  ASSERT_THAT(objections, SizeIs(2));
  EXPECT_EQ(objections[0].later, 1U);
  EXPECT_EQ(objections[1].later, 2U);
}

TEST(ObjectionTest, FreeStepsHaveNone) {
  EXPECT_THAT(ObjectionsBetween(ServiceSeenMoved(), kSteps, kNeeds, 0, 3), IsEmpty());
  EXPECT_THAT(ObjectionsBetween(ServiceSeenMoved(), kSteps, kNeeds, 2, 0), IsEmpty());
}

}  // namespace
}  // namespace poolshift::plan
