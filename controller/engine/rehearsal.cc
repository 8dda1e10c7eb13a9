#include "controller/engine/rehearsal.h"

#include <algorithm>
#include <random>

#include "absl/status/status.h"

#include "controller/engine/gate_observers.h"
#include "controller/engine/leaping_clock.h"
#include "controller/federation/likeness.h"
#include "controller/federation/observing.h"
#include "controller/model/try.h"
#include "controller/provider/plugin.h"

namespace poolshift {
namespace {

constexpr absl::Duration kLook = absl::Seconds(30);
constexpr int kSlowest = 400;  // milliseconds of a call, with a seed

Value Fault(const Plan& plan, const ActionId& id, std::string_view trouble, int times) {
  // A fault is about a resource; calls of earlier actions on the same one are let through.
  int before = 0;
  for (const Action& action : plan.actions) {
    if (action.id == id) {
      return Value::Map{{"resource", ToString(action.target)},
                        {"fault", trouble},
                        {"times", times},
                        {"after", before},
                        {"message", "asked for in this rehearsal"}};
    }
    const auto asked = [&](const Action& other) { return other.id == id; };
    const auto wanted = std::find_if(plan.actions.begin(), plan.actions.end(), asked);
    if (wanted != plan.actions.end() && wanted->target == action.target) ++before;
  }
  return {};
}

Value::List Faults(const Plan& plan, const RehearsalOptions& options) {
  Value::List faults;
  for (const ActionId& id : options.failing)
    faults.push_back(Fault(plan, id, "error", 0));
  for (const ActionId& id : options.losing)
    faults.push_back(Fault(plan, id, "lostReply", 1));
  if (options.seed == 0) return faults;
  std::mt19937_64 engine(options.seed);
  for (const Action& action : plan.actions) {
    if (action.verb == Verb::kGate) continue;
    const auto delay = static_cast<int>(engine() % kSlowest);
    faults.emplace_back(Value::Map{{"resource", ToString(action.target)},
                                   {"fault", "latency"},
                                   {"delay", std::to_string(delay) + "ms"}});
  }
  return faults;
}

// Passes everything on, keeps the clock informed, and looks at the state behind each step.
class StateWatch final : public RunObserver {
 public:
  StateWatch(const Organization& organization,
             std::vector<ObservationKey> keys,
             Provider& stage,
             LeapingClock& clock,
             RunObserver& next)
      : organization_(organization),
        keys_(std::move(keys)),
        stage_(stage),
        clock_(clock),
        next_(next) {}

  void Remark(std::string_view text) override { next_.Remark(text); }
  void RunStarted(std::int64_t run, absl::Duration remaining) override {
    next_.RunStarted(run, remaining);
  }
  void ActionStarted(const Action& action, absl::Duration remaining) override {
    clock_.Started(action);
    next_.ActionStarted(action, remaining);
  }
  void ActionProgress(const Action& action, std::string_view line) override {
    next_.ActionProgress(action, line);
  }
  void GateWaiting(const Action& action,
                   std::string_view lagging,
                   absl::Duration remaining) override {
    clock_.Stirred();
    next_.GateWaiting(action, lagging, remaining);
  }
  void ActionEnded(const Action& action,
                   ActionEnd end,
                   std::string_view why,
                   absl::Duration remaining) override {
    next_.ActionEnded(action, end, why, remaining);
    if (end != ActionEnd::kNotDone) Look(action.id, std::string(Name(end)));
    clock_.Ended(action);
  }

  void Look(const ActionId& after, const std::string& end) {
    ObservedState observed;
    const auto seen = stage_.Observe(keys_, kLook);
    if (!seen.ok()) return;  // the run itself says what is wrong with the stage
    for (std::size_t i = 0; i < keys_.size(); ++i)
      observed.observations[keys_[i]] = (*seen)[i];
    states_.push_back({after, end, StandingOf(View(organization_, observed))});
  }

  std::vector<PassedState> Take() { return std::move(states_); }

