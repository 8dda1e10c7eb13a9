// Controller: one host's Poolshift, as somebody starts it again and again: settle what was cut off,
// look, plan, carry out. All of that is the product's code (controller/engine/run.h); here is only
// what calls it, and what it stands on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/engine/errands.h"
#include "controller/engine/run.h"
#include "tests/simulation/link.h"
#include "tests/simulation/process.h"
#include "tests/simulation/simulation.h"

namespace poolshift::simulation {

class Controller {
 public:
  Controller(Simulation& simulation, std::shared_ptr<Disk> disk, std::string host);
  ~Controller();

  // A round that begins soon, unless one is under way.
  void StartRound();
  // Rounds whenever something is noticed, and now and then.
  void Loop();
  void Stop() { looping_ = false; }
  // The next round begins with a takeover.
  void TakeOverNext() { takes_over_ = true; }
  bool busy() const { return process_ != nullptr && process_->alive() && in_round_; }
  void Notify();

  void Kill();  // -9
  // Ctrl-C: how often in this round.
  int Interrupt() {
    interruption_->Raise();
    return interruption_->requests();
  }
  void Pause();   // SIGSTOP
  void Resume();  // SIGCONT
  void SetClock(absl::Duration offset) { wall_offset_ = offset; }

  Disk& disk() { return *disk_; }
  Process& process() { return *process_; }
  const std::string& host() const { return host_; }
  int rounds() const { return rounds_; }
  // The last round did not come to its end.
  bool crashed() const { return in_round_ && !process_->alive(); }
  const std::string& last_words() const { return last_words_; }
  RunOutcome::Code last_code() const { return last_code_; }
  std::int64_t last_token() const;
  // For named tests: the next round carries out this plan instead of making one.
  void UseOldPlan(std::shared_ptr<const Plan> plan, absl::Duration made);
  std::shared_ptr<const Plan> last_plan() const { return plan_; }

 private:
  class Watcher;
  class Exported;
  void ScheduleRound(absl::Duration delay);
  void Round();
  void Conclude(std::string words) { last_words_ = std::move(words); }
  absl::StatusOr<std::shared_ptr<const Plan>> Look();
  RunOptions Options(const Plan& plan) const;
  absl::Status Settle(const RunContext& context);
  bool HolderRuns(const LeaseHolder& holder) const;

  Simulation& simulation_;
  std::shared_ptr<Disk> disk_;
  const std::string host_;
  std::unique_ptr<Process> process_;
  std::int64_t processes_ = 0;
  absl::Duration wall_offset_ = absl::ZeroDuration();
  bool looping_ = false;
  bool in_round_ = false;
  int rounds_ = 0;
  std::string last_words_;
  RunOutcome::Code last_code_ = RunOutcome::Code::kDone;
  std::shared_ptr<const Plan> plan_;  // the last one made
  absl::Duration plan_made_ = absl::ZeroDuration();
  std::unique_ptr<Interruption> interruption_;  // of the round
  bool use_old_ = false;
  bool takes_over_ = false;
};

}  // namespace poolshift::simulation
