#include "controller/cli/progress.h"

#include "controller/report/change.h"
#include "controller/report/run_report.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

// Where there is no terminal, a line that says how it stands after so many pulses without another.
constexpr int kQuietPulses = 30;

// A line that the terminal would break could not be erased.
std::string Cut(const std::string& line, int columns) {
  std::string cut;
  for (const char letter : line) {
    const bool begins = (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U;
    if (begins && Columns(cut) + 2 > columns) return cut;
    cut += letter;
  }
  return cut;
}

}  // namespace

Progress::Progress(const Session& session, const Plan& plan) : session_(session), plan_(plan) {}

std::string Progress::Line(const ActionId& id, std::string_view remark) const {
  // A coloured line cannot be cut at a column; the part that is drawn again is plain.
  return ProgressText(plan_, id, remark, {});
}

void Progress::Erase() {
  if (drawn_ > 0) session_.err << "\x1b[" << drawn_ << "A\x1b[J";
  drawn_ = 0;
}

void Progress::Draw() {
  if (!session_.err_is_terminal) return;
  for (const auto& [id, remark] : running_) {
    const auto since = since_.find(id);
    const std::string timed = since == since_.end() ? remark : remark + ", " + since->second;
    session_.err << Cut(Line(id, timed), session_.width) << '\n';
    ++drawn_;
  }
  const std::string outlook =
      outlook_.empty() ? "about " + DurationText(remaining_) + " to go" : outlook_;
  session_.err << Cut(outlook, session_.width) << '\n' << std::flush;
  ++drawn_;
}

void Progress::Keep(const std::string& line) {
  Erase();
  session_.err << line << '\n' << std::flush;
  quiet_pulses_ = 0;
  Draw();
}

void Progress::Remark(std::string_view text) { Keep(SafeText(text)); }

void Progress::RunStarted(std::int64_t run, absl::Duration remaining) {
  remaining_ = remaining;
  Keep("Run " + std::to_string(run) + ", about " + DurationText(remaining_) + '.');
}

void Progress::ActionStarted(const Action& action, absl::Duration remaining) {
  remaining_ = remaining;
  ActionProgress(action, action.verb == Verb::kGate ? "looking" : "started");
}

void Progress::ActionProgress(const Action& action, std::string_view line) {
  if (!session_.err_is_terminal) return Keep(Line(action.id, line));
  Erase();
  running_[action.id] = line;
  Draw();
}

void Progress::GateWaiting(const Action& action,
                           std::string_view lagging,
                           absl::Duration remaining) {
  remaining_ = remaining;
  ActionProgress(action, "waiting for " + std::string(lagging));
}

void Progress::ActionEnded(const Action& action,
                           ActionEnd end,
                           std::string_view why,
                           absl::Duration remaining) {
  remaining_ = remaining;
  running_.erase(action.id);
  since_.erase(action.id);
  std::string remark(Name(end));
  if (!why.empty()) remark += ": " + std::string(why);
  Keep(ProgressText(plan_, action.id, remark, session_.err_style));
}

void Progress::Pulse(const Outlook& outlook) {
  since_.clear();
  std::string running;
  for (const Outlook::Running& each : outlook.running) {
    const ActionId& id = plan_.actions[static_cast<std::size_t>(each.action)].id;
    since_[id] = SinceText(each.since, each.expected);
    running +=
        (running.empty() ? "" : ", ") + std::to_string(each.action + 1) + " for " + since_[id];
  }
  outlook_ = OutlookText(plan_, outlook.remaining, outlook.left, outlook.next);
  if (session_.err_is_terminal) {
    Erase();
    Draw();
  } else if (++quiet_pulses_ >= kQuietPulses) {
    Keep("running: " + running + "; " + outlook_);
  }
}

}  // namespace poolshift
