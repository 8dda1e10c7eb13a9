// `poolshift serve` itself.
#include "controller/cli/serve.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/strings/numbers.h"

#include "controller/cli/control.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/interruption.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/daemon/control_server.h"
#include "controller/daemon/service_notice.h"
#include "controller/gitops/desk.h"
#include "controller/gitops/git_declarations.h"
#include "controller/gitops/loop.h"
#include "controller/gitops/named_signers.h"
#include "controller/gitops/status.h"
#include "controller/model/try.h"
#include "controller/notify/secret.h"
#include "controller/report/daemon_status.h"
#include "controller/report/json_text.h"
#include "controller/serve/page_servers.h"
#include "controller/serve/pulse.h"
#include "controller/serve/remote_control.h"
#include "controller/serve/teller.h"
#include "controller/world/memory.h"

namespace poolshift {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(200);

// One line for each thing that happens, for people or for programs.
class ServeLog {
 public:
  ServeLog(const Session& session, bool json) : session_(session), json_(json) {}

  void operator()(const std::string& line) const {
    const std::string at =
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", session_.now(), absl::UTCTimeZone());
    std::string text = at + ' ' + line + '\n';
    if (json_) {
      Json object = Json::object();
      object["at"] = at;
      object["line"] = line;
      text = object.dump(-1, ' ', true, Json::error_handler_t::replace) + '\n';
    }
    const std::lock_guard lock(*mutex_);
    session_.err << text << std::flush;
  }

 private:
  const Session& session_;
  const bool json_;
  std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();  // of all copies
};

absl::StatusOr<Roles> RolesOf(const Session& session, const Arguments& arguments) {
  Roles roles(Holder(session).who);
  for (const std::string& text : arguments.Values("--role")) {
    if (const absl::Status status = roles.Grant(text); !status.ok()) return status;
  }
  return roles;
}

absl::StatusOr<FirstTrust> TrustOf(const Session& session, const Arguments& arguments) {
  constexpr std::size_t kLargestSigners = std::size_t{1} << 20U;
  FirstTrust trust;
  trust.commit = arguments.Value("--trust-commit");
  trust.unsigned_commits = arguments.Has("--unsigned-commits");
  const std::string file = arguments.Value("--allowed-signers");
  if (!file.empty()) {
    absl::StatusOr<std::string> text = session.world.files->Read(file, kLargestSigners);
    if (!text.ok()) return text.status();
    absl::StatusOr<std::vector<CommitSigner>> signers = ReadNamedSigners(file, *text);
    if (!signers.ok()) return signers.status();
    trust.signers = *std::move(signers);
  }
  const int given =
      (trust.commit.empty() ? 0 : 1) + (file.empty() ? 0 : 1) + (trust.unsigned_commits ? 1 : 0);
  if (given != 1 || (!trust.commit.empty() && !IsCommitId(trust.commit))) {
    return absl::InvalidArgumentError(
        "--git needs to know whom to believe first: one of --trust-commit ID (a whole commit id "
        "that "
        "you looked at), --allowed-signers FILE, --unsigned-commits");
  }
  return trust;
}

using Source = absl::StatusOr<std::unique_ptr<DeclarationSource>>;

Source SourceOf(const Session& session,
                const Arguments& arguments,
                const std::vector<std::string>& paths,
                const std::string& state) {
  if (!arguments.Has("--git")) return std::make_unique<FolderSource>(*session.world.files, paths);
  if (!arguments.words().empty())
    return absl::InvalidArgumentError("--git names the declaration; leave the paths out");
  GitDeclarations::Options options;
  absl::StatusOr<GitPlace> place =
      ReadGitPlace(arguments.Value("--git"), arguments.Value("--ref"), arguments.Value("--folder"));
  if (!place.ok()) return place.status();
  absl::StatusOr<FirstTrust> trust = TrustOf(session, arguments);
  if (!trust.ok()) return trust.status();
  options.git.place = *std::move(place);
  options.git.directory = state + "/git";
  options.git.ssh_key = arguments.Value("--ssh-key");
  options.git.known_hosts = arguments.Value("--known-hosts");
  options.trust = *std::move(trust);
  options.state_directory = state;
  options.base_directory = arguments.Has("--base") ? arguments.Value("--base") : state;
  return GitDeclarations::Open(session.world, std::move(options));
}

absl::StatusOr<LoopOptions> OptionsOf(const Session& session,
                                      const Arguments& arguments,
                                      const std::vector<std::string>& paths) {
  LoopOptions options;
  const absl::StatusOr<std::string> state = StateDirectory(session, arguments, paths);
  if (!state.ok()) return state.status();
  options.state_directory = *state;
  options.plugin_directory = session.plugin_directory;
  options.version = POOLSHIFT_VERSION;
  options.holder = Holder(session);
  if (arguments.Has("--every")) {
    const absl::StatusOr<absl::Duration> every = DurationOf(arguments, "--every");
    if (!every.ok()) return every.status();
    options.interval = *every;
  }
  options.log = ServeLog(session, arguments.Has("--log-json"));
  if (const absl::Status made = session.world.files->MakePrivateDirectory(*state); !made.ok())
    return made;
  return options;
}

// Null when nobody is to be heard.
absl::StatusOr<std::unique_ptr<PushHook>> HookOf(const Session& session,
                                                 const Arguments& arguments,
                                                 Board& board) {
  constexpr std::size_t kShortestKey = 16;
  if (!arguments.Has("--push-key")) return nullptr;
  if (!arguments.Has("--listen") && !arguments.Has("--listen-tls"))
    return absl::InvalidArgumentError(
        "--push-key needs --listen or --listen-tls: where to hear it");
  POOLSHIFT_ASSIGN(const SecretRef reference, SecretRef::Parse(arguments.Value("--push-key")));
  POOLSHIFT_ASSIGN(std::string key,
                   notify::OpenSecret(reference, *session.world.files, session.environment));
  if (key.size() < kShortestKey) {
    return absl::InvalidArgumentError(reference.Reference() +
                                      ": a key of fewer than 16 characters can be guessed; make "
                                      "one with `openssl rand -hex 32`");
  }
  return std::make_unique<PushHook>(std::move(key), [&board] { board.Wake(); });
}

// Runs the loop until somebody stops it.
void Turn(const Session& session, Loop& loop, Board& board, Pulse& pulse) {
  const std::string socket = session.environment("NOTIFY_SOCKET");
  while (!board.stopped()) {
    pulse.BeginRound(session.world.clock->Elapsed());
    const absl::Time next = loop.Round();
    pulse.EndRound();
    GiveMemoryBack();  // of a look at a large organisation, until the next
    (void)TellService(socket, "STATUS=" + DaemonStatusSentence(StatusOf(*board.Current())));
    board.WaitFor(next - session.now());
  }
}

// Until somebody ends it, says to systemd that it is ready and that the loop turns: a process that
// only looks alive is started anew. A third of WATCHDOG_USEC apart (sd_watchdog_enabled(3)).
void Watch(const Session& session,
           const Board& board,
           const Pulse& pulse,
           const Interruption& interruption) {
  const std::string socket = session.environment("NOTIFY_SOCKET");
  std::int64_t limit = 0;
  if (!absl::SimpleAtoi(session.environment("WATCHDOG_USEC"), &limit)) limit = 0;
  const Clock& clock = *session.world.clock;
  absl::Duration last = -absl::InfiniteDuration();
  bool ready = false;
  while (interruption.requests() == 0) {
    const absl::Duration now = clock.Elapsed();
    // Once something was looked at, though its plan may still be carried out.
    if (!ready && board.Current()->round > 0) {
      ready = true;
      (void)TellService(socket, "READY=1");
    }
    if (limit > 0 && now - last >= absl::Microseconds(limit) / 3 &&
        pulse.Beats(now, board.Current()->running)) {
      (void)TellService(socket, "WATCHDOG=1");
      last = now;
    }
    session.world.clock->Sleep(kTick);
  }
}

ExitCode Once(Session& session, Loop& loop, const Board& board) {
  loop.Round();
  DaemonStatus status = StatusOf(*board.Current());
  session.out << DaemonStatusText(status, session.now(), session.out_style);
  if (!status.error.empty()) return kExitError;
  return status.needs_attention() ? kExitChanges : kExitOk;
}

}  // namespace

