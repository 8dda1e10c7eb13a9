// What a run did: progress lines while it goes, and the account at its end.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/plan.h"
#include "controller/report/style.h"

namespace poolshift {

struct StepOutcome {
  enum class State {
    kNotDone,  // never began
    kStarted,  // sent, and its result is not known
    kDone,
    kFailed,
  };
  State state = State::kNotDone;
  std::string reason;  // why it failed, or what is known
};

struct RunReport {
  std::string run;                           // id, as `poolshift history` lists it
  bool interrupted = false;                  // a person stopped it
  std::map<ActionId, StepOutcome> outcomes;  // an action that is not here was not done
  std::optional<Plan> continuation;          // what is left to do, from the world as it is now
  std::string resume;                        // the command that continues, may be empty
};

// One line of progress without a line end: " 3/12 ~ route XMPP of Site1 to edgepool2: done".
// `remark` says what is happening ("started", "done", "waiting for Replica/…"); empty leaves it
// out.
std::string ProgressText(const Plan& plan,
                         const ActionId& id,
                         std::string_view remark,
                         const Style& style);

// How a run stands, without a line end: "about 2m to go; SIP works again in about 40s; next: 4 ~
// route …". `left` as in timetable.h; `next` are places in the plan.
std::string OutlookText(const Plan& plan,
                        absl::Duration remaining,
                        const std::vector<absl::Duration>& left,
                        const std::vector<int>& next);

// "12s of about 5s".
std::string SinceText(absl::Duration since, absl::Duration expected);

// The account: "Done: 6 actions, 2 gates." when everything was done; else what was done, what
// failed, what was not done, and the plan to continue. It never says "No drift.": only another look
// may.
std::string RunText(const Plan& plan, const RunReport& report, const Style& style);

}  // namespace poolshift
