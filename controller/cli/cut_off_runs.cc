#include "controller/cli/cut_off_runs.h"

#include "controller/cli/interruption.h"
#include "controller/engine/run.h"
#include "controller/engine/takeover.h"
#include "controller/store/store.h"
#include <pwd.h>
#include <unistd.h>

namespace poolshift {
namespace {

// Whose account this process runs under; $USER may be missing where nobody logged in.
std::string AccountName() {
  const passwd* account = ::getpwuid(::geteuid());
  return account == nullptr ? "unknown user" : account->pw_name;
}

class Teller final : public RunObserver {
 public:
  explicit Teller(const Session& session) : session_(session) {}
  void Remark(std::string_view text) override { session_.Tell(std::string(text)); }

 private:
  const Session& session_;
};

}  // namespace

LeaseHolder Holder(const Session& session) {
  const std::string user = session.environment("USER");
  return ThisProcess(user.empty() ? AccountName() : user);
}

absl::Status CheckTakeover(const Arguments& arguments, bool saved_plan) {
  const bool wanted = arguments.Has("--takeover");
  if (wanted && saved_plan) {
    return absl::InvalidArgumentError(
        "--takeover finishes from what it sees now; a saved plan was made before. Leave one out");
  }
  if (wanted == !arguments.Value("--reason").empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(wanted ? "--takeover needs --reason TEXT; it is recorded"
                                           : "--reason belongs to --takeover");
}

ExitCode SettleCutOffRuns(Session& session,
                          const Workspace& workspace,
                          const Arguments& arguments) {
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(workspace.state_directory());
  if (!store.ok()) return session.Fail(store.status());
  const absl::Status journal = (*store)->CheckJournal(workspace.organization().name);
  if (!journal.ok()) return session.Fail(journal);
  RunOptions options;
  options.organization = workspace.organization().name;
  options.holder = Holder(session);
  Teller teller(session);
  const SignalWatch watch;
  const RunContext context{workspace.providers(), **store, teller, watch.interruption()};
  const absl::Status settled = arguments.Has("--takeover")
                                   ? TakeOver(options, context, arguments.Value("--reason"))
                                   : SettleBeforePlanning(options, context);
  if (settled.ok()) return kExitOk;
  return session.Fail(absl::IsCancelled(settled) ? kExitInterrupted : kExitError,
                      std::string(settled.message()));
}

}  // namespace poolshift
