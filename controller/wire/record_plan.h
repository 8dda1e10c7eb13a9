// Plan ↔ record.v1.Plan, every field. Used by record.cc only.
#pragma once

#include "absl/status/statusor.h"

#include "controller/model/plan.h"
#include "poolshift/record/v1/record.pb.h"

namespace poolshift::wire {

void EncodePlan(const Plan& plan, record::v1::Plan& out);

// InvalidArgument when a value is of a type, or a name of an enumeration, that this version does
// not know.
absl::StatusOr<Plan> DecodePlan(const record::v1::Plan& in);

void EncodeAction(const Action& action, record::v1::Action& out);
absl::StatusOr<Action> DecodeAction(const record::v1::Action& in);

}  // namespace poolshift::wire
