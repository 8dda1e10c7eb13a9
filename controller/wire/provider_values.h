// Value as the provider protocol carries it, and back. Decoding trusts nothing: what arrives may be
// hostile. Thread-safe (functions without state).
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/model/value.h"
#include "poolshift/provider/v1/provider.pb.h"

namespace poolshift::wire {

// How deep a value may nest. Protobuf's parsers refuse more than 100 nested messages, and one level
// of a map takes three of them.
inline constexpr int kMaxDepth = 30;

// InvalidArgument when `value` nests deeper than kMaxDepth. `out` must be empty.
absl::Status EncodeValue(const Value& value, provider::v1::Value& out);

// InvalidArgument when it nests deeper than kMaxDepth or is of a type that this version does not
// know.
absl::StatusOr<Value> DecodeValue(const provider::v1::Value& value);

}  // namespace poolshift::wire
