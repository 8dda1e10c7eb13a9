#include "providers/dns/update/writer.h"

#include <algorithm>

#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "controller/model/try.h"
#include "fmt/format.h"
#include "providers/dns/update/grant.h"
#include "providers/dns/update/observer.h"
#include "providers/dns/update/reader.h"

namespace poolshift::dns {
namespace {

using sdk::Outcome;
using sdk::Result;

constexpr int kMostLost = 3;    // copies of one update that nobody answered
constexpr int kMostLooks = 12;  // rounds lost to writers of other record sets in the zone

Result Failure(Outcome outcome, std::string message, bool retryable = false) {
  return {
      .outcome = outcome, .message = std::move(message), .retryable = retryable, .observation = {}};
}

bool IsPrerequisiteFailure(Rcode rcode) {
  return rcode == Rcode::kYxDomain || rcode == Rcode::kYxRrset || rcode == Rcode::kNxRrset ||
         rcode == Rcode::kNxDomain;
}

// One action on its way.
class Attempt {
 public:
  Attempt(DnsTransport& transport, const Settings& settings, Intent intent, sdk::Call& call)
      : transport_(transport), settings_(settings), intent_(std::move(intent)), call_(call) {}

  Result Run() {
    for (int look = 0; look < kMostLooks; ++look) {
      if (call_.cancelled()) return GivenUp();
      Snapshot snapshot;
      if (auto failure = Look(snapshot)) return *std::move(failure);
      Decision decision = Decide(intent_, snapshot);
      if (decision.kind == Decision::Kind::kAlreadyDone) return Done();
      if (decision.kind == Decision::Kind::kRefuse) return Refused(std::move(decision), snapshot);
      if (lost_ == kMostLost) return Exhausted();
      if (lost_ == 0) action_before_ = snapshot.guard.ActionOn(intent_.mark);
      if (auto result = Send(decision.update)) return *std::move(result);
    }
    return Failure(
        Outcome::kConflict,
        fmt::format("{} kept refusing the comparison of {} (last: {}): other writers are "
                    "busy in zone {}, or an alias (CNAME) or wildcard answers for the "
                    "name; nothing was changed",
                    server_,
                    title_,
                    ToString(last_),
                    intent_.zone->name),
        true);
  }

 private:
  const Endpoint& primary() const { return intent_.zone->servers.front(); }

  // A failure before anything of this round was sent. What earlier rounds sent may still have taken
  // effect.
  Result Undone(Outcome outcome, const std::string& message, bool retryable) const {
    if (lost_ == 0) return Failure(outcome, message, retryable);
    return Failure(Outcome::kEffectUnknown,
                   fmt::format("{}: an update was sent and its answer lost, then: {}. Look it up, "
                               "then observe",
                               title_,
                               message),
                   true);
  }

  Result GivenUp() const {
    return Undone(Outcome::kCancelled, "given up as asked, before anything was sent", true);
  }

  std::optional<Result> ReadInto(std::string_view name,
                                 std::string_view type,
                                 std::optional<RecordSet>& set) const {
    const absl::Time deadline = std::min(call_.deadline(), absl::Now() + settings_.query_timeout);
    Reading reading = ReadSet(transport_, {*intent_.zone, primary(), name, type}, deadline);
    if (!reading.answered) {
      return Undone(reading.refused ? Outcome::kPermission : Outcome::kFailed,
                    reading.problem + "; nothing was changed",
                    !reading.refused);
    }
    set = std::move(reading.set);
    return std::nullopt;
  }

  std::optional<Result> Look(Snapshot& snapshot) const {
    if (intent_.zone->owned) {
      std::optional<RecordSet> guard;
      if (auto failure = ReadInto(GuardName(intent_.zone->name), "TXT", guard)) return failure;
      if (guard) snapshot.guard = ReadGuard(std::move(guard->records));
    }
    return ReadInto(intent_.mark.name, intent_.mark.type, snapshot.set);
  }

