#include "controller/engine/rehearsal.h"

#include <algorithm>
#include <random>
#include <set>

#include "absl/status/status.h"

#include "controller/engine/declaration_eyes.h"
#include "controller/engine/drawn_errands.h"
#include "controller/engine/gate_observers.h"
#include "controller/engine/leaping_clock.h"
#include "controller/engine/stagehand.h"
#include "controller/engine/ways_on.h"
#include "controller/federation/likeness.h"
#include "controller/federation/observing.h"
#include "controller/model/try.h"
#include "controller/provider/plugin.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

constexpr absl::Duration kLook = absl::Seconds(30);

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

// FQDNs of the pools that die as the action is called.
Value::List DyingAt(const Organization& organization,
                    const std::vector<Death>& deaths,
                    const ActionId& id) {
  Value::List pools;
  for (const Death& death : deaths) {
    if (death.at != id) continue;
    for (const std::string& name : death.who.edge_pools)
      pools.emplace_back(organization.edge_pools.at(name).fqdn);
    for (const std::string& name : death.who.front_end_pools)
      pools.emplace_back(organization.front_end_pools.at(name).fqdn);
  }
  return pools;
}

Value::List Faults(const Organization& organization,
                   const Plan& plan,
                   const RehearsalOptions& options) {
  Value::List faults;
  for (const Action& action : plan.actions) {
    Value::List pools = DyingAt(organization, options.deaths, action.id);
    if (pools.empty()) continue;
    Value fault = Fault(plan, action.id, "blackout", 1);
    fault.Set("pools", std::move(pools));
    faults.push_back(std::move(fault));
  }
  for (const ActionId& id : options.failing)
    faults.push_back(Fault(plan, id, "error", 0));
  for (const ActionId& id : options.losing)
    faults.push_back(Fault(plan, id, "lostReply", 1));
  return faults;
}

// All that die, at whatever moment, or before the first action only.
Supposition Dead(const RehearsalOptions& options, bool at_first) {
  Supposition dead;
  for (const Death& death : options.deaths) {
    if (at_first && !death.at.empty()) continue;
    dead.edge_pools.insert(death.who.edge_pools.begin(), death.who.edge_pools.end());
    dead.front_end_pools.insert(death.who.front_end_pools.begin(), death.who.front_end_pools.end());
  }
  return dead;
}

// Passes everything on, keeps the clock informed, and looks at the state behind each step.
class StateWatch final : public RunObserver {
 public:
  StateWatch(const Organization& organization,
             std::vector<ObservationKey> keys,
             Stagehand& stage,
             LeapingClock& clock,
             const std::vector<Death>& deaths,
             RunObserver& next)
      : organization_(organization),
        keys_(std::move(keys)),
        stage_(stage),
        clock_(clock),
        deaths_(deaths),
        next_(next) {}

  void Remark(std::string_view text) override { next_.Remark(text); }
  void RunStarted(std::int64_t run, absl::Duration remaining) override {
    next_.RunStarted(run, remaining);
  }
  void ActionStarted(const Action& action, absl::Duration remaining) override {
    stage_.Begin(action);
    clock_.Stirred();
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
    clock_.Stirred();
  }

  void Look(const ActionId& after, const std::string& end) {
    ObservedState observed;
    const auto seen = stage_.Observe(keys_, kLook);
    if (!seen.ok()) return;  // the run itself says what is wrong with the stage
    for (std::size_t i = 0; i < keys_.size(); ++i)
      observed.observations[keys_[i]] = (*seen)[i];
    Standing standing = StandingOf(View(organization_, observed));
    // Silent from the beginning: nobody did that on purpose here.
    std::vector<std::string>& broken = standing.broken;
    for (const std::string& rule : standing.silenced) {
      const auto& before = states_.empty() ? standing.silenced : states_.front().standing.broken;
      if (std::find(before.begin(), before.end(), rule) != before.end()) broken.push_back(rule);
    }
    std::sort(broken.begin(), broken.end());
    states_.push_back({after, end, DiedAt(after), std::move(standing)});
  }

  std::vector<PassedState> Take() { return std::move(states_); }

 private:
  std::vector<std::string> DiedAt(const ActionId& id) const {
    std::vector<std::string> names;
    for (const Death& death : deaths_) {
      if (death.at != id) continue;
      names.insert(names.end(), death.who.edge_pools.begin(), death.who.edge_pools.end());
      names.insert(names.end(), death.who.front_end_pools.begin(), death.who.front_end_pools.end());
    }
    return names;
  }

