// What a drill has changed against an earlier one: readiness that was lost and gained, for each
// death. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/report/drill_report.h"
#include "controller/report/style.h"

namespace poolshift {

struct DrillChange {
  enum class Way {
    kLost,    // was ready, is not any more
    kGained,  // the other way round
    kOther,   // as before, but what is not ready is not the same
    kCame,    // the earlier drill did not suppose this death
    kWent,    // only the earlier one did
  };
  Way way = Way::kOther;
  std::string kind, name;  // of the death: "site", "Site1"
  bool ready = false;      // now; of what went: then
  // What stands in the way now and did not, and the other way round: sentences.
  std::vector<std::string> appeared, mended;
};

struct DrillChanges {
  std::string organization;
  absl::Time looked_at = absl::InfinitePast();
  absl::Time compared_with = absl::InfinitePast();  // infinite past: there was no earlier drill
  std::vector<DrillChange> changes;                 // lost first; in the order of the drill
  bool has_lost() const;
};

// `before` is the JSON of an earlier drill, "" when there was none. InvalidArgument when it is
// none.
absl::StatusOr<DrillChanges> CompareDrills(std::string_view before,
                                           absl::Time before_at,
                                           const DrillReport& report);

std::string DrillChangesText(const DrillChanges& changes, const Style& style);
// The drill's JSON with a member `changes` (docs/drill.md).
std::string DrillJson(const DrillReport& report, const DrillChanges& changes);

}  // namespace poolshift
