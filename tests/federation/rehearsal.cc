#include "tests/federation/rehearsal.h"

#include <algorithm>

#include "controller/federation/allow_lists.h"
#include "controller/federation/observing.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

std::string First(const ResourceId& id) { return id.name.substr(0, id.name.find('/')); }
std::string Second(const ResourceId& id) { return id.name.substr(id.name.rfind('/') + 1); }

bool IsDesignation(const ResourceId& id) {
  return id.kind == kinds::kTopology || id.kind == kinds::kSiteRoute ||
         id.kind == kinds::kEdgeAssociation;
}

}  // namespace

const EdgePool* Rehearsal::PoolOfServer(std::string_view fqdn) const {
  for (const auto& [name, pool] : organization_->edge_pools) {
    for (const EdgeServer& server : pool.servers) {
      if (server.fqdn == fqdn) return &pool;
    }
  }
  return nullptr;
}

std::string Rehearsal::ServerAt(std::string_view address) const {
  for (const auto& [name, pool] : organization_->edge_pools) {
    for (const EdgeServer& server : pool.servers) {
      if (std::count(server.addresses.begin(), server.addresses.end(), address) > 0)
        return server.fqdn;
    }
  }
  return "";
}

bool Rehearsal::Listens(std::string_view server, Protocol protocol) const {
  if (powerless.count(std::string(server)) > 0) return false;
  const auto service = things.find(kinds::EdgeService(server, Role(protocol)));
  const auto installed = things.find(kinds::EdgeComponents(server));
  return service != things.end() && service->second.StringOr("state", "") == "running" &&
         installed != things.end() && installed->second.BooleanOr(Member(protocol), false);
}

bool Rehearsal::Answers(std::string_view address, Protocol protocol) const {
  const auto fence = things.find(kinds::Fence(address, Port(protocol)));
  if (fence != things.end() && fence->second.StringOr("mode", "none") != "none") return false;
  return Listens(ServerAt(address), protocol);
}

bool Rehearsal::IsPowerless(std::string_view address) const {
  return powerless.count(ServerAt(address)) > 0;
}

std::vector<std::string> Rehearsal::SipFlagged() const {
  std::vector<std::string> flagged;
  const auto topology = things.find(kinds::Topology(organization_->name));
  if (topology == things.end()) return flagged;
  for (const auto& [fqdn, pool] : topology->second.Find("pools")->map()) {
    if (pool.BooleanOr("federation", false)) flagged.push_back(fqdn);
  }
  return flagged;
}

bool Rehearsal::HasFlag(const std::string& fqdn, Protocol protocol) const {
  const auto topology = things.find(kinds::Topology(organization_->name));
  if (topology == things.end()) return false;
  const Value* pool = topology->second.Find("pools")->Find(fqdn);
  return pool != nullptr && pool->BooleanOr(Member(protocol), false);
}

bool Rehearsal::IsCurrent(std::string_view server) const {
  const auto replica = things.find(kinds::Replica(server));
  return replica != things.end() && replica->second.IntegerOr("watermark", 0) >= written;
}

namespace {

// domain.md §b.6, I1 to I7.
std::string_view RoleInside(int port) {
  if (port == 23456) return "xmppProxy";
  if (port == 8057) return "webConf";
  if (port == 5062) return "avAuth";
  return port == 443 ? "avRelay" : "accessEdge";
}

}  // namespace

