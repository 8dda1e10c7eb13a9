// PlanInputs: everything that a plan was made from, kept with it so that it can be made again at
// any desk (`poolshift replay`), and what a gate has seen. Both as bytes: the same value is always
// the same bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

// What made a plan: the same texts give the same plan only under the same rules.
struct PlannerIdentity {
  std::string program;  // "0.1.0"
  std::string planner;  // digest of the code that plans; "" = not known
  std::string rules;    // digest of the rule table
  bool operator==(const PlannerIdentity&) const = default;
};

struct PlanInputs {
  struct Lowered {  // LoweredTtl of federation/preparation.h
    absl::Time at;
    std::int64_t former = 0;
    bool operator==(const Lowered&) const = default;
  };
  std::vector<std::pair<std::string, std::string>> manifests;  // name and text, as they were read
  ObservedState observed;
  // What was seen before the first change, where a way back would lead to what was so then
  // (FormerDeclarationOf) and `observed` does not tell it; always there of a way back.
  std::optional<ObservedState> before;
  bool takes_back = false;                                  // it is a way back
  std::map<std::string, std::vector<std::string>> offered;  // kinds by provider
  std::map<std::string, std::string> exporters;             // who saves, by provider
  std::map<std::string, std::string> unfenced;              // what they say of it, by provider
  std::string phase;                                        // as in Plan::phase
  Objective objective = Objective::kFewestActions;
  absl::Time now = absl::UnixEpoch();
  std::map<ResourceId, Lowered> lowered;
  std::map<std::string, std::vector<absl::Duration>> measured;
  PlannerIdentity made_by;
};

std::string EncodeInputs(const PlanInputs& inputs);
// DataLoss when they are no inputs.
absl::StatusOr<PlanInputs> DecodeInputs(std::string_view bytes);

std::string EncodeObservations(const std::map<ObservationKey, Observation>& seen);
absl::StatusOr<std::map<ObservationKey, Observation>> DecodeObservations(std::string_view bytes);

}  // namespace poolshift
