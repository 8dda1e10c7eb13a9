// EventStream: the events of a run, one JSON object a line (docs/run-events.md), for whoever takes
// the lines. Passes everything on to the observer that tells people. Called from one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "controller/engine/run.h"
#include "controller/world/clock.h"

namespace poolshift {

class EventStream final : public RunObserver {
 public:
  // A line, with its end.
  using Sink = std::function<void(const std::string& line)>;

  // All but `sink` borrowed.
  EventStream(const Clock& clock, Sink sink, const Plan& plan, RunObserver& people)
      : clock_(clock), sink_(std::move(sink)), plan_(plan), people_(people) {}

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
  const Clock& clock_;
  const Sink sink_;
  const Plan& plan_;
  RunObserver& people_;
};

}  // namespace poolshift
