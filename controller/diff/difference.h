// Difference: one way in which what is observed is not what is declared. Differences serve drift
// reports and resting checks; the order of repairs comes from the planner.
#pragma once

#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

struct Difference {
  enum class Impact { kTraffic, kRedundancy, kCosmetic, kUnknown };
  ResourceId resource;
  std::string vantage;      // of the observation, usually empty
  std::string property;     // "" = the whole resource
  Value desired, observed;  // null = absent
  Impact impact = Impact::kTraffic;
  std::string
      text;  // a sentence: "the XMPP route of Site1 leads to edgepool1, declared is edgepool2"
  std::string rule;  // "I-5"
  Origin origin;     // the declaring manifest line
  // Identifies the same difference over time ("first seen"): digest of resource, vantage, property
  // and desired.
  std::string Fingerprint() const;
};

// "traffic is affected", "redundancy is lost", "cosmetic", "unknown".
std::string_view Name(Difference::Impact impact);

// Everything that differs, worst first, then by resource. What could not be looked at is listed as
// kUnknown when it matters for what is declared. Pure.
std::vector<Difference> Differences(const Organization& declared, const ObservedState& observed);

}  // namespace poolshift
