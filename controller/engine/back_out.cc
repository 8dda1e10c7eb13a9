#include "controller/engine/back_out.h"

#include <algorithm>
#include <optional>

#include "controller/engine/planning.h"
#include "controller/engine/side_by_side.h"
#include "controller/federation/kinds.h"
#include "controller/federation/no_return.h"
#include "controller/federation/prospect.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

const Value kAbsentValue;

Value Writable(const ResourceId& id, const ObservedState& observed) {
  const Value* seen = observed.Properties(id);
  const KindSchema* schema = kinds::FindKindSchema(id.kind);
  if (seen == nullptr || schema == nullptr) return {};
  return WritablePart(*schema, *seen);
}

// One line for each member that is not as it was.
void Differ(const std::string& name,
            const Value& before,
            const Value& after,
            std::vector<std::string>& lines) {
  if (before == after) return;
  if (!after.is_map() || after.map().empty()) {
    lines.push_back(name + ": " + DisplayText(after));
    return;
  }
  for (const auto& [member, value] : after.map()) {
    const Value* former = before.Find(member);
    if (former != nullptr && *former == value) continue;
    if (value.is_map()) {
      Differ(name + " / " + member, former == nullptr ? kAbsentValue : *former, value, lines);
      continue;
    }
    std::string line = name + ": " + member + " is " + DisplayText(value);
    if (former != nullptr) line += ", was " + DisplayText(*former);
    lines.push_back(std::move(line));
  }
}

std::vector<std::string> WhatStays(const std::vector<Action>& done,
                                   const ObservedState& before,
                                   const ObservedState& after) {
  std::set<ResourceId> targets;
  for (const Action& action : done) {
    if (action.verb != Verb::kGate) targets.insert(action.target);
  }
  std::vector<std::string> lines;
  for (const ResourceId& id : targets) {
    if (id.kind == kinds::kStreams) continue;  // closed streams are not missed
    Differ(ToString(id), Writable(id, before), Writable(id, after), lines);
  }
  return lines;
}

Preparation TakesBack(const std::set<std::string>& supposed_alive) {
  Preparation preparation;
  preparation.takes_back = true;
  preparation.supposed_alive = supposed_alive;
  return preparation;
}

std::vector<WayBack::Lost> LostBy(const std::vector<Action>& done) {
  std::vector<WayBack::Lost> lost;
  for (const Action& action : done) {
    std::string why = NoReturn(action);
    if (!why.empty()) lost.push_back({action.id, action.title, std::move(why)});
  }
  return lost;
}

}  // namespace

absl::StatusOr<WayBack> MakeBackOut(const PlanGround& ground, const std::vector<Action>& done) {
  WayBack back;
  back.after = done.size();
  back.plan.organization = ground.declared.name;
  back.lost = LostBy(done);
  if (done.empty()) return back;
  std::optional<Organization> without_lost;
  if (!back.lost.empty()) {
    without_lost = ground.former.organization;
    back.left_out = LeaveOutLost(ground.declared, done, *without_lost);
  }
  const Organization& goal = without_lost.has_value() ? *without_lost : ground.former.organization;
  ObservedState reached = AfterActions(ground.declared, ground.observed, done);
  back.restored.assign(ground.former.restored.begin(), ground.former.restored.end());
  reached = SupposeAnswering(goal, std::move(reached), ground.observed, ground.former.restored);
  POOLSHIFT_ASSIGN(back.plan,
                   MakePlanWithoutCommands(goal,
                                           reached,
                                           ground.assignment,
                                           nullptr,
                                           TakesBack(ground.former.restored),
                                           ground.objective));
  const ObservedState home = AfterActions(goal, std::move(reached), back.plan.actions);
  if (back.plan.refusals.empty()) back.stays = WhatStays(done, ground.observed, home);
  return back;
}

absl::StatusOr<Plan> PlanBackWithoutCommands(const FormerDeclaration& former,
                                             const ObservedState& reached,
                                             const Assignment& assignment,
                                             const Exporters& exporters) {
  POOLSHIFT_ASSIGN(
      Plan plan,
      MakePlanWithoutCommands(former.organization, reached, assignment, nullptr, TakesBack({})));
  TellExport(exporters, plan);
  return plan;
}

absl::StatusOr<Plan> PlanBack(const FormerDeclaration& former,
                              const ObservedState& reached,
                              Workspace& workspace) {
  POOLSHIFT_ASSIGN(
      Plan plan,
      PlanBackWithoutCommands(former, reached, workspace.assignment(), workspace.exporters()));
  POOLSHIFT_TRY(workspace.AddCommands(plan));
  return plan;
}

absl::StatusOr<std::vector<WayBack>> MakeBackOuts(const PlanGround& ground,
                                                  const std::vector<Action>& actions,
                                                  std::size_t most) {
  const std::size_t count = std::min(most, actions.size() + 1);
  const std::size_t first = actions.size() + 1 - count;
  return MadeSideBySide<WayBack>(count, [&](std::size_t i) {
    return MakeBackOut(ground,
                       {actions.begin(), actions.begin() + static_cast<std::ptrdiff_t>(first + i)});
  });
}

}  // namespace poolshift
