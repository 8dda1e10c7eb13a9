#include "controller/check/checker.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/check/bound.h"

namespace poolshift::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Operator 0 starts a service, operator 1 moves a record to it, which needs the service.
PlanningProblem RecordAndService() {
  PlanningProblem problem;
  problem.variables = {{"service", {"stopped", "running"}, 0, 1},
                       {"record", {"former", "next"}, 0, 1}};
  Operator start, move;
  start.action.title = "start";
  start.effects = {{0, 0, 1}};
  move.action.title = "move";
  move.effects = {{1, 0, 1}};
  problem.operators = {start, move};
  problem.clauses = {{{"I-10", "no record ahead of service", ""}, {{0, {1}}, {1, {0}}}, 1}};
  return problem;
}

std::vector<BoundShare> Shares() {
  return {{{{"service", "stopped", "running"}}, 1, 1, {}},
          {{{"record", "former", "next"}}, 1, 1, {}}};
}

Certificate WithShares(Certificate certificate) {
  certificate.shares = Shares();
  return certificate;
}

TEST(CheckerTest, AcceptsASafeOrder) {
  const Findings findings = CheckOrder(RecordAndService(), {0, 1}, {{}, {0}});
  EXPECT_THAT(findings.faults, IsEmpty());
  EXPECT_EQ(findings.ideals, 3);
  EXPECT_TRUE(findings.exhaustive);
}

TEST(CheckerTest, FindsAMissingEdge) {
  const Findings findings = CheckOrder(RecordAndService(), {0, 1}, {{}, {}});
  EXPECT_THAT(findings.faults, ElementsAre(HasSubstr("breaks I-10")));
}

TEST(CheckerTest, FindsAGoalNotReached) {
  EXPECT_THAT(CheckOrder(RecordAndService(), {0}, {{}}).faults,
              ElementsAre(HasSubstr("record does not reach")));
}

TEST(CheckerTest, FindsAnEdgeThatPointsForward) {
  EXPECT_THAT(CheckOrder(RecordAndService(), {0, 1}, {{1}, {}}).faults,
              ElementsAre(HasSubstr("needs a later one")));
}

TEST(CheckerTest, FindsAnOrderOfAnotherLength) {
  EXPECT_THAT(CheckOrder(RecordAndService(), {0, 1}, {{}}).faults,
              ElementsAre(HasSubstr("one entry per step")));
}

TEST(CheckerTest, FindsAPreconditionNotReady) {
  PlanningProblem problem = RecordAndService();
  problem.clauses.clear();
  problem.operators[1].preconditions = {{0, {1}}};
  EXPECT_THAT(CheckOrder(problem, {0, 1}, {{}, {}}).faults,
              ElementsAre(HasSubstr("before service is ready")));
  EXPECT_THAT(CheckOrder(problem, {0, 1}, {{}, {0}}).faults, IsEmpty());
}

TEST(CheckerTest, LetsABrokenRuleBeRepaired) {
  PlanningProblem problem = RecordAndService();
  problem.variables[1].start = 1;  // the record is ahead of the service already
  EXPECT_THAT(CheckOrder(problem, {0}, {{}}).faults, IsEmpty());
}

TEST(CheckerTest, FindsAnEdgeThatNothingNeeds) {
  PlanningProblem problem = RecordAndService();
  problem.clauses.clear();
  const Findings findings = CheckOrder(problem, {0, 1}, {{}, {0}});
  EXPECT_THAT(findings.faults, IsEmpty());
  EXPECT_THAT(findings.idle, ElementsAre(HasSubstr("without need")));
}

TEST(CheckerTest, FindsAnEdgeThatOthersImply) {
  PlanningProblem problem;
  for (int i = 0; i < 3; ++i) {
    problem.variables.push_back({"v" + std::to_string(i), {"0", "1"}, 0, 1});
    Operator step;
    step.effects = {{i, 0, 1}};
    for (int before = 0; before < i; ++before)
      step.preconditions.push_back({before, {1}});
    problem.operators.push_back(step);
  }
  EXPECT_THAT(CheckOrder(problem, {0, 1, 2}, {{}, {0}, {1}}).idle, IsEmpty());
  EXPECT_THAT(CheckOrder(problem, {0, 1, 2}, {{}, {0}, {0, 1}}).idle,
              ElementsAre(HasSubstr("as it would anyhow")));
}