ExitCode RunServe(Session& session, const Arguments& arguments) {
  std::vector<std::string> paths = PathsOf(arguments);
  if (paths.empty()) paths = {"."};  // with --git the state still belongs to this folder
  absl::StatusOr<LoopOptions> options = OptionsOf(session, arguments, paths);
  if (!options.ok()) return session.Fail(options.status());
  absl::StatusOr<Roles> roles = RolesOf(session, arguments);
  if (!roles.ok()) return session.Fail(roles.status());
  const auto log = options->log;
  const std::string state = options->state_directory;
  Board board;
  const Source source = SourceOf(session, arguments, paths, state);
  if (!source.ok()) return session.Fail(source.status());
  const SignalWatch watch(SignalWatch::For::kLog);
  Loop loop(session.world, *std::move(options), **source, board, watch.interruption());
  if (arguments.Has("--once")) return Once(session, loop, board);
  Desk desk(state, board, *session.world.clock);
  const std::string socket = SocketPath(session, arguments);
  std::error_code none;
  std::filesystem::create_directory(std::filesystem::path(socket).parent_path(), none);
  const absl::StatusOr<std::unique_ptr<PushHook>> hook = HookOf(session, arguments, board);
  if (!hook.ok()) return session.Fail(hook.status());
  PageSessions sessions;
  const absl::StatusOr<PageServers> pages =
      PageServers::Start(session, arguments, board, {hook->get(), &sessions, &desk}, log);
  if (!pages.ok()) return session.Fail(pages.status());
  PageDoor door{sessions, pages->url()};
  PageDoor* const way_in = door.url.empty() ? nullptr : &door;
  const auto server = ControlServer::Start(socket, *roles, desk, way_in);
  if (!server.ok()) return session.Fail(server.status());
  const auto remote = StartRemoteControl(session, arguments, *roles, desk, way_in, log);
  if (!remote.ok()) return session.Fail(remote.status());
  log("serving " + (*source)->Description() + "; control at " + socket +
      (pages->url_here().empty() ? "" : "; pages at " + pages->url_here()));
  Teller teller(
      session.world,
      {state,
       {.environment = session.environment, .command_directory = arguments.Value("--commands")},
       log},
      board);
  std::jthread telling([&] { teller.Run(); });
  Pulse pulse;
  std::jthread turning([&] { Turn(session, loop, board, pulse); });
  Watch(session, board, pulse, watch.interruption());
  log("stopping: what runs is finished, nothing more is started; a second signal stops the "
      "waiting");
  (void)TellService(session.environment("NOTIFY_SOCKET"), "STOPPING=1");
  board.Stop();
  turning.join();
  telling.join();
  log("stopped");
  return kExitOk;
}

}  // namespace poolshift
