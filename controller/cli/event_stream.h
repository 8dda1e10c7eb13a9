// EventStream: the events of a run on stdout, one JSON object a line (docs/run-events.md). Passes
// everything on to the observer that tells people. Called from one thread.
#pragma once

#include <string_view>

#include "controller/cli/session.h"
#include "controller/engine/run.h"

namespace poolshift {

class EventStream final : public RunObserver {
 public:
  // All borrowed.
  EventStream(const Session& session, const Plan& plan, RunObserver& people)
      : session_(session), plan_(plan), people_(people) {}

  void Remark(std::string_view text) override;
  void RunStarted(std::int64_t run, absl::Duration remaining) override;
  void ActionStarted(const Action& action, absl::Duration remaining) override;
  void ActionProgress(const Action& action, std::string_view line) override;
  void Pulse(const Outlook& outlook) override;
  void GateWaiting(const Action& action,
                   std::string_view lagging,
                   absl::Duration remaining) override;
  void ActionEnded(const Action& action,
                   ActionEnd end,
                   std::string_view why,
                   absl::Duration remaining) override;

 private:
  const Session& session_;
  const Plan& plan_;
  RunObserver& people_;
};

}  // namespace poolshift
