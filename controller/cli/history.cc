#include <memory>

#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/load.h"
#include "controller/model/try.h"
#include "controller/report/history_report.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

constexpr int kMostRuns = 1000;

RunEntry Entry(const RunRecord& record) {
  RunEntry entry;
  entry.run = record.id;
  entry.started = record.started;
  entry.ended = record.ended;
  entry.outcome = record.outcome;
  entry.who = record.who;
  entry.plan_digest = record.plan_digest;
  entry.commit = record.commit;
  entry.override_reason = record.override_reason;
  return entry;
}

absl::StatusOr<History> ReadHistory(const Session& session, const Arguments& arguments) {
  const std::vector<std::string> paths = PathsOf(arguments);
  POOLSHIFT_ASSIGN(const LoadedOrganization loaded, LoadManifests(*session.world.files, paths));
  if (loaded.organization.name.empty()) {
    return absl::InvalidArgumentError("the manifests name no organisation; `poolshift validate`");
  }
  POOLSHIFT_ASSIGN(const std::string state, StateDirectory(session, arguments, paths));
  History history;
  history.organization = loaded.organization.name;
  if (!session.world.files->List(state).ok()) return history;  // nothing was ever kept there
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(state));
  POOLSHIFT_ASSIGN(const auto records, store->Runs(loaded.organization.name, kMostRuns));
  for (const RunRecord& record : records)
    history.runs.push_back(Entry(record));
  return history;
}

ExitCode RunHistory(Session& session, const Arguments& arguments) {
  const absl::StatusOr<History> history = ReadHistory(session, arguments);
  if (!history.ok()) return session.Fail(history.status());
  session.out << (arguments.Has("--json") ? HistoryJson(*history)
                                          : HistoryText(*history, session.out_style));
  return kExitOk;
}

}  // namespace

Command HistoryCommand() {
  Command command;
  command.name = "history";
  command.words = "[PATH...]";
  command.summary = "list the runs of an organisation";
  command.text =
      "Lists what `poolshift apply` has carried out for the organisation of these manifests, the "
      "newest first: when, by whom, and how it ended. Only this state directory is read.";
  command.most_words = kAnyNumber;
  command.options = {{"--json", "", "for programs (docs/cli.md)", ""}};
  command.examples = {"poolshift history /etc/poolshift/contoso"};
  command.run = RunHistory;
  return command;
}

}  // namespace poolshift
