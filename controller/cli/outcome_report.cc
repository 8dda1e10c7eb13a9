#include "controller/cli/outcome_report.h"

namespace poolshift {

RunReport ReportOf(const RunOutcome& outcome) {
  RunReport report;
  report.run = std::to_string(outcome.run);
  report.interrupted = outcome.code == RunOutcome::Code::kInterrupted;
  for (const ActionOutcome& action : outcome.actions) {
    StepOutcome& step = report.outcomes[action.id];
    step.reason = action.text;
    switch (action.end) {
      case ActionEnd::kDone:
        step.state = StepOutcome::State::kDone;
        break;
      case ActionEnd::kFailed:
        step.state = StepOutcome::State::kFailed;
        break;
      case ActionEnd::kNotDone:
        step.state = StepOutcome::State::kNotDone;
        break;
      case ActionEnd::kInDoubt:
        step.state = StepOutcome::State::kStarted;
        break;
    }
  }
  return report;
}

}  // namespace poolshift
