// How far the run is that is under way: one line for each step of its plan.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/engine/run.h"
#include "controller/model/plan.h"
#include "controller/world/clock.h"

namespace poolshift {

// A value that is shared and never changed.
struct RunProgress {
  struct Step {
    int number = 0;  // in the plan, from 1
    std::string title;
    std::string state;  // "waits", "runs", "done", or how it ended otherwise
    std::string words;  // what it waits for, or why it failed
    absl::Time since = absl::InfinitePast();
    bool is_gate = false;
  };
  std::int64_t run = 0;
  absl::Time started = absl::InfinitePast();
  absl::Time expected_end = absl::InfiniteFuture();  // infinite future: nobody knows
  std::vector<Step> steps;                           // in the plan's order
  std::size_t ended() const;
  // How long the gate under way that has waited longest has; zero: none waits.
  absl::Duration waiting(absl::Time now) const;
};

// Makes one of what a run says and hands it on at each change, at most a few times a second.
class ProgressKeeper final : public RunObserver {
 public:
  using Put = std::function<void(std::shared_ptr<const RunProgress>)>;

  // All borrowed. `next` is told everything as well.
  ProgressKeeper(const Clock& clock, const Plan& plan, RunObserver& next, Put put);

  void Remark(std::string_view text) override { next_.Remark(text); }
  void RunStarted(std::int64_t run, absl::Duration remaining) override;
  void ActionStarted(const Action& action, absl::Duration remaining) override;
  void ActionProgress(const Action& action, std::string_view line) override;
  void GateWaiting(const Action& action,
                   std::string_view lagging,
                   absl::Duration remaining) override;
  void ActionEnded(const Action& action,
                   ActionEnd end,
                   std::string_view why,
                   absl::Duration remaining) override;
  void Pulse(const Outlook& outlook) override;

  // What has not been handed on yet.
  void Flush();

 private:
  RunProgress::Step& StepOf(const Action& action);
  void Changed(absl::Duration remaining);

  const Clock& clock_;
  RunObserver& next_;
  const Put put_;
  RunProgress progress_;
  std::map<ActionId, std::size_t> places_;
  absl::Duration put_at_ = -absl::InfiniteDuration();
  bool changed_ = false;
};

}  // namespace poolshift
