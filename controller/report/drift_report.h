// What differs from the declaration, since when, and how bad it is: for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/diagnostics.h"
#include "controller/model/resource_id.h"
#include "controller/model/value.h"
#include "controller/report/style.h"

namespace poolshift {

// One difference. (The stages do not know each other; the caller copies it from a `Difference`.)
struct DriftEntry {
  ResourceId resource;
  std::string vantage;       // usually empty
  std::string property;      // "" = the whole resource
  Value declared, observed;  // null = absent
  std::string impact;        // "traffic is affected", "redundancy is lost", "cosmetic", "unknown"
  std::string text;          // a sentence
  std::string rule;
  Origin origin;            // the declaring manifest line
  std::string fingerprint;  // the same difference in another report has the same
  absl::Time first_seen = absl::InfinitePast();  // infinite past: not recorded
};

struct DriftReport {
  std::string organization;
  absl::Time looked_at;
  std::vector<DriftEntry> entries;  // worst first
};

// Begins "No drift." or "Drift: N differences".
std::string DriftText(const DriftReport& report, const Style& style);

// docs/plan-json.md, "Drift".
std::string DriftJson(const DriftReport& report);

}  // namespace poolshift
