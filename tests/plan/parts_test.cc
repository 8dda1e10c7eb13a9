// Parts of the planner by themselves, where what the whole plans would not tell.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/plan/earliest.h"
#include "controller/plan/groups.h"
#include "controller/plan/planner.h"
#include "controller/plan/search.h"
#include "tests/plan/problems.h"

namespace poolshift::plan {
namespace {

using ::testing::ElementsAre;

// A record may move when the service runs, or when a switch is on that nothing can turn.
struct RecordAndService {
  RecordAndService() {
    record = AddVariable(problem, "record", 2, 1);
    service = AddVariable(problem, "service", 2, 1);
    lever = AddVariable(problem, "switch", 2, -1);
    move = AddOperator(problem, "move record", {{record, 0, 1}});
    start = AddOperator(problem, "start service", {{service, 0, 1}});
    AddClause(problem, "I-10", {{record, {0}}, {service, {1}}, {lever, {1}}}, 1);
    problem.operators[static_cast<std::size_t>(move)].action.duration = absl::Seconds(2);
    problem.operators[static_cast<std::size_t>(start)].action.duration = absl::Seconds(5);
  }
  PlanningProblem problem;
  VariableIndex record = 0, service = 0, lever = 0;
  int move = 0, start = 0;
};

TEST(EarliestTest, WaitsForWhatTheClausesDemand) {
  const RecordAndService it;
  const Index index(it.problem);
  EXPECT_EQ(Earliest(it.problem, index).Bound(StartState(it.problem)),
            absl::ToInt64Nanoseconds(absl::Seconds(7)));
}

TEST(RefinementTest, WhatNothingChangesStaysAsItIs) {
  const RecordAndService it;
  const Index index(it.problem);
  const std::vector<VariableIndex> variables{it.record};
  const std::vector<ValueIndex> before{0}, after{1};
  const auto needs = Refinement(it.problem, index).NeedsOf({variables, before, after, it.move});
  ASSERT_TRUE(needs.has_value());
  ASSERT_EQ(needs->size(), 2U);
  EXPECT_EQ(needs->front().variable, it.service);
  EXPECT_THAT(needs->front().values, ElementsAre(1)) << "the switch is off for good";
  EXPECT_EQ(needs->back().variable, it.lever);
  EXPECT_THAT(needs->back().values, ElementsAre(0));
}

// Two ways cost the same; the longer one is found first, because its beginning is free.
TEST(WayFinderTest, TheShorterOfTwoWaysWins) {
  PlanningProblem problem;
  const auto place = AddVariable(problem, "place", 5, 4);
  AddOperator(problem, "look", {{place, 0, 1}}, 0);
  AddOperator(problem, "look again", {{place, 1, 2}}, 0);
  AddOperator(problem, "go", {{place, 2, 4}}, 1);
  const int leap = AddOperator(problem, "leap", {{place, 0, 3}}, 1);
  const int land = AddOperator(problem, "land", {{place, 3, 4}}, 0);
  const Index index(problem);
  const auto way = WayFinder(problem, index).Cheapest(FindGroups(problem).front());
  ASSERT_TRUE(way.has_value());
  EXPECT_THAT(*way, ElementsAre(leap, land));
}

TEST(SearchTest, EndsWithItsBudget) {
  PlanningProblem problem;
  const auto place = AddVariable(problem, "place", 6, 5);
  for (ValueIndex value = 0; value < 5; ++value)
    AddOperator(problem, "go on", {{place, value, static_cast<ValueIndex>(value + 1)}});
  const Index index(problem);
  const Found none = FindAny(problem, index, FindGroups(problem), 3);
  EXPECT_TRUE(none.exhausted);
  EXPECT_FALSE(none.solved);
  EXPECT_EQ(none.states, 4);
  EXPECT_TRUE(FindAny(problem, index, FindGroups(problem), 10).solved);
}

TEST(ActionsTest, TheSameChangeTwiceIsTwoActions) {
  PlanningProblem problem;
  const auto service = AddVariable(problem, "service", 2, 1);
  const int stop = AddOperator(problem, "stop", {{service, 1, 0}});
  const int start = AddOperator(problem, "start", {{service, 0, 1}});
  Solution twice;
  twice.steps = {stop, start, stop, start};
  twice.needs = {{}, {0}, {1}, {2}};
  const std::vector<Action> actions = ActionsOf(problem, twice);
  ASSERT_EQ(actions.size(), 4U);
  EXPECT_EQ(actions[2].id, actions[0].id + "-2");
  EXPECT_EQ(actions[3].id, actions[1].id + "-2");
  EXPECT_THAT(actions[2].needs, ElementsAre(actions[1].id));
  EXPECT_THAT(actions[3].needs, ElementsAre(actions[2].id));
}

}  // namespace
}  // namespace poolshift::plan
