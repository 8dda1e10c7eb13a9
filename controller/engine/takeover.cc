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

absl::Status TakenOver(const std::string& name, std::int64_t seen, std::int64_t ours) {
  return absl::AbortedError("provider `" + name + "` has seen the fencing token " +
                            std::to_string(seen) + ", ours is " + std::to_string(ours) +
                            ": another controller has taken over; nothing was changed. If it is "
                            "gone: poolshift apply --takeover --reason TEXT");
}

// Two stores count on their own. Under a token that both have neither would stop the other, and
// both would write what only one of them has planned.
absl::Status HeldTwice(const std::string& name, std::int64_t token) {
  return absl::AbortedError("provider `" + name + "` has seen our fencing token " +
                            std::to_string(token) +
                            " before: another controller came to the same one, or the answer to "
                            "our own call was lost; nothing was changed. Run again");
}

}  // namespace

absl::Status RaiseFences(const RunContext& context,
                         const std::set<std::string>& concerned,
                         Lease& lease) {
  std::set<const Provider*> raised;  // a rehearsal plays all of them on one stage
  for (const auto& [name, provider] : context.providers) {
    if (!lease.displaces && !concerned.contains(name)) continue;
    if (!raised.insert(provider).second) continue;
    const absl::StatusOr<FenceAnswer> answer = provider->Fence(lease.token, kFenceDeadline);
    if (absl::IsPermissionDenied(answer.status())) {
      if (!lease.displaces) continue;  // nobody is known of who could still write; the plan said so
      context.observer.Remark("provider `" + name +
                              "` is unfenced: " + std::string(answer.status().message()));
      continue;
    }
    if (!answer.ok()) return NotFenced(name, answer.status());
    if (answer->greatest > lease.token) return TakenOver(name, answer->greatest, lease.token);
    if (answer->stood) return HeldTwice(name, lease.token);
  }
  lease.displaces = false;
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> GreatestTokenSeen(const RunContext& context) {
  std::int64_t greatest = 0;
  for (const auto& [name, provider] : context.providers) {
    const absl::StatusOr<FenceAnswer> answer = provider->Fence(0, kFenceDeadline);
    if (absl::IsPermissionDenied(answer.status())) continue;
    if (!answer.ok()) return NotFenced(name, answer.status());
    greatest = std::max(greatest, answer->greatest);
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
