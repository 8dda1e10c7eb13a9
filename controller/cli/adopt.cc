#include "controller/cli/opening.h"
#include "controller/cli/outcome_report.h"
#include "controller/cli/run_now.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/workspace.h"
#include "controller/federation/adoption.h"
#include "controller/model/try.h"
#include "controller/report/adoption_text.h"
#include "controller/report/run_report.h"

namespace poolshift {
namespace {

// What a look has found.
struct Found {
  Adoption adoption;
  Plan marking;
};

absl::StatusOr<Found> LookForAdoption(Workspace& workspace) {
  POOLSHIFT_ASSIGN(const ObservedState observed, workspace.Observe());
  const View view(workspace.organization(), observed);
  Found found;
  found.adoption = FindAdoption(view, workspace.assignment());
  found.marking = MarkingPlan(view, workspace.assignment(), found.adoption);
  POOLSHIFT_TRY(workspace.AddCommands(found.marking));
  return found;
}

ExitCode CodeOf(const Adoption& adoption) {
  if (!adoption.refusals.empty()) return kExitRefused;
  return adoption.lines.empty() && adoption.unmarked.empty() ? kExitOk : kExitChanges;
}

// Whether a person wants the marks. Whoever cannot be asked has only looked.
bool IsWanted(Session& session, const Arguments& arguments) {
  if (arguments.Has("--auto-approve")) return true;
  if (!session.in_is_terminal) {
    session.out << "Nothing was marked: nobody can be asked; give --auto-approve to mark them.\n";
    return false;
  }
  session.out.flush();
  session.err << "\nSet these marks? Only `yes` is accepted: " << std::flush;
  std::string answer;
  std::getline(session.in, answer);
  if (answer != "yes") session.out << "Nothing was marked.\n";
  return answer == "yes";
}

// The proof at the end: another look finds every mark.
ExitCode ProveMarks(Session& session, Workspace& workspace) {
  const absl::StatusOr<Found> left = LookForAdoption(workspace);
  if (!left.ok()) return session.Fail(left.status());
  for (const ResourceId& id : left->adoption.unmarked)
    session.Fail(kExitError, ToString(id) + " still bears no mark; look at its provider");
  if (!left->adoption.unmarked.empty()) return kExitError;
  session.out << "No record set is left without a mark.\n";
  return CodeOf(left->adoption);
}

ExitCode SetMarks(Session& session, const Arguments& arguments, const Plan& plan) {
  const Opening opening = OpenWorkspace(session, arguments, PathsOf(arguments), false);
  if (opening.workspace == nullptr) return opening.code;
  session.out << '\n' << std::flush;
  const Workspace& workspace = *opening.workspace;
  const absl::StatusOr<RunOutcome> run =
      RunNow(session, arguments, workspace, plan, OptionsFor(session, arguments, workspace, plan));
  if (!run.ok()) return session.Fail(run.status());
  TellFailure(session, *run);
  if (run->run != 0) {
    RunReport report = ReportOf(*run);
    report.resume = "poolshift adopt";
    session.out << RunText(plan, report, session.out_style);
  }
  return run->code == RunOutcome::Code::kDone ? ProveMarks(session, *opening.workspace)
                                              : EndOf(session, *run);
}

ExitCode RunAdopt(Session& session, const Arguments& arguments) {
  const Opening opening = OpenWorkspace(session, arguments, PathsOf(arguments), /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  const absl::StatusOr<Found> found = LookForAdoption(*opening.workspace);
  if (!found.ok()) return session.Fail(found.status());
  const std::string& name = opening.workspace->organization().name;
  session.out << AdoptionText(name, found->adoption, found->marking, session.out_style);
  if (found->marking.actions.empty() || !IsWanted(session, arguments))
    return CodeOf(found->adoption);
  return SetMarks(session, arguments, found->marking);
}

}  // namespace

Command AdoptCommand() {
  Command command;
  command.name = "adopt";
  command.words = "[PATH...]";
  command.summary = "let what was made by hand stand: lines to commit, records to take over";
  command.text =
      "Looks at the world. Where somebody has moved federation, conferencing or the users of a "
      "Front End pool by hand, prints the manifest lines that say so, each with its place: commit "
      "them, and the change stands instead of being drift. A move that is half done, or that leads "
      "to a pool that does not answer, is refused.\n"
      "Declared record sets that exist and bear nobody's mark are shown, with the commands that "
      "mark them as this organisation's, and marked after a `yes`: a run like any other, on "
      "record, that changes no record. One that bears another organisation's mark is refused, and "
      "then nothing is marked; a move that is refused keeps no mark from being set. No file is "
      "ever changed.\n"
      "Exit codes: 0 nothing to adopt or all of it marked, 2 there are lines to commit or marks "
      "were not wanted, 12 something is refused, 10 the manifests have faults, 13 the world moved "
      "meanwhile, 130 interrupted, 1 another error.";
  command.most_words = kAnyNumber;
  command.options = {
      {"--auto-approve", "", "mark without asking for `yes`", ""},
      {"--override", "REASON", "go on outside the change windows; the reason is recorded", ""}};
  command.examples = {"poolshift adopt manifests/nothing-to-do",
                      "poolshift adopt --auto-approve manifests/nothing-to-do"};
  command.run = RunAdopt;
  return command;
}

}  // namespace poolshift