Observation Rehearsal::Look(const ObservationKey& key) const {
  Observation seen;
  seen.at = absl::UnixEpoch();
  if (unreachable.count(key.id) > 0) {
    seen.reason = "it is away";
    return seen;
  }
  const bool on_server = key.id.kind == kinds::kEdgeService ||
                         key.id.kind == kinds::kEdgeComponents || key.id.kind == kinds::kReplica ||
                         key.id.kind == kinds::kCertificate || key.id.kind == kinds::kStreams;
  if (on_server && powerless.count(First(key.id)) > 0) {
    seen.reason = "it has no power";
    return seen;
  }
  seen.presence = Presence::kPresent;
  if (key.id.kind == kinds::kReachability) {
    const std::string where = First(key.id);
    const int port = std::atoi(Second(key.id).c_str());
    bool open = false;
    std::string protocol;
    if (PoolOfServer(where) != nullptr) {  // inside, by name
      if (powerless.count(key.vantage) > 0) {
        seen.presence = Presence::kUnreachable;
        seen.reason = "nobody can look from there";
        return seen;
      }
      const auto service = things.find(kinds::EdgeService(where, RoleInside(port)));
      open = powerless.count(where) == 0 && walls.count(key) == 0 && service != things.end() &&
             service->second.StringOr("state", "") == "running";
    } else {
      const Protocol asked = port == kinds::kSipPort ? Protocol::kSip : Protocol::kXmpp;
      open = Answers(where, asked) && walls.count(key) == 0;
      if (open) protocol = Name(asked);
    }
    const bool dark =
        powerless.count(where) > 0 || powerless.count(ServerAt(where)) > 0 || walls.count(key) > 0;
    seen.properties = Value::Map{{"state",
                                  open   ? "open"
                                  : dark ? "filtered"
                                         : "refused"},
                                 {"protocol", protocol}};
    return seen;
  }
  const auto found = things.find(key.id);
  if (found == things.end() && key.id.kind == kinds::kFence) {
    seen.properties = Value::Map{{"mode", "none"}, {"expires", ""}};
    seen.revision = RevisionOf(seen.properties);
    return seen;
  }
  if (found == things.end()) {
    seen.presence = Presence::kAbsent;
    return seen;
  }
  seen.properties = found->second;
  seen.revision = RevisionOf(WritablePart(*kinds::FindKindSchema(key.id.kind), found->second));
  if (IsDesignation(key.id)) seen.properties.Set("watermark", written);
  if (key.id.kind == kinds::kDnsRecordSet) seen.properties.Set("disagreement", "");
  return seen;
}

ObservedState Rehearsal::ObserveAll() const {
  ObservedState observed;
  for (const ObservationKey& key : DesignationsToObserve(*organization_))
    observed.observations[key] = Look(key);
  for (const ObservationKey& key : AllowListsToObserve(*organization_))
    if (things.contains(key.id)) observed.observations[key] = Look(key);
  for (const ObservationKey& key : DetailsToObserve(*organization_, observed))
    observed.observations[key] = Look(key);
  return observed;
}

std::string Rehearsal::Apply(const Action& action) {
  const std::string problem = action.verb == Verb::kGate ? PassGate(action) : ApplyChange(action);
  return problem.empty() ? "" : action.title + ": " + problem;
}

std::string Rehearsal::Install(const Action& action) {
  const std::string server = First(action.target);
  const EdgePool* pool = PoolOfServer(server);
  // Roles are in the topology, routes are not.
  const auto replica = things.find(kinds::Replica(server));
  if (replica == things.end() || replica->second.IntegerOr("watermark", 0) < published)
    return "the local replica is stale";
  const Value* entry =
      things.at(kinds::Topology(organization_->name)).Find("pools")->Find(pool->fqdn);
  if (entry == nullptr || *entry != action.after)
    return "the topology says " + (entry == nullptr ? "nothing" : CanonicalText(*entry));
  return "";
}

std::string Rehearsal::ApplyChange(const Action& action) {
  const ResourceId& id = action.target;
  if (powerless.count(First(id)) > 0) return "the server has no power";
  const Observation seen = Look({id, ""});
  if (seen.revision != action.precondition_revision)
    return "is at another revision than the plan supposes: " + CanonicalText(seen.properties);
  if (id.kind == kinds::kEdgeComponents) {
    if (std::string problem = Install(action); !problem.empty()) return problem;
  }
  if (IsDesignation(id)) ++written;
  if (id.kind == kinds::kTopology) published = written;
  for (const JointChange& change : action.also)
    if (std::string problem = WriteTogether(change); !problem.empty()) return problem;
  if (IsDesignation(id)) NoteEnablement(action);
  if (id.kind == kinds::kTopology) {
    Publish(action);
  } else if (id.kind == kinds::kEnablement) {
    things[id] = Value::Map{{"enabled", true}, {"waiting", ""}};
  } else if (id.kind == kinds::kCentralStore) {
    things[id].Set("activeMaster", action.after.StringOr("activeMaster", ""));
    things[id].Set("pool", action.after.StringOr("activeMaster", ""));
    things[id].Set("alive", true);
  } else if (action.after.is_null()) {
    things.erase(id);
  } else {
    const Value* ways = seen.properties.Find("waysInside");  // no part of a change, and still so
    things[id] = action.after;
    if (ways != nullptr) things[id].Set("waysInside", *ways);
  }
  EndStreams();
  return "";
}

void Rehearsal::Publish(const Action& action) {
  Value pools = *things.at(action.target).Find("pools");
  for (const auto& [fqdn, members] : action.after.Find("pools")->map()) {
    Value entry = *pools.Find(fqdn);
    for (const auto& [member, value] : members.map())
      entry.Set(member, value);
    pools.Set(fqdn, std::move(entry));
  }
  things[action.target] = Value::Map{{"pools", std::move(pools)}};
}

