#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "controller/cli/action_reference.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/git_manifests.h"
#include "controller/cli/interruption.h"
#include "controller/cli/opening.h"
#include "controller/cli/outcome_report.h"
#include "controller/cli/plan_saving.h"
#include "controller/cli/progress.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/in_turns.h"
#include "controller/engine/rehearsal.h"
#include "controller/model/try.h"
#include "controller/report/plan_text.h"

namespace poolshift {
namespace {

// A folder for one rehearsal, removed at its end.
class TemporaryFolder {
 public:
  static absl::StatusOr<std::unique_ptr<TemporaryFolder>> Make(const Session& session) {
    std::string name = session.environment("TMPDIR");
    name = (name.empty() ? "/tmp" : name) + "/poolshift-rehearsal-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      return absl::InternalError("no folder for the rehearsal could be made in " +
                                 std::filesystem::path(name).parent_path().string());
    }
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(name));
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

absl::StatusOr<ActionId> ActionNamed(const std::string& word,
                                     const std::string& option,
                                     const Plan& plan) {
  POOLSHIFT_ASSIGN(const std::size_t place, PlaceOfAction(plan, word));
  const Action& action = plan.actions[place];
  if (action.verb != Verb::kGate) return action.id;
  return absl::InvalidArgumentError("rehearse: " + option + ": `" + word +
                                    "` is a gate: it only looks; name an action");
}

absl::StatusOr<std::vector<ActionId>> ActionsNamed(const Arguments& arguments,
                                                   const char* option,
                                                   const Plan& plan) {
  std::vector<ActionId> ids;
  for (const std::string& word : arguments.Values(option)) {
    POOLSHIFT_ASSIGN(ActionId id, ActionNamed(word, option, plan));
    ids.push_back(std::move(id));
  }
  return ids;
}

absl::StatusOr<Supposition> PoolNamed(const std::string& name, const Organization& organization) {
  Supposition pool;
  const auto edge = organization.edge_pools.find(name);
  if (edge != organization.edge_pools.end()) {
    if (edge->second.condition == EdgePool::Condition::kOutOfService)
      return absl::InvalidArgumentError("rehearse: --dead: `" + name +
                                        "` is declared out of service: it is dead already");
    pool.edge_pools.insert(name);
  } else if (organization.front_end_pools.contains(name)) {
    pool.front_end_pools.insert(name);
  } else {
    return absl::InvalidArgumentError("rehearse: --dead: no pool `" + name + "` is declared");
  }
  return pool;
}

// `POOL` or `POOL@ACTION`.
absl::StatusOr<std::vector<Death>> Deaths(const Arguments& arguments,
                                          const Organization& organization,
                                          const Plan& plan) {
  std::vector<Death> deaths;
  for (const std::string& word : arguments.Values("--dead")) {
    const std::size_t at = word.find('@');
    Death death;
    POOLSHIFT_ASSIGN(death.who, PoolNamed(word.substr(0, at), organization));
    if (at != std::string::npos) {
      POOLSHIFT_ASSIGN(death.at, ActionNamed(word.substr(at + 1), "--dead", plan));
    }
    deaths.push_back(std::move(death));
  }
  return deaths;
}

absl::StatusOr<RehearsalOptions> Options(const Session& session,
                                         const Arguments& arguments,
                                         const Workspace& workspace,
                                         const Plan& plan) {
  RehearsalOptions options;
  options.plugin_directory = session.plugin_directory;
  options.holder = Holder(session);
  POOLSHIFT_ASSIGN(options.failing, ActionsNamed(arguments, "--fail", plan));
  POOLSHIFT_ASSIGN(options.losing, ActionsNamed(arguments, "--lose-reply", plan));
  POOLSHIFT_ASSIGN(options.deaths, Deaths(arguments, workspace.organization(), plan));
  const std::string seed = arguments.Value("--seed");
  if (arguments.Has("--seed")) {
    if (seed.empty() || seed.size() > 9 ||
        seed.find_first_not_of("0123456789") != std::string::npos)
      return absl::InvalidArgumentError("rehearse: --seed: `" + seed + "` is no number below 10^9");
    options.seed = std::stoul(seed);
  }
  if (session.verbose) {
    options.log = [&session](std::string_view provider, std::string_view line) {
      session.Tell(std::string(provider) + ": " + std::string(line));
    };
  }
  return options;
}

ExitCode Tell(Session& session,
              const Plan& plan,
              const RehearsalOptions& options,
              const RehearsalOutcome& outcome) {
  session.out << StatesText(plan, outcome.states, session.out_style)
              << OrderText(plan, outcome.states, options.seed, session.out_style) << '\n';
  for (const Refusal& refusal : outcome.run.refusals)
    session.Fail(kExitRefused, refusal.text + (refusal.hint.empty() ? "" : "; " + refusal.hint));
  if (!outcome.run.text.empty()) session.Fail(kExitError, outcome.run.text);
  if (outcome.run.run != 0) session.out << RunText(plan, ReportOf(outcome.run), session.out_style);
  const std::string ways = WaysOnText(outcome.ways_on, session.out_style);
  if (!ways.empty()) session.out << '\n' << ways;
  const auto code = static_cast<ExitCode>(outcome.run.ExitStatus());
  return code == kExitOk && !RulesHeld(outcome.states) ? kExitError : code;
}

ExitCode Play(Session& session,
              const Arguments& arguments,
              Workspace& workspace,
              const ObservedState& observed,
              const Plan& plan) {
  absl::StatusOr<RehearsalOptions> options = Options(session, arguments, workspace, plan);
  if (!options.ok()) return session.Fail(options.status());
  const absl::StatusOr<std::unique_ptr<TemporaryFolder>> folder = TemporaryFolder::Make(session);
  if (!folder.ok()) return session.Fail(folder.status());
  options->directory = (*folder)->path();
  session.Tell("rehearsing on a simulated likeness of " + workspace.organization().name +
               "; nothing real is changed");
  const absl::StatusOr<RehearsalOutcome> outcome = [&] {
    Progress progress(session, plan);
    InTurns observer(plan, progress);
    const SignalWatch watch;
    return RehearsePlan(
        session.world, workspace, observed, plan, *options, observer, watch.interruption());
  }();
  if (!outcome.ok()) return session.Fail(outcome.status());
  return Tell(session, plan, *options, *outcome);
}

ExitCode RunRehearse(Session& session, const Arguments& arguments) {
  std::vector<std::string> paths = PathsOf(arguments);
  std::optional<Plan> plan;
  if (!arguments.words().empty() && IsPlanFile(paths.front())) {
    absl::StatusOr<PlanFile> file = LoadPlan(session, paths.front());
    if (!file.ok()) return session.Fail(file.status());
    plan = std::move(file->plan);
    paths = PathsOf(arguments, 1);
  }
  const Opening opening = OpenWorkspace(session, arguments, paths, /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  Workspace& workspace = *opening.workspace;
  ObservedState observed;
  if (plan.has_value()) {
    absl::StatusOr<ObservedState> seen = workspace.Observe();
    if (!seen.ok()) return session.Fail(seen.status());
    observed = *std::move(seen);
  } else {
    Planning planning = MakePlanNow(session, workspace);
    if (!planning.plan.has_value()) return planning.code;
    plan = std::move(planning.plan);
    observed = std::move(planning.observed);
  }
  session.out << PlanText(*plan, session.out_style) << '\n';
  if (!plan->refusals.empty()) return kExitRefused;
  if (plan->actions.empty()) return kExitOk;
  const absl::Status more = workspace.ObserveMore(
      RehearsalToObserve(workspace.organization(), observed, *plan), observed);
  if (!more.ok()) return session.Fail(more);
  return Play(session, arguments, workspace, observed, *plan);
}

}  // namespace

Command RehearseCommand() {
  Command command;
  command.name = "rehearse";
  command.words = "[PLANFILE] [PATH...]";
  command.summary = "play a plan in the simulator, with faults to choose";
  command.text =
      "Looks at the world, makes a simulated likeness of it, and lets the executor of `apply` "
      "carry "
      "the plan out there: a saved plan, or one made now. Shows the states that it passes and "
      "whether the rules held in each. Nothing real is changed: the organisation's providers are "
      "started so that they cannot. Waits are leapt over, steps of people are taken for done.\n"
      "Exit codes: as `apply`, for the simulated run; 1 also when a state broke a rule.";
  command.most_words = kAnyNumber;
  command.options = WithGitOptions(
      {{"--fail", "ACTION", "this action fails, by its number in the plan or its id", ""},
       {"--lose-reply", "ACTION", "its effect happens, the answer is lost", ""},
       {"--dead", "POOL[@ACTION]", "this pool dies as ACTION is called, or at first", ""},
       {"--seed", "N", "draw the order of what can run side by side from this number", ""}});
  command.examples = {"poolshift rehearse manifests/xmpp-failover",
                      "poolshift rehearse --lose-reply 3 --fail 7 manifests/both-failover",
                      "poolshift rehearse --dead edgepool2@3 manifests/xmpp-failover",
                      "poolshift rehearse night.plan /etc/poolshift/contoso"};
  command.run = RunRehearse;
  return command;
}

}  // namespace poolshift
