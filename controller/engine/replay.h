// Replay: a plan made again from what is on record of it, and compared byte by byte. Whatever was
// decided in the field can be decided again at any desk.
//
// The providers' commands are taken from the recorded plan: they are answers from outside, as
// observations are.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "controller/engine/measured.h"
#include "controller/engine/workspace.h"
#include "controller/wire/record.h"

namespace poolshift {

// This program. `version` is the program's.
PlannerIdentity ThisPlanner(std::string_view version);
// "poolshift 0.1.0, planner 5b1c…, rules 90ab…"
std::string ToString(const PlannerIdentity& identity);

// What a plan was made from, to be recorded with it.
PlanInputs InputsOf(const Workspace& workspace,
                    const ObservedState& observed,
                    const Preparation& preparation,
                    Objective objective,
                    const Measurements& measured,
                    const PlannerIdentity& made_by);

struct Replayed {
  Plan plan;  // as it is made now
  bool same = false;
  std::string difference;    // the first one, for people; "" when the same
  PlannerIdentity recorded;  // what made the plan then
  PlannerIdentity now;
};

// FailedPrecondition when the record holds no inputs, InvalidArgument when its manifests have
// faults for this version.
absl::StatusOr<Replayed> Replay(const PlanFile& record, const PlannerIdentity& now);

}  // namespace poolshift