  Result Refused(Decision decision, const Snapshot& snapshot) const {
    const bool reached =
        intent_.after.has_value() == snapshot.set.has_value() &&
        (!intent_.after || SameSet(intent_.mark.type, *intent_.after, *snapshot.set));
    // In a zone without marks, what was wanted and sent is taken for ours.
    if (lost_ > 0 && !intent_.zone->owned && reached) return Done();
    // With marks: the copy cannot have taken effect unless somebody has written a mark over ours
    // since.
    const bool settled =
        intent_.zone->owned && snapshot.guard.ActionOn(intent_.mark) == action_before_;
    if (lost_ == 0 || settled) return Failure(decision.outcome, std::move(decision.message));
    return Undone(decision.outcome, decision.message, false);
  }

  Result Exhausted() const {
    if (last_ == Rcode::kServFail && intent_.zone->owned) {
      return Failure(Outcome::kFailed,
                     fmt::format("{} answers SERVFAIL to the update of {} and has not carried it "
                                 "out: read its log; nothing was changed",
                                 server_,
                                 title_),
                     true);
    }
    return Undone(Outcome::kEffectUnknown, fmt::format("{}: {}", server_, problem_), true);
  }

  // Nothing = look again.
  std::optional<Result> Send(const UpdateMessage& update) {
    call_.Progress(fmt::format("updating {} at {}", title_, server_));
    const absl::Time deadline = std::min(call_.deadline(), absl::Now() + settings_.update_timeout);
    const Reply reply = transport_.Update(primary(), update, deadline);
    if (reply.state == Reply::State::kNotSent) {
      return Undone(
          Outcome::kFailed, fmt::format("{}: {}; nothing was sent", server_, reply.problem), true);
    }
    if (reply.state == Reply::State::kLost) {
      ++lost_;
      problem_ = reply.problem;
      call_.Progress(fmt::format("{}: {}; looking what became of it", server_, reply.problem));
      return std::nullopt;
    }
    last_ = reply.rcode;
    if (reply.rcode == Rcode::kNoError) return Done();
    if (IsPrerequisiteFailure(reply.rcode)) return std::nullopt;
    if (reply.rcode == Rcode::kServFail) {
      ++lost_;
      problem_ = "it answers SERVFAIL";
      return std::nullopt;
    }
    return Declined(reply);
  }

  Result Declined(const Reply& reply) const {
    const std::string rcode = ToString(reply.rcode);
    switch (reply.rcode) {
      case Rcode::kRefused:
      case Rcode::kNotAuth:
        return Undone(Outcome::kPermission, PermissionText(reply), false);
      case Rcode::kNotImp:
        return Undone(Outcome::kUnsupported,
                      fmt::format("{} answers NOTIMP: it accepts no dynamic updates (RFC 2136); "
                                  "serve zone {} with provider `manual`, or by another server",
                                  server_,
                                  intent_.zone->name),
                      false);
      case Rcode::kNotZone:
        return Undone(
            Outcome::kFailed,
            fmt::format("{} answers NOTZONE: {} is not in its zone {}; is the zone's name "
                        "right in the configuration?",
                        server_,
                        intent_.mark.name,
                        intent_.zone->name),
            false);
      default:
        return Undone(Outcome::kFailed,
                      fmt::format("{} answers {} to the update of {}: read its log; nothing was "
                                  "changed",
                                  server_,
                                  rcode,
                                  title_),
                      false);
    }
  }

  std::string PermissionText(const Reply& reply) const {
    const GrantRequest request{.key = settings_.key->name(),
                               .zone = intent_.zone->name,
                               .sets = {{intent_.mark.name, intent_.mark.type}},
                               .owned = intent_.zone->owned};
    std::string grants;
    for (const std::string& line : BindGrant(request)) {
      const std::size_t grant = line.find("grant ");
      if (grant != std::string::npos) grants += " " + line.substr(grant);
    }
    return fmt::format(
        "{} answers {} to the update of {}: {}. Key `{}` needs, as BIND spells it, "
        "`update-policy {{{} }};` in zone {} (`grant --server knot` prints it for "
        "Knot), and the server must be the zone's primary; nothing was changed",
        server_,
        ToString(reply.rcode),
        title_,
        RefusalText(reply),
        settings_.key->name(),
        grants,
        intent_.zone->name);
  }

