#include "providers/dns/update/decision.h"

#include <tuple>

#include "absl/status/status.h"

#include "controller/federation/kinds.h"
#include "controller/model/try.h"
#include "fmt/format.h"

namespace poolshift::dns {
namespace {

using sdk::Outcome;

Decision Refuse(Outcome outcome, std::string message) {
  return {.kind = Decision::Kind::kRefuse,
          .update = {},
          .outcome = outcome,
          .message = std::move(message)};
}

std::string Title(const Mark& mark) { return fmt::format("{}/{}", mark.name, mark.type); }

bool Holds(const Intent& intent,
           const std::optional<RecordSet>& wanted,
           const std::optional<RecordSet>& held) {
  if (!wanted || !held) return wanted.has_value() == held.has_value();
  return SameSet(intent.mark.type, *wanted, *held);
}

bool MayAdopt(const Intent& intent) {
  const Adoption& adoption = intent.zone->adoption;
  return intent.adopts || adoption.declared || adoption.names.contains(intent.mark.name);
}

// Null when the record set is ours, or may become so.
std::optional<Decision> RefuseByOwner(const Intent& intent, const Snapshot& snapshot) {
  const Mark& mark = intent.mark;
  const std::string owner = snapshot.guard.OwnerOf(mark.name, mark.type);
  if (!owner.empty() && owner != mark.organization) {
    return Refuse(Outcome::kPermission,
                  fmt::format("{} belongs to organisation `{}` (mark in {}): it was not touched",
                              Title(mark),
                              owner,
                              GuardName(intent.zone->name)));
  }
  if (owner.empty() && snapshot.set && !MayAdopt(intent)) {
    return Refuse(
        Outcome::kPermission,
        fmt::format("{} exists and nobody's mark is on it: it was not touched. To take it over, "
                    "configure `adopt: declared` or `adopt: [{}]` for zone {}",
                    Title(mark),
                    mark.name,
                    intent.zone->name));
  }
  return std::nullopt;
}

std::optional<Decision> RefuseByGuard(const Intent& intent, const Snapshot& snapshot) {
  const std::string guard = GuardName(intent.zone->name);
  if (!snapshot.guard.fault.empty()) {
    return Refuse(Outcome::kFailed,
                  fmt::format("{} TXT holds {}: repair it by hand, or use the version of Poolshift "
                              "that wrote it; nothing was changed",
                              guard,
                              snapshot.guard.fault));
  }
  const std::int64_t seen = snapshot.guard.FenceOf(intent.mark.organization).token;
  if (intent.token < seen) {
    return Refuse(Outcome::kFenced,
                  fmt::format("token {} is smaller than {}, the greatest that {} has seen: another "
                              "controller has taken over; nothing was changed",
                              intent.token,
                              seen,
                              guard));
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<RecordSet>> ReadSide(const Mark& mark,
                                                  const Value& side,
                                                  const Value& fallback) {
  if (side.is_null()) return std::optional<RecordSet>();
  auto set = ParseRecordSet(mark.type, side, fallback);
  if (set.ok()) return std::optional<RecordSet>(*std::move(set));
  return absl::InvalidArgumentError(
      fmt::format("{}: {}", Title(mark), std::string(set.status().message())));
}

// An action that names an owner takes the record set over and does nothing else.
absl::Status ReadAdoption(const Action& action, Intent& intent) {
  const Value* owner = action.after.Find("owner");
  if (owner == nullptr) return absl::OkStatus();
  if (!(*owner == Value(intent.mark.organization))) {
    return absl::InvalidArgumentError(
        fmt::format("{}: this provider marks what belongs to `{}`, not what belongs to {}",
                    Title(intent.mark),
                    intent.mark.organization,
                    DisplayText(*owner)));
  }
  if (!intent.before || !SameSet(intent.mark.type, *intent.before, *intent.after)) {
    return absl::InvalidArgumentError(fmt::format(
        "{}: whoever takes a record set over changes nothing in it", Title(intent.mark)));
  }
  intent.adopts = true;
  return absl::OkStatus();
}

bool FitsVerb(const Action& action) {
  switch (action.verb) {
    case Verb::kCreate:
      return action.before.is_null() && !action.after.is_null();
    case Verb::kUpdate:
      return !action.before.is_null() && !action.after.is_null();
    case Verb::kDelete:
      return !action.before.is_null() && action.after.is_null();
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<Intent> ReadIntent(const Settings& settings, const Action& action) {
  if (action.target.kind != kinds::kDnsRecordSet) {
    return absl::InvalidArgumentError(
        fmt::format("provider dns serves no resources of kind {}", action.target.kind));
  }
  POOLSHIFT_ASSIGN(auto name, ParseSetName(action.target.name));
  Intent intent;
  intent.zone = settings.ZoneOf(name.first);
  if (intent.zone == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("{} is in none of the declared zones: it was not touched", name.first));
  }
  if (IsInZone(name.first, GuardName(intent.zone->name))) {
    return absl::InvalidArgumentError(
        fmt::format("{} is where Poolshift keeps its own marks: it is no resource", name.first));
  }
  intent.mark = {.organization = settings.organization,
                 .name = std::move(name.first),
                 .type = std::move(name.second),
                 .action = {},
                 .owns = !action.after.is_null()};
  if (!FitsVerb(action)) {
    return absl::InvalidArgumentError(
        fmt::format("{}: a record set is created, updated or deleted, with `before` and `after` "
                    "as that means",
                    Title(intent.mark)));
  }
  POOLSHIFT_ASSIGN(intent.before, ReadSide(intent.mark, action.before, Value()));
  POOLSHIFT_ASSIGN(intent.after, ReadSide(intent.mark, action.after, action.before));
  POOLSHIFT_TRY(ReadAdoption(action, intent));
  return intent;
}

Decision Decide(const Intent& intent, const Snapshot& snapshot) {
  if (intent.zone->owned) {
    if (auto refusal = RefuseByGuard(intent, snapshot)) return *std::move(refusal);
    if (auto refusal = RefuseByOwner(intent, snapshot)) return *std::move(refusal);
    const Mark& mark = intent.mark;
    const bool owned = snapshot.guard.OwnerOf(mark.name, mark.type) == mark.organization;
    const bool ours = snapshot.guard.ActionOn(mark) == mark.action || (intent.adopts && owned);
    if (ours && Holds(intent, intent.after, snapshot.set)) {
      return {.kind = Decision::Kind::kAlreadyDone, .update = {}, .outcome = {}, .message = {}};
    }
  } else if (intent.adopts) {
    return Refuse(Outcome::kUnsupported,
                  fmt::format("zone {} has `ownership: none`: no marks are kept in it, and nothing "
                              "was changed",
                              intent.zone->name));
  }
  if (!Holds(intent, intent.before, snapshot.set)) {
    return Refuse(Outcome::kConflict,
                  fmt::format("{} is not as planned: {} was expected, {} is there; nothing was "
                              "changed. Plan again",
                              Title(intent.mark),
                              Describe(intent.mark.type, intent.before),
                              Describe(intent.mark.type, snapshot.set)));
  }
  return {.kind = Decision::Kind::kSend,
          .update = Compose(intent, snapshot),
          .outcome = {},
          .message = {}};
}

UpdateMessage Compose(const Intent& intent, const Snapshot& snapshot) {
  const auto& [name, type] = std::tie(intent.mark.name, intent.mark.type);
  UpdateMessage update{.zone = intent.zone->name, .prerequisites = {}, .changes = {}};
  if (snapshot.set) {
    update.prerequisites.push_back({name, type, true, snapshot.set->records});
    if (!intent.adopts) update.changes.push_back({Change::Kind::kDeleteSet, name, type, 0, {}});
  } else {
    update.prerequisites.push_back({name, type, false, {}});
    // Beside an alias a server drops what is added without a word (RFC 2136 §3.4.2.2).
    update.prerequisites.push_back({name, "CNAME", false, {}});
  }
  if (intent.after && !intent.adopts) {
    for (const Fields& fields : intent.after->records) {
      update.changes.push_back({Change::Kind::kAdd, name, type, intent.after->ttl, fields});
    }
  }
  if (intent.zone->owned) Advance(snapshot.guard, intent.mark, intent.token, update);
  return update;
}

}  // namespace poolshift::dns
