#include "controller/plan/planner.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/check/checker.h"
#include "controller/plan/index.h"
#include "tests/plan/problems.h"

namespace poolshift::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> Titles(const PlanningProblem& problem, const Solution& solution) {
  std::vector<std::string> titles;
  for (const int step : solution.steps)
    titles.push_back(problem.operators[static_cast<std::size_t>(step)].action.title);
  return titles;
}

Solution Solved(const PlanningProblem& problem) {
  auto result = Solve(problem);
  EXPECT_TRUE(std::holds_alternative<Solution>(result));
  if (!std::holds_alternative<Solution>(result)) return {};
  return std::get<Solution>(std::move(result));
}

// A record may lead to a pool only when its service runs: written record first, solved service
// first.
TEST(PlannerTest, ProviderComesBeforeConsumer) {
  PlanningProblem problem;
  const auto record = AddVariable(problem, "record", 2, 1);
  const auto service = AddVariable(problem, "service", 2, 1);
  AddOperator(problem, "move record", {{record, 0, 1}});
  AddOperator(problem, "start service", {{service, 0, 1}});
  AddClause(problem, "I-10", {{record, {0}}, {service, {1}}}, 1);
  const Solution solution = Solved(problem);
  EXPECT_THAT(Titles(problem, solution), ElementsAre("start service", "move record"));
  EXPECT_THAT(solution.needs[1], ElementsAre(0));
  EXPECT_EQ(solution.certificate.method, "bound");
  EXPECT_EQ(solution.certificate.lower_bound, 2);
}

TEST(PlannerTest, IndependentActionsHaveNoEdges) {
  PlanningProblem problem;
  for (int i = 0; i < 5; ++i) {
    const auto variable = AddVariable(problem, "v", 2, 1);
    AddOperator(problem, "set", {{variable, 0, 1}});
  }
  const Solution solution = Solved(problem);
  ASSERT_THAT(solution.steps, SizeIs(5));
  for (const auto& needs : solution.needs)
    EXPECT_THAT(needs, IsEmpty());
}

// Routes may only name a flagged pool and only one pool has the flag: every route is detached
// before the swap.
PlanningProblem SwapUnderRoutes(int sites, bool both_allowed) {
  PlanningProblem problem;
  const auto flag = AddVariable(problem, "flag", 3, 2);  // former, both, next
  AddOperator(problem, "swap", {{flag, 0, 2}});
  AddOperator(problem, "add", {{flag, 0, 1}});
  AddOperator(problem, "remove", {{flag, 1, 2}});
  if (!both_allowed) AddClause(problem, "I-1", {{flag, {0, 2}}}, 1);
  for (int site = 0; site < sites; ++site) {
    const auto route = AddVariable(problem, "route", 3, 2);  // former, none, next
    AddOperator(problem, "detach", {{route, 0, 1}});
    AddOperator(problem, "attach", {{route, 1, 2}});
    AddOperator(problem, "route", {{route, 0, 2}});
    AddClause(problem, "I-4", {{route, {1, 2}}, {flag, {0, 1}}}, 1);
    AddClause(problem, "I-4", {{route, {0, 1}}, {flag, {1, 2}}}, 1);
  }
  return problem;
}

TEST(PlannerTest, DetoursWhereTheDirectWayBreaksRules) {
  const PlanningProblem problem = SwapUnderRoutes(2, false);
  const Solution solution = Solved(problem);
  EXPECT_THAT(Titles(problem, solution),
              ElementsAre("detach", "detach", "swap", "attach", "attach"));
  EXPECT_THAT(solution.needs,
              ElementsAre(IsEmpty(), IsEmpty(), ElementsAre(0, 1), ElementsAre(2), ElementsAre(2)));
  EXPECT_EQ(solution.certificate.method, "bound");
}

