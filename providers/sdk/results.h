// Result as the protocol carries it, and back.
#pragma once

#include "absl/status/statusor.h"

#include "controller/model/resource_id.h"
#include "poolshift/provider/v1/provider.pb.h"
#include "providers/sdk/service.h"

namespace poolshift::sdk {

// `target` is the resource that the observation in the result is of. Texts are scrubbed of secrets.
provider::v1::Result EncodeResult(const Result& result, const ResourceId& target);

// Of a record that this SDK wrote; InvalidArgument when it is damaged.
absl::StatusOr<Result> DecodeResult(const provider::v1::Result& result);

// A result that left everything as it was, or, for kEffectUnknown, perhaps not.
Result NotDone(Outcome outcome, std::string message, bool retryable = false);

// Whether the target certainly is as it was before.
bool ChangedNothing(Outcome outcome);

}  // namespace poolshift::sdk