TEST(CheckerTest, ReckonsTheBoundFromTheProblem) {
  const PlanningProblem problem = RecordAndService();
  const std::vector<std::vector<int>> needs = {{}, {0}};
  Certificate certificate =
      WithShares({2, 2, "bound", 0, absl::Seconds(10), absl::Seconds(10), absl::Seconds(10)});
  EXPECT_THAT(CheckCertificate(problem, {0, 1}, needs, certificate), IsEmpty());
  certificate.lower_bound = 3;
  EXPECT_THAT(CheckCertificate(problem, {0, 1}, needs, certificate),
              testing::Contains(HasSubstr("a lower bound of 3, the problem has 2")));
  certificate.lower_bound = 1;
  certificate.shares.pop_back();
  EXPECT_THAT(CheckCertificate(problem, {0, 1}, needs, certificate),
              ElementsAre(HasSubstr("not reached")));
  certificate = {1, 2, "search", 0, absl::Seconds(9), absl::Seconds(9), absl::Seconds(9)};
  EXPECT_THAT(CheckCertificate(problem, {0, 1}, needs, certificate),
              testing::AllOf(testing::Contains(HasSubstr("counts other actions")),
                             testing::Contains(HasSubstr("states another longest chain"))));
}

// A swap that one rule forbids while a route stays: detach, swap, attach.
PlanningProblem SwapUnderARoute() {
  PlanningProblem problem;
  problem.variables = {{"flag", {"former", "next"}, 0, 1},
                       {"route", {"former", "none", "next"}, 0, 2}};
  const auto add = [&problem](VariableIndex variable, ValueIndex from, ValueIndex to) {
    Operator step;
    step.effects = {{variable, from, to}};
    problem.operators.push_back(step);
  };
  add(0, 0, 1);
  add(1, 0, 1);
  add(1, 1, 2);
  add(1, 0, 2);
  problem.clauses = {{{"I-4", "", ""}, {{1, {1, 2}}, {0, {0}}}, 1},
                     {{"I-4", "", ""}, {{1, {0, 1}}, {0, {1}}}, 1},
                     {{"I-9", "", ""}, {{1, {0, 1, 2}}, {0, {1}}}, 1}};
  return problem;
}

TEST(CheckerTest, ReckonsEachShareFromTheProblem) {
  struct Case {
    const char* name;
    std::vector<BoundShare> shares;
    const char* fault;
  };
  const BoundShare flag{{{"flag", "former", "next"}}, 1, 1, {}};
  const BoundShare route{{{"route", "former", "next"}}, 2, 1, {"I-4"}};
  BoundShare dearer = route, elsewhere = route, free = route, alone = route, other = route;
  dearer.actions = 3;
  elsewhere.rules = {"I-9"};
  free.rules = {};
  alone.alone = 2;
  other.goals.front().variable = "another route";
  const Case cases[] = {{"true", {flag, route}, ""},
                        {"in another order", {route, flag}, "a share of no part"},
                        {"of nothing", {flag, other}, "a share of no part"},
                        {"dearer", {flag, dearer}, "route takes more than its rules demand"},
                        {"by another rule", {flag, elsewhere}, "more than its rules demand"},
                        {"by no rule", {flag, free}, "more than its rules demand"},
                        {"dear anyhow", {flag, alone}, "what route would take alone"},
                        {"left out", {route}, "are not its lower bound"}};
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    Certificate certificate;
    certificate.lower_bound = 3;
    certificate.shares = each.shares;
    const auto faults = CheckShares(SwapUnderARoute(), certificate);
    if (*each.fault == 0) {
      EXPECT_THAT(faults, IsEmpty());
    } else {
      EXPECT_THAT(faults, testing::Contains(HasSubstr(each.fault)));
    }
  }
}

