// The time that is left, for whoever watches a run: at least what the run itself says, and longer
// where several locks are waited for in turn, by the share that the plan's timetable has of that.
// People and programs are told the same. Called from one thread.
#pragma once

#include <string_view>

#include "controller/engine/run.h"

namespace poolshift {

class InTurns final : public RunObserver {
 public:
  // Both borrowed.
  InTurns(const Plan& plan, RunObserver& next) : plan_(plan), next_(next) {}

  void Remark(std::string_view text) override;
  void RunStarted(std::int64_t run, absl::Duration remaining) override;
  void ActionStarted(const Action& action, absl::Duration remaining) override;
  void GateWaiting(const Action& action,
                   std::string_view lagging,
                   absl::Duration remaining) override;
  void ActionEnded(const Action& action,
                   ActionEnd end,
                   std::string_view why,
                   absl::Duration remaining) override;
  void Pulse(const Outlook& outlook) override;
  void ActionProgress(const Action& action, std::string_view line) override;

 private:
  absl::Duration Scaled(absl::Duration remaining) const;

  const Plan& plan_;
  RunObserver& next_;
  double share_ = 1;  // the timetable's length in what was left at least when the run started
};

}  // namespace poolshift
