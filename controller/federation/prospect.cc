#include "controller/federation/prospect.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "controller/federation/kinds.h"
#include "controller/federation/protocol.h"
#include "controller/federation/roles.h"
#include "controller/federation/view.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

// The part of a name before its first '/': the server of a service.
std::string ServerOf(const ResourceId& id) { return id.name.substr(0, id.name.find('/')); }

bool IsDesignation(const ResourceId& id) {
  return id.kind == kinds::kTopology || id.kind == kinds::kSiteRoute ||
         id.kind == kinds::kEdgeAssociation;
}

// Members that a platform computes and that follow from the change itself.
void SettleComputed(const ResourceId& id, Value& properties) {
  if (id.kind == kinds::kDnsRecordSet) properties.Set("disagreement", "");
  if (id.kind == kinds::kEdgeService && properties.Find("listening") != nullptr)
    properties.Set("listening", properties.StringOr("state", "") == "running");
  if (id.kind == kinds::kEdgeAssociation && properties.Find("consistent") != nullptr)
    properties.Set("consistent", true);
  if (id.kind == kinds::kEnablement) properties.Set("waiting", "");
  if (id.kind == kinds::kCentralStore) {
    properties.Set("alive", true);
    properties.Set("pool", properties.StringOr("activeMaster", ""));
  }
}

class Supposed {
 public:
  Supposed(const Organization& organization, ObservedState observed)
      : organization_(organization), observed_(std::move(observed)) {
    written_ = View(organization, observed_).Watermark();
    for (const auto& [name, pool] : organization.edge_pools) {
      for (const EdgeServer& server : pool.servers)
        servers_[server.fqdn] = &server;
      if (pool.in_topology()) continue;
      for (const EdgeServer& server : pool.servers)
        without_components_.insert(server.fqdn);
    }
    for (const auto& [key, seen] : observed_.observations) {
      if (key.id.kind == kinds::kReachability) vantages_[key.id].push_back(key.vantage);
    }
  }

  void Do(const Action& action) {
    Enable(action);
    if (action.gate.has_value()) {
      for (const Expectation& expectation : action.gate->expectations)
        Prove(expectation);
    } else {
      Change(action);
    }
  }

  // The resource is there, with these properties.
  void Put(const ResourceId& id, Value properties, const std::string& vantage = "") {
    Observation& seen = observed_.observations[{id, vantage}];
    const KindSchema* schema = kinds::FindKindSchema(id.kind);
    seen.presence = Presence::kPresent;
    seen.reason.clear();
    seen.unknown.clear();
    if (schema != nullptr) seen.revision = RevisionOf(WritablePart(*schema, properties));
    seen.properties = std::move(properties);
  }

  // What vantages see of the server's port follows from its service and its components.
  void Open(const EdgeServer& server, Protocol protocol) {
    for (const std::string& address : server.addresses) {
      SeenAt(kinds::Reachability(address, Port(protocol)),
             Value::Map{{"state", "open"}, {"protocol", Name(protocol)}});
    }
  }

  void SeenAt(const ResourceId& id, const Value& state) {
    for (const std::string& vantage : vantages_[id]) {
      const Value* before = observed_.Properties(id, vantage);
      Value properties = before == nullptr ? Value() : *before;
      for (const auto& [member, value] : state.map())
        properties.Set(member, value);
      Put(id, std::move(properties), vantage);
    }
  }

  const std::map<ResourceId, std::vector<std::string>>& vantages() const { return vantages_; }
  ObservedState Take() { return std::move(observed_); }

 private:
  bool Listens(const EdgeServer& server, Protocol protocol) const {
    const Value* service = observed_.Properties(kinds::EdgeService(server.fqdn, Role(protocol)));
    const Value* installed = observed_.Properties(kinds::EdgeComponents(server.fqdn));
    if (service == nullptr || service->StringOr("state", "") != "running") return false;
    if (without_components_.contains(server.fqdn)) return true;
    return installed != nullptr && installed->BooleanOr(Member(protocol), false);
  }

  void Prove(const Expectation& expectation) {
    const ObservationKey& key = expectation.subject;
    const Value* before = observed_.Properties(key.id, key.vantage);
    if (expectation.property.empty()) {  // the resource as a whole: gone
      observed_.observations[key].presence = Presence::kAbsent;
      observed_.observations[key].properties = Value();
      return;
    }
    Value properties = before == nullptr ? Value() : *before;
    switch (expectation.compare) {
      case Expectation::Compare::kAmong: {
        const Value* seen = properties.Find(expectation.property);
        const bool is_text = seen != nullptr && seen->is_string();
        properties.Set(expectation.property,
                       is_text ? expectation.value.list().front() : expectation.value);
        break;
      }
      case Expectation::Compare::kEquals:
        properties.Set(expectation.property, expectation.value);
        break;
      case Expectation::Compare::kAtLeast:
        if (properties.IntegerOr(expectation.property, 0) < expectation.value.integer())
          properties.Set(expectation.property, expectation.value);
        break;
      case Expectation::Compare::kAtLeastProduced:
        properties.Set(expectation.property, written_);
        break;
    }
    Put(key.id, std::move(properties), key.vantage);
  }

  void Change(const Action& action) {
    const auto server = servers_.find(ServerOf(action.target));
    const bool on_server = server != servers_.end();
    bool listened[2] = {false, false};
    for (const Protocol protocol : kProtocols)
      listened[static_cast<std::size_t>(protocol)] =
          on_server && Listens(*server->second, protocol);
    Write(action);
    if (!on_server) return;
    for (const Protocol protocol : kProtocols) {
      const bool listens = Listens(*server->second, protocol);
      if (listens == listened[static_cast<std::size_t>(protocol)]) continue;
      if (listens) Open(*server->second, protocol);
      if (!listens) Close(*server->second, protocol);
    }
  }

