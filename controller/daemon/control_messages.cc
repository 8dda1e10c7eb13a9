#include "controller/daemon/control_messages.h"

namespace poolshift {
namespace {

namespace v1 = control::v1;

std::int64_t Nanoseconds(absl::Time time) {
  const bool never = time == absl::InfinitePast() || time == absl::InfiniteFuture();
  return never ? 0 : absl::ToUnixNanos(time);
}

absl::Time TimeOf(std::int64_t nanoseconds) {
  return nanoseconds == 0 ? absl::InfinitePast() : absl::FromUnixNanos(nanoseconds);
}

void Fill(const DaemonStatus::Hold& hold, v1::Hold& message) {
  message.set_id(hold.id);
  message.set_scope(hold.scope);
  message.set_who(hold.who);
  message.set_reason(hold.reason);
  message.set_since(Nanoseconds(hold.since));
  message.set_until(Nanoseconds(hold.until));
}

DaemonStatus::Hold HoldOf(const v1::Hold& message) {
  return {message.id(),
          message.scope(),
          message.who(),
          message.reason(),
          TimeOf(message.since()),
          TimeOf(message.until())};
}

}  // namespace

v1::GetStatusResponse ToMessage(const DaemonStatus& status) {
  v1::GetStatusResponse message;
  message.set_organization(status.organization);
  message.set_round(status.round);
  message.set_source(status.source);
  message.set_commit(status.commit);
  message.set_title(status.title);
  message.set_author(status.author);
  message.set_refused(status.refused);
  message.set_faults(status.faults);
  message.set_unreachable(status.unreachable);
  message.set_error(status.error);
  message.set_looked_at(Nanoseconds(status.looked_at));
  message.set_next_look(Nanoseconds(status.next_look));
  message.set_verdict(status.verdict);
  message.set_mode(status.mode);
  message.set_cause(status.cause);
  for (const std::string& reason : status.reasons)
    message.add_reasons(reason);
  message.set_plan_digest(status.plan_digest);
  message.set_actions(static_cast<std::uint32_t>(status.actions));
  message.set_approvals_missing(static_cast<std::uint32_t>(status.approvals_missing));
  for (const std::string& who : status.agreed)
    message.add_agreed(who);
  message.set_drift(static_cast<std::uint32_t>(status.drift));
  message.set_drift_traffic(static_cast<std::uint32_t>(status.drift_traffic));
  for (const DaemonStatus::Hold& hold : status.pauses)
    Fill(hold, *message.add_pauses());
  for (const DaemonStatus::Hold& hold : status.openings)
    Fill(hold, *message.add_openings());
  message.set_running(status.running);
  message.set_settled_commit(status.settled_commit);
  message.set_settled_at(Nanoseconds(status.settled_at));
  message.set_your_name(status.your_name);
  message.set_your_role(status.your_role);
  return message;
}

DaemonStatus FromMessage(const v1::GetStatusResponse& message) {
  DaemonStatus status;
  status.organization = message.organization();
  status.round = message.round();
  status.source = message.source();
  status.commit = message.commit();
  status.title = message.title();
  status.author = message.author();
  status.refused = message.refused();
  status.faults = message.faults();
  status.unreachable = message.unreachable();
  status.error = message.error();
  status.looked_at = TimeOf(message.looked_at());
  status.next_look = TimeOf(message.next_look());
  status.verdict = message.verdict();
  status.mode = message.mode();
  status.cause = message.cause();
  status.reasons.assign(message.reasons().begin(), message.reasons().end());
  status.plan_digest = message.plan_digest();
  status.actions = static_cast<int>(message.actions());
  status.approvals_missing = static_cast<int>(message.approvals_missing());
  status.agreed.assign(message.agreed().begin(), message.agreed().end());
  status.drift = static_cast<int>(message.drift());
  status.drift_traffic = static_cast<int>(message.drift_traffic());
  for (const v1::Hold& hold : message.pauses())
    status.pauses.push_back(HoldOf(hold));
  for (const v1::Hold& hold : message.openings())
    status.openings.push_back(HoldOf(hold));
  status.running = message.running();
  status.settled_commit = message.settled_commit();
  status.settled_at = TimeOf(message.settled_at());
  status.your_name = message.your_name();
  status.your_role = message.your_role();
  return status;
}

}  // namespace poolshift
