#include "controller/engine/replay.h"

#include "controller/cli/plan_saving.h"
#include "controller/cli/record_place.h"
#include "controller/cli/verbs.h"
#include "controller/engine/history_run.h"
#include "controller/engine/recorded_run.h"
#include "controller/model/try.h"
#include "controller/report/page.h"

namespace poolshift {
namespace {

struct Subject {
  std::string title;
  PlanFile file;
};

absl::StatusOr<Subject> ReadSubject(const Session& session, const Arguments& arguments) {
  const std::string& word = arguments.words().front();
  if (IsPlanFile(word)) {
    POOLSHIFT_ASSIGN(PlanFile file, LoadPlan(session, word));
    return Subject{word, std::move(file)};
  }
  POOLSHIFT_ASSIGN(const std::int64_t run, RunNumber(word));
  std::vector<std::string> paths(arguments.words().begin() + 1, arguments.words().end());
  if (paths.empty()) paths = {"."};
  POOLSHIFT_ASSIGN(const RecordPlace place, OpenRecord(session, arguments, paths));
  POOLSHIFT_TRY(RequireStore(place));
  POOLSHIFT_ASSIGN(RecordedRun recorded, ReadRun(*place.store, place.organization, run));
  return Subject{"run " + word, std::move(recorded.file)};
}

ExitCode RunReplay(Session& session, const Arguments& arguments) {
  const absl::StatusOr<Subject> subject = ReadSubject(session, arguments);
  if (!subject.ok()) return session.Fail(subject.status());
  const absl::StatusOr<Replayed> replayed = Replay(subject->file, ThisPlanner(POOLSHIFT_VERSION));
  if (!replayed.ok())
    return session.Fail(kExitError,
                        subject->title + ": " + std::string(replayed.status().message()));
  const bool same_planner = replayed->recorded == replayed->now;
  Page page(session.out_style);
  if (replayed->same) {
    page.Add("Same: ",
             "the plan of " + subject->title + " is made again byte for byte" +
                 (same_planner ? "." : ", by another build than the one that made it."),
             Ink::kGreen);
  } else {
    page.Add(
        "Different: ", "the plan of " + subject->title + " is made differently now.", Ink::kRed);
    page.AddUnbroken("  first in ", replayed->difference);
  }
  if (same_planner) {
    page.Add("  planner  ", ToString(replayed->now));
  } else {
    page.Add("  made by  ", ToString(replayed->recorded));
    page.Add("  this is  ", ToString(replayed->now));
  }
  if (!replayed->same) {
    page.Add("  ",
             same_planner
                 ? "The same program made both: what is on record was changed, or this is "
                   "a defect of poolshift; `poolshift history verify` tells which."
                 : "Another build, perhaps with other rules, made the recorded one: that "
                   "alone can be the reason. Replay it with the build that made it to know.");
  }
  session.out << page.text();
  return replayed->same ? kExitOk : kExitChanges;
}

}  // namespace

Command ReplayCommand() {
  Command command;
  command.name = "replay";
  command.words = "RUN|PLANFILE [PATH...]";
  command.summary = "make the plan of a run again from what is on record, and compare";
  command.text =
      "Takes what is on record of a run (the texts of the manifests, everything that was observed, "
      "the time, earlier runs as far as they counted) or in a saved plan, plans again, and "
      "compares "
      "the two plans byte by byte. Nothing outside is asked. The providers' commands are taken "
      "from "
      "the record: they are answers from outside.\n"
      "Exit codes: 0 the same, 2 different, 1 what it was made from is not on record, 10 there is "
      "no such run.";
  command.least_words = 1;
  command.most_words = kAnyNumber;
  command.examples = {"poolshift replay 12 /etc/poolshift/contoso", "poolshift replay night.plan"};
  command.run = RunReplay;
  return command;
}

}  // namespace poolshift
