// The declared branch of a gate that did not open (Policy.onGateFailure: back-out): the way back
// from what was reached, as a plan and a run of its own.
#pragma once

#include "controller/cli/account.h"
#include "controller/engine/workspace.h"
#include "controller/federation/former_declaration.h"

namespace poolshift {

// What was declared before, as far as what was seen tells, before the run begins. Looks now when
// `observed` is null (a saved plan was made earlier).
absl::StatusOr<FormerDeclaration> DeclaredBefore(Workspace& workspace,
                                                 const Plan& plan,
                                                 const ObservedState* observed);

// Whether the policy wants the way back from a run that ended so.
bool BacksOut(const Policy& policy, const RunOutcome& outcome);

// All borrowed.
struct FailedRun {
  const Plan& plan;
  const RunOutcome& outcome;
  const FormerDeclaration& former;
  const RunOptions& options;
  const Account& account;
};

// Tells how the run ended, plans the way back from what is there now, checks it, carries it out,
// and looks whether everything is as it was declared before. Where there is no safe way back, or a
// person must approve it, it holds and says why. 14 when it is back or holds, 1 when it is not
// back.
ExitCode BackOut(Session& session,
                 const Arguments& arguments,
                 Workspace& workspace,
                 const FailedRun& failed);

}  // namespace poolshift
