#include "controller/check/bound.h"

#include <numeric>

#include "controller/check/bounder.h"

namespace poolshift::check {
namespace {

// Variables that one operator changes belong to one part.
std::vector<Part> PartsOf(const PlanningProblem& problem) {
  std::vector<int> part(problem.variables.size());
  std::iota(part.begin(), part.end(), 0);
  const auto root = [&part](int at) {
    while (part[static_cast<std::size_t>(at)] != at)
      at = part[static_cast<std::size_t>(at)] =
          part[static_cast<std::size_t>(part[static_cast<std::size_t>(at)])];
    return at;
  };
  for (const Operator& step : problem.operators) {
    for (const Effect& effect : step.effects)
      part[static_cast<std::size_t>(root(effect.variable))] = root(step.effects.front().variable);
  }
  std::vector<Part> parts;
  std::vector<int> number(problem.variables.size(), -1);  // of a part, by root
  for (int i = 0; i < static_cast<int>(problem.variables.size()); ++i) {
    int& at = number[static_cast<std::size_t>(root(i))];
    if (at < 0) {
      at = static_cast<int>(parts.size());
      parts.emplace_back();
    }
    parts[static_cast<std::size_t>(at)].variables.push_back(i);
  }
  for (int i = 0; i < static_cast<int>(problem.operators.size()); ++i) {
    const int first = root(problem.operators[static_cast<std::size_t>(i)].effects.front().variable);
    parts[static_cast<std::size_t>(number[static_cast<std::size_t>(first)])].operators.push_back(i);
  }
  return parts;
}

}  // namespace

int LowerBound(const PlanningProblem& problem, const std::vector<int>& paid) {
  Bounder bounder(problem);
  int bound = 0;
  for (const Part& part : PartsOf(problem)) {
    int distance = bounder.Distance(part, false);
    int spent = 0;
    for (const int step : part.operators)
      spent += paid[static_cast<std::size_t>(step)];
    if (distance >= 0 && distance < spent) distance = bounder.Distance(part, true);
    if (distance < 0) return -1;
    bound += distance;
  }
  return bound;
}

namespace {

std::vector<BoundShare::Goal> GoalsOf(const PlanningProblem& problem, const Part& part) {
  std::vector<BoundShare::Goal> goals;
  for (const VariableIndex at : part.variables) {
    const Variable& variable = problem.variables[static_cast<std::size_t>(at)];
    if (variable.goal < 0 || variable.goal == variable.start) continue;
    goals.push_back({variable.name,
                     variable.values[static_cast<std::size_t>(variable.start)],
                     variable.values[static_cast<std::size_t>(variable.goal)]});
  }
  return goals;
}

}  // namespace

std::vector<std::string> CheckShares(const PlanningProblem& problem,
                                     const Certificate& certificate) {
  std::vector<std::string> faults;
  Bounder bounder(problem);
  const std::vector<BoundShare>& shares = certificate.shares;
  std::size_t next = 0;
  int sum = 0;
  for (const Part& part : PartsOf(problem)) {
    if (next == shares.size()) break;
    const BoundShare& share = shares[next];
    if (GoalsOf(problem, part) != share.goals) continue;
    ++next;
    sum += share.actions;
    const std::string of = share.goals.empty() ? "" : share.goals.front().variable;
    if (share.alone != bounder.DistanceUnder(part, {}))
      faults.push_back("the certificate says what " + of + " would take alone, and that is untrue");
    const int under = bounder.DistanceUnder(part, share.rules);
    if (under < share.actions)
      faults.push_back("the certificate says that " + of + " takes more than its rules demand");
  }
  if (next != shares.size()) faults.emplace_back("the certificate has a share of no part");
  if (sum != certificate.lower_bound)
    faults.emplace_back("the shares of the certificate are not its lower bound");
  return faults;
}

}  // namespace poolshift::check
