// RunLoop: the adapter between the step function and the world. It only carries effects out and
// brings events in; every decision is in controller/apply.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/apply/effect.h"
#include "controller/apply/run_state.h"
#include "controller/engine/run.h"
#include "controller/engine/run_calls.h"

namespace poolshift {

class RunLoop {
 public:
  // `run` and `token` are on record. All borrowed.
  RunLoop(const RunOptions& options,
          const RunContext& context,
          const Clock& clock,
          std::int64_t run,
          std::int64_t token);

  // To the end of the run, in this thread.
  RunState Drive(RunState state);

  // Gives up on calls that still run after a short while; how many.
  int Close();

 private:
  void Feed(const Event& event);
  void TakeAnswers();
  void TakeInterruptions();
  // Time that never goes back, so that deadlines survive a clock that is set.
  absl::Time Now() const;

  void CarryOut(const effect::RecordIntent& effect);
  void Record(const effect::RecordIntent& effect);
  // Whether it must wait until what it could spoil is saved.
  bool WaitsForExport(const effect::RecordIntent& effect);
  void TakeExport(const ExportEnded& ended);
  absl::Status Keep(const ExportEnded& ended);
  void CarryOut(const effect::RecordResult& effect);
  void CarryOut(const effect::RecordEvidence& effect);
  void CarryOut(const effect::Call& effect);
  void CarryOut(const effect::CancelCall& effect);
  void CarryOut(const effect::Lookup& effect);
  void CarryOut(const effect::Observe& effect);
  void CarryOut(const effect::Report& effect);
  void CarryOut(const effect::Finish&) {}

  // Of one provider.
  struct Saving {
    bool ended = false;
    absl::Status status;  // once ended
    std::vector<effect::RecordIntent> waiting;
  };

  const Action& action(int i) const { return state_.plan->actions[static_cast<std::size_t>(i)]; }
  Provider* ProviderNamed(const std::string& name) const;

  const RunOptions& options_;
  const RunContext& context_;
  const Clock& clock_;
  const std::int64_t run_;
  const std::int64_t token_;
  const absl::Time began_;
  const absl::Duration elapsed_at_begin_;

  RunState state_;
  absl::Time wake_at_ = absl::InfiniteFuture();
  absl::Time pulsed_ = began_;  // when people were last told how it stands
  int interruptions_ = 0;
  std::deque<Event> answers_;              // of the store, which answers at once
  std::map<std::string, Saving> savings_;  // by exporter
  std::map<int, std::int64_t> seqs_;       // of the intents, by action
  std::unique_ptr<Errands> threads_;       // unless the context has others
  Errands& errands_;
};

}  // namespace poolshift
