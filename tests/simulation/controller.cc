#include "tests/simulation/controller.h"

#include <utility>

#include "controller/engine/takeover.h"

namespace poolshift::simulation {
namespace {

constexpr absl::Duration kPoll = absl::Minutes(3);
constexpr absl::Duration kNoticed = absl::Seconds(1);
constexpr absl::Duration kByItself = absl::Minutes(5);

}  // namespace

// What a person or a terminal would see; here it tells the checker what no record says.
class Controller::Watcher final : public RunObserver {
 public:
  Watcher(Simulation& simulation,
          Controller& controller,
          std::shared_ptr<const Plan> plan,
          absl::Duration looked,
          std::size_t changes)
      : simulation_(simulation),
        controller_(controller),
        plan_(std::move(plan)),
        looked_(looked),
        changes_(changes) {}

  void Remark(std::string_view text) override { simulation_.Trace(text); }
  void RunStarted(std::int64_t run, absl::Duration) override {
    run_ = run;
    const auto& record = controller_.disk().tables().runs.at(static_cast<std::size_t>(run - 1));
    simulation_.checker().Begun(controller_.disk(), run, plan_);
    simulation_.checker().Looked(record.second.token, looked_);
    simulation_.checker().CheckBasis(*plan_, changes_);
    simulation_.Trace("run of " + std::to_string(plan_->actions.size()) + " actions, token " +
                      std::to_string(record.second.token));
  }
  void ActionStarted(const Action& action, absl::Duration) override {
    if (!action.gate.has_value()) return;
    simulation_.timeline().After(
        simulation_.latency().Between(absl::Seconds(1), kByItself),
        [&simulation = simulation_, action] { simulation.realm().Await(action); });
  }
  void ActionProgress(const Action& action, std::string_view line) override {
    simulation_.Trace("  " + action.id + ": " + std::string(line));
  }
  void GateWaiting(const Action& action, std::string_view lagging, absl::Duration) override {
    simulation_.Trace("  " + action.id + " waits: " + std::string(lagging));
  }
  void ActionEnded(const Action& action,
                   ActionEnd end,
                   std::string_view why,
                   absl::Duration) override {
    simulation_.Trace("  " + action.title + " " + std::string(Name(end)) + " " + std::string(why));
    if (end == ActionEnd::kDone) simulation_.checker().Ended(controller_.disk(), run_, action.id);
  }

 private:
  Simulation& simulation_;
  Controller& controller_;
  std::shared_ptr<const Plan> plan_;
  absl::Duration looked_;  // when the plan's look began
  std::size_t changes_;    // of the world, when it was to be carried out
  std::int64_t run_ = 0;
};

// The folder of exports: it takes files, or has no room.
class Controller::Exported final : public Files {
 public:
  explicit Exported(Simulation& simulation) : simulation_(simulation) {}

  absl::Status MakePrivateDirectory(const std::string&) override { return absl::OkStatus(); }
  absl::Status Replace(const std::string&, std::string_view, int) override {
    if (!simulation_.faults().Strikes(Fault::kExportUnkept)) return absl::OkStatus();
    simulation_.Meet("Export", Name(Fault::kExportUnkept));
    return absl::ResourceExhaustedError("the disk is full");
  }
  absl::StatusOr<std::string> Read(const std::string&, std::size_t) override { return None(); }
  absl::StatusOr<std::string> ReadPrivate(const std::string&, std::size_t) override {
    return None();
  }
  absl::StatusOr<std::vector<std::string>> List(const std::string&) override { return None(); }
  absl::Status Remove(const std::string&) override { return None(); }

 private:
  static absl::Status None() { return absl::UnimplementedError("nobody reads exports"); }

