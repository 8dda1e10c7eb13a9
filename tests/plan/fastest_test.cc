// The least time first. The slow referee here shares nothing with the planner but the problem.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/check/bound.h"
#include "controller/check/checker.h"
#include "controller/plan/planner.h"
#include "tests/plan/problems.h"

namespace poolshift::plan {
namespace {

using ::testing::IsEmpty;

using Values = std::vector<ValueIndex>;

Budget LeastTimeFirst() {
  Budget budget;
  budget.objective = Objective::kLeastTime;
  return budget;
}

int Missing(const Clause& clause, const Values& values) {
  const auto holding = static_cast<int>(
      std::count_if(clause.literals.begin(), clause.literals.end(), [&](const Literal& literal) {
        const ValueIndex value = values[static_cast<std::size_t>(literal.variable)];
        return std::count(literal.values.begin(), literal.values.end(), value) > 0;
      }));
  return std::max({clause.at_least - holding, holding - clause.at_most, 0});
}

bool Does(const PlanningProblem& problem, const Operator& step, Values& values) {
  const Values before = values;
  for (const Literal& needed : step.preconditions) {
    const ValueIndex value = values[static_cast<std::size_t>(needed.variable)];
    if (std::count(needed.values.begin(), needed.values.end(), value) == 0) return false;
  }
  for (const Effect& effect : step.effects) {
    ValueIndex& value = values[static_cast<std::size_t>(effect.variable)];
    if (value != effect.from) return false;
    value = effect.to;
  }
  return std::all_of(problem.clauses.begin(), problem.clauses.end(), [&](const Clause& clause) {
    return Missing(clause, values) <= Missing(clause, before);
  });
}

bool IsGoal(const PlanningProblem& problem, const Values& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ValueIndex goal = problem.variables[i].goal;
    if (goal >= 0 && goal != values[i]) return false;
  }
  return true;
}

// Rounds of steps, all of which take as long and may be done in any order, one after the other. No
// two of a round share a lock.
class Rounds {
 public:
  explicit Rounds(const PlanningProblem& problem) : problem_(problem) {}

  // The least number of rounds, and the fewest actions that so many can do with.
  std::optional<std::pair<int, int>> Fewest() {
    Values start;
    for (const Variable& variable : problem_.variables)
      start.push_back(variable.start);
    std::map<Values, int> now{{start, 0}};  // actions
    std::set<Values> seen{start};
    for (int rounds = 0; !now.empty(); ++rounds) {
      std::optional<int> fewest;
      for (const auto& [values, actions] : now) {
        if (IsGoal(problem_, values)) fewest = std::min(fewest.value_or(actions), actions);
      }
      if (fewest.has_value()) return std::pair(rounds, *fewest);
      next_.clear();
      for (const auto& [values, actions] : now)
        Extend({values}, 0, actions, {});
      std::erase_if(next_, [&](const auto& at) { return seen.contains(at.first); });
      for (const auto& [values, actions] : next_)
        seen.insert(values);
      now = next_;
    }
    return std::nullopt;
  }

 private:
  // `corners`: the states after every subset of the round so far; the last is after all of it.
  void Extend(const std::vector<Values>& corners,
              std::size_t first,
              int actions,
              const std::set<std::string>& held) {
    if (corners.size() > 1) {
      const auto [at, added] = next_.emplace(corners.back(), actions);
      if (!added) at->second = std::min(at->second, actions);
    }
    for (std::size_t i = first; i < problem_.operators.size(); ++i) {
      const std::vector<std::string>& locks = problem_.operators[i].action.locks;
      std::set<std::string> all = held;
      all.insert(locks.begin(), locks.end());
      if (all.size() < held.size() + locks.size()) continue;
      std::vector<Values> more = corners;
      for (const Values& corner : corners) {
        Values after = corner;
        if (!Does(problem_, problem_.operators[i], after)) break;
        more.push_back(std::move(after));
      }
      if (more.size() == 2 * corners.size() && AnyOrder(more, corners.size()))
        Extend(more, i + 1, actions + problem_.operators[i].cost, all);
    }
  }

  // The steps before are possible after the new one as well.
  bool AnyOrder(const std::vector<Values>& corners, std::size_t half) const {
    for (std::size_t bit = 1; bit < half; bit *= 2) {
      for (std::size_t i = half; i < corners.size(); ++i) {
        if ((i & bit) != 0) continue;
        const bool keeps = std::all_of(
            problem_.clauses.begin(), problem_.clauses.end(), [&](const Clause& clause) {
              return Missing(clause, corners[i + bit]) <= Missing(clause, corners[i]);
            });
        if (!keeps || !Needs(corners, bit, i)) return false;
      }
    }
    return true;
  }

  // Whether the step that leads from corner 0 to corner `bit` can be done at corner `i`.
  bool Needs(const std::vector<Values>& corners, std::size_t bit, std::size_t i) const {
    return std::any_of(
        problem_.operators.begin(), problem_.operators.end(), [&](const Operator& step) {
          Values from = corners[0];
          Values at = corners[i];
          return Does(problem_, step, from) && from == corners[bit] && Does(problem_, step, at) &&
                 at == corners[i + bit];
        });
  }