 private:
  const Organization& organization_;
  const std::vector<ObservationKey> keys_;
  Provider& stage_;
  LeapingClock& clock_;
  RunObserver& next_;
  std::vector<PassedState> states_;
};

// What StandingOf() asks for.
std::vector<ObservationKey> StandingKeys(const Organization& organization) {
  std::vector<ObservationKey> keys = DesignationsToObserve(organization);
  const View view(organization, {});
  for (const auto& [name, pool] : organization.edge_pools) {
    for (const Protocol protocol : kProtocols) {
      for (const EdgeServer& server : pool.servers)
        keys.push_back({kinds::EdgeService(server.fqdn, Role(protocol)), ""});
      for (const std::string& address : pool.addresses()) {
        for (const std::string& vantage : view.vantages())
          keys.push_back({kinds::Reachability(address, Port(protocol)), vantage});
      }
    }
  }
  return keys;
}

absl::StatusOr<std::unique_ptr<Provider>> StartStage(const World& world,
                                                     const Organization& organization,
                                                     const RehearsalOptions& options,
                                                     Value likeness) {
  const std::string file = options.directory + "/rehearsal.sim";
  const std::string ahead = options.directory + "/ahead";
  // JSON is YAML.
  POOLSHIFT_TRY(world.files->Replace(file, CanonicalText(likeness) + '\n', /*mode=*/0600));
  POOLSHIFT_TRY(world.files->Replace(ahead, "0\n", /*mode=*/0600));
  PluginOptions plugin;
  plugin.name = "rehearsal";
  plugin.type = "sim";
  plugin.plugin_directory = options.plugin_directory;
  plugin.read_only = false;
  plugin.log = options.log;
  PluginConfiguration configuration;
  configuration.organization = organization.name;
  configuration.configuration = Value::Map{{"world", file}, {"ahead", ahead}};
  configuration.base_directory = options.directory;
  configuration.state_directory = options.directory + "/stage";
  configuration.vantages = organization.policy.vantages;
  POOLSHIFT_TRY(world.files->MakePrivateDirectory(configuration.state_directory));
  return StartPlugin(world, plugin, configuration);
}

RunOptions OptionsFor(const Workspace& workspace,
                      const Plan& plan,
                      const RehearsalOptions& options) {
  RunOptions run;
  run.organization = workspace.organization().name;
  run.holder = options.holder;
  run.policy = workspace.organization().policy;
  run.policy.windows.clear();  // nothing real is changed
  for (const Action& action : plan.actions)
    run.approvals.insert(action.id);
  run.executor.observers = GateObservers(workspace.assignment(), plan);
  run.executor.provider_limit = options.seed == 0 ? 1 : run.executor.provider_limit;
  run.executor.backoff.first = absl::Milliseconds(50);
  run.executor.backoff.seed = options.seed;
  // Leaps are no delays of the stage.
  run.executor.read_deadline = absl::Hours(48);
  run.executor.call_deadline = absl::Hours(48);
  return run;
}

}  // namespace

absl::StatusOr<RehearsalOutcome> RehearsePlan(const World& world,
                                              const Workspace& workspace,
                                              const ObservedState& observed,
                                              const Plan& plan,
                                              const RehearsalOptions& options,
                                              RunObserver& observer,
                                              const Interruption& interruption) {
  const Organization& organization = workspace.organization();
  POOLSHIFT_ASSIGN(Value likeness,
                   LikenessOf(organization, SupposeDead(organization, observed, options.dying)));
  likeness.Set("faults", Faults(plan, options));
  POOLSHIFT_ASSIGN(const std::unique_ptr<Provider> stage,
                   StartStage(world, organization, options, std::move(likeness)));
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(options.directory));
  std::map<std::string, Provider*> providers;  // all play on the one stage
  for (const auto& [name, provider] : workspace.providers())
    providers[name] = stage.get();
  for (const Action& action : plan.actions)
    providers[action.provider] = stage.get();
  LeapingClock clock(*world.clock, *world.files, options.directory + "/ahead");
  StateWatch watch(organization, StandingKeys(organization), *stage, clock, observer);
  watch.Look("", "");
  RunOptions run = OptionsFor(workspace, plan, options);
  run.clock = &clock;
  RehearsalOutcome outcome;
  outcome.run = RunPlan(plan, run, {providers, *store, watch, interruption});
  outcome.states = watch.Take();
  return outcome;
}

}  // namespace poolshift