TEST(PlannerTest, TellsWhatMakesAGroupDearer) {
  PlanningProblem problem = SwapUnderRoutes(2, false);
  const auto free = AddVariable(problem, "free", 2, 1);
  AddOperator(problem, "look", {{free, 0, 1}}, 0);
  AddClause(problem, "I-9", {{1, {0, 1, 2}}, {free, {1}}}, 1);
  const std::vector<BoundShare> shares = Solved(problem).certificate.shares;
  ASSERT_THAT(shares, SizeIs(3)) << "what is free has none";
  EXPECT_EQ(shares[0], (BoundShare{{{"flag", "0", "2"}}, 1, 1, {}}));
  // I-4 alone lets both pools have the flag; it is I-1 that takes this way away.
  EXPECT_EQ(shares[1], (BoundShare{{{"route", "0", "2"}}, 2, 1, {"I-1", "I-4"}}));
  EXPECT_EQ(shares[2], shares[1]);
}

TEST(PlannerTest, SearchesWhereGroupsDoNotInterleave) {
  const PlanningProblem problem = SwapUnderRoutes(2, true);
  const Solution solution = Solved(problem);
  EXPECT_THAT(Titles(problem, solution), ElementsAre("add", "route", "route", "remove"));
  EXPECT_EQ(solution.certificate.method, "search");
  EXPECT_EQ(solution.certificate.actions, 4);
  EXPECT_EQ(solution.certificate.lower_bound, 3);
}

TEST(PlannerTest, ManySitesStayMinimal) {
  const Solution solution = Solved(SwapUnderRoutes(500, false));
  EXPECT_EQ(solution.certificate.actions, 1001);
  EXPECT_EQ(solution.certificate.lower_bound, 1001);
  std::size_t edges = 0;
  for (const auto& needs : solution.needs)
    edges += needs.size();
  EXPECT_EQ(edges, 1000U) << "a swap joins all detaches and all attaches";
}

TEST(PlannerTest, GatesAreFree) {
  PlanningProblem problem;
  const auto route = AddVariable(problem, "route", 2, 1);
  const auto seen = AddVariable(problem, "seen", 2, 1);
  AddOperator(problem, "set route", {{route, 0, 1}});
  AddOperator(problem, "look", {{seen, 0, 1}}, 0);
  problem.operators[1].preconditions = {{route, {1}}};
  const Solution solution = Solved(problem);
  EXPECT_THAT(Titles(problem, solution), ElementsAre("set route", "look"));
  EXPECT_EQ(solution.certificate.actions, 1);
}

TEST(PlannerTest, NothingToDoIsEmpty) {
  PlanningProblem problem;
  const auto route = AddVariable(problem, "route", 2, 0);
  AddOperator(problem, "set route", {{route, 0, 1}});
  EXPECT_THAT(Solved(problem).steps, IsEmpty());
}

TEST(PlannerTest, ImpossibleGoalNamesTheRule) {
  PlanningProblem problem;
  const auto a = AddVariable(problem, "xmpp host", 2, 1);
  const auto b = AddVariable(problem, "xmpp gateway", 2, 1);
  AddOperator(problem, "set a", {{a, 0, 1}});
  AddOperator(problem, "set b", {{b, 0, 1}});
  AddClause(problem, "I-2", {{a, {1}}, {b, {1}}}, 0, 1);
  const auto result = Solve(problem);
  ASSERT_TRUE(std::holds_alternative<NoSolution>(result));
  const auto& none = std::get<NoSolution>(result);
  EXPECT_TRUE(none.proved);
  EXPECT_THAT(none.stuck, ElementsAre("xmpp gateway"));
  EXPECT_EQ(none.because.at(0).rule, "I-2");
}

TEST(PlannerTest, NoOperatorMeansNoPlan) {
  PlanningProblem problem;
  AddVariable(problem, "central store", 2, 1);
  const auto result = Solve(problem);
  ASSERT_TRUE(std::holds_alternative<NoSolution>(result));
  EXPECT_THAT(std::get<NoSolution>(result).stuck, ElementsAre("central store"));
}

TEST(PlannerTest, BrokenStartIsRepairedMonotonically) {
  PlanningProblem problem;
  const auto a = AddVariable(problem, "a flagged", 2, 0);
  const auto b = AddVariable(problem, "b flagged", 2, 0);
  const auto c = AddVariable(problem, "c flagged", 2, 1);
  problem.variables[0].start = problem.variables[1].start =
      1;  // two pools flagged where one is allowed
  AddOperator(problem, "flag c", {{c, 0, 1}});
  AddOperator(problem, "unflag a", {{a, 1, 0}});
  AddOperator(problem, "unflag b", {{b, 1, 0}});
  AddClause(problem, "I-1", {{a, {1}}, {b, {1}}, {c, {1}}}, 0, 1);
  const Solution solution = Solved(problem);
  EXPECT_EQ(Titles(problem, solution).back(), "flag c");
  EXPECT_THAT(solution.needs.back(), SizeIs(2)) << "both must be gone first, in every interleaving";
}

