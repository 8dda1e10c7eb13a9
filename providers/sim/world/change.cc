#include "providers/sim/world/change.h"

#include <algorithm>

#include "controller/federation/kinds.h"
#include "controller/model/covers.h"
#include "providers/sim/world/dns_record.h"
#include "providers/sim/world/observe.h"
#include "providers/sim/world/replication.h"
#include "providers/sim/world/resolver.h"
#include "providers/sim/world/streams.h"

namespace poolshift::sim {
namespace {

using Verdict = ChangeResult::Verdict;

// `whole` with the members of `part` in place of its own, map by map.
Value Merged(const Value& whole, const Value& part) {
  if (!part.is_map() || !whole.is_map()) return part;
  Value merged = whole;
  for (const auto& [key, member] : part.map()) {
    const Value* other = whole.Find(key);
    merged.Set(key, other == nullptr ? member : Merged(*other, member));
  }
  return merged;
}

ChangeResult Conflict(const Action& action, const Observation& seen) {
  const std::string now_there =
      seen.presence == Presence::kPresent ? DisplayText(seen.properties) : "nothing";
  return {Verdict::kConflict,
          ToString(action.target) + " is not what the plan saw: there is " + now_there +
              ", expected was " + DisplayText(action.before) + ". Plan again",
          {}};
}

// The observed writable value, or why the action cannot begin.
ChangeResult Compare(const World& world, const Action& action, absl::Time now, Value& current) {
  const KindSchema* schema = kinds::FindKindSchema(action.target.kind);
  if (schema == nullptr || !schema->writable) {
    return Refused(ToString(action.target) + " cannot be changed: the kind is observed only");
  }
  const Observation seen = Observe(world, {action.target, ""}, now);
  const bool records = action.target.kind == kinds::kDnsRecordSet;
  if (seen.presence == Presence::kUnreachable) {
    return ServerUnreachable(action.target.name.substr(0, action.target.name.find('/')));
  }
  if (seen.presence == Presence::kAbsent && !records) return Refused(seen.reason);
  current = seen.presence == Presence::kPresent ? WritablePart(*schema, seen.properties) : Value();
  // Only record sets come and go; of everything else a change may name no former value.
  const Value before = action.before.is_map() ? WritablePart(*schema, action.before) : Value();
  const bool as_expected =
      records ? before == current : before.is_null() || Covers(current, before);
  if (!as_expected) return Conflict(action, seen);
  if (records && action.after.is_null()) return {};
  const std::vector<std::string> faults = Violations(*schema, Merged(current, action.after));
  if (!faults.empty()) return Refused(ToString(action.target) + ": " + faults.front());
  return {};
}

ChangeResult Dispatch(World& world, const Action& action, const Value& after, absl::Time now) {
  const std::string_view kind = action.target.kind;
  if (kind == kinds::kTopology) return ChangeTopology(world, action, now);
  if (kind == kinds::kSiteRoute) return ChangeSiteRoute(world, action, after, now);
  if (kind == kinds::kEnablement) return ChangeEnablement(world);
  if (kind == kinds::kEdgeAssociation) return ChangeEdgeAssociation(world, action, after, now);
  if (kind == kinds::kPoolFailover) return ChangePoolFailover(world, action, after);
  if (kind == kinds::kCentralStore) return ChangeCentralStore(world, after, now);
  if (kind == kinds::kEdgeService) return ChangeEdgeService(world, action, after);
  if (kind == kinds::kEdgeComponents) return ChangeEdgeComponents(world, action, after, now);
  if (kind == kinds::kStreams) return ChangeStreams(world, action, after, now);
  if (kind == kinds::kFence) return ChangeFence(world, action, after, now);
  return ChangeDnsRecordSet(world, action, after, now);
}

}  // namespace

ChangeResult Refused(std::string message) { return {Verdict::kFailed, std::move(message), {}}; }

ChangeResult ServerUnreachable(std::string_view server) {
  const std::string name(server);
  return {Verdict::kUnreachable,
          "[" + name + "] Connecting to remote server " + name +
              " failed: WinRM cannot complete the operation. The server has no power or no "
              "network; bring it "
              "back, or plan again without it",
          {}};
}

ChangeResult Apply(World& world, const Action& action, absl::Time now) {
  Settle(world, now);
  Value current;
  ChangeResult result = Compare(world, action, now, current);
  if (result.verdict != Verdict::kDone) return result;
  if (Covers(current, action.after)) return result;  // done before: nothing is written
  result = Dispatch(world, action, Merged(current, action.after), now);
  TakeCourse(world, now);
  return result;
}

namespace {

// A record set that exists, and whose it is: an action that names an owner only takes it over.
ChangeResult TakeOver(World& world, const Action& action, RecordSet& set) {
  if (!(*action.after.Find("owner") == Value(world.organization))) {
    return Refused(ToString(action.target) + ": only `" + world.organization +
                   "` can be made its owner here");
  }
  if (!Covers(action.before,
              WritablePart(*kinds::FindKindSchema(action.target.kind), action.after)))
    return Refused(ToString(action.target) + ": whoever takes it over changes nothing in it");
  set.owner = world.organization;
  return {};
}

}  // namespace

void Settle(World& world, absl::Time now) {
  SettleReplicas(world, now);
  SettleStreams(world, now);
  SettleResolvers(world, now);
}

void TakeCourse(World& world, absl::Time now) {
  FollowMaster(world, now);
  DropBrokenStreams(world, now);
}

ChangeResult ChangeDnsRecordSet(World& world,
                                const Action& action,
                                const Value& after,
                                absl::Time now) {
  const auto held = world.dns.records.find(action.target.name);
  if (held != world.dns.records.end() && !held->second.records.empty()) {
    RecordSet& there = held->second;
    if (!there.owner.empty() && there.owner != world.organization) {
      return Refused(ToString(action.target) + " belongs to organisation `" + there.owner +
                     "`: it was not touched");
    }
    if (action.after.Find("owner") != nullptr) return TakeOver(world, action, there);
  }
  RecordSet set;
  set.owner = world.organization;
  if (!action.after.is_null()) {
    for (const Value& record : after.Find("records")->list()) {
      if (!record.is_string()) return Refused(ToString(action.target) + ": a record is no text");
      set.records.push_back(record.string());
    }
    std::ranges::sort(set.records);
    set.ttl = after.IntegerOr("ttl", world.dns.ttl);
    if (set.records.empty()) {
      return Refused(ToString(action.target) + ": a record set needs a record; delete it instead");
    }
  }
  const std::string fault = RecordSetFault(action.target.name, set.records);
  if (!fault.empty()) return Refused(fault);
  ChangeRecords(world, action.target.name, std::move(set), now);
  return {};
}

}  // namespace poolshift::sim
