#include "controller/engine/replay.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"

#include "controller/engine/back_out.h"
#include "controller/engine/planning.h"
#include "controller/federation/rule.h"
#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "controller/report/diagnostics_text.h"
#include "controller/report/plan_json.h"
#include "controller/world/build_identity.h"

namespace poolshift {
namespace {

constexpr std::size_t kShownDigits = 12;

// Everything of a rule that decides something.
std::string RulesDigest() {
  std::string text;
  for (const Rule& rule : Rules()) {
    for (const std::string_view part : {rule.id, rule.text, rule.source, rule.kept})
      text += std::to_string(part.size()) + ':' + std::string(part);
    for (const int part : {static_cast<int>(rule.form),
                           static_cast<int>(rule.severity),
                           static_cast<int>(rule.clauses)})
      text += std::to_string(part) + ',';
  }
  return Digest(text);
}

Preparation PreparationOf(const PlanInputs& inputs) {
  Preparation preparation;
  for (const MovePhase phase : {MovePhase::kPrepare, MovePhase::kCutOver})
    if (inputs.phase == Name(phase)) preparation.phase = phase;
  preparation.now = inputs.now;
  for (const auto& [record, lowered] : inputs.lowered)
    preparation.lowered[record] = {lowered.at, lowered.former};
  return preparation;
}

void TakeCommands(const Plan& recorded, Plan& plan) {
  std::map<ActionId, const Action*> actions;
  for (const Action& action : recorded.actions)
    actions.emplace(action.id, &action);
  for (Action& action : plan.actions) {
    const auto known = actions.find(action.id);
    if (action.verb != Verb::kGate && known != actions.end())
      action.commands = known->second->commands;
  }
}

absl::StatusOr<Plan> PlanAnew(const Organization& organization, const PlanInputs& inputs) {
  const Assignment assignment(organization, inputs.offered);
  if (inputs.takes_back && inputs.before.has_value()) {
    return PlanBackWithoutCommands(FormerDeclarationOf(organization, *inputs.before),
                                   inputs.observed,
                                   assignment,
                                   inputs.exporters);
  }
  POOLSHIFT_ASSIGN(Plan plan,
                   MakePlanWithinLimits(organization,
                                        inputs.observed,
                                        assignment,
                                        inputs.now,
                                        PreparationOf(inputs),
                                        inputs.objective));
  WarnOfUnfenced(organization, inputs.unfenced, plan);
  TellExport(inputs.exporters, plan);
  return plan;
}

std::string BytesOf(const PlanFile& record, const Plan& plan) {
  PlanFile file = record;
  file.plan = plan;
  file.inputs.reset();
  return EncodePlanFile(file);
}

// The first line of `plan --json` that differs, with the title of the action that it is in.
std::string FirstDifference(const Plan& recorded, const Plan& now) {
  const std::vector<std::string> then = absl::StrSplit(PlanJson(recorded), '\n');
  const std::vector<std::string> here = absl::StrSplit(PlanJson(now), '\n');
  std::string title;
  for (std::size_t i = 0; i < std::max(then.size(), here.size()); ++i) {
    const std::string was = i < then.size() ? then[i] : "(nothing)";
    const std::string is = i < here.size() ? here[i] : "(nothing)";
    if (was == is) {
      if (was.find("\"title\":") != std::string::npos) title = was.substr(was.find('"'));
      continue;
    }
    return "line " + std::to_string(i + 1) + " of the plan as JSON" +
           (title.empty() ? "" : ", after " + title) + "\n  recorded: " + was +
           "\n  now:      " + is;
  }
  return "in what the plan as JSON does not show";
}

}  // namespace

PlannerIdentity ThisPlanner(std::string_view version) {
  return {std::string(version), BuildIdentity("poolshift_"), RulesDigest()};
}

std::string ToString(const PlannerIdentity& identity) {
  const auto part = [](const std::string& digest) {
    return digest.empty() ? std::string("unknown") : digest.substr(0, kShownDigits);
  };
  return "poolshift " + identity.program + ", planner " + part(identity.planner) + ", rules " +
         part(identity.rules);
}

PlanInputs InputsOf(const Workspace& workspace,
                    const ObservedState& observed,
                    const Preparation& preparation,
                    Objective objective,
                    const Measurements& measured,
                    const PlannerIdentity& made_by) {
  PlanInputs inputs;
  inputs.manifests = workspace.manifests();
  inputs.observed = observed;
  inputs.offered = workspace.offered();
  inputs.exporters = workspace.exporters();
  inputs.unfenced = workspace.unfenced();
  inputs.phase = std::string(Name(preparation.phase));
  inputs.objective = objective;
  inputs.now = preparation.now;
  for (const auto& [record, lowered] : preparation.lowered)
    inputs.lowered[record] = {lowered.at, lowered.former};
  inputs.measured = measured;
  inputs.made_by = made_by;
  return inputs;
}

absl::StatusOr<Replayed> Replay(const PlanFile& record, const PlannerIdentity& now) {
  if (!record.inputs.has_value()) {
    return absl::FailedPreconditionError(
        "what this plan was made from is not on record: an earlier version planned it");
  }
  const PlanInputs& inputs = *record.inputs;
  const LoadedOrganization loaded = ParseManifests(inputs.manifests);
  if (loaded.diagnostics.has_errors()) {
    return absl::InvalidArgumentError(
        "the recorded manifests have faults for this version of poolshift (they were read by " +
        ToString(inputs.made_by) + "):\n" + DiagnosticsText(loaded.diagnostics, Style()));
  }
  Replayed replayed;
  POOLSHIFT_ASSIGN(replayed.plan, PlanAnew(loaded.organization, inputs));
  TakeCommands(record.plan, replayed.plan);
  UseMeasurements(inputs.measured, replayed.plan);
  replayed.same = BytesOf(record, record.plan) == BytesOf(record, replayed.plan);
  if (!replayed.same) replayed.difference = FirstDifference(record.plan, replayed.plan);
  replayed.recorded = inputs.made_by;
  replayed.now = now;
  return replayed;
}

}  // namespace poolshift
