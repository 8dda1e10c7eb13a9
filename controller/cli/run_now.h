// Carrying a plan out from the command line: the store, the progress on stderr, Ctrl-C.
#pragma once

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/engine/run.h"
#include "controller/engine/workspace.h"

namespace poolshift {

// What every run from the command line has in common. `consent` is that of AskConsent.
RunOptions OptionsFor(const Session& session,
                      const Arguments& arguments,
                      const Workspace& workspace,
                      const Plan& plan);

// With --json what happens is on stdout too, an event a line. A status when the run could not even
// be tried.
absl::StatusOr<RunOutcome> RunNow(const Session& session,
                                  const Arguments& arguments,
                                  const Workspace& workspace,
                                  const Plan& plan,
                                  const RunOptions& options);

// Says on stderr why the run was refused or did not end well; nothing when it did.
void TellFailure(Session& session, const RunOutcome& outcome);

// The command that goes on from a run: "poolshift resume --state-dir state contoso".
std::string ContinueLine(const Arguments& arguments, const std::vector<std::string>& paths);

// The exit code of the run. Ends the program at once when calls still run that use the providers.
ExitCode EndOf(Session& session, const RunOutcome& outcome);
// The same, with another code.
ExitCode EndOf(Session& session, const RunOutcome& outcome, ExitCode code);

}  // namespace poolshift
