#include "providers/dns/update/fence.h"

#include <algorithm>

#include "absl/status/status.h"

#include "controller/model/try.h"
#include "fmt/format.h"
#include "providers/dns/update/guard.h"
#include "providers/dns/update/reader.h"

namespace poolshift::dns {
namespace {

constexpr int kMostLooks = 12;  // rounds lost to other writers, or to lost answers

absl::StatusOr<Guard> LookAtGuard(DnsTransport& transport, const Zone& zone, absl::Time deadline) {
  const std::string name = GuardName(zone.name);
  Reading reading = ReadSet(transport, {zone, zone.servers.front(), name, "TXT"}, deadline);
  if (!reading.answered) {
    return reading.refused ? absl::PermissionDeniedError(reading.problem)
                           : absl::UnavailableError(reading.problem);
  }
  Guard guard = ReadGuard(reading.set ? std::move(reading.set->records) : std::vector<Fields>{});
  if (guard.fault.empty()) return guard;
  return absl::FailedPreconditionError(
      fmt::format("{} TXT holds {}: repair it by hand", name, guard.fault));
}

// Ok when the update has happened or another look may tell.
absl::Status Sent(const Reply& reply, const Endpoint& server, const Zone& zone) {
  if (reply.state != Reply::State::kAnswered || reply.rcode == Rcode::kServFail ||
      reply.rcode == Rcode::kNoError || reply.rcode == Rcode::kNxRrset ||
      reply.rcode == Rcode::kYxRrset) {
    return absl::OkStatus();
  }
  const std::string text = fmt::format("{} answers {} to the update of {}",
                                       ToString(server),
                                       ToString(reply.rcode),
                                       GuardName(zone.name));
  const bool refused = reply.rcode == Rcode::kRefused || reply.rcode == Rcode::kNotAuth;
  return refused ? absl::PermissionDeniedError(text + ": " + RefusalText(reply))
                 : absl::UnavailableError(text);
}

absl::StatusOr<FenceAnswer> RaiseFence(DnsTransport& transport,
                                       const Settings& settings,
                                       const Zone& zone,
                                       const FenceClaim& claim,
                                       absl::Time deadline) {
  const Endpoint& primary = zone.servers.front();
  std::string problem = "other writers are busy there";
  bool was_us = false;  // who raised it, as the server told us
  for (int look = 0; look < kMostLooks && absl::Now() < deadline; ++look) {
    const absl::Time answer_by = std::min(deadline, absl::Now() + settings.query_timeout);
    POOLSHIFT_ASSIGN(const Guard guard, LookAtGuard(transport, zone, answer_by));
    StandingFence fence = guard.FenceOf(settings.organization);
    const bool is_raised = fence.token >= claim.token;
    FenceAnswer answer = fence.Raise(claim);
    answer.stood = answer.stood && !was_us;
    if (is_raised) return answer;
    UpdateMessage update{.zone = zone.name, .prerequisites = {}, .changes = {}};
    AdvanceFence(guard, settings.organization, fence, update);
    const Reply reply = transport.Update(
        primary, update, std::min(deadline, absl::Now() + settings.update_timeout));
    POOLSHIFT_TRY(Sent(reply, primary, zone));
    was_us = reply.state == Reply::State::kAnswered && reply.rcode == Rcode::kNoError;
    if (reply.state != Reply::State::kAnswered) problem = reply.problem;
  }
  return absl::UnavailableError(fmt::format(
      "the fence of zone {} could not be raised at {}: {}", zone.name, ToString(primary), problem));
}

}  // namespace

absl::StatusOr<FenceAnswer> RaiseFences(DnsTransport& transport,
                                        const Settings& settings,
                                        const FenceClaim& claim,
                                        absl::Time deadline) {
  FenceAnswer all;
  for (const Zone& zone : settings.zones) {
    if (!zone.owned) continue;
    POOLSHIFT_ASSIGN(const FenceAnswer one, RaiseFence(transport, settings, zone, claim, deadline));
    all.greatest = std::max(all.greatest, one.greatest);
    all.stood = all.stood || one.stood;
  }
  return all;
}

}  // namespace poolshift::dns