TEST(PlannerTest, BrokenValueIsRepairedInOneStep) {
  PlanningProblem problem;
  const auto flags = AddVariable(problem, "flags", 2, 1);  // both -> one
  AddOperator(problem, "unflag", {{flags, 0, 1}});
  AddClause(problem, "I-1", {{flags, {1}}}, 1);
  EXPECT_THAT(Titles(problem, Solved(problem)), ElementsAre("unflag"));
}

// Two swaps that may happen at any time, of which no two may be half done: neither rule alone is in
// the way.
TEST(PlannerTest, NamesTheTwoRulesThatCannotBothHold) {
  PlanningProblem problem;
  const auto a = AddVariable(problem, "a hosts", 2, 0);
  const auto b = AddVariable(problem, "b hosts", 2, 1);
  const auto c = AddVariable(problem, "c hosts", 2, 0);
  problem.variables[static_cast<std::size_t>(a)].start = 1;
  problem.variables[static_cast<std::size_t>(a)].origin = {"contoso.yaml", 7, 3};
  AddOperator(problem, "clear a", {{a, 1, 0}});
  AddOperator(problem, "set b", {{b, 0, 1}});
  AddClause(problem, "at least one", {{a, {1}}, {b, {1}}}, 1);
  AddClause(problem, "at most one", {{a, {1}}, {b, {1}}}, 0, 1);
  AddClause(problem, "something else", {{b, {1}}, {c, {0}}}, 1);
  problem.clauses[0].origin = {"contoso.yaml", 2, 1};
  const auto result = Solve(problem);
  ASSERT_TRUE(std::holds_alternative<NoSolution>(result));
  const auto& demands = std::get<NoSolution>(result).demands;
  ASSERT_THAT(demands, SizeIs(3));
  EXPECT_EQ(demands[0].rule.rule, "at least one");
  EXPECT_EQ(demands[0].origin.line, 2);
  EXPECT_EQ(demands[1].rule.rule, "at most one");
  EXPECT_EQ(demands[2].rule.text, "a hosts must become 0") << "which asks for a swap";
  EXPECT_EQ(demands[2].origin.line, 7);
}

// The same rule stands at many lines; the two that clash are named, and none of the others.
TEST(PlannerTest, NamesTheLinesAmongMany) {
  PlanningProblem problem;
  for (int i = 0; i < 40; ++i) {
    const auto record = AddVariable(problem, "record " + std::to_string(i), 2, 1);
    const auto probe = AddVariable(problem, "probe " + std::to_string(i), 2, 1);
    AddOperator(problem, "move", {{record, 0, 1}});
    AddOperator(problem, "probe", {{probe, 0, 1}});
    AddClause(problem, "record after probe", {{record, {0}}, {probe, {1}}}, 1);
    problem.clauses.back().origin = {"contoso.yaml", 10 + i, 1};
    if (i != 23) continue;
    AddClause(problem, "probe after record", {{probe, {0}}, {record, {1}}}, 1);
    problem.clauses.back().origin = {"contoso.yaml", 90, 1};
  }
  const auto result = Solve(problem);
  ASSERT_TRUE(std::holds_alternative<NoSolution>(result));
  const auto& demands = std::get<NoSolution>(result).demands;
  ASSERT_THAT(demands, SizeIs(3));
  EXPECT_EQ(demands[0].rule.rule, "record after probe");
  EXPECT_EQ(demands[0].origin.line, 33);
  EXPECT_EQ(demands[1].rule.rule, "probe after record");
  EXPECT_EQ(demands[1].origin.line, 90);
  EXPECT_THAT(demands[2].rule.text, testing::EndsWith("23 must become 1"));
}

