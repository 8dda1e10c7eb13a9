#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/workspace.h"
#include "controller/federation/adoption.h"
#include "controller/report/adoption_text.h"

namespace poolshift {
namespace {

ExitCode RunAdopt(Session& session, const Arguments& arguments) {
  const Opening opening = OpenWorkspace(session, arguments, PathsOf(arguments), /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  const absl::StatusOr<ObservedState> observed = opening.workspace->Observe();
  if (!observed.ok()) return session.Fail(observed.status());
  const Organization& organization = opening.workspace->organization();
  const Adoption adoption = FindAdoption(View(organization, *observed));
  session.out << AdoptionText(organization.name, adoption, session.out_style);
  if (!adoption.refusals.empty()) return kExitRefused;
  return adoption.lines.empty() ? kExitOk : kExitChanges;
}

}  // namespace

Command AdoptCommand() {
  Command command;
  command.name = "adopt";
  command.words = "[PATH...]";
  command.summary = "print the lines to commit that agree with a change made by hand";
  command.text =
      "Looks at the world. Where somebody has moved federation, conferencing or the users of a "
      "Front "
      "End pool by hand, prints the manifest lines that say so, each with its place: commit them, "
      "and the change stands instead of being drift. Changes nothing, neither the world nor a "
      "file. A move that is half done, or that leads to a pool that does not answer, is refused, "
      "and so are records that bear another organisation's mark.\n"
      "Exit codes: 0 nothing to adopt, 2 there are lines to commit, 12 something is refused, 10 "
      "the manifests have faults, 1 another error.";
  command.most_words = kAnyNumber;
  command.examples = {"poolshift adopt manifests/nothing-to-do"};
  command.run = RunAdopt;
  return command;
}

}  // namespace poolshift
