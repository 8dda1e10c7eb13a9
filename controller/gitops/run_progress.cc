#include "controller/gitops/run_progress.h"

#include <algorithm>
#include <utility>

namespace poolshift {
namespace {

// A plan of thousands of steps is copied each time.
constexpr absl::Duration kBetween = absl::Milliseconds(200);

}  // namespace

std::size_t RunProgress::ended() const {
  return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [](const Step& step) {
    return step.state != "waits" && step.state != "runs";
  }));
}

absl::Duration RunProgress::waiting(absl::Time now) const {
  absl::Duration longest;
  for (const Step& step : steps) {
    if (step.is_gate && step.state == "runs") longest = std::max(longest, now - step.since);
  }
  return longest;
}

ProgressKeeper::ProgressKeeper(const Clock& clock, const Plan& plan, RunObserver& next, Put put)
    : clock_(clock), next_(next), put_(std::move(put)) {
  for (const Action& action : plan.actions) {
    places_[action.id] = progress_.steps.size();
    progress_.steps.push_back({static_cast<int>(progress_.steps.size()) + 1,
                               action.title,
                               "waits",
                               "",
                               absl::InfinitePast(),
                               action.verb == Verb::kGate});
  }
}

RunProgress::Step& ProgressKeeper::StepOf(const Action& action) {
  return progress_.steps[places_.at(action.id)];
}

void ProgressKeeper::Flush() {
  if (!std::exchange(changed_, false)) return;
  put_at_ = clock_.Elapsed();
  put_(std::make_shared<const RunProgress>(progress_));
}

void ProgressKeeper::Changed(absl::Duration remaining) {
  progress_.expected_end =
      remaining == absl::InfiniteDuration() ? absl::InfiniteFuture() : clock_.Now() + remaining;
  changed_ = true;
  if (clock_.Elapsed() - put_at_ >= kBetween) Flush();
}

void ProgressKeeper::Pulse(const Outlook& outlook) {
  Flush();
  next_.Pulse(outlook);
}

void ProgressKeeper::RunStarted(std::int64_t run, absl::Duration remaining) {
  progress_.run = run;
  progress_.started = clock_.Now();
  Changed(remaining);
  next_.RunStarted(run, remaining);
}

void ProgressKeeper::ActionStarted(const Action& action, absl::Duration remaining) {
  RunProgress::Step& step = StepOf(action);
  step.state = "runs";
  step.since = clock_.Now();
  Changed(remaining);
  next_.ActionStarted(action, remaining);
}

void ProgressKeeper::ActionProgress(const Action& action, std::string_view line) {
  StepOf(action).words = std::string(line);
  changed_ = true;
  next_.ActionProgress(action, line);
}

void ProgressKeeper::GateWaiting(const Action& action,
                                 std::string_view lagging,
                                 absl::Duration remaining) {
  StepOf(action).words = std::string(lagging);
  Changed(remaining);
  next_.GateWaiting(action, lagging, remaining);
}

void ProgressKeeper::ActionEnded(const Action& action,
                                 ActionEnd end,
                                 std::string_view why,
                                 absl::Duration remaining) {
  RunProgress::Step& step = StepOf(action);
  step.state = std::string(Name(end));
  step.words = std::string(why);
  step.since = clock_.Now();
  Changed(remaining);
  next_.ActionEnded(action, end, why, remaining);
}

}  // namespace poolshift
