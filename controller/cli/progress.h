// Progress of a run on stderr: in place on a terminal, a line an event otherwise. Called from one
// thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "controller/cli/session.h"
#include "controller/engine/run.h"

namespace poolshift {

class Progress final : public RunObserver {
 public:
  // `session` and `plan` are borrowed.
  Progress(const Session& session, const Plan& plan);
  ~Progress() override { Erase(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Remark(std::string_view text) override;
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

 private:
  std::string Line(const ActionId& id, std::string_view remark) const;
  // A line that stays.
  void Keep(const std::string& line);
  void Draw();
  void Erase();

  const Session& session_;
  const Plan& plan_;
  std::map<std::string, std::string> running_;  // on a terminal: action → what it is doing
  std::map<std::string, std::string> since_;    // of the same: "12s of about 5s"
  absl::Duration remaining_ = absl::ZeroDuration();
  std::string outlook_;   // as last told by a pulse
  int quiet_pulses_ = 0;  // since the last line, where there is no terminal
  int drawn_ = 0;         // lines of the part that is drawn again
};

}  // namespace poolshift