  const Organization& organization_;
  const std::vector<ObservationKey> keys_;
  Stagehand& stage_;
  LeapingClock& clock_;
  const std::vector<Death>& deaths_;
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
        if (pool.condition == EdgePool::Condition::kOutOfService)
          keys.push_back({kinds::Fence(address, Port(protocol)), ""});
        for (const std::string& vantage : view.vantages())
          keys.push_back({kinds::Reachability(address, Port(protocol)), vantage});
      }
    }
  }
  return keys;
}

std::string ClockFile(const RehearsalOptions& options) { return options.directory + "/clock"; }

absl::StatusOr<std::unique_ptr<Provider>> StartStage(const World& world,
                                                     const Organization& organization,
                                                     const RehearsalOptions& options,
                                                     Value likeness) {
  const std::string file = options.directory + "/rehearsal.sim";
  // JSON is YAML.
  POOLSHIFT_TRY(world.files->Replace(file, CanonicalText(likeness) + '\n', /*mode=*/0600));
  PluginOptions plugin;
  plugin.name = "rehearsal";
  plugin.type = "sim";
  plugin.plugin_directory = options.plugin_directory;
  plugin.read_only = false;
  plugin.log = options.log;
  PluginConfiguration configuration;
  configuration.organization = organization.name;
  configuration.configuration = Value::Map{{"world", file}, {"clock", ClockFile(options)}};
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
  run.executor.backoff.seed = options.seed.value_or(0);
  if (!options.seed.has_value()) run.executor.provider_limit = 1;
  return run;
}

DrawnErrands::Draw DrawWith(std::optional<std::uint64_t> seed) {
  if (!seed.has_value()) return [](std::size_t) -> std::size_t { return 0; };
  return [dice = std::mt19937_64(*seed)](std::size_t waiting) mutable -> std::size_t {
    return dice() % waiting;
  };
}

}  // namespace

std::vector<ObservationKey> RehearsalToObserve(const Organization& organization,
                                               const ObservedState& seen,
                                               const Plan& plan) {
  std::vector<ObservationKey> keys = DrillToObserve(organization, seen);
  std::set<ObservationKey> known(keys.begin(), keys.end());
  for (const Action& action : plan.actions) {
    if (!action.gate.has_value()) continue;
    for (const Expectation& expectation : action.gate->expectations) {
      const ObservationKey& key = expectation.subject;
      // Behind which walls a person looks, and where names of others point.
      const bool matters = key.id.kind == kinds::kReachability ||
                           (action.human && key.id.kind == kinds::kDnsRecordSet);
      if (matters && !seen.observations.contains(key) && known.insert(key).second)
        keys.push_back(key);
    }
  }
  return keys;
}

absl::StatusOr<RehearsalOutcome> RehearsePlan(const World& world,
                                              const Workspace& workspace,
                                              const ObservedState& observed,
                                              const Plan& plan,
                                              const RehearsalOptions& options,
                                              RunObserver& observer,
                                              const Interruption& interruption) {
  const Organization& organization = workspace.organization();
  ObservedState opened = observed;
  DoBeforehand(plan, opened);
  POOLSHIFT_ASSIGN(Value likeness,
                   LikenessOf(organization,
                              SupposeDead(organization, opened, Dead(options, /*at_first=*/true))));
  likeness.Set("faults", Faults(organization, plan, options));
  LeapingClock clock(world.clock->Now(), *world.files, ClockFile(options));
  POOLSHIFT_TRY(clock.Begin());
  POOLSHIFT_ASSIGN(std::unique_ptr<Provider> platform,
                   StartStage(world, organization, options, std::move(likeness)));
  Stagehand stage(organization.name, std::move(platform));
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(options.directory));
  std::map<std::string, Provider*> providers;  // all play on the one stage
  for (const auto& [name, provider] : workspace.providers())
    providers[name] = &stage;
  for (const Action& action : plan.actions)
    providers[action.provider] = &stage;
  DeclarationEyes agreeing;
  providers[std::string(kDeclarationEyes)] = &agreeing;
  StateWatch watch(
      organization, StandingKeys(organization), stage, clock, options.deaths, observer);
  watch.Look("", "");
  RunOptions run = OptionsFor(workspace, plan, options);
  run.clock = &clock;
  DrawnErrands errands(clock, DrawWith(options.seed));
  RehearsalOutcome outcome;
  outcome.run = RunPlan(plan, run, {providers, *store, watch, interruption, &errands});
  outcome.states = watch.Take();
  if (outcome.run.code == RunOutcome::Code::kDone && options.deaths.empty()) return outcome;
  POOLSHIFT_ASSIGN(outcome.ways_on,
                   FindWaysOn(organization,
                              workspace.assignment(),
                              Dead(options, /*at_first=*/false),
                              stage,
                              clock.Now()));
  return outcome;
}

}  // namespace poolshift
