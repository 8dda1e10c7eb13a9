#include "providers/linux/service_change.h"

#include <algorithm>

#include "absl/time/clock.h"

#include "controller/model/covers.h"
#include "controller/model/try.h"
#include "providers/linux/look.h"

namespace poolshift::linux_host {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(200);
constexpr absl::Duration kLastLook = absl::Seconds(2);

std::string Wanted(const Action& action, std::string_view member) {
  const std::string now(action.before.StringOr(member, ""));
  return std::string(action.after.StringOr(member, now));
}

bool ShowsBefore(const Observation& seen, const Value& before) {
  if (seen.presence != Presence::kPresent) return false;
  for (const char* member : {"state", "startMode"}) {
    if (seen.properties.StringOr(member, "") != before.StringOr(member, "")) return false;
  }
  return true;
}

}  // namespace

sdk::Result Failed(const absl::Status& status, bool as_before) {
  sdk::Result result;
  result.message = std::string(status.message());
  // What was begun and not seen to end may still happen.
  const bool goes_on = absl::IsDeadlineExceeded(status) || absl::IsUnknown(status);
  if (!as_before || goes_on) {
    result.outcome = sdk::Outcome::kEffectUnknown;
  } else if (absl::IsPermissionDenied(status)) {
    result.outcome = sdk::Outcome::kPermission;
  } else if (absl::IsCancelled(status)) {
    result.outcome = sdk::Outcome::kCancelled;
  } else {
    result.outcome = sdk::Outcome::kFailed;
    result.retryable = absl::IsUnavailable(status);
  }
  return result;
}

sdk::Result ServiceChange::Apply(const Action& action, sdk::Call& call) {
  // A late step leaves the time to look what became of it, and to say so.
  until_ = call.deadline() - std::min(kLastLook, (call.deadline() - absl::Now()) / 4);
  const absl::Status done = Carry(action, call);
  const absl::Time patience = std::max(call.deadline(), absl::Now() + absl::Seconds(1));
  Observation seen =
      Look(server_, patience).Service(action.target.name.substr(action.target.name.rfind('/') + 1));
  if (!done.ok()) {
    // What has not been begun left everything as it was, also where nobody can look. A look that
    // failed after a step says nothing of the step.
    return Failed(done, !begun_ || ShowsBefore(seen, action.before));
  }
  sdk::Result result;
  result.outcome = sdk::Outcome::kDone;
  result.observation = std::move(seen);
  return result;
}

absl::Status ServiceChange::Carry(const Action& action, sdk::Call& call) {
  if (action.after.is_null())
    return absl::FailedPreconditionError("a unit is not deleted by Poolshift: stop and disable it");
  const std::string state = Wanted(action, "state"), mode = Wanted(action, "startMode");
  if (state == "running" && mode == "disabled")
    return absl::FailedPreconditionError(service_.unit +
                                         " cannot run and be disabled (masked) at once");
  if (state != "running" && state != "stopped")
    return absl::FailedPreconditionError("a unit can be made `running` or `stopped`, not `" +
                                         state + '`');
  if (mode != "automatic" && mode != "manual" && mode != "disabled")
    return absl::FailedPreconditionError(
        "a unit starts `automatic`, `manual` or is `disabled`, not `" + mode + '`');
  const std::string former_mode(action.before.StringOr("startMode", ""));
  if (action.before.StringOr("state", "") != state) {
    if (state == "running") {
      POOLSHIFT_TRY(Start(former_mode, call));
    } else {
      call.Progress("stopping " + service_.unit + " on " + server_.machine.name());
      POOLSHIFT_TRY(Noted(server_.systemd->Stop(service_.unit, until_)));
    }
  }
  return former_mode == mode ? absl::OkStatus() : SetMode(mode, call);
}