  const PlanningProblem& problem_;
  std::map<Values, int> next_;
};

void ExpectSafe(const PlanningProblem& problem, const Solution& solution) {
  const auto findings = check::CheckOrder(problem, solution.steps, solution.needs);
  EXPECT_THAT(findings.faults, IsEmpty());
  EXPECT_THAT(findings.idle, IsEmpty());
  EXPECT_THAT(
      check::CheckCertificate(problem, solution.steps, solution.needs, solution.certificate),
      IsEmpty());
}

// The way with a stop between is faster than the direct one.
PlanningProblem DirectOrNot() {
  PlanningProblem problem;
  const auto record = AddVariable(problem, "record", 3, 1);  // old, new, parked
  AddOperator(problem, "set", {{record, 0, 1}});
  AddOperator(problem, "park", {{record, 0, 2}});
  AddOperator(problem, "set from there", {{record, 2, 1}});
  problem.operators[0].action.duration = absl::Seconds(10);
  problem.operators[1].action.duration = absl::Seconds(1);
  problem.operators[2].action.duration = absl::Seconds(1);
  return problem;
}

TEST(FastestTest, TakesMoreActionsWhereThatIsFaster) {
  const PlanningProblem problem = DirectOrNot();
  const auto smallest = std::get<Solution>(Solve(problem));
  const auto quick = std::get<Solution>(Solve(problem, LeastTimeFirst()));
  ExpectSafe(problem, smallest);
  ExpectSafe(problem, quick);
  EXPECT_EQ(smallest.certificate.actions, 1);
  EXPECT_EQ(quick.certificate.actions, 2);
  EXPECT_EQ(quick.certificate.makespan, absl::Seconds(2));
  EXPECT_EQ(quick.certificate.time_method, "bound");
  EXPECT_EQ(smallest.certificate.time_method, "");
}

TEST(FastestTest, SaysWhatIsNotProven) {
  Budget budget = LeastTimeFirst();
  budget.moments = 0;
  int unproven = 0;
  for (std::uint64_t seed = 1; seed <= 3000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    PlanningProblem problem = RandomProblem(random);
    for (Operator& step : problem.operators)
      step.action.duration = absl::Seconds(1 + static_cast<int>(random() % 3));
    const auto result = Solve(problem, budget);
    const auto* solution = std::get_if<Solution>(&result);
    if (solution == nullptr) continue;
    ExpectSafe(problem, *solution);
    unproven += solution->certificate.time_method == "unproven" ? 1 : 0;
  }
  EXPECT_GT(unproven, 50);
}

void CompareWithRounds(std::uint64_t seed, bool broken_start, int& dearer) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  PlanningProblem problem = RandomProblem(random, broken_start);
  for (Operator& step : problem.operators)
    step.action.duration = absl::Seconds(1);
  const auto expected = Rounds(problem).Fewest();
  const auto result = Solve(problem, LeastTimeFirst());
  const auto* solution = std::get_if<Solution>(&result);
  ASSERT_EQ(solution != nullptr, expected.has_value());
  if (solution == nullptr) return;
  ExpectSafe(problem, *solution);
  EXPECT_LE(check::LeastTime(problem), absl::Seconds(expected->first));
  EXPECT_NE(solution->certificate.time_method, "unproven");
  EXPECT_EQ(solution->certificate.makespan, absl::Seconds(expected->first));
  EXPECT_EQ(solution->certificate.actions, expected->second);
  const auto smallest = std::get<Solution>(Solve(problem));
  EXPECT_LE(solution->certificate.makespan, smallest.certificate.makespan);
  EXPECT_GE(solution->certificate.actions, smallest.certificate.actions);
  dearer += solution->certificate.actions > smallest.certificate.actions ? 1 : 0;
}

TEST(FastestTest, AgreesWithExhaustiveSearch) {
  int dearer = 0;
  for (std::uint64_t seed = 1; seed <= 5000 && !testing::Test::HasFailure(); ++seed)
    CompareWithRounds(seed, seed % 2 == 0, dearer);
  EXPECT_GT(dearer, 20);
}

// Two that both write to one place take turns, so that the bound by chains is too low.
TEST(FastestTest, CountsLocks) {
  PlanningProblem problem;
  for (const char* name : {"a", "b", "c"}) {
    const auto variable = AddVariable(problem, name, 2, 1);
    AddOperator(problem, name, {{variable, 0, 1}});
    problem.operators.back().action.duration = absl::Seconds(5);
    problem.operators.back().action.locks = {"store"};
  }
  const auto solution = std::get<Solution>(Solve(problem, LeastTimeFirst()));
  EXPECT_EQ(solution.certificate.makespan, absl::Seconds(15));
  EXPECT_EQ(solution.certificate.time_method, "search");
}

}  // namespace
}  // namespace poolshift::plan
