#include "controller/cli/drift_look.h"

#include <memory>

#include "controller/engine/drift_look.h"
#include "controller/engine/drift_memory.h"
#include "controller/engine/prepared.h"
#include "controller/model/try.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

absl::Status Remember(const Workspace& workspace, DriftReport& report) {
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(workspace.state_directory()));
  return RememberDrift(*store, report).status();
}

}  // namespace

absl::StatusOr<DriftReport> LookForDrift(const Session& session, Workspace& workspace) {
  POOLSHIFT_ASSIGN(const ObservedState observed, workspace.Observe());
  DriftReport report = ReportDrift(workspace.organization(), observed, session.now());
  report.commit = workspace.commit();
  const absl::StatusOr<Preparation> preparation =
      PreparationFor(workspace, observed, MovePhase::kWhole, report.looked_at);
  SuggestMends(workspace,
               observed,
               preparation.value_or(Preparation{MovePhase::kWhole, report.looked_at, {}}),
               report);
  const absl::Status remembered = Remember(workspace, report);
  if (!remembered.ok()) {
    session.Tell("not remembered: " + std::string(remembered.message()));
  }
  return report;
}

}  // namespace poolshift
