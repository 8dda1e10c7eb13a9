// The planner's side of `./dev verify planner`: makes a family of problems, plans each of them, and
// writes both for the referee.
//   poolshift-verify core [POOLS [FRONT_ENDS]] | poolshift-referee
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/verify/core.h"
#include "tests/verify/product.h"
#include "tests/verify/puzzle_text.h"

namespace poolshift::verify {
namespace {

// Every `every`th ordered pair of safe states.
void WriteCore(int pools, int front_ends, int every, const plan::Budget& budget) {
  PlanningProblem problem = Core(pools, front_ends);
  WritePuzzle("core", problem, std::cout);
  std::cout << "even\n";
  if (every == 1) std::cout << "all\n";
  if (budget.objective == Objective::kLeastTime) std::cout << "quick\n";
  const auto states = SafeStates(problem);
  std::int64_t pair = 0;
  for (const auto& goal : states) {
    for (const auto& start : states) {
      if (pair++ % every != 0) continue;
      for (std::size_t i = 0; i < problem.variables.size(); ++i) {
        problem.variables[i].start = start[i];
        problem.variables[i].goal = goal[i];
      }
      WriteAnswer(problem, plan::Solve(problem, budget), std::cout);
    }
  }
  std::cout << "end\n";
}

void WriteProduct(int every, int first, const plan::Budget& budget) {
  const Enumerated all =
      ForEachProduct(first, every, [&](const std::string& name, const PlanningProblem& problem) {
        WritePuzzle(name, problem, std::cout);
        if (budget.objective == Objective::kLeastTime) std::cout << "quick\n";
        WriteAnswer(problem, plan::Solve(problem, budget), std::cout);
        std::cout << "end\n";
      });
  std::cerr << "product: " << all.combinations << " combinations, " << all.refused
            << " of them refused\n";
}

}  // namespace
}  // namespace poolshift::verify

int main(int count, char** words) {
  const std::string family = count > 1 ? words[1] : "";
  const auto number = [&](int place, int fallback) {
    return count > place ? std::atoi(words[place]) : fallback;
  };
  std::ios::sync_with_stdio(false);
  if (family == "core") {
    poolshift::verify::WriteCore(number(2, 3), number(3, 2), 1, {});
    return 0;
  }
  poolshift::plan::Budget budget;
  if (family == "quick" || family == "product-quick")
    budget.objective = poolshift::Objective::kLeastTime;
  if (family == "quick") {
    poolshift::verify::WriteCore(number(2, 3), number(3, 2), std::max(1, number(4, 1)), budget);
    return 0;
  }
  if (family == "product" || family == "product-quick") {
    poolshift::verify::WriteProduct(std::max(1, number(2, 1)), std::max(0, number(3, 0)), budget);
    return 0;
  }
  std::cerr << "poolshift-verify core [POOLS [FRONT_ENDS]]\n"
               "poolshift-verify quick [POOLS [FRONT_ENDS [EVERY]]]\n"
               "poolshift-verify product [EVERY [FIRST]]\n"
               "poolshift-verify product-quick [EVERY [FIRST]]\n";
  return 1;
}