TEST(PlannerTest, TakesTheShorterOfTwoWaysThatCostTheSame) {
  PlanningProblem problem;
  const auto a = AddVariable(problem, "a", 4, 3);
  const auto waits = AddVariable(problem, "waits", 2, 1);
  for (const auto& [from, to, seconds] : {std::tuple(0, 1, 9), {1, 3, 1}, {0, 2, 1}, {2, 3, 1}}) {
    const int step = AddOperator(
        problem, "a", {{a, static_cast<ValueIndex>(from), static_cast<ValueIndex>(to)}});
    problem.operators[static_cast<std::size_t>(step)].action.duration = absl::Seconds(seconds);
  }
  AddOperator(problem, "wait", {{waits, 0, 1}}, 0);
  problem.operators.back().preconditions = {{a, {3}}};
  problem.operators.back().action.duration = absl::Seconds(1);
  const Solution solution = Solved(problem);
  EXPECT_THAT(solution.steps, ElementsAre(2, 3, 4));
  EXPECT_EQ(solution.certificate.critical_path, absl::Seconds(3));
}

TEST(PlannerTest, ALockMakesThemWait) {
  PlanningProblem problem;
  for (int i = 0; i < 3; ++i) {
    AddOperator(problem, "set", {{AddVariable(problem, "v", 2, 1), 0, 1}});
    problem.operators.back().action.duration = absl::Seconds(5);
    if (i > 0) problem.operators.back().action.locks = {"store"};
  }
  const Certificate certificate = Solved(problem).certificate;
  EXPECT_EQ(certificate.critical_path, absl::Seconds(5));
  EXPECT_EQ(certificate.makespan_bound, absl::Seconds(10)) << "two under one lock";
  EXPECT_EQ(certificate.makespan, absl::Seconds(10));
}

// What two parts do not share is looked at in each alone: many swaps cost as many states as each of
// them costs, not their product.
TEST(PlannerTest, PartsAreSearchedAlone) {
  const PlanningProblem one = SwapUnderRoutes(2, true);
  const auto states = Solved(one).certificate.states;
  PlanningProblem problem;
  for (int copy = 0; copy < 40; ++copy) {
    const auto shift = static_cast<VariableIndex>(problem.variables.size());
    for (Operator step : one.operators) {
      for (Effect& effect : step.effects)
        effect.variable += shift;
      problem.operators.push_back(std::move(step));
    }
    for (Clause clause : one.clauses) {
      for (Literal& literal : clause.literals)
        literal.variable += shift;
      problem.clauses.push_back(std::move(clause));
    }
    problem.variables.insert(problem.variables.end(), one.variables.begin(), one.variables.end());
  }
  const Solution solution = Solved(problem);
  EXPECT_EQ(solution.certificate.method, "search");
  EXPECT_EQ(solution.certificate.actions, 40 * 4);
  EXPECT_EQ(solution.certificate.states, 40 * states);
}

// Steps that do not concern each other are looked at in one order only.
TEST(PlannerTest, StatesGrowAsTheSitesDo) {
  const auto few = Solved(SwapUnderRoutes(10, true)).certificate.states;
  const auto many = Solved(SwapUnderRoutes(40, true)).certificate.states;
  EXPECT_LT(many, 40 * few) << few << " and " << many;
}

// A clause that holds stays so; one that does not is never made worse.
bool IsSafe(const PlanningProblem& problem, const State& before, const State& after) {
  return std::all_of(problem.clauses.begin(), problem.clauses.end(), [&](const Clause& clause) {
    const auto missing = [&](const State& state) {
      const int holding = CountHolding(clause, state);
      return std::max({clause.at_least - holding, holding - clause.at_most, 0});
    };
    return missing(after) <= missing(before);
  });
}

// The slow referee: breadth first over whole states by cost (0-1), sharing nothing with the planner
// but the problem.
std::optional<int> Cheapest(const PlanningProblem& problem) {
  std::map<State, int> cost;
  std::deque<State> open{StartState(problem)};
  cost[open.front()] = 0;
  while (!open.empty()) {
    const State state = open.front();
    open.pop_front();
    const int here = cost[state];
    if (ReachesGoal(problem, state)) return here;
    for (const Operator& step : problem.operators) {
      if (!IsApplicable(step, state)) continue;
      State next = state;
      ApplyEffects(step, next);
      const auto known = cost.find(next);
      if (!IsSafe(problem, state, next) ||
          (known != cost.end() && known->second <= here + step.cost))
        continue;
      cost[next] = here + step.cost;
      if (step.cost == 0) {
        open.push_front(next);
      } else {
        open.push_back(next);
      }
    }
  }
  return std::nullopt;
}

