// PlanInputs ↔ record.v1.PlanInputs. Used by inputs.cc and record.cc only.
#pragma once

#include "controller/wire/inputs.h"
#include "poolshift/record/v1/record.pb.h"

namespace poolshift::wire {

void EncodePlanInputs(const PlanInputs& inputs, record::v1::PlanInputs& out);
// InvalidArgument when a presence is one that this version does not know.
absl::StatusOr<PlanInputs> DecodePlanInputs(const record::v1::PlanInputs& in);

}  // namespace poolshift::wire
