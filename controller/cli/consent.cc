#include "controller/cli/consent.h"

#include <string>

#include "controller/policy/limits.h"

namespace poolshift {

std::set<std::string> Approvals(const Arguments& arguments) {
  const std::vector<std::string> values = arguments.Values("--approve");
  return {values.begin(), values.end()};
}

ExitCode AskConsent(Session& session,
                    const Arguments& arguments,
                    const Plan& plan,
                    bool asked_before) {
  const std::vector<Refusal> missing = CheckApprovals(plan, Approvals(arguments));
  for (const Refusal& refusal : missing) {
    session.Fail(kExitRefused, refusal.text + (refusal.hint.empty() ? "" : "; " + refusal.hint));
  }
  if (!missing.empty()) return kExitRefused;
  if (asked_before || arguments.Has("--auto-approve")) return kExitOk;
  if (!session.in_is_terminal) {
    return session.Fail(kExitRefused,
                        "nobody can be asked: stdin is no terminal; give --auto-approve, or save "
                        "the plan with `poolshift plan --out FILE` and apply FILE");
  }
  session.out.flush();
  session.err << "\nCarry out this plan? Only `yes` is accepted: " << std::flush;
  std::string answer;
  std::getline(session.in, answer);
  if (answer == "yes") return kExitOk;
  return session.Fail(kExitRefused, "not carried out; nothing was changed");
}

}  // namespace poolshift