TEST(CheckerTest, TimeInTheCertificateIsNoLessThanTheChain) {
  const std::vector<std::vector<int>> needs = {{}, {0}};
  for (const auto& [bound, makespan] : {std::pair(9, 10), std::pair(11, 10)}) {
    const Certificate certificate = WithShares(
        {2, 2, "bound", 0, absl::Seconds(10), absl::Seconds(bound), absl::Seconds(makespan)});
    EXPECT_THAT(CheckCertificate(RecordAndService(), {0, 1}, needs, certificate),
                ElementsAre(HasSubstr("less time than the longest chain")));
  }
}

// The record can move 5 s after the service has started, so no plan takes less than 10 s.
TEST(CheckerTest, ReckonsTheLeastTimeFromTheProblem) {
  EXPECT_EQ(LeastTime(RecordAndService()), absl::Seconds(10));
  struct Case {
    const char* method;
    int least;
    const char* fault;
  };
  for (const auto& [method, least, fault] : {
           Case{"bound", 10, ""},
           Case{"search", 10, ""},
           Case{"unproven", 10, ""},
           Case{"unproven", 4, ""},
           Case{"bound", 9, "says fastest, but states less time"},
           Case{"search", 9, "says fastest, but states less time"},
           Case{"search", 11, "states more time than the plan takes"},
       }) {
    SCOPED_TRACE(std::string(method) + ' ' + std::to_string(least));
    const Certificate certificate{2,
                                  2,
                                  "bound",
                                  0,
                                  absl::Seconds(10),
                                  absl::Seconds(10),
                                  absl::Seconds(10),
                                  method,
                                  absl::Seconds(least),
                                  Shares()};
    const auto faults = CheckCertificate(RecordAndService(), {0, 1}, {{}, {0}}, certificate);
    if (*fault == 0) {
      EXPECT_THAT(faults, IsEmpty());
    } else {
      EXPECT_THAT(faults, testing::Contains(HasSubstr(fault)));
    }
  }
}

// A plan that waits longer than it must, and says that nothing is quicker.
TEST(CheckerTest, DoesNotBelieveALeastTime) {
  PlanningProblem problem = RecordAndService();
  problem.clauses.clear();
  const Certificate certificate{2,
                                2,
                                "bound",
                                0,
                                absl::Seconds(10),
                                absl::Seconds(10),
                                absl::Seconds(10),
                                "bound",
                                absl::Seconds(10),
                                Shares()};
  EXPECT_THAT(CheckCertificate(problem, {0, 1}, {{}, {0}}, certificate),
              ElementsAre(HasSubstr("more as the least time than the problem demands")));
}

// Too long to enumerate: what is found is found by proof. Each variable counts to `last`, one step
// after the other.
struct LongPlan {
  PlanningProblem problem;
  std::vector<int> steps;
  std::vector<std::vector<int>> needs;

  explicit LongPlan(ValueIndex last) {
    constexpr int kVariables = 70;
    for (int i = 0; i < kVariables; ++i) {
      problem.variables.push_back({"v" + std::to_string(i), {"0", "1", "2", "3"}, 0, last});
      for (ValueIndex value = 0; value < last; ++value) {
        Operator step;
        step.action.title = "v" + std::to_string(i) + " from " + std::to_string(value);
        step.effects = {{i, value, static_cast<ValueIndex>(value + 1)}};
        problem.operators.push_back(step);
        needs.push_back(value == 0 ? std::vector<int>{}
                                   : std::vector<int>{static_cast<int>(steps.size()) - 1});
        steps.push_back(static_cast<int>(steps.size()));
      }
    }
  }
  std::vector<std::string> Faults() const { return CheckOrder(problem, steps, needs).faults; }
};

TEST(CheckerTest, FindsAPreconditionNotReadyInALongPlan) {
  LongPlan plan(1);
  plan.problem.operators[50].preconditions = {{7, {1}}};
  EXPECT_THAT(plan.Faults(), ElementsAre(HasSubstr("before v7 is ready")));
  plan.needs[50] = {7};
  EXPECT_THAT(plan.Faults(), IsEmpty());
}

TEST(CheckerTest, FindsAPreconditionThatEndsTooSoonInALongPlan) {
  LongPlan plan(2);
  plan.problem.operators[100].preconditions = {{7, {1}}};  // steps 14 and 15 are those of v7
  plan.needs[100] = {14};
  EXPECT_THAT(plan.Faults(), ElementsAre(HasSubstr("before v7 is ready")));
}

