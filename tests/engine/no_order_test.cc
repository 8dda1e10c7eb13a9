// What a person reads when the planner proves that a goal cannot be reached. No declaration that we
// know leads there (docs/planner.md): the problems are made by hand.

#include "controller/engine/no_order.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/plan_text.h"

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Operator Step(VariableIndex variable, ValueIndex from, ValueIndex to) {
  Operator step;
  step.effects = {{variable, from, to}};
  return step;
}

// Two sites that are routed one by one, under a rule that they always agree: the first to move
// breaks it. A third rule has nothing to do with it.
PlanningProblem TwoSitesThatMustAgree() {
  PlanningProblem problem;
  for (const char* site : {"Site1", "Site2"})
    problem.variables.push_back({"SiteRoute/" + std::string(site) + ".xmpp",
                                 {"edgepool1", "edgepool2"},
                                 0,
                                 1,
                                 {"contoso.yaml", 6, 40}});
  problem.variables.push_back({"Topology.federation", {"edgepool1", "edgepool2"}, 0, 1, {}});
  for (VariableIndex variable = 0; variable < 3; ++variable)
    problem.operators.push_back(Step(variable, 0, 1));
  const Reason agree{"I-5", "all sites agree on the hosting pool", "I-5"};
  const Reason follows{"I-4", "a route leads to a pool whose flag is on", "I-4"};
  const Origin policy{"contoso.yaml", 12, 3}, hosts{"contoso.yaml", 6, 10};
  problem.clauses = {
      {agree, {{0, {0}}, {1, {1}}}, 1, INT32_MAX, policy},
      {agree, {{0, {1}}, {1, {0}}}, 1, INT32_MAX, policy},
      {follows, {{0, {0}}, {2, {1}}}, 1, INT32_MAX, hosts},
  };
  return problem;
}

Refusal RefusalFor(const PlanningProblem& problem) {
  const auto result = plan::Solve(problem);
  Organization organization;
  organization.origin = {"contoso.yaml", 1, 1};
  const auto* none = std::get_if<plan::NoSolution>(&result);
  EXPECT_NE(none, nullptr);
  return none == nullptr ? Refusal{} : RefusalOf(*none, organization);
}

std::string TextOf(const Refusal& refusal) {
  Plan plan;
  plan.organization = "contoso";
  plan.refusals = {refusal};
  return PlanText(plan, {});
}

TEST(NoOrderTest, NamesTheRuleAndTheGoalThatClashAndTheirLines) {
  const Refusal refusal = RefusalFor(TwoSitesThatMustAgree());
  EXPECT_THAT(refusal.text, HasSubstr("no safe order of actions exists"));
  EXPECT_THAT(refusal.text, HasSubstr("these cannot all be met"));
  EXPECT_EQ(refusal.rule, "I-5");
  const std::string text = TextOf(refusal);
  EXPECT_THAT(text, HasSubstr("all sites agree on the hosting pool"));
  EXPECT_THAT(text, HasSubstr("contoso.yaml:12:3"));
  EXPECT_THAT(text, HasSubstr("the XMPP route of Site"));
  EXPECT_THAT(text, HasSubstr("must become edgepool2"));
  EXPECT_THAT(text, HasSubstr("contoso.yaml:6:40"));
  EXPECT_THAT(text, Not(HasSubstr("I-4"))) << "it has no part in it";
}

TEST(NoOrderTest, NamesTwoRulesThatEachForbidOneWay) {
  PlanningProblem problem = TwoSitesThatMustAgree();
  // One step routes both sites; another rule stands against it.
  problem.operators.push_back(Step(0, 0, 1));
  problem.operators.back().effects.push_back({1, 0, 1});
  EXPECT_TRUE(std::holds_alternative<plan::Solution>(plan::Solve(problem)));
  problem.clauses.push_back({{"I-2", "while sites are routed, no record moves", "D1"},
                             {{0, {0}}, {2, {0}}},
                             1,
                             INT32_MAX,
                             {"contoso.yaml", 30, 5}});
  const Refusal refusal = RefusalFor(problem);
  const std::string text = TextOf(refusal);
  EXPECT_THAT(text, HasSubstr("contoso.yaml:30:5"));
  EXPECT_THAT(text, HasSubstr("I-2"));
  EXPECT_THAT(text, HasSubstr("contoso.yaml:6:10")) << "with I-4 it asks for both at once";
}

// Any one of what is named can be given up, and then there is a plan.
TEST(NoOrderTest, NamesNoMoreThanClashes) {
  const PlanningProblem problem = TwoSitesThatMustAgree();
  const auto result = plan::Solve(problem);
  const auto& demands = std::get<plan::NoSolution>(result).demands;
  ASSERT_FALSE(demands.empty());
  for (const Demand& given_up : demands) {
    PlanningProblem rest = problem;
    std::erase_if(rest.clauses, [&](const Clause& clause) {
      return clause.reason == given_up.rule && clause.origin == given_up.origin;
    });
    for (Variable& variable : rest.variables) {
      if (given_up.rule.text.starts_with(variable.name + ' ')) variable.goal = -1;
      // The other goals stand beside what clashes and may clash for themselves.
      if (given_up.rule.rule == "goal" && variable.origin == given_up.origin) variable.goal = -1;
    }
    EXPECT_TRUE(std::holds_alternative<plan::Solution>(plan::Solve(rest))) << given_up.rule.text;
  }
}

}  // namespace
}  // namespace poolshift
