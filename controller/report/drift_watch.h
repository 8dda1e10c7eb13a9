// What a look changes against the one before it: `poolshift drift --watch`. Pure.
#pragma once

#include <string>

#include "controller/report/drift_report.h"
#include "controller/report/style.h"

namespace poolshift {

struct DriftTick {
  absl::Time at = absl::InfinitePast();
  std::vector<DriftEntry> appeared;
  std::vector<DriftEntry> changed;  // as they are now
  std::vector<DriftEntry> gone;     // as they were
  bool in_sync = false;             // nothing is left, and that is new
  std::string failure;              // why nobody could look: the rest is empty
  DriftReport report;               // of this look; empty when it failed
};

// `before` is the last report that there was, or null for the first look.
DriftTick CompareDrift(const DriftReport* before, const DriftReport& report);
DriftTick FailedLook(absl::Time at, const std::string& why);

// Both are empty when nothing changed.
std::string DriftTickText(const DriftTick& tick, const Style& style);
// A line for each event (docs/drift.md).
std::string DriftTickJson(const DriftTick& tick);

}  // namespace poolshift
