// The conformance kit: the promises of docs/provider-protocol.md as checks that run against any
// provider program.
//
//   RunConformance({.organization = "contoso", .reset = …, .start = …, .keys = …, .target = …,
//   .after = …});
//
// It calls `reset` before each promise, so that they do not depend on each other. Failures are
// Google Test failures that name the promise.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/provider/provider.h"

namespace poolshift::conformance {

struct Fixture {
  std::string organization;

  // Puts the target into its first state and empties the provider's state directory.
  std::function<void()> reset;

  // Starts the provider on what is there: its state directory outlives it.
  std::function<absl::StatusOr<std::unique_ptr<Provider>>(bool read_only)> start;

  // Resources that can be looked at, some present, perhaps some absent.
  std::vector<ObservationKey> keys;

  // A resource that the provider can change, and how (`after` null: delete it). It must differ from
  // its first state. No target: the provider only observes, and is held against the promises of
  // those.
  ResourceId target;
  Value after;

  // A resource that exists and cannot be looked at now; nothing when the provider has no such
  // thing.
  std::optional<ObservationKey> unreachable;
};

void RunConformance(const Fixture& fixture);

// For tests of a provider's own: one observation, and the request that changes `fixture.target`
// from `seen`.
Observation LookAt(Provider& provider, const ObservationKey& key);
ApplyRequest RequestFrom(const Fixture& fixture,
                         const Observation& seen,
                         std::string key,
                         std::int64_t token);

}  // namespace poolshift::conformance
