// The declared branch of a gate that did not open (Policy.onGateFailure: back-out): the way back
// from what was reached, as a plan and a run of its own. Nothing of it is kept in memory alone:
// whoever resumes a run that was to be taken back, or a way back that was cut off, goes back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/cli/account.h"
#include "controller/engine/recorded_run.h"
#include "controller/engine/workspace.h"

namespace poolshift {

// What is there before the run begins, if the policy may want it again. Looks now when `observed`
// is null (a saved plan was made earlier).
absl::StatusOr<std::optional<ObservedState>> SeenBefore(Workspace& workspace,
                                                        const Plan& plan,
                                                        const ObservedState* observed);

// Whether the policy wants the way back from a run that ended so.
bool BacksOut(const Policy& policy, const RunOutcome& outcome);

// A run that is to be taken back. All borrowed.
struct TakenBack {
  std::int64_t run;
  bool goes_on;  // this process has carried it out just now
  const ObservedState& before;
  const RunOptions& options;              // of the run: approvals, holder, override
  const std::vector<std::string>& paths;  // of the manifests
  const Account& account;
};

// The run of the record that `latest` wants taken back, and what was seen before it: it stopped at
// a gate and the policy says so, or it is itself a way back that was cut off. Nothing where it is
// neither, or where the manifests declare something else by now.
struct Unfinished {
  std::int64_t run = 0;
  ObservedState before;
};
// Approvals and override of the record count for what is finished of it.
RunOptions OptionsOfRecord(RunOptions options, const RecordedRun& run);
// What was seen before the first change of a run and of those that it goes on from. Borrowed.
const ObservedState& BeforeOf(const PlanInputs& inputs);
// What was seen before the run counts for the one that goes on from it.
void KeepBefore(const RecordedRun& interrupted, PlanInputs& inputs);
std::optional<Unfinished> UnfinishedWayBack(const Workspace& workspace, const RecordedRun& latest);

// Tells how the run ended, then goes back.
ExitCode BackOut(Session& session,
                 const Arguments& arguments,
                 Workspace& workspace,
                 const Plan& failed,
                 const RunOutcome& outcome,
                 const TakenBack& taken);

// Plans the way back from what is there now, checks it, carries it out, and looks whether
// everything is as it was declared before. Where there is no safe way back, or a person must
// approve it, it holds and says why. 14 when it is back or holds, 130 when it was interrupted, 1
// when it is not back.
ExitCode GoBack(Session& session,
                const Arguments& arguments,
                Workspace& workspace,
                const TakenBack& taken);

}  // namespace poolshift
