#include "controller/engine/in_turns.h"

#include "controller/report/timetable.h"

namespace poolshift {

absl::Duration InTurns::Scaled(absl::Duration remaining) const {
  return absl::Floor(remaining * share_ + absl::Milliseconds(500), absl::Seconds(1));
}

void InTurns::Remark(std::string_view text) { next_.Remark(text); }

void InTurns::RunStarted(std::int64_t run, absl::Duration remaining) {
  if (remaining > absl::ZeroDuration())
    share_ = absl::FDivDuration(TimetableOf(plan_).total, remaining);
  next_.RunStarted(run, Scaled(remaining));
}

void InTurns::ActionStarted(const Action& action, absl::Duration remaining) {
  next_.ActionStarted(action, Scaled(remaining));
}

void InTurns::ActionProgress(const Action& action, std::string_view line) {
  next_.ActionProgress(action, line);
}

void InTurns::GateWaiting(const Action& action,
                          std::string_view lagging,
                          absl::Duration remaining) {
  next_.GateWaiting(action, lagging, Scaled(remaining));
}

void InTurns::ActionEnded(const Action& action,
                          ActionEnd end,
                          std::string_view why,
                          absl::Duration remaining) {
  next_.ActionEnded(action, end, why, Scaled(remaining));
}

void InTurns::Pulse(const Outlook& outlook) {
  Outlook scaled = outlook;
  scaled.remaining = Scaled(outlook.remaining);
  next_.Pulse(scaled);
}

}  // namespace poolshift
