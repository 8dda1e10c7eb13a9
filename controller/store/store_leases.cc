// Who may write: the lease, its token, and the leases that were broken, which are events of the
// journal.
#include <algorithm>
#include <utility>

#include "controller/model/try.h"
#include "controller/store/chain.h"
#include "controller/store/chain_record.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

using State = LeaseStanding::State;

EventRow EventOf(const LeaseBreak& broken) {
  EventRow event;
  event.kind = link::kLeaseBreak;
  event.who = broken.by.who;
  event.text = broken.reason;
  event.data = "host " + broken.by.host + "\nprocess " + std::to_string(broken.by.pid) +
               "\ntoken " + std::to_string(broken.token) + "\nformer " + broken.former + '\n';
  event.at = broken.at;
  return event;
}

LeaseBreak BreakOf(const EventRow& event) {
  return {event.at,
          {event.who, DataLine(event.data, "host"), DataNumber(event.data, "process"), 0},
          event.text,
          DataNumber(event.data, "token"),
          DataLine(event.data, "former")};
}

}  // namespace

absl::StatusOr<LeaseStanding> Store::ReadStanding(std::string_view organization) {
  POOLSHIFT_ASSIGN(Statement query,
                   database_->Prepare(
                       "SELECT token, held, holder, host, pid, process_start, since_ns FROM leases "
                       "WHERE organization = ?"));
  POOLSHIFT_ASSIGN(const bool known, query.Bind(organization).Step());
  LeaseStanding standing;
  if (!known) return standing;
  standing.state = static_cast<State>(query.Integer(1));
  standing.lease.token = query.Integer(0);
  standing.lease.holder = {query.Text(2), query.Text(3), query.Integer(4), query.Integer(5)};
  standing.lease.since = absl::FromUnixNanos(query.Integer(6));
  return standing;
}

absl::Status Store::WriteStanding(std::string_view organization, const LeaseStanding& standing) {
  const Lease& lease = standing.lease;
  POOLSHIFT_ASSIGN(
      Statement insert,
      database_->Prepare(
          "INSERT OR REPLACE INTO leases (organization, token, held, holder, host, pid, "
          "process_start, since_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.Bind(organization).Bind(lease.token).Bind(static_cast<std::int64_t>(standing.state));
  insert.Bind(lease.holder.who).Bind(lease.holder.host).Bind(lease.holder.pid);
  return insert.Bind(lease.holder.process_start).Bind(absl::ToUnixNanos(lease.since)).Run();
}

absl::StatusOr<Lease> Store::AcquireLease(std::string_view organization,
                                          const LeaseHolder& holder,
                                          absl::Time now) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(const LeaseStanding former, ReadStanding(organization));
  if (former.state == State::kHeld && StillRuns(former.lease.holder)) {
    return absl::FailedPreconditionError(
        std::string(organization) + " is being changed by " + ToString(former.lease) +
        "; wait for it to end, or end that process, and run again. If it cannot be ended or is out "
        "of reach: poolshift lease break --reason TEXT (store " +
        path_ + ")");
  }
  Lease lease = NextLease(former.lease.token, holder, now);
  lease.displaces = former.state != State::kFree;
  POOLSHIFT_TRY(WriteStanding(organization, {State::kHeld, lease}));
  POOLSHIFT_TRY(transaction.Commit());
  return lease;
}

absl::Status Store::ReleaseLease(std::string_view organization, const Lease& lease) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Statement update,
                   database_->Prepare("UPDATE leases SET held = ? WHERE organization = ? AND "
                                      "token = ? AND held = 1"));
  const State state = lease.displaces ? State::kBroken : State::kFree;
  return update.Bind(static_cast<std::int64_t>(state)).Bind(organization).Bind(lease.token).Run();
}

absl::StatusOr<LeaseBreak> Store::BreakLease(std::string_view organization,
                                             const LeaseBreak& wanted,
                                             std::int64_t floor) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(LeaseStanding standing, ReadStanding(organization));
  LeaseBreak recorded = wanted;
  if (standing.state == State::kHeld) recorded.former = ToString(standing.lease);
  standing.state = State::kBroken;
  standing.lease.token = std::max(standing.lease.token + 1, floor);
  recorded.token = standing.lease.token;
  POOLSHIFT_TRY(WriteStanding(organization, standing));
  POOLSHIFT_TRY(AppendEvent(*database_, organization, EventOf(recorded)));
  POOLSHIFT_TRY(transaction.Commit());
  return recorded;
}

absl::StatusOr<LeaseStanding> Store::Standing(std::string_view organization) {
  const std::lock_guard lock(mutex_);
  return ReadStanding(organization);
}

absl::StatusOr<std::vector<LeaseBreak>> Store::LeaseBreaks(std::string_view organization) {
  POOLSHIFT_ASSIGN(const std::vector<EventRow> events, Events(organization, 0));
  std::vector<LeaseBreak> breaks;
  for (const EventRow& event : events)
    if (event.kind == link::kLeaseBreak) breaks.push_back(BreakOf(event));
  std::reverse(breaks.begin(), breaks.end());
  return breaks;
}

absl::Status Store::CheckToken(std::string_view organization, std::int64_t token) {
  POOLSHIFT_ASSIGN(const LeaseStanding standing, ReadStanding(organization));
  if (standing.state == State::kHeld && standing.lease.token == token) return absl::OkStatus();
  return absl::AbortedError("the lease of " + std::string(organization) + " with token " +
                            std::to_string(token) +
                            " is no longer held: it was broken, or another run has taken over; see "
                            "what it does (poolshift lease show), then plan again");
}

}  // namespace poolshift
