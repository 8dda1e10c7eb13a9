// Carrying a plan out for a verb: the run, the account of it, the way back where the policy asks
// for it, and the look that proves the end.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/cli/account.h"
#include "controller/cli/opening.h"
#include "controller/engine/workspace.h"

namespace poolshift {

// What is to be carried out, and where it comes from.
struct Task {
  std::vector<std::string> paths;  // of the manifests
  Plan plan;
  std::optional<PlanInputs> inputs;  // what the plan was made from
  std::string single_use;            // of a saved plan
  std::string commit;                // of a saved plan
  std::string consent;               // how a person agreed; "" = on the terminal, or --auto-approve
  std::string override_reason;       // of the run that it goes on from, and that it covers
  std::set<std::string> approved;    // action ids that were approved before, besides --approve
  std::int64_t follows = 0;          // the run that it goes on from
  std::string follows_as;            // "resumes"
};

ExitCode CarryOut(Session& session,
                  const Arguments& arguments,
                  Workspace& workspace,
                  const Task& task,
                  const Account& account);

// The proof at the end of a run: another look must find nothing.
ExitCode ProveEnd(Session& session, Workspace& workspace, const Account& account);

// Options of every verb that carries a plan out.
std::vector<OptionSpec> CarryOutOptions();

}  // namespace poolshift