  Simulation& simulation_;
};

Controller::Controller(Simulation& simulation, std::shared_ptr<Disk> disk, std::string host)
    : simulation_(simulation), disk_(std::move(disk)), host_(std::move(host)) {}

Controller::~Controller() = default;

void Controller::StartRound() {
  if (busy()) return;
  in_round_ = true;
  process_ = std::make_unique<Process>(
      simulation_.timeline(), ++processes_, [this] { return wall_offset_; });
  process_->Spawn([this] {
    Round();
    in_round_ = false;
    if (looping_) ScheduleRound(simulation_.latency().Between(absl::Seconds(1), kPoll));
    process_->Die();  // a program ends with its threads
  });
}

void Controller::ScheduleRound(absl::Duration delay) {
  simulation_.timeline().After(delay, [this] {
    if (looping_) StartRound();
  });
}

void Controller::Loop() {
  looping_ = true;
  StartRound();
}

void Controller::Notify() {
  if (looping_ && !busy()) ScheduleRound(kNoticed);
}

void Controller::Kill() {
  if (process_ != nullptr) process_->Kill();
}

void Controller::Pause() {
  if (busy()) process_->Pause();
}

void Controller::Resume() {
  if (process_ != nullptr) process_->Resume();
}

std::int64_t Controller::last_token() const {
  const auto& leases = disk_->tables().leases;
  return leases.empty() ? 0 : leases.begin()->second.lease.token;
}

void Controller::UseOldPlan(std::shared_ptr<const Plan> plan, absl::Duration made) {
  plan_ = std::move(plan);
  plan_made_ = made;
  use_old_ = true;
}

// Those of another host count as running, as far as a host can know.
bool Controller::HolderRuns(const LeaseHolder& holder) const {
  return holder.host != host_ || (holder.pid == processes_ && process_->alive());
}

RunOptions Controller::Options(const Plan& plan) const {
  RunOptions options;
  options.organization = simulation_.realm().organization();
  options.holder = {"operator", host_, processes_, processes_};
  options.policy = simulation_.realm().policy();
  options.executor.observers = simulation_.realm().ObserversOf(plan);
  options.executor.backoff.seed = static_cast<std::uint64_t>(processes_);
  options.clock = &process_->clock();
  options.export_directory = "exports";
  for (const std::string& name : simulation_.realm().providers())
    options.exporters[name] = name;
  for (const Action& action : plan.actions)
    if (action.needs_approval) options.approvals.insert(action.id);
  return options;
}

// What is left of earlier runs; first a takeover, when somebody wants one.
absl::Status Controller::Settle(const RunContext& context) {
  const bool struck = simulation_.faults().Strikes(Fault::kTakeover);
  if (!std::exchange(takes_over_, false) && !struck)
    return SettleBeforePlanning(Options({}), context);
  if (struck) simulation_.Meet("controller", Name(Fault::kTakeover));
  simulation_.Trace(host_ + " takes over");
  return TakeOver(Options({}), context, "the other one does not answer");
}

void Controller::Round() {
  ++rounds_;
  std::map<std::string, std::unique_ptr<Link>> links;
  std::map<std::string, Provider*> providers;
  for (const std::string& name : simulation_.realm().providers()) {
    links[name] = std::make_unique<Link>(simulation_, *this, *process_, name);
    providers[name] = links[name].get();
  }
  SimulatedStore store(
      *disk_,
      {[this](const Entry& entry, Moment moment) -> absl::Status {
         if (moment == Moment::kBefore && simulation_.faults().Strikes(Fault::kDiskFull)) {
           simulation_.Meet(Name(entry), Name(Fault::kDiskFull));
           return absl::ResourceExhaustedError("the disk is full");
         }
         if (moment == Moment::kUnsynced && simulation_.faults().Strikes(Fault::kSyncFails)) {
           simulation_.Meet(Name(entry), Name(Fault::kSyncFails));
           return absl::UnavailableError("cannot write: input/output error");
         }
         simulation_.Touch(*this, Name(entry), moment);
         return absl::OkStatus();
       },
       [this](const LeaseHolder& holder) { return HolderRuns(holder); }});
  interruption_ = std::make_unique<Interruption>();
  const Interruption& interruption = *interruption_;
  FiberErrands errands(*process_);

  Watcher nobody(simulation_, *this, nullptr, absl::ZeroDuration(), 0);
  Exported exported(simulation_);
  const absl::Status settled =
      Settle({providers, store, nobody, interruption, &errands, &exported});
  if (!settled.ok()) {
    Conclude("cannot settle: " + std::string(settled.message()));
  } else {
    const bool old =
        use_old_ || (plan_ != nullptr && simulation_.faults().Strikes(Fault::kOldPlan));
    use_old_ = false;
    absl::StatusOr<std::shared_ptr<const Plan>> plan = plan_;
    if (!old) {
      plan_made_ = simulation_.timeline().now();
      for (const auto& [name, link] : links)
        link->SetPlanning(true);
      plan = simulation_.realm().MakePlan(
          [&](const std::string& name, const std::vector<ObservationKey>& keys) {
            return links.at(name)->Observe(keys, absl::Seconds(30));
          });
      for (const auto& [name, link] : links)
        link->SetPlanning(false);
    }
    if (!plan.ok()) {
      Conclude("cannot plan: " + std::string(plan.status().message()));
    } else if (!(*plan)->refusals.empty()) {
      Conclude("refused: " + (*plan)->refusals[0].text);
    } else if ((*plan)->actions.empty()) {
      Conclude("nothing to do");
      last_code_ = RunOutcome::Code::kDone;
    } else {
      if (old) simulation_.Meet("plan", Name(Fault::kOldPlan));
      plan_ = *plan;
      Watcher watcher(simulation_, *this, plan_, plan_made_, simulation_.realm().changes());
      const RunOutcome outcome = RunPlan(
          *plan_, Options(*plan_), {providers, store, watcher, interruption, &errands, &exported});
      last_code_ = outcome.code;
      Conclude(outcome.text.empty() ? "done" : outcome.text);
    }
  }
  simulation_.Trace(host_ + ": " + last_words_);
}

}  // namespace poolshift::simulation
