// Simulation: whole runs of the product's own controller, in one thread and in virtual time. Hosts
// with a disk each run controllers; controllers reach targets through links on which everything
// can go wrong; the checker judges every write. What happens is a function of the setup alone.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/engine/run.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/fault.h"
#include "tests/simulation/platform.h"
#include "tests/simulation/process.h"
#include "tests/simulation/realm.h"
#include "tests/simulation/timeline.h"

namespace poolshift::simulation {

struct Setup {
  std::uint64_t seed = 1;
  int hosts = 1;                         // each with a controller and a store of its own
  std::array<int, kFaults> chance = {};  // in thousandths
  std::set<int> left_out;                // numbers of faults that do not happen
  Protections protections;
  absl::Duration storm = absl::ZeroDuration();
  // Crash at the n-th moment at which one is possible, counted from 1; the next number counts from
  // that crash on.
  std::vector<std::int64_t> crash_at;
  int quiet_rounds = 20;  // at the goal, in which nothing may be written
  bool keeps_trace = false;
};

class Controller;

class Simulation {
 public:
  // Borrows the realm.
  Simulation(Realm& realm, Setup setup);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // Storm, then heal, then quiet; what was wrong is in wrongs().
  void Run();

  // --- for named tests, which play the parts themselves
  void RunRound(std::size_t host);  // to its end
  void StartRound(std::size_t host);
  // Until nothing is to come, or the time is over.
  void Pass(absl::Duration time);
  // Until it holds; false when nothing is to come any more.
  bool PassUntil(const std::function<bool()>& holds);
  void Heal();
  // Before a call is sent; a test may pause its controller here.
  std::function<void(Controller&, const ApplyRequest&)> on_call;
  Controller& controller(std::size_t host) { return *controllers_.at(host); }

  const std::vector<std::string>& wrongs() const { return checker_.wrongs(); }
  const Coverage& coverage() const { return coverage_; }
  std::uint64_t trace_hash() const { return trace_hash_; }
  const std::string& trace() const { return trace_; }
  std::int64_t moments() const {
    return moments_;
  }  // at which a crash was possible, since the last
  int faults_struck() const { return faults_.struck(); }
  std::int64_t events() const { return timeline_.happened(); }
  Checker& checker() { return checker_; }

  // --- for the parts
  Timeline& timeline() { return timeline_; }
  Faults& faults() { return faults_; }
  Platform& platform() { return platform_; }
  Realm& realm() { return realm_; }
  Stream& latency() { return latency_; }
  void Meet(std::string_view part, std::string_view what) {
    ++coverage_[{std::string(part), std::string(what)}];
  }
  void Trace(std::string_view line);
  // A moment at which `controller` may die. Throws when it does.
  void Touch(Controller& controller, std::string_view part, Moment moment);
  // Something was changed, of which controllers may be told.
  void Notify();
  bool storming() const { return storming_; }
  void Settle();
  // Why a provider answers nobody now, or OK.
  absl::Status OutageOf(const std::string& provider) const;

 private:
  void Nature();
  void StartOutages();
  void Continue(std::size_t host);

  Realm& realm_;
  const Setup setup_;
  Timeline timeline_;
  Faults faults_;
  Stream latency_;
  std::vector<std::shared_ptr<Disk>> disks_;
  Checker checker_;
  Platform platform_;
  std::vector<std::unique_ptr<Controller>> controllers_;
  Coverage coverage_;
  std::uint64_t trace_hash_ = 0;
  std::string trace_;
  std::int64_t moments_ = 0;
  std::size_t crashes_ = 0;
  struct Outage {
    Fault fault;
    absl::Duration until;
  };
  std::map<std::string, Outage> outages_;  // by provider
  bool storming_ = false;
  bool settling_ = false;
};

}  // namespace poolshift::simulation
