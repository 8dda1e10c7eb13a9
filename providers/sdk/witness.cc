#include "providers/sdk/witness.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/time/clock.h"

#include "controller/model/revision.h"
#include "controller/model/try.h"

namespace poolshift::sdk {
namespace {

// A required property may be missing only when the observation says that it could not be read.
std::vector<std::string> UnexcusedViolations(const KindSchema& schema,
                                             const Observation& observation) {
  if (observation.unknown.empty()) return Violations(schema, observation.properties);
  KindSchema asked = schema;
  for (PropertySchema& property : asked.properties) {
    const auto& unknown = observation.unknown;
    if (std::find(unknown.begin(), unknown.end(), property.name) != unknown.end())
      property.required = false;
  }
  return Violations(asked, observation.properties);
}

// A change may name only what changes, unless it makes the resource; what is computed is no part of
// it, unless the provider says so.
KindSchema AsChanged(const KindSchema& schema,
                     const std::vector<std::string>& settable,
                     bool whole) {
  KindSchema changed = schema;
  for (PropertySchema& property : changed.properties) {
    const std::string name = schema.kind + '.' + property.name;
    if (std::find(settable.begin(), settable.end(), name) != settable.end())
      property.computed = property.required = false;
  }
  std::erase_if(changed.properties,
                [](const PropertySchema& property) { return property.computed; });
  for (PropertySchema& property : changed.properties)
    property.required = property.required && whole;
  return changed;
}

}  // namespace

std::vector<std::string> Faults(const Description& description) {
  std::vector<std::string> faults;
  if (description.type.empty()) faults.push_back("its type is empty");
  if (description.kinds.empty()) faults.push_back("it serves no kind");
  std::set<std::string> seen;
  for (const KindSchema& kind : description.kinds) {
    if (kind.kind.empty() || kind.kind.find('/') != std::string::npos) {
      faults.push_back("`" + kind.kind + "` is no name of a kind");
    }
    if (!seen.insert(kind.kind).second) faults.push_back("kind " + kind.kind + " is there twice");
  }
  return faults;
}

const KindSchema* Witness::Find(const std::string& kind) const {
  const auto found = std::find_if(description_.kinds.begin(),
                                  description_.kinds.end(),
                                  [&](const KindSchema& schema) { return schema.kind == kind; });
  return found == description_.kinds.end() ? nullptr : &*found;
}

absl::StatusOr<std::vector<Observation>> Witness::Look(const std::vector<ObservationKey>& keys,
                                                       absl::Time deadline) const {
  for (const ObservationKey& key : keys) {
    if (Find(key.id.kind) != nullptr) continue;
    return absl::InvalidArgumentError("kind " + key.id.kind + " is not served (asked for " +
                                      ToString(key.id) + ")");
  }
  std::vector<Observation> observations = service_.Observe(keys, deadline);
  if (observations.size() != keys.size()) {
    return absl::InternalError("Observe was asked for " + std::to_string(keys.size()) +
                               " resources and answered " + std::to_string(observations.size()));
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    POOLSHIFT_TRY(Attest(keys[i].id, observations[i]));
  return observations;
}

absl::Status Witness::Admits(const Action& action) const {
  const KindSchema* schema = Find(action.target.kind);
  if (schema == nullptr || !schema->writable) {
    return absl::UnimplementedError("kind " + action.target.kind +
                                    (schema == nullptr ? " is not served" : " is only observed") +
                                    " by this provider");
  }
  if (action.after.is_null()) return absl::OkStatus();
  const std::vector<std::string> violations = Violations(
      AsChanged(*schema, description_.settable, action.verb == Verb::kCreate), action.after);
  if (violations.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("no such change of " + ToString(action.target) +
                                    " can be made: " + violations.front());
}

absl::StatusOr<Observation> Witness::Look(const ResourceId& id, absl::Time deadline) const {
  POOLSHIFT_ASSIGN(std::vector<Observation> observations,
                   Look(std::vector<ObservationKey>{{id, ""}}, deadline));
  return std::move(observations.front());
}

absl::Status Witness::Attest(const ResourceId& id, Observation& observation) const {
  observation.revision.clear();
  if (observation.at == absl::InfinitePast()) observation.at = absl::Now();
  if (observation.presence != Presence::kPresent) {
    if (observation.properties.is_null()) return absl::OkStatus();
    return absl::InternalError(ToString(id) + " has properties though it is not present");
  }
  const KindSchema* schema = Find(id.kind);
  if (schema == nullptr) return absl::InternalError("kind " + id.kind + " is not served");
  const std::vector<std::string> violations = UnexcusedViolations(*schema, observation);
  if (!violations.empty()) {
    return absl::InternalError(ToString(id) +
                               " does not conform to its kind: " + violations.front());
  }
  observation.revision = RevisionOf(*schema, observation.properties);
  return absl::OkStatus();
}

}  // namespace poolshift::sdk