absl::Status ServiceChange::Start(const std::string& former_mode, sdk::Call& call) {
  if (former_mode == "disabled") POOLSHIFT_TRY(SetMode("manual", call));
  call.Progress("starting " + service_.unit + " on " + server_.machine.name());
  absl::Status started = Noted(server_.systemd->Start(service_.unit, until_));
  if (started.ok()) started = Hold(call);
  if (started.ok()) return started;
  const bool ended = absl::IsInternal(started) || absl::IsCancelled(started);
  if (ended) {
    const absl::Time patience = std::max(call.deadline(), absl::Now() + absl::Seconds(5));
    const std::string words = absl::IsInternal(started) ? LastWords(patience) : "";
    // systemd may go on trying: what did not hold is taken back.
    (void)server_.systemd->Stop(service_.unit, patience);
    if (!words.empty())
      started =
          absl::InternalError(std::string(started.message()) + "; its journal ends: " + words);
  }
  const bool may_mask = ended || absl::IsPermissionDenied(started);
  if (may_mask && former_mode == "disabled") (void)SetMode("disabled", call);
  return started;
}

// Looks again and again until the settle time has passed.
absl::Status ServiceChange::Hold(sdk::Call& call) {
  POOLSHIFT_ASSIGN(const Unit first, server_.systemd->Show(service_.unit, until_));
  const absl::Time settled = absl::Now() + settle_;
  for (Unit now = first;;) {
    const bool holds = StateOf(now) == "running" && now.restarts == first.restarts &&
                       now.main_pid == first.main_pid;
    if (!holds) {
      return absl::InternalError(
          service_.unit + " on " + server_.machine.name() + " started and did not hold: it is " +
          Described(now) + (now.restarts > first.restarts ? ", started anew by systemd" : ""));
    }
    if (absl::Now() >= settled) return absl::OkStatus();
    if (call.cancelled()) return absl::CancelledError("cancelled; it was stopped again");
    absl::SleepFor(std::min(kPause, settled - absl::Now()));
    POOLSHIFT_ASSIGN(now, server_.systemd->Show(service_.unit, until_));
  }
}

absl::Status ServiceChange::SetMode(std::string_view mode, sdk::Call& call) {
  call.Progress("start mode of " + service_.unit + " on " + server_.machine.name() + " becomes " +
                std::string(mode));
  return Noted(server_.systemd->SetStartMode(service_.unit, mode, until_));
}

// Unavailable is what a step says that was not begun (systemd.h).
absl::Status ServiceChange::Noted(absl::Status step) {
  begun_ = begun_ || !absl::IsUnavailable(step);
  return step;
}

std::string ServiceChange::LastWords(absl::Time deadline) const {
  const auto output = server_.machine.Run({"journalctl",
                                           "--no-pager",
                                           "--quiet",
                                           "--output=cat",
                                           "--lines=8",
                                           "--unit=" + service_.unit},
                                          deadline);
  if (!output.ok()) return "";
  if (output->out.empty())
    return "(nothing that this account may read: put it into the group systemd-journal)";
  return Complaint({0, output->out, ""});
}

std::vector<std::string> ServiceChange::Preview(const Action& action) const {
  const std::string state = Wanted(action, "state"), mode = Wanted(action, "startMode");
  const std::string former_mode(action.before.StringOr("startMode", ""));
  const bool starts = state == "running" && action.before.StringOr("state", "") != "running";
  const bool stops = state == "stopped" && action.before.StringOr("state", "") != "stopped";
  std::vector<std::string> verbs = ModeVerbs(mode, former_mode);
  const auto unmask = std::find(verbs.begin(), verbs.end(), "unmask");
  if (starts) verbs.insert(unmask == verbs.end() ? verbs.begin() : unmask + 1, "start");
  if (stops) verbs.insert(verbs.begin(), "stop");
  std::vector<std::string> lines;
  for (const std::string& verb : verbs)
    lines.push_back(Typed(server_.machine, {"systemctl", verb, service_.unit}));
  if (starts)
    lines.push_back("# it must still be active after " + absl::FormatDuration(settle_) + ": " +
                    Typed(server_.machine, {"systemctl", "status", service_.unit}));
  return lines;
}

}  // namespace poolshift::linux_host
