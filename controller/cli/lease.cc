#include <memory>

#include "controller/cli/cut_off_runs.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/history_run.h"
#include "controller/engine/load.h"
#include "controller/model/try.h"
#include "controller/report/lease_report.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

LeaseReport::Standing StandingOf(const LeaseStanding& standing) {
  LeaseReport::Standing told;
  switch (standing.state) {
    case LeaseStanding::State::kFree:
      break;
    case LeaseStanding::State::kHeld:
      told.state = StillRuns(standing.lease.holder) ? "held" : "left behind";
      break;
    case LeaseStanding::State::kBroken:
      told.state = "broken";
      break;
  }
  told.token = standing.lease.token;
  if (told.state == "free" || told.state == "broken") return told;
  told.who = standing.lease.holder.who;
  told.host = standing.lease.holder.host;
  told.process = standing.lease.holder.pid;
  told.since = standing.lease.since;
  return told;
}

absl::StatusOr<LeaseReport> Look(Store& store, const std::string& organization) {
  LeaseReport report;
  report.organization = organization;
  POOLSHIFT_ASSIGN(const LeaseStanding standing, store.Standing(organization));
  report.standing = StandingOf(standing);
  POOLSHIFT_ASSIGN(report.breaks, LeaseBreaksOf(store, organization));
  return report;
}

ExitCode Break(Session& session,
               const Arguments& arguments,
               Store& store,
               const std::string& organization) {
  const std::string reason = arguments.Value("--reason");
  if (reason.empty())
    return session.Fail(kExitInvalidInput, "lease break: --reason TEXT is missing; it is recorded");
  const absl::StatusOr<LeaseStanding> standing = store.Standing(organization);
  if (!standing.ok()) return session.Fail(standing.status());
  if (standing->state != LeaseStanding::State::kHeld) {
    session.out << "Nobody holds the lease of " << organization << "; nothing was broken.\n";
    return kExitOk;
  }
  const absl::StatusOr<LeaseBreak> broken =
      store.BreakLease(organization, {session.now(), Holder(session), reason, 0, ""}, /*floor=*/0);
  if (!broken.ok()) return session.Fail(broken.status());
  session.out << "The lease of " << organization << " is broken; it was held by " << broken->former
              << ".\nThat process begins nothing more. What it has on its way is refused once the "
                 "next run has raised the\nfence, which it does first.\n";
  return kExitOk;
}

ExitCode RunLease(Session& session, const Arguments& arguments) {
  const std::string& what = arguments.words().front();
  std::vector<std::string> paths(arguments.words().begin() + 1, arguments.words().end());
  if (paths.empty()) paths = {"."};
  if (what != "show" && what != "break") {
    return session.Fail(kExitInvalidInput,
                        "lease: unknown word `" + what + "`; it is `show` or `break`");
  }
  const auto loaded = LoadManifests(*session.world.files, paths);
  if (!loaded.ok()) return session.Fail(loaded.status());
  const std::string& organization = loaded->organization.name;
  if (organization.empty()) {
    return session.Fail(kExitInvalidInput,
                        "the manifests name no organisation; `poolshift validate`");
  }
  const absl::StatusOr<std::string> state = StateDirectory(session, arguments, paths);
  if (!state.ok()) return session.Fail(state.status());
  if (!session.world.files->List(*state).ok()) {
    session.out << LeaseText({organization, {}, {}}, session.out_style);
    return kExitOk;
  }
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(*state);
  if (!store.ok()) return session.Fail(store.status());
  if (what == "break") return Break(session, arguments, **store, organization);
  const absl::StatusOr<LeaseReport> report = Look(**store, organization);
  if (!report.ok()) return session.Fail(report.status());
  session.out << (arguments.Has("--json") ? LeaseJson(*report)
                                          : LeaseText(*report, session.out_style));
  return kExitOk;
}

}  // namespace

Command LeaseCommand() {
  Command command;
  command.name = "lease";
  command.words = "show|break [PATH...]";
  command.summary = "tell who may write, or take that right away";
  command.text =
      "One process at a time may change an organisation: it holds the lease. `show` tells who "
      "holds "
      "it, where and since when, and which leases were broken, by whom and why. `break` takes it "
      "from a process that cannot be ended, or of another host; --reason is recorded. A lease of a "
      "process of this host that has ended is taken over without being broken.\n"
      "Breaking is safe at any time: the process begins nothing more, and before the next run "
      "looks "
      "at anything it raises the fence at every provider, so that a write that is still on its way "
      "is refused. Where a platform has no fence, the plan says `unfenced`: end the old process "
      "first.";
  command.least_words = 1;
  command.most_words = kAnyNumber;
  command.options = {{"--reason", "TEXT", "why the lease is broken; recorded", ""},
                     {"--json", "", "`show` for programs (docs/cli.md)", ""}};
  command.examples = {"poolshift lease show /etc/poolshift/contoso",
                      "poolshift lease break --reason 'host1 lost power' /etc/poolshift/contoso"};
  command.run = RunLease;
  return command;
}

}  // namespace poolshift
