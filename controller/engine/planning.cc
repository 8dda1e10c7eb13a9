#include "controller/engine/planning.h"

#include <algorithm>
#include <future>

#include "absl/status/status.h"

#include "controller/check/checker.h"
#include "controller/engine/no_order.h"
#include "controller/engine/reliance.h"
#include "controller/federation/left_out.h"
#include "controller/federation/loss_window.h"
#include "controller/federation/lowering.h"
#include "controller/federation/notes.h"
#include "controller/model/try.h"
#include "controller/plan/planner.h"
#include "controller/policy/limits.h"

namespace poolshift {
namespace {

void NameGatesReliedOn(const std::vector<std::vector<int>>& relied, std::vector<Action>& actions) {
  for (std::size_t place = 0; place < actions.size(); ++place) {
    for (const int gate : relied[place])
      actions[place].relies.push_back(actions[static_cast<std::size_t>(gate)].id);
    std::sort(actions[place].relies.begin(), actions[place].relies.end());
  }
}

// Where nothing can be done for the rest, nothing is done, and the parts left out say why.
void RefuseRest(Plan& plan) {
  if (plan.left_out.empty()) return;
  RefuseLeftOut(plan.left_out, plan.refusals);
  plan.left_out.clear();
  plan.actions.clear();
  plan.basis.clear();
  plan.rests_on.clear();
  plan.notes.clear();
  plan.choices.clear();
  plan.certificate = {};
}

// A thread of its own takes longer to start than the check of a small plan.
std::launch LaunchFor(const PlanningProblem& problem) {
  constexpr std::size_t kFew = 500;
  return problem.operators.size() < kFew ? std::launch::deferred : std::launch::async;
}

// Checks the solution, and does `meanwhile`, which only reads it too, while the order is checked:
// of a large organisation that takes longest.
template <typename Work>
absl::Status CheckedOrDefect(const PlanningProblem& problem,
                             const plan::Solution& solution,
                             const Work& meanwhile) {
  std::future<std::vector<std::string>> of_order = std::async(LaunchFor(problem), [&] {
    return check::CheckOrder(problem, solution.steps, solution.needs).faults;
  });
  const std::vector<std::string> of_certificate =
      check::CheckCertificate(problem, solution.steps, solution.needs, solution.certificate);
  meanwhile();
  std::vector<std::string> faults = of_order.get();
  faults.insert(faults.end(), of_certificate.begin(), of_certificate.end());
  if (faults.empty()) return absl::OkStatus();
  return absl::InternalError(
      "the plan does not pass its own check, so nothing is planned: " + faults.front() +
      ". This is a defect of poolshift; please report it with `plan --json`");
}

}  // namespace

absl::StatusOr<Plan> MakePlanWithoutCommands(const Organization& organization,
                                             const ObservedState& observed,
                                             const Assignment& assignment,
                                             Reasoning* reasoning,
                                             const Preparation& preparation,
                                             Objective objective,
                                             LoweringMemory* memory) {
  Lowered lowered = Lower(organization, observed, assignment, preparation, memory);
  Plan plan;
  plan.organization = organization.name;
  plan.phase = std::string(Name(preparation.phase));
  plan.situations = std::move(lowered.situations);
  plan.warnings = std::move(lowered.warnings);
  plan.refusals = std::move(lowered.refusals);
  if (!plan.refusals.empty()) return plan;
  plan.left_out = std::move(lowered.left_out);
  plan::Budget budget;
  budget.objective = objective;
  const auto solved = plan::Solve(lowered.problem, budget);
  if (const auto* none = std::get_if<plan::NoSolution>(&solved)) {
    plan.refusals.push_back(RefusalOf(*none, organization));
    RefuseRest(plan);
    return plan;
  }
  const auto& solution = std::get<plan::Solution>(solved);
  plan.basis = std::move(lowered.basis);
  std::vector<std::vector<int>> relied;
  POOLSHIFT_TRY(CheckedOrDefect(lowered.problem, solution, [&] {
    plan.rests_on = WhatItRestsOn(lowered.problem, solution.steps, plan.basis);
    relied = GatesReliedOn(lowered.problem, solution.steps);
  }));
  plan.actions = reasoning != nullptr ? plan::ActionsOf(lowered.problem, solution)
                                      : plan::ActionsOf(std::move(lowered.problem), solution);
  NameGatesReliedOn(relied, plan.actions);
  plan.certificate = solution.certificate;
  plan.warnings.Append(LossWindows(lowered.moves, plan.actions, lowered.former_ttl));
  plan.choices = std::move(lowered.choices);
  if (preparation.phase != MovePhase::kPrepare)
    plan.notes = AccountForPages(organization, lowered.moves, plan.actions);
  plan.notes.insert(plan.notes.end(), lowered.notes.begin(), lowered.notes.end());
  // With nothing else to do, what could not be looked at is all there is to say. On the way back it
  // was left out on the way forth too, so that nothing of it is to be taken back.
  if (plan.mutations() == 0 && !preparation.takes_back) RefuseRest(plan);
  if (reasoning != nullptr && plan.refusals.empty())
    *reasoning = {std::move(lowered.problem), solution.steps, solution.needs};
  return plan;
}

absl::StatusOr<Plan> MakePlanWithinLimits(const Organization& organization,
                                          const ObservedState& observed,
                                          const Assignment& assignment,
                                          absl::Time now,
                                          const Preparation& preparation,
                                          Objective objective) {
  POOLSHIFT_ASSIGN(
      Plan plan,
      MakePlanWithoutCommands(organization, observed, assignment, nullptr, preparation, objective));
  Policy limits = organization.policy;
  limits.windows.clear();
  for (Refusal& refusal : CheckPolicy(limits, plan, now, ""))
    plan.refusals.push_back(std::move(refusal));
  return plan;
}

}  // namespace poolshift
