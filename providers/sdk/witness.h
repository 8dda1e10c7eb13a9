// Witness: asks the service to look, holds its answer against its own schemas, and adds the
// revisions. What breaks a promise is found here, in words for the provider's author, before the
// controller can be misled. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/sdk/service.h"

namespace poolshift::sdk {

class Witness {
 public:
  // `service` is borrowed.
  Witness(Service& service, Description description)
      : service_(service), description_(std::move(description)) {}

  const Description& description() const { return description_; }

  // Null when the provider does not serve the kind. Borrowed.
  const KindSchema* Find(const std::string& kind) const;

  // One observation per key, in their order. InvalidArgument for a kind that is not served,
  // Internal when the service's answer breaks its promise.
  absl::StatusOr<std::vector<Observation>> Look(const std::vector<ObservationKey>& keys,
                                                absl::Time deadline) const;

  // Why an action cannot be one on this provider: its kind is not served or only observed, or what
  // it wants breaks the schema of the kind. Ok when it can.
  absl::Status Admits(const Action& action) const;

  // The provider's own view of one resource.
  absl::StatusOr<Observation> Look(const ResourceId& id, absl::Time deadline) const;

  // Fills `revision`; Internal when the observation does not conform to its kind.
  absl::Status Attest(const ResourceId& id, Observation& observation) const;

 private:
  Service& service_;
  const Description description_;
};

// Every way in which a description cannot be right; empty when it can.
std::vector<std::string> Faults(const Description& description);

}  // namespace poolshift::sdk