  // What follows for the enablement, where it can be seen: a publish enables, and so does the last
  // of several writes.
  void Enable(const Action& action) {
    const ResourceId id = kinds::Enablement(organization_.name);
    const Value* seen = observed_.Properties(id);
    if (seen == nullptr || !IsDesignation(action.target) || action.gate.has_value()) return;
    const bool enables =
        action.target.kind == kinds::kTopology ||
        std::find(action.modes.begin(), action.modes.end(), "closing") != action.modes.end();
    Value::Map properties = seen->map();
    if (enables || properties["waiting"] != Value("document"))
      properties["waiting"] = enables ? "" : "routes";
    properties["enabled"] = enables;
    Put(id, std::move(properties));
  }

  void Write(const Action& action) {
    const ResourceId& id = action.target;
    if (action.after.is_null()) {
      Observation& seen = observed_.observations[{id, ""}];
      seen.presence = Presence::kAbsent;
      seen.properties = Value();
      seen.revision.clear();
      return;
    }
    const Value* before = observed_.Properties(id);
    Value properties = before == nullptr ? Value() : *before;
    if (id.kind == kinds::kTopology) {
      Publish(action.after, properties);
    } else {
      for (const auto& [member, value] : action.after.map())
        properties.Set(member, value);
    }
    if (IsDesignation(id)) properties.Set("watermark", ++written_);
    SettleComputed(id, properties);
    Put(id, std::move(properties));
  }

  // A change of the topology names only the pools and members that change.
  static void Publish(const Value& after, Value& properties) {
    const Value* found = properties.Find("pools");
    Value pools = found == nullptr ? Value() : *found;
    const Value* changed = after.Find("pools");
    if (changed == nullptr) return;
    for (const auto& [fqdn, members] : changed->map()) {
      const Value* known = pools.Find(fqdn);
      Value entry = known == nullptr ? Value() : *known;
      for (const auto& [member, value] : members.map())
        entry.Set(member, value);
      pools.Set(fqdn, std::move(entry));
    }
    properties.Set("pools", std::move(pools));
  }

  // A port that nobody stands behind is refused, and its streams have ended.
  void Close(const EdgeServer& server, Protocol protocol) {
    for (const std::string& address : server.addresses) {
      const ResourceId id = kinds::Reachability(address, Port(protocol));
      for (const std::string& vantage : vantages_[id]) {
        const Value* before = observed_.Properties(id, vantage);
        if (before == nullptr || before->StringOr("state", "") != "open") continue;
        Value properties = *before;
        properties.Set("state", "refused");
        properties.Set("protocol", "");
        Put(id, std::move(properties), vantage);
      }
    }
    const ResourceId streams = kinds::Streams(server.fqdn, Name(protocol));
    const Value* before = observed_.Properties(streams);
    if (before == nullptr) return;
    Value properties = *before;
    properties.Set("count", 0);
    Put(streams, std::move(properties));
  }

  const Organization& organization_;
  ObservedState observed_;
  std::int64_t written_ = 0;
  std::map<std::string, const EdgeServer*, std::less<>> servers_;  // by FQDN
  std::set<std::string, std::less<>> without_components_;          // outside any topology
  std::map<ResourceId, std::vector<std::string>> vantages_;        // of what was looked at
};

// What the topology said about the pool, as its servers have installed it.
Value InstalledAt(const Organization& organization,
                  const ObservedState& at_failure,
                  const EdgePool& pool) {
  const Value* topology = at_failure.Properties(kinds::Topology(organization.name));
  const Value* pools = topology == nullptr ? nullptr : topology->Find("pools");
  const Value* entry = pools == nullptr ? nullptr : pools->Find(pool.fqdn);
  return entry == nullptr ? Value(Value::Map{}) : *entry;
}

}  // namespace

ObservedState AfterActions(const Organization& organization,
                           ObservedState observed,
                           const std::vector<Action>& done) {
  Supposed supposed(organization, std::move(observed));
  for (const Action& action : done)
    supposed.Do(action);
  return supposed.Take();
}

ObservedState SupposeAnswering(const Organization& organization,
                               ObservedState observed,
                               const ObservedState& at_failure,
                               const std::set<std::string>& pools) {
  const std::int64_t held = View(organization, at_failure).Watermark();
  Supposed supposed(organization, std::move(observed));
  for (const std::string& name : pools) {
    const EdgePool& pool = organization.edge_pools.at(name);
    const Value installed = InstalledAt(organization, at_failure, pool);
    for (const EdgeServer& server : pool.servers) {
      for (const std::string_view role : RolesOf(pool)) {
        supposed.Put(kinds::EdgeService(server.fqdn, role),
                     Value::Map{{"state", "running"}, {"startMode", "automatic"}});
      }
      if (pool.in_topology()) {
        supposed.Put(kinds::EdgeComponents(server.fqdn), installed);
        supposed.Put(kinds::Replica(server.fqdn), Value::Map{{"watermark", held}});
      }
      for (const auto& [id, vantages] : supposed.vantages()) {
        if (ServerOf(id) == server.fqdn) supposed.SeenAt(id, Value::Map{{"state", "open"}});
      }
      for (const Protocol protocol : kProtocols) {
        supposed.Put(kinds::Streams(server.fqdn, Name(protocol)), Value::Map{{"count", 0}});
        const bool serves = pool.in_topology() ? installed.BooleanOr(Member(protocol), false)
                                               : HasRole(pool, Role(protocol));
        if (serves) supposed.Open(server, protocol);
      }
    }
  }
  return supposed.Take();
}

}  // namespace poolshift
