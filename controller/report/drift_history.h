// Every difference on record: when it was there, for people and for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/report/drift_report.h"
#include "controller/report/style.h"

namespace poolshift {

struct DriftPast {
  struct Period {
    absl::Time first_seen = absl::InfinitePast();
    absl::Time last_seen = absl::InfinitePast();
    absl::Time gone = absl::InfiniteFuture();        // infinite future: still there
    absl::Time last_in_sync = absl::InfinitePast();  // infinite past: never seen so
  };
  std::string fingerprint, resource, property, impact, text;
  std::string declared, observed;  // as they were seen last
  std::vector<Period> periods;     // oldest first
  std::optional<DriftAcknowledgement> acknowledged;
  std::size_t earlier = 0;  // periods before these, left out
};

struct DriftChronicle {
  std::string organization;
  std::vector<DriftPast> differences;  // the one that was seen last first
};

std::string DriftHistoryText(const DriftChronicle& chronicle, const Style& style);
// docs/drift.md.
std::string DriftHistoryJson(const DriftChronicle& chronicle);

}  // namespace poolshift
