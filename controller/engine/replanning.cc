#include "controller/engine/replanning.h"

#include "controller/engine/planning.h"

namespace poolshift {
namespace {

// Whether anything in it can name a line of a manifest.
bool NamesNoLine(const Plan& plan) {
  return plan.actions.empty() && plan.refusals.empty() && plan.warnings.items().empty() &&
         plan.notes.empty();
}

}  // namespace

void Replanning::See(ObservedState observed) {
  observed_ = std::move(observed);
  plan_.reset();
  memory_.Forget();
}

// A plan is a function of what is declared and observed; where entities stand in their files it
// only repeats.
bool Replanning::StillHolds(ManifestSet::Difference difference) const {
  if (!plan_.has_value() || !plan_->ok()) return false;
  if (difference == ManifestSet::Difference::kNone) return true;
  return difference == ManifestSet::Difference::kPlaces && NamesNoLine(**plan_);
}

Replanning::Outcome Replanning::Replan() {
  const ManifestSet::Result result = manifests_.Load();
  const LoadedOrganization& loaded = result.loaded;
  organization_ = &loaded.organization;
  if (result.difference == ManifestSet::Difference::kAnything) {
    assignment_.reset();
    plan_.reset();
    memory_.Forget();
  }
  for (const ManifestSet::Entity& entity : result.read_anew)
    memory_.ReadAnew(entity.kind, entity.name);
  if (loaded.diagnostics.has_errors()) return {&loaded.diagnostics, nullptr};
  if (!StillHolds(result.difference)) {
    if (!assignment_.has_value()) assignment_.emplace(*organization_, offered_);
    plan_ = MakePlanWithoutCommands(
        *organization_, observed_, *assignment_, nullptr, {}, Objective::kFewestActions, &memory_);
  }
  return {&loaded.diagnostics, &*plan_};
}

}  // namespace poolshift
