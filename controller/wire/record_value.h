// The small pieces that records are made of, both ways. Used by record_plan.cc and
// record_action.cc.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/repeated_field.h"

#include "controller/model/diagnostics.h"
#include "controller/model/observation.h"
#include "controller/model/value.h"
#include "poolshift/record/v1/record.pb.h"

namespace poolshift::wire {

void EncodeValue(const Value& value, record::v1::Value& out);
Value DecodeValue(const record::v1::Value& in);

void EncodeKey(const ObservationKey& key, record::v1::ObservationKey& out);
ObservationKey DecodeKey(const record::v1::ObservationKey& in);

void EncodeId(const ResourceId& id, record::v1::ResourceId& out);
ResourceId DecodeId(const record::v1::ResourceId& in);

void EncodeOrigin(const Origin& origin, record::v1::Origin& out);
Origin DecodeOrigin(const record::v1::Origin& in);

// Nanoseconds; INT64_MAX is without end.
std::int64_t EncodeDuration(absl::Duration duration);
absl::Duration DecodeDuration(std::int64_t nanoseconds);

void EncodeTexts(const std::vector<std::string>& texts,
                 google::protobuf::RepeatedPtrField<std::string>& out);
std::vector<std::string> DecodeTexts(const google::protobuf::RepeatedPtrField<std::string>& in);

}  // namespace poolshift::wire
