#include "controller/engine/planning.h"

#include <future>

#include "absl/status/status.h"

#include "controller/check/checker.h"
#include "controller/engine/reliance.h"
#include "controller/federation/left_out.h"
#include "controller/federation/loss_window.h"
#include "controller/federation/lowering.h"
#include "controller/federation/notes.h"
#include "controller/federation/state_words.h"
#include "controller/model/try.h"
#include "controller/plan/planner.h"
#include "controller/policy/limits.h"

namespace poolshift {
namespace {

Refusal ToRefusal(const plan::NoSolution& none, const Organization& organization) {
  Refusal refusal;
  refusal.rule = none.because.empty() ? "goal" : none.because.front().rule;
  refusal.text = none.proved ? "no safe order of actions exists"
                             : "no safe order of actions was found in time";
  if (!none.stuck.empty()) {
    refusal.text += " for ";
    for (std::size_t i = 0; i < none.stuck.size(); ++i)
      refusal.text += (i == 0 ? "" : ", ") + VariableInWords(none.stuck[i]);
  }
  refusal.demands = none.demands;
  if (!none.demands.empty()) {
    refusal.rule = none.demands.front().rule.rule;
    refusal.source = none.demands.front().rule.source;
    refusal.text += none.demands.size() == 1 ? ": this cannot be met" : ": these cannot all be met";
    refusal.hint = "give up one of them: change its line, or reach the goal by two commits";
    refusal.origin = none.demands.front().origin.file.empty() ? organization.origin
                                                              : none.demands.front().origin;
    return refusal;
  }
  for (const Reason& reason : none.because)
    refusal.text += "; " + reason.rule + ": " + reason.text;
  refusal.hint = "declare a goal that can be reached without breaking a rule, one step at a time";
  refusal.origin = organization.origin;
  return refusal;
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
    plan.refusals.push_back(ToRefusal(*none, organization));
    RefuseRest(plan);
    return plan;
  }
  const auto& solution = std::get<plan::Solution>(solved);
  plan.basis = std::move(lowered.basis);
  POOLSHIFT_TRY(CheckedOrDefect(lowered.problem, solution, [&] {
    plan.rests_on = WhatItRestsOn(lowered.problem, solution.steps, plan.basis);
  }));
  plan.actions = reasoning != nullptr ? plan::ActionsOf(lowered.problem, solution)
                                      : plan::ActionsOf(std::move(lowered.problem), solution);
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
