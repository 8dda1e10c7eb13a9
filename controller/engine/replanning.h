// Replanning: one organisation, planned again and again while its manifests are edited and the
// world is looked at. What did not change is not computed again.
//
//   Replanning replanning(offered);
//   replanning.SetManifest("a.yaml", text);
//   replanning.See(observed);
//   const Replanning::Outcome& outcome = replanning.Replan();
//
// Each outcome is, byte for byte, what loading all texts and MakePlanWithoutCommands make of the
// same inputs (tests/engine/replanning_test.cc). Pure, no global state; not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "controller/federation/assignment.h"
#include "controller/federation/lowering_memory.h"
#include "controller/manifest/manifest_set.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

class Replanning {
 public:
  // What each provider offers (ProviderDescription), as for Assignment.
  explicit Replanning(OfferedKinds offered) : offered_(std::move(offered)) {}
  Replanning(const Replanning&) = delete;
  Replanning& operator=(const Replanning&) = delete;

  void SetManifest(const std::string& name, std::string_view text) { manifests_.Set(name, text); }
  void RemoveManifest(const std::string& name) { manifests_.Remove(name); }
  // All that is observed, in place of what was.
  void See(ObservedState observed);

  struct Outcome {
    const Diagnostics* diagnostics = nullptr;  // of the manifests; never null
    // Null when the manifests have errors.
    const absl::StatusOr<Plan>* plan = nullptr;
  };
  // Borrowed until the next call of anything here.
  Outcome Replan();
  // As declared by the manifests of the last Replan.
  const Organization& organization() const { return *organization_; }

 private:
  bool StillHolds(ManifestSet::Difference difference) const;

  OfferedKinds offered_;
  ManifestSet manifests_;
  ObservedState observed_;
  const Organization* organization_ = nullptr;
  std::optional<Assignment> assignment_;
  LoweringMemory memory_;
  std::optional<absl::StatusOr<Plan>> plan_;
};

}  // namespace poolshift
