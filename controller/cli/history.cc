#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>

#include "controller/cli/age.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/record_place.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/history_run.h"
#include "controller/model/try.h"
#include "controller/report/change.h"
#include "controller/report/history_report.h"

namespace poolshift {
namespace {

constexpr int kMostRuns = 1000;
constexpr std::size_t kLargestHead = 4096;

ExitCode List(Session& session, const Arguments& arguments, const RecordPlace& place) {
  History history;
  history.organization = place.organization;
  if (place.store != nullptr) {
    const auto records = place.store->Runs(place.organization, kMostRuns, Store::Plans::kLeaveOut);
    if (!records.ok()) return session.Fail(records.status());
    for (const RunRecord& record : *records)
      history.runs.push_back(EntryOf(record));
    auto breaks = LeaseBreaksOf(*place.store, place.organization);
    if (!breaks.ok()) return session.Fail(breaks.status());
    history.breaks = *std::move(breaks);
  }
  session.out << (arguments.Has("--json") ? HistoryJson(history)
                                          : HistoryText(history, session.out_style));
  if (place.store == nullptr) return kExitOk;
  const absl::Status whole = place.store->CheckJournal(place.organization);
  return whole.ok() ? kExitOk : session.Fail(whole);
}

ExitCode Show(Session& session,
              const Arguments& arguments,
              const RecordPlace& place,
              const std::string& number) {
  const absl::StatusOr<std::int64_t> run = RunNumber(number);
  if (!run.ok()) return session.Fail(run.status());
  const absl::StatusOr<RunDossier> dossier = DossierOf(*place.store, place.organization, *run);
  if (!dossier.ok()) return session.Fail(dossier.status());
  session.out << (arguments.Has("--json") ? RunDossierJson(*dossier)
                                          : RunDossierText(*dossier, session.out_style));
  const absl::Status whole = place.store->CheckJournal(place.organization);
  return whole.ok() ? kExitOk : session.Fail(whole);
}

// Each --head is a head, or a file that holds one.
absl::StatusOr<std::vector<ChainHead>> Heads(const Session& session, const Arguments& arguments) {
  std::vector<ChainHead> heads;
  for (const std::string& given : arguments.Values("--head")) {
    ChainHead head;
    std::string text = given;
    if (!ParseHead(text, head)) {
      POOLSHIFT_ASSIGN(text, session.world.files->Read(given, kLargestHead));
      text = text.substr(0, text.find_first_of(" \n"));
      if (!ParseHead(text, head)) {
        return absl::InvalidArgumentError(given +
                                          ": no head of a journal, such as `57:9f86…` with "
                                          "64 hexadecimal digits");
      }
    }
    heads.push_back(std::move(head));
  }
  return heads;
}

ExitCode Verify(Session& session, const Arguments& arguments, const RecordPlace& place) {
  const absl::StatusOr<std::vector<ChainHead>> heads = Heads(session, arguments);
  if (!heads.ok()) return session.Fail(heads.status());
  const absl::StatusOr<ChainReport> report = place.store->VerifyJournal(place.organization, *heads);
  if (!report.ok()) return session.Fail(report.status());
  JournalCheck check;
  check.organization = place.organization;
  check.first = report->first;
  check.records = report->links;
  check.head = report->head.seq == 0 ? "" : ToString(report->head);
  check.faults = report->faults;
  check.head_pruned = report->head_pruned;
  for (const EventRow& each : report->breaks)
    check.given_up.push_back({each.at, each.who, each.text, DataLine(each.data, "fault")});
  session.out << (arguments.Has("--json") ? JournalCheckJson(check)
                                          : JournalCheckText(check, session.out_style));
  if (!check.faults.empty()) return kExitUntrusted;
  return check.head_pruned ? kExitError : kExitOk;
}

ExitCode Acknowledge(Session& session, const Arguments& arguments, const RecordPlace& place) {
  const std::string reason = arguments.Value("--reason");
  if (reason.empty())
    return session.Fail(kExitInvalidInput, "history acknowledge needs --reason TEXT");
  const absl::Status done =
      place.store->Acknowledge(place.organization, Holder(session).who, reason, session.now());
  if (!done.ok()) return session.Fail(done);
  const absl::StatusOr<ChainHead> head = place.store->Head(place.organization);
  if (!head.ok()) return session.Fail(head.status());
  session.out << "A new record of " << place.organization
              << " begins, which names the broken one. Journal head " << ToString(*head) << '\n';
  return kExitOk;
}

// Each --keep is a number of runs or an age.
absl::StatusOr<PruneLimits> Limits(const Arguments& arguments) {
  constexpr int kLeastRuns = 20;  // planning reads them: what they took, which TTLs they lowered
  PruneLimits limits;
  limits.runs = kLeastRuns;
  const std::vector<std::string> values = arguments.Values("--keep");
  if (values.empty())
    return absl::InvalidArgumentError("history prune needs --keep N or --keep AGE: 200, 90d");
  for (const std::string& given : values) {
    int runs = 0;
    const char* const end = given.data() + given.size();
    const auto [stopped, error] = std::from_chars(given.data(), end, runs);
    const bool is_number = error == std::errc() && stopped == end;
    if (is_number && runs < kLeastRuns) {
      return absl::InvalidArgumentError("--keep " + given +
                                        ": at least 20 runs are kept, because planning reads them");
    }
    if (is_number) limits.runs = runs;
    if (!is_number && !ParseAge(given, limits.age)) {
      return absl::InvalidArgumentError("--keep " + given +
                                        ": a number of runs such as 200, or an age such as 90d");
    }
  }
  return limits;
}

ExitCode Prune(Session& session, const Arguments& arguments, const RecordPlace& place) {
  const absl::StatusOr<PruneLimits> limits = Limits(arguments);
  if (!limits.ok()) return session.Fail(limits.status());
  const auto pruned =
      place.store->Prune(place.organization, *limits, Holder(session).who, session.now());
  if (!pruned.ok()) return session.Fail(pruned.status());
  for (const std::int64_t run : pruned->removed) {
    std::error_code ignored;  // the folder is there only when something was exported
    std::filesystem::remove_all(place.state_directory + "/exports/run-" + std::to_string(run),
                                ignored);
  }
  const absl::Time before =
      limits->age == absl::ZeroDuration() ? session.now() : session.now() - limits->age;
  const absl::StatusOr<int> drift =
      place.store->PruneDrift(place.organization, before, limits->runs);
  if (!drift.ok()) return session.Fail(drift.status());
  const absl::Status shrunk =
      pruned->removed.empty() && *drift == 0 ? absl::OkStatus() : place.store->Shrink();
  if (!shrunk.ok()) session.Tell("the file was not made smaller: " + std::string(shrunk.message()));
  const absl::StatusOr<ChainHead> head = place.store->Head(place.organization);
  if (!head.ok()) return session.Fail(head.status());
  session.out << "Pruned " << Count(pruned->removed.size(), "run") << " of " << place.organization
              << ", " << pruned->left << " left";
  if (*drift > 0)
    session.out << ", and " << Count(static_cast<std::size_t>(*drift), "difference")
                << " that is over";
  session.out << ". Journal head " << ToString(*head) << '\n';
  return kExitOk;
}

ExitCode RunHistory(Session& session, const Arguments& arguments) {
  std::vector<std::string> words = arguments.words();
  const std::string what = words.empty() ? "" : words.front();
  const bool named = what == "show" || what == "verify" || what == "acknowledge" || what == "prune";
  if (named) words.erase(words.begin());
  std::string number;
  if (what == "show") {
    if (words.empty())
      return session.Fail(kExitInvalidInput, "history show needs the run's number");
    number = words.front();
    words.erase(words.begin());
  }
  const absl::StatusOr<RecordPlace> place =
      OpenRecord(session, arguments, words.empty() ? std::vector<std::string>{"."} : words);
  if (!place.ok()) return session.Fail(place.status());
  if (!named) return List(session, arguments, *place);
  const absl::Status there = RequireStore(*place);
  if (!there.ok()) return session.Fail(there);
  if (what == "show") return Show(session, arguments, *place, number);
  if (what == "verify") return Verify(session, arguments, *place);
  if (what == "prune") return Prune(session, arguments, *place);
  return Acknowledge(session, arguments, *place);
}

}  // namespace

Command HistoryCommand() {
  Command command;
  command.name = "history";
  command.words = "[show RUN|verify|prune|acknowledge] [PATH...]";
  command.summary = "list the runs of an organisation, show one, check the record";
  command.text =
      "Lists what `poolshift apply` has carried out for the organisation of these manifests, the "
      "newest first: when, by whom, and how it ended. Only this state directory is read.\n"
      "`show` prints everything on record of one run: who agreed, from which commit, what was "
      "observed and how old it was, each intent, result and what each gate saw, and the plan.\n"
      "`verify` recomputes the chain of hashes over all records and finds what was removed, added, "
      "edited or put in another order. It prints the head, which stands for everything before it: "
      "keep it elsewhere, and `verify --head` also finds that the end was cut off, or that an "
      "older "
      "copy was put in its place. A broken record is never written to again.\n"
      "`prune` removes ended runs that are not among the newest N and ended longer than AGE ago; "
      "runs that have not ended stay, and so do the newest 20, because planning reads them. The "
      "chain stays whole: it records the cut, and a head from before it can be compared no more.\n"
      "`acknowledge` is how a person gives a broken record up, with the reason: a new one begins, "
      "which names the broken one and covers all that is there now.\n"
      "Exit codes: 0 whole, 11 the record is broken, 10 there is no such run, 13 there is nothing "
      "to acknowledge, 1 another error, or a head that is older than what was pruned.";
  command.most_words = kAnyNumber;
  command.options = {
      {"--json", "", "for programs (docs/cli.md)", ""},
      {"--head", "HEAD|FILE", "verify: a head that was kept elsewhere; may be repeated", ""},
      {"--keep", "N|AGE", "prune: so many runs (200), or for so long (90d); may be repeated", ""},
      {"--reason", "TEXT", "acknowledge: what was found out; it stays on record", ""}};
  command.examples = {"poolshift history /etc/poolshift/contoso",
                      "poolshift history show 12 /etc/poolshift/contoso",
                      "poolshift history verify --head contoso.head /etc/poolshift/contoso"};
  command.run = RunHistory;
  return command;
}

}  // namespace poolshift
