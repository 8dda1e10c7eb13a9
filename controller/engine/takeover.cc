#include "controller/engine/takeover.h"

#include <algorithm>

#include "absl/status/status.h"

#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr absl::Duration kFenceDeadline = absl::Seconds(30);

absl::Status NotFenced(const std::string& name, const absl::Status& status) {
  return absl::Status(status.code(),
                      "the fence at provider `" + name +
                          "` could not be raised: " + std::string(status.message()) +
                          "; an earlier controller could still write there, so nothing was "
                          "changed. Repair the way to it, then run again");
}

}  // namespace

absl::Status RaiseFences(const RunContext& context,
                         const std::set<std::string>& concerned,
                         Lease& lease) {
  for (const auto& [name, provider] : context.providers) {
    if (!lease.displaces && !concerned.contains(name)) continue;
    const absl::StatusOr<std::int64_t> seen = provider->Fence(lease.token, kFenceDeadline);
    if (absl::IsPermissionDenied(seen.status())) {
      if (!lease.displaces) continue;  // nobody is known of who could still write; the plan said so
      context.observer.Remark("provider `" + name +
                              "` is unfenced: " + std::string(seen.status().message()));
      continue;
    }
    if (!seen.ok()) return NotFenced(name, seen.status());
    if (*seen <= lease.token) continue;
    return absl::AbortedError("provider `" + name + "` has seen the fencing token " +
                              std::to_string(*seen) + ", ours is " + std::to_string(lease.token) +
                              ": another controller has taken over; nothing was changed. If it is "
                              "gone: poolshift apply --takeover --reason TEXT");
  }
  lease.displaces = false;
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> GreatestTokenSeen(const RunContext& context) {
  std::int64_t greatest = 0;
  for (const auto& [name, provider] : context.providers) {
    const absl::StatusOr<std::int64_t> seen = provider->Fence(0, kFenceDeadline);
    if (absl::IsPermissionDenied(seen.status())) continue;
    if (!seen.ok()) return NotFenced(name, seen.status());
    greatest = std::max(greatest, *seen);
  }
  return greatest;
}

absl::Status TakeOver(const RunOptions& options,
                      const RunContext& context,
                      const std::string& reason) {
  RunStore& store = context.store;
  RealClock real;
  const Clock& clock = options.clock != nullptr ? *options.clock : real;
  POOLSHIFT_ASSIGN(const std::int64_t floor, GreatestTokenSeen(context));
  LeaseBreak wanted;
  wanted.at = clock.Now();
  wanted.by = options.holder;
  wanted.reason = reason;
  POOLSHIFT_ASSIGN(const LeaseBreak broken, store.BreakLease(options.organization, wanted, floor));
  if (!broken.former.empty()) context.observer.Remark("taken over from " + broken.former);
  POOLSHIFT_ASSIGN(Lease lease,
                   store.AcquireLease(options.organization, options.holder, clock.Now()));
  absl::Status status = RaiseFences(context, {}, lease);
  if (status.ok()) status = SettleEarlierRuns(options.organization, options, context);
  const absl::Status released = store.ReleaseLease(options.organization, lease);
  return status.ok() ? released : status;
}

}  // namespace poolshift