struct Tally {
  int solved = 0, searched = 0, impossible = 0;
};

void CompareWithReferee(std::uint64_t seed, bool broken_start, Tally& tally) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const PlanningProblem problem = RandomProblem(random, broken_start);
  const std::optional<int> cheapest = Cheapest(problem);
  const auto result = Solve(problem);
  if (const auto* none = std::get_if<NoSolution>(&result)) {
    EXPECT_TRUE(none->proved);
    EXPECT_FALSE(cheapest.has_value());
    ++tally.impossible;
    return;
  }
  const auto& solution = std::get<Solution>(result);
  ASSERT_TRUE(cheapest.has_value());
  EXPECT_EQ(solution.certificate.actions, *cheapest);
  EXPECT_LE(solution.certificate.lower_bound, *cheapest);
  const auto findings = check::CheckOrder(problem, solution.steps, solution.needs);
  EXPECT_THAT(findings.faults, IsEmpty());
  EXPECT_THAT(findings.idle, IsEmpty());
  EXPECT_TRUE(findings.exhaustive);
  EXPECT_THAT(
      check::CheckCertificate(problem, solution.steps, solution.needs, solution.certificate),
      IsEmpty());
  ++tally.solved;
  tally.searched += solution.certificate.method == "search" ? 1 : 0;
}

TEST(PlannerTest, AgreesWithExhaustiveSearch) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= 20000 && !HasFailure(); ++seed)
    CompareWithReferee(seed, false, tally);
  // The generator reaches every outcome often enough to mean something.
  EXPECT_GT(tally.solved, 5000);
  EXPECT_GT(tally.searched, 300);
  EXPECT_GT(tally.impossible, 1000);
}

TEST(PlannerTest, BrokenStartsAgreeWithExhaustiveSearch) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= 20000 && !HasFailure(); ++seed)
    CompareWithReferee(seed, true, tally);
  EXPECT_GT(tally.solved, 5000);
  EXPECT_GT(tally.impossible, 1000);
}

// One state less than the exact search needs.
TEST(PlannerTest, WhenTheBudgetEndsAnySafePlanIsBetterThanNone) {
  int unproven = 0;
  for (std::uint64_t seed = 1; seed <= 20000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const PlanningProblem problem = RandomProblem(random);
    const auto exact = Solve(problem);
    const auto* cheapest = std::get_if<Solution>(&exact);
    if (cheapest == nullptr || cheapest->certificate.method != "search") continue;
    const auto result = Solve(problem, {cheapest->certificate.states - 1});
    if (const auto* none = std::get_if<NoSolution>(&result)) {
      EXPECT_FALSE(none->proved);
      continue;
    }
    const auto& solution = std::get<Solution>(result);
    EXPECT_EQ(solution.certificate.method, "unproven");
    EXPECT_GE(solution.certificate.actions, cheapest->certificate.actions);
    EXPECT_THAT(check::CheckOrder(problem, solution.steps, solution.needs).faults, IsEmpty());
    EXPECT_THAT(
        check::CheckCertificate(problem, solution.steps, solution.needs, solution.certificate),
        IsEmpty());
    ++unproven;
  }
  EXPECT_GT(unproven, 20);
}

TEST(PlannerTest, SameProblemSamePlan) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 first(seed);
    std::mt19937_64 second(seed);
    const auto a = Solve(RandomProblem(first));
    const auto b = Solve(RandomProblem(second));
    ASSERT_EQ(a.index(), b.index());
    if (const auto* solution = std::get_if<Solution>(&a)) {
      EXPECT_EQ(solution->steps, std::get<Solution>(b).steps);
      EXPECT_EQ(solution->needs, std::get<Solution>(b).needs);
    }
  }
}

}  // namespace
}  // namespace poolshift::plan