  // Reads back what the server now holds.
  Result Done() const {
    const ResourceId id = kinds::DnsRecordSet(intent_.mark.name, intent_.mark.type);
    Observation seen = ObservePrimary(transport_, settings_, id, call_.deadline());
    std::optional<RecordSet> set;
    if (seen.presence == Presence::kPresent) {
      auto parsed = ParseRecordSet(intent_.mark.type, seen.properties, Value());
      if (parsed.ok()) set = *std::move(parsed);
    }
    const bool same = set.has_value() == intent_.after.has_value() &&
                      (!set || SameSet(intent_.mark.type, *set, *intent_.after));
    if (seen.presence == Presence::kUnreachable || !same) {
      return Failure(
          Outcome::kEffectUnknown,
          seen.presence == Presence::kUnreachable
              ? fmt::format("{} was updated, and reading it back failed: {}", title_, seen.reason)
              : fmt::format("{} was updated, but {} now holds {}: somebody else wrote, "
                            "or the server did not do as it said. Observe, then plan",
                            title_,
                            server_,
                            Describe(intent_.mark.type, set)),
          true);
    }
    return {.outcome = Outcome::kDone,
            .message = "",
            .retryable = false,
            .observation = std::move(seen)};
  }

  DnsTransport& transport_;
  const Settings& settings_;
  const Intent intent_;
  sdk::Call& call_;
  const std::string title_ = fmt::format("{}/{}", intent_.mark.name, intent_.mark.type);
  const std::string server_ = ToString(primary());
  int lost_ = 0;  // updates that may have taken effect
  Rcode last_ = Rcode::kNoError;
  std::string problem_;        // why the last answer is missing
  std::string action_before_;  // the mark's action before the first was sent
};

// The mark that bears `action`; empty type when there is none.
Mark FindAction(const Guard& guard, std::string_view organization, std::string_view action) {
  for (const Mark& mark : guard.marks) {
    if (mark.organization == organization && mark.action == action) return mark;
  }
  return {};
}

}  // namespace

Result Writer::Apply(const Action& action,
                     std::string_view key,
                     std::int64_t token,
                     sdk::Call& call) const {
  auto intent = ReadIntent(settings_, action);
  if (!intent.ok()) {
    return Failure(Outcome::kUnsupported, std::string(intent.status().message()));
  }
  intent->mark.action = ActionMark(key);
  intent->token = token;
  return Attempt(transport_, settings_, *std::move(intent), call).Run();
}

std::optional<Result> Writer::Lookup(std::string_view key) const {
  const std::string action = ActionMark(key);
  std::string doubt;
  for (const Zone& zone : settings_.zones) {
    if (!zone.owned) continue;
    const absl::Time deadline = absl::Now() + settings_.query_timeout;
    const std::string name = GuardName(zone.name);
    Reading reading = ReadSet(transport_, {zone, zone.servers.front(), name, "TXT"}, deadline);
    if (!reading.answered) {
      doubt = reading.problem;
    } else if (reading.set) {
      const Guard guard = ReadGuard(std::move(reading.set->records));
      const Mark mark = FindAction(guard, settings_.organization, action);
      if (mark.type.empty()) continue;
      const ResourceId id = kinds::DnsRecordSet(mark.name, mark.type);
      return Result{.outcome = Outcome::kDone,
                    .message = "",
                    .retryable = false,
                    .observation = ObservePrimary(transport_, settings_, id, deadline)};
    }
  }
  if (doubt.empty()) return std::nullopt;
  return Failure(
      Outcome::kEffectUnknown,
      fmt::format("what became of the action cannot be told: {}; observe the record set", doubt));
}

}  // namespace poolshift::dns