TEST(CheckerTest, FindsChangesThatMayOvertakeEachOther) {
  LongPlan plan(2);
  EXPECT_THAT(plan.Faults(), IsEmpty());
  plan.needs[15].clear();
  EXPECT_THAT(plan.Faults(), ElementsAre(HasSubstr("expects another value of v7")));
}

TEST(CheckerTest, FindsAChangeThatBeginsElsewhere) {
  LongPlan plan(2);
  plan.problem.operators[15].effects = {{7, 3, 2}};
  EXPECT_THAT(plan.Faults(), ElementsAre(HasSubstr("expects another value of v7")));
}

// Two hold where one may, and a third comes: only after both have gone.
TEST(CheckerTest, FindsABrokenRuleMadeWorse) {
  LongPlan plan(2);
  plan.problem.variables[0].start = plan.problem.variables[1].start = 1;
  plan.steps.clear();
  plan.needs.clear();
  for (int step = 0; step < 140; ++step) {
    if (step == 0 || step == 2) continue;  // what has happened before
    const int at = static_cast<int>(plan.steps.size());
    plan.needs.push_back(step > 3 && step % 2 == 1 ? std::vector<int>{at - 1} : std::vector<int>{});
    plan.steps.push_back(step);
  }
  plan.problem.clauses = {{{"I-2", "at most one", ""}, {{0, {1}}, {1, {1}}, {20, {1}}}, 0, 1}};
  constexpr int kTaker = 38;  // of v20; 0 and 1 are the givers
  plan.needs[kTaker] = {0};
  EXPECT_THAT(plan.Faults(), ElementsAre(HasSubstr("breaks I-2")));
  plan.needs[kTaker] = {0, 1};
  EXPECT_THAT(plan.Faults(), IsEmpty());
}

// Of 100 that may each take the one place, the second waits for the first to give it back, and the
// third does not: no linear extension need show it, the proof does.
TEST(CheckerTest, ProvesALongPlanClauseByClause) {
  PlanningProblem problem;
  std::vector<int> steps;
  std::vector<std::vector<int>> needs;
  Clause one{{"I-2", "at most one", ""}, {}, 0, 1};
  for (int i = 0; i < 100; ++i) {
    problem.variables.push_back({"v" + std::to_string(i), {"0", "1", "2"}, 0, 2});
    for (ValueIndex value = 0; value < 2; ++value) {
      Operator step;
      step.effects = {{i, value, static_cast<ValueIndex>(value + 1)}};
      problem.operators.push_back(step);
      steps.push_back(2 * i + value);
      needs.push_back(steps.size() == 1 ? std::vector<int>{}
                                        : std::vector<int>{static_cast<int>(steps.size()) - 2});
    }
    one.literals.push_back({i, {1}});
  }
  problem.clauses = {one};
  const Findings findings = CheckOrder(problem, steps, needs);
  EXPECT_THAT(findings.faults, IsEmpty());
  EXPECT_THAT(findings.idle, IsEmpty());
  needs[120] = {117};
  EXPECT_THAT(CheckOrder(problem, steps, needs).faults, ElementsAre(HasSubstr("breaks I-2")));
}

// Beyond the cap a missing edge is still found, clause by clause.
TEST(CheckerTest, FindsAMissingEdgeInALongPlan) {
  PlanningProblem problem;
  std::vector<int> steps;
  for (int i = 0; i < 200; ++i) {
    problem.variables.push_back({"v" + std::to_string(i), {"0", "1"}, 0, 1});
    Operator step;
    step.action.title = "set " + std::to_string(i);
    step.effects = {{i, 0, 1}};
    problem.operators.push_back(step);
    steps.push_back(i);
  }
  problem.clauses = {{{"I-10", "", ""}, {{7, {1}}, {150, {0}}}, 1}};
  std::vector<std::vector<int>> needs(200);
  EXPECT_THAT(CheckOrder(problem, steps, needs).faults, ElementsAre(HasSubstr("I-10")));
  needs[150] = {7};
  const Findings findings = CheckOrder(problem, steps, needs);
  EXPECT_THAT(findings.faults, IsEmpty());
  EXPECT_FALSE(findings.exhaustive);
}

}  // namespace
}  // namespace poolshift::check
