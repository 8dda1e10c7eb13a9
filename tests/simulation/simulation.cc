#include "tests/simulation/simulation.h"

#include <algorithm>
#include <utility>

#include "tests/simulation/controller.h"

namespace poolshift::simulation {
namespace {

constexpr int kRoundsToGoal = 3;
constexpr std::array<std::string_view, 5> kCalls = {"call", "look", "lookup", "fence", "export"};
constexpr std::int64_t kMostEvents = 300'000;
constexpr absl::Duration kBreath = absl::Minutes(20);  // for what is still on its way

std::uint64_t Mixed(std::uint64_t hash, std::string_view text) {
  for (const char letter : text)
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3U;
  return hash;
}

}  // namespace

Simulation::Simulation(Realm& realm, Setup setup)
    : realm_(realm),
      setup_(std::move(setup)),
      timeline_(setup_.seed * 4 + 1),
      faults_(setup_.seed * 4 + 2, setup_.chance, setup_.left_out),
      latency_(setup_.seed * 4 + 3),
      checker_(realm, disks_),
      platform_(realm, checker_, setup_.protections) {
  for (int i = 0; i < setup_.hosts; ++i) {
    disks_.push_back(std::make_shared<Disk>());
    if (!setup_.protections.durable_intents) disks_.back()->Lie();
    const std::string host = "host" + std::to_string(i + 1);
    controllers_.push_back(std::make_unique<Controller>(*this, disks_.back(), host));
  }
}

Simulation::~Simulation() {
  timeline_.Clear();
  for (const auto& controller : controllers_)
    controller->Kill();
}

void Simulation::Trace(std::string_view line) {
  trace_hash_ = Mixed(
      trace_hash_ ^ static_cast<std::uint64_t>(absl::ToInt64Nanoseconds(timeline_.now())), line);
  if (!setup_.keeps_trace) return;
  trace_ += absl::FormatDuration(timeline_.now()) + "  " + std::string(line) + '\n';
}

void Simulation::Touch(Controller& controller, std::string_view part, Moment moment) {
  if (faults_.Strikes(Fault::kInterrupt)) {
    const bool again = controller.Interrupt() > 1;
    Meet("controller", again ? kInterruptedAgain : Name(Fault::kInterrupt));
    Trace(controller.host() + (again ? " is interrupted again" : " is interrupted"));
  }
  // A record that is written and not synced may be lost with the power, or there all the same.
  const bool is_record = std::find(kCalls.begin(), kCalls.end(), part) == kCalls.end();
  const int ways = is_record && moment == Moment::kUnsynced ? 2 : 1;
  for (int way = 0; way < ways; ++way) {
    const bool planned =
        crashes_ < setup_.crash_at.size() && ++moments_ == setup_.crash_at[crashes_];
    const bool killed = faults_.Strikes(Fault::kKill);
    const bool dark = faults_.Strikes(Fault::kPowerLoss);
    if (!planned && !killed && !dark) continue;
    const bool keeps = planned ? way == 1 : faults_.Measure(Fault::kPowerLoss).Percent(50);
    if (planned) {
      ++crashes_;
      moments_ = 0;
    }
    Meet(part, Name(moment));
    if (killed) Meet("controller", Name(Fault::kKill));
    if (dark) Meet("controller", Name(Fault::kPowerLoss));
    Trace("crash of " + controller.host() + " at " + std::string(part) + ", " +
          std::string(Name(moment)));
    if (is_record && moment == Moment::kTorn) controller.disk().Tear();
    if (dark || (planned && is_record)) {
      controller.disk().LosePower([keeps] { return keeps; });
    } else {
      controller.disk().Show();
    }
    if (storming_) {
      timeline_.After(latency_.Between(absl::Seconds(1), absl::Minutes(2)), [this, &controller] {
        if (storming_) controller.Loop();
      });
    }
    controller.process().Die();
  }
}

void Simulation::Notify() {
  for (const auto& controller : controllers_) {
    if (faults_.Strikes(Fault::kNotificationLost)) {
      Meet("notification", Name(Fault::kNotificationLost));
    } else {
      controller->Notify();
    }
  }
}

// Copies follow a while after a change.
void Simulation::Settle() {
  if (settling_) return;
  settling_ = true;
  timeline_.After(latency_.Between(absl::Milliseconds(100), absl::Seconds(20)), [this] {
    settling_ = false;
    if (realm_.Settle()) Settle();
  });
}

void Simulation::StartOutages() {
  for (const Fault fault : kOutages) {
    if (!faults_.Strikes(fault)) continue;
    Stream& measure = faults_.Measure(fault);
    const std::vector<std::string> providers = realm_.providers();
    const std::string& provider = providers[measure.Below(providers.size())];
    const absl::Duration length = measure.Between(absl::Seconds(1), absl::Minutes(5));
    outages_[provider] = {fault, timeline_.now() + length};
    Meet("provider", Name(fault));
    Trace(provider + " is " + std::string(Name(fault)) + " for " + absl::FormatDuration(length));
  }
}

absl::Status Simulation::OutageOf(const std::string& provider) const {
  const auto found = outages_.find(provider);
  if (found == outages_.end() || found->second.until <= timeline_.now()) return absl::OkStatus();
  switch (found->second.fault) {
    case Fault::kThrottled:
      return absl::ResourceExhaustedError("too many requests, try again later");
    case Fault::kLockedOut:
      return absl::PermissionDeniedError("the credentials have expired");
    default:
      return absl::UnavailableError("no route");
  }
}

// What happens to the world and to controllers, apart from what they do.
void Simulation::Nature() {
  if (!storming_) return;
  if (faults_.Strikes(Fault::kOutsider)) {
    Meet("world", Name(Fault::kOutsider));
    Trace("by hand: " + realm_.Meddle(faults_.Measure(Fault::kOutsider)));
    checker_.Meddled(timeline_.now());
    Notify();
  }
  if (faults_.Strikes(Fault::kGoalChange)) {
    Meet("declaration", Name(Fault::kGoalChange));
    Trace("declared: " + realm_.ChangeGoal(faults_.Measure(Fault::kGoalChange)));
    Notify();
  }
  StartOutages();
  for (const auto& controller : controllers_) {
    Controller* one = controller.get();
    if (faults_.Strikes(Fault::kClockStep)) {
      Meet("clock", Name(Fault::kClockStep));
      Stream& measure = faults_.Measure(Fault::kClockStep);
      const bool far = measure.Percent(30);
      const absl::Duration most = far ? absl::Hours(24 * 3650) : absl::Hours(1);
      one->SetClock(measure.Between(-most, most));
    }
    if (!faults_.Strikes(Fault::kPause)) continue;
    Meet("controller", Name(Fault::kPause));
    Trace("pause " + one->host());
    one->Pause();
    timeline_.After(faults_.Measure(Fault::kPause).Between(absl::Seconds(1), absl::Minutes(5)),
                    [this, one] {
                      Trace("resume " + one->host());
                      one->Resume();
                    });
  }
  timeline_.After(latency_.Between(absl::Seconds(1), absl::Seconds(30)), [this] { Nature(); });
}

void Simulation::Pass(absl::Duration time) {
  bool over = false;
  timeline_.After(time, [&over] { over = true; });
  while (!over && timeline_.Advance()) {
  }
}

bool Simulation::PassUntil(const std::function<bool()>& holds) {
  while (!holds()) {
    if (!timeline_.Advance()) return false;
    if (timeline_.happened() > kMostEvents) {
      checker_.Wrong("it does not end: " + std::to_string(kMostEvents) + " events");
      return false;
    }
  }
  return true;
}

void Simulation::StartRound(std::size_t host) { controllers_.at(host)->StartRound(); }

void Simulation::RunRound(std::size_t host) {
  Controller& controller = *controllers_.at(host);
  controller.StartRound();
  PassUntil([&] { return !controller.busy(); });
}

// Whoever did not write last is fenced, and has to take over.
void Simulation::Continue(std::size_t host) {
  for (const auto& other : controllers_)
    if (other->last_token() > controllers_[host]->last_token()) controllers_[host]->TakeOverNext();
  RunRound(host);
}

void Simulation::Heal() {
  storming_ = false;
  faults_.Stop();
  outages_.clear();
  for (const auto& controller : controllers_) {
    controller->Resume();
    controller->Stop();
    controller->SetClock(absl::ZeroDuration());
  }
  PassUntil([this] {
    return std::none_of(
        controllers_.begin(), controllers_.end(), [](const auto& each) { return each->busy(); });
  });
  Pass(kBreath);
  const std::size_t host = setup_.seed % controllers_.size();
  Controller& healer = *controllers_[host];
  int rounds = 0;
  while (!realm_.AtGoal() && rounds < kRoundsToGoal && checker_.wrongs().empty()) {
    ++rounds;
    Trace("heal, round " + std::to_string(rounds));
    Continue(host);
    Pass(kBreath);
  }
  if (!realm_.AtGoal())
    checker_.Wrong("convergence: not at the goal after " + std::to_string(rounds) +
                   " rounds without a fault: " + healer.last_words() + ": " + realm_.Describe());
  const std::int64_t writes = checker_.writes();
  for (int quiet = 0; quiet < setup_.quiet_rounds && checker_.wrongs().empty(); ++quiet)
    RunRound(host);
  if (checker_.writes() != writes)
    checker_.Wrong("fixed point: " + std::to_string(checker_.writes() - writes) +
                   " writes at the goal");
  // What another host was doing is settled when it is started again.
  for (std::size_t i = 0; i < controllers_.size() && checker_.wrongs().empty(); ++i)
    Continue(i);
  checker_.CheckRecords();
}

void Simulation::Run() {
  if (setup_.storm > absl::ZeroDuration()) {
    storming_ = true;
    for (const auto& controller : controllers_)
      controller->Loop();
    Nature();
    Pass(setup_.storm);
  }
  Heal();
}

}  // namespace poolshift::simulation
