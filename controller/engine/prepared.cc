#include "controller/engine/prepared.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "controller/engine/lowered_ttls.h"
#include "controller/federation/kinds.h"
#include "controller/model/try.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

// Some record set has the short time to live of a prepared move: only then it matters what is on
// record.
bool AnyShortTtl(const Workspace& workspace, const ObservedState& observed) {
  const std::int64_t move_ttl = absl::ToInt64Seconds(workspace.organization().policy.move_ttl);
  const auto& all = observed.observations;
  auto next = all.lower_bound({{std::string(kinds::kDnsRecordSet), ""}, ""});
  for (; next != all.end() && next->first.id.kind == kinds::kDnsRecordSet; ++next) {
    if (next->second.properties.IntegerOr("ttl", move_ttl + 1) <= move_ttl) return true;
  }
  return false;
}

// What earlier runs took. Estimates are no reason to fail: without a readable store those of the
// domain stand.
Measurements MeasuredBefore(const Workspace& workspace) {
  constexpr int kMostRuns = 20;
  const std::string file = workspace.state_directory() + "/poolshift.db";
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return {};
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(workspace.state_directory());
  if (!store.ok() || !(*store)->CheckJournal(workspace.organization().name).ok()) return {};
  return MeasureRuns(**store, workspace.organization().name, kMostRuns).value_or(Measurements());
}

}  // namespace

absl::StatusOr<Preparation> PreparationFor(const Workspace& workspace,
                                           const ObservedState& observed,
                                           MovePhase phase,
                                           absl::Time now) {
  Preparation preparation{phase, now, {}};
  const std::string& folder = workspace.state_directory();
  const bool matters = phase == MovePhase::kCutOver || AnyShortTtl(workspace, observed);
  if (!matters || !std::filesystem::exists(folder + "/poolshift.db")) return preparation;
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(folder));
  POOLSHIFT_TRY(store->CheckJournal(workspace.organization().name));
  POOLSHIFT_ASSIGN(preparation.lowered, LoweredTtls(*store, workspace.organization().name));
  return preparation;
}

absl::StatusOr<MadePlan> MakePreparedPlan(Workspace& workspace,
                                          ObservedState observed,
                                          absl::Time now,
                                          MovePhase phase,
                                          Objective objective) {
  MadePlan made;
  made.objective = objective;
  POOLSHIFT_ASSIGN(made.preparation, PreparationFor(workspace, observed, phase, now));
  POOLSHIFT_ASSIGN(made.plan, workspace.MakePlan(observed, now, made.preparation, objective));
  made.measurements = MeasuredBefore(workspace);
  made.measured = UseMeasurements(made.measurements, made.plan);
  made.observed = std::move(observed);
  return made;
}

}  // namespace poolshift
