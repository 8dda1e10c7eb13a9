// What a person must say before a plan is carried out.
#pragma once

#include <set>
#include <string>

#include "controller/cli/command.h"
#include "controller/model/plan.h"

namespace poolshift {

// Resources and action ids named with --approve.
std::set<std::string> Approvals(const Arguments& arguments);

// kExitOk when the plan may be carried out: every approval that it needs is given, and a person has
// answered `yes`, or `asked_before` (a saved plan), or --auto-approve. Else why not has been
// printed.
ExitCode AskConsent(Session& session,
                    const Arguments& arguments,
                    const Plan& plan,
                    bool asked_before);

}  // namespace poolshift