// What a person publishes in the same document.
std::string Rehearsal::WriteTogether(const JointChange& change) {
  Value& thing = things[change.target];
  for (const auto& [member, value] : change.before.map()) {
    const Value* seen = thing.Find(member);
    if (seen == nullptr || *seen != value) return ToString(change.target) + " is another";
  }
  for (const auto& [member, value] : change.after.map())
    thing.Set(member, value);
  return "";
}

// Topology Builder and a publish enable; of several writes the last does.
void Rehearsal::NoteEnablement(const Action& action) {
  const auto enablement = things.find(kinds::Enablement(organization_->name));
  if (enablement == things.end()) return;
  const bool enables = action.target.kind == kinds::kTopology ||
                       std::count(action.modes.begin(), action.modes.end(), "closing") > 0 ||
                       action.human;
  Value& state = enablement->second;
  if (enables || state.StringOr("waiting", "") != "document")
    state.Set("waiting", enables ? "" : "routes");
  state.Set("enabled", enables);
}

bool Rehearsal::AwaitsEnabling(bool routes) const {
  const auto enablement = things.find(kinds::Enablement(organization_->name));
  if (enablement == things.end()) return false;
  const std::string_view waiting = enablement->second.StringOr("waiting", "");
  return waiting == "document" || (routes && waiting == "routes");
}

// A stream ends when its port is closed.
void Rehearsal::EndStreams() {
  for (auto& [id, value] : things) {
    if (id.kind != kinds::kStreams) continue;
    const Protocol protocol = Second(id) == "sip" ? Protocol::kSip : Protocol::kXmpp;
    if (!Listens(First(id), protocol)) value = Value::Map{{"state", "closed"}, {"count", 0}};
  }
}

// A person makes true what the gate waits for.
void Rehearsal::DoByHand(const Gate& gate) {
  for (const Expectation& expected : gate.expectations) {
    if (expected.property.empty()) {
      things.erase(expected.subject.id);
    } else if (expected.subject.id.kind == kinds::kReachability) {
      walls.erase(expected.subject);
    } else {
      Value& thing = things[expected.subject.id];
      if (!thing.is_map()) thing = Value::Map{{"ttl", 30}};
      thing.Set(expected.property, expected.value);
    }
  }
}

std::string Rehearsal::PassGate(const Action& action) {
  if (action.human) DoByHand(*action.gate);
  for (const Expectation& expected : action.gate->expectations) {
    const ResourceId& id = expected.subject.id;
    if (id.kind == kinds::kReplica && powerless.count(id.name) == 0) {
      const auto service = things.find(kinds::EdgeService(id.name, "replica"));
      const bool follows =
          service == things.end() || service->second.StringOr("state", "") == "running";
      if (follows) things[id] = Value::Map{{"watermark", written}};
    }
    // An idle stream ends by itself after a while, once nothing leads there.
    if (id.kind == kinds::kStreams) things[id] = Value::Map{{"state", "closed"}, {"count", 0}};
    const Observation seen = Look(expected.subject);
    if (expected.property.empty() && seen.presence == Presence::kAbsent) continue;
    const Value* found = seen.properties.Find(expected.property);
    const std::string where = ToString(id) + " from '" + expected.subject.vantage + "'";
    if (found == nullptr) return where + " does not say its " + expected.property;
    if (expected.compare == Expectation::Compare::kEquals && *found != expected.value)
      return where + ": " + expected.property + " is " + DisplayText(*found);
    const bool among = expected.compare == Expectation::Compare::kAmong && found->is_string();
    if (among &&
        std::count(expected.value.list().begin(), expected.value.list().end(), *found) == 0)
      return where + ": " + expected.property + " is " + DisplayText(*found);
    if (expected.compare == Expectation::Compare::kAtLeast &&
        found->integer() < expected.value.integer())
      return where + " is behind";
    if (expected.compare == Expectation::Compare::kAtLeastProduced &&
        (action.gate->produced_by.empty() || found->integer() < written))
      return where + " is behind what was written";
  }
  return "";
}

void Rehearsal::Connect() {
  for (const Protocol protocol : kProtocols) {
    const std::string host = DeclaredHost(*organization_, protocol);
    if (host.empty()) continue;
    for (const EdgeServer& server : organization_->edge_pools.at(host).servers) {
      if (Listens(server.fqdn, protocol))
        things[kinds::Streams(server.fqdn, Name(protocol))] =
            Value::Map{{"state", "open"}, {"count", 2}};
    }
  }
}

}  // namespace poolshift
