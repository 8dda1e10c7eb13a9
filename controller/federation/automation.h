// Automation: what `poolshift serve` may do by itself, as the Policy of a declaration says it.
// docs/serve.md tells how it is judged (controller/policy/automation.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "controller/model/diagnostics.h"

namespace poolshift {

struct Automation {
  // In the order of how much it allows.
  enum class Mode {
    kReport,   // tell what would be done
    kApprove,  // do it once people have agreed to this very plan
    kAuto,     // do it
  };

  // For what it names; an empty list means "any". Of several rules that fit, the last one counts.
  struct Rule {
    std::vector<std::string> sites;  // Site names
    std::vector<std::string> kinds;  // kind names
    Mode mode = Mode::kReport;
    Origin origin;
  };

  // Nothing is begun from `from` until `to`, read in `time_zone`.
  struct Freeze {
    absl::CivilMinute from, to;
    std::string reason;
    Origin origin;
  };

  Mode mode = Mode::kReport;                   // where no rule fits
  absl::Duration interval = absl::Minutes(5);  // between looks at the world
  // Between two drills ("if this pool or site dies now"); zero: none.
  absl::Duration drill = absl::ZeroDuration();
  int approvals = 1;  // people who must agree
  absl::Duration approval_for = absl::Hours(4);
  int max_actions = 0;  // of a plan that is carried out without people; 0 = no limit
  int max_pools = 0;    // pools that such a plan touches; 0 = no limit
  std::vector<Rule> rules;
  std::vector<std::string> heal;  // kinds whose drift may be mended; hosting never is (D13)
  std::string time_zone = "UTC";  // of freezes; a name of the time zone database
  std::vector<Freeze> freezes;
  Origin origin;  // empty where the manifest does not say anything
};

// "report", "approve", "auto".
std::string_view Name(Automation::Mode mode);

}  // namespace poolshift
