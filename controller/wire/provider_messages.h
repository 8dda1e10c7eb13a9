// The parts of the provider protocol that both sides speak: keys, observations, actions, kinds; and
// back. Decoding checks form only (known enum values, names not empty, depth); whether the content
// keeps its promises is checked by whoever asked. Every error is InvalidArgument and says which
// item is wrong. Thread-safe.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/model/kind_schema.h"
#include "controller/model/listed.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "poolshift/provider/v1/provider.pb.h"

namespace poolshift::wire {

// An answer travels with the key that it answers.
struct KeyedObservation {
  ObservationKey key;
  Observation observation;  // `at` is the provider's clock, `provider` is not set
};

void EncodeId(const ResourceId& id, provider::v1::ResourceId& out);
absl::StatusOr<ResourceId> DecodeId(const provider::v1::ResourceId& id);

void EncodeKey(const ObservationKey& key, provider::v1::ObservationKey& out);
absl::StatusOr<ObservationKey> DecodeKey(const provider::v1::ObservationKey& key);

absl::Status EncodeObservation(const KeyedObservation& observation, provider::v1::Observation& out);
absl::StatusOr<KeyedObservation> DecodeObservation(const provider::v1::Observation& observation);

absl::Status EncodeListed(const Listed& listed, provider::v1::Listed& out);
absl::StatusOr<Listed> DecodeListed(const provider::v1::Listed& listed);

// What a provider needs to know of an action: id, verb, target, before, after and precondition.
// A gate is no provider's business: InvalidArgument.
absl::Status EncodeAction(const Action& action, provider::v1::Action& out);
absl::StatusOr<Action> DecodeAction(const provider::v1::Action& action);

void EncodeSchema(const KindSchema& schema, provider::v1::KindSchema& out);
absl::StatusOr<KindSchema> DecodeSchema(const provider::v1::KindSchema& schema);

}  // namespace poolshift::wire
