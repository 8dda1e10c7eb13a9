#include "controller/federation/standing.h"

#include <algorithm>
#include <sstream>

namespace poolshift {
namespace {

std::string Joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "(none)" : text;
}

std::string Flags(const View& view, Protocol protocol) {
  if (!view.hosting().IsRouted(protocol)) return "(none)";
  const auto flagged = view.Flagged(protocol);
  if (!flagged.has_value()) return "?";
  std::set<std::string> names;
  for (const std::string& fqdn : *flagged)
    names.insert(view.Called(fqdn));
  return Joined(names);
}

std::string Routes(const View& view, Protocol protocol) {
  if (!view.hosting().IsRouted(protocol)) return "(none)";
  std::set<std::string> names;
  for (const auto& [name, site] : view.organization().sites) {
    const auto route = view.Route(site, protocol);
    names.insert(route.has_value() ? view.Called(*route) : "?");
  }
  return Joined(names);
}

std::string Answering(const View& view, Protocol protocol) {
  std::set<std::string> names;
  for (const auto& [name, pool] : view.organization().edge_pools) {
    if (view.FromOutside(pool, protocol) == View::Answer::kAnswers) names.insert(name);
  }
  return Joined(names);
}

ProtocolStanding StandingOf(const View& view, Protocol protocol) {
  const std::string& records = view.InDns(protocol);
  return {Flags(view, protocol),
          Routes(view, protocol),
          records.empty() ? "(none)" : records,
          Answering(view, protocol)};
}

// The role of every server that can be looked at is known to be stopped: somebody has closed the
// port.
bool IsClosed(const View& view, const EdgePool& pool, Protocol protocol) {
  bool closed = false;
  for (const EdgeServer& server : pool.servers) {
    const std::optional<bool> runs = view.IsRunning(server.fqdn, Role(protocol));
    if (runs.value_or(!view.IsSilent(server))) return false;
    closed = closed || runs.has_value();
  }
  return closed;
}

// Nothing of it takes connections, because it was closed or something turns them away.
bool IsSilenced(const View& view, const EdgePool& pool, Protocol protocol) {
  return std::all_of(pool.servers.begin(), pool.servers.end(), [&](const EdgeServer& server) {
    return !view.IsRunning(server.fqdn, Role(protocol)).value_or(true) ||
           view.IsFenced(server, protocol);
  });
}

// A route to a pool that is out of service works neither with its flag nor without.
void CheckRoutes(const View& view, Protocol protocol, std::vector<std::string>& broken) {
  for (const auto& [name, site] : view.organization().sites) {
    const auto pool =
        view.organization().edge_pools.find(view.PoolOf(view.Route(site, protocol).value_or("")));
    if (pool == view.organization().edge_pools.end() ||
        pool->second.condition == EdgePool::Condition::kOutOfService ||
        view.HasFlag(pool->second, protocol).value_or(true))
      continue;
    broken.push_back("I-4: " + name + " is routed to " + pool->first + " for " +
                     std::string(Title(protocol)) + ", which has no flag");
  }
}

void CheckRecords(const View& view, Protocol protocol, Standing& standing) {
  const std::string& name = view.InDns(protocol);
  const auto pool = view.organization().edge_pools.find(name);
  if (pool == view.organization().edge_pools.end()) return;
  if (view.FromOutside(pool->second, protocol) != View::Answer::kDead) return;
  const bool leaves = !view.hosting().IsDeclaredHost(protocol, name);
  const bool closed = protocol == Protocol::kXmpp && IsClosed(view, pool->second, protocol);
  const bool failed = pool->second.condition == EdgePool::Condition::kOutOfService;
  if (leaves && closed && !failed) return;
  const bool silenced = leaves && failed && IsSilenced(view, pool->second, protocol);
  auto& broken = silenced ? standing.silenced : standing.broken;
  broken.push_back("I-10: records of " + std::string(Title(protocol)) + " lead to " + name +
                   ", which does not answer");
}

// "10 0 5269 xmpp.contoso.com" -> 10 and 5269.
bool ReadNumbers(std::string_view record, std::string& priority, std::string& port) {
  std::istringstream text{std::string(record)};
  std::string weight;
  return static_cast<bool>(text >> priority >> weight >> port);
}

void CheckXmppRecords(const View& view, std::vector<std::string>& broken) {
  for (const auto& [name, domain] : view.organization().domains) {
    const ResourceId id = kinds::DnsRecordSet("_xmpp-server._tcp." + name, "SRV");
    const Value* seen = domain.xmpp.has_value() ? view.observed().Properties(id) : nullptr;
    const Value* records = seen == nullptr ? nullptr : seen->Find("records");
    if (records == nullptr || !records->is_list()) continue;
    std::set<std::string> priorities;
    for (const Value& record : records->list()) {
      std::string priority, port;
      if (!record.is_string() || !ReadNumbers(record.string(), priority, port)) continue;
      if (port != std::to_string(kinds::kXmppPort))
        broken.push_back("I-9: a record of " + id.name + " has the port " + port);
      if (!priorities.insert(priority).second)
        broken.push_back("I-9: two records of " + id.name + " have the number " + priority);
    }
  }
}

// Of a pool that comes back the next hop returns before its users do (c.8).
void CheckNextHops(const View& view, std::vector<std::string>& broken) {
  for (const auto& [name, pool] : view.organization().front_end_pools) {
    const Value* users = view.observed().Properties(kinds::PoolFailover(pool.fqdn));
    if (users == nullptr || users->StringOr("servedBy", "") != "backup" ||
        pool.condition == FrontEndPool::Condition::kInService)
      continue;
    for (const auto& [edge_name, edge] : view.organization().edge_pools) {
      if (edge.condition == EdgePool::Condition::kInService && view.NextHop(edge) == pool.fqdn)
        broken.push_back("I-18: " + name + " has failed over and is the next hop of " + edge_name);
    }
  }
}

}  // namespace

Standing StandingOf(const View& view) {
  Standing standing{StandingOf(view, Protocol::kSip), StandingOf(view, Protocol::kXmpp), {}, {}};
  const auto flagged = view.Flagged(Protocol::kSip);
  const bool several = view.organization().policy.allow_multiple_federated_pools;
  if (view.hosting().IsRouted(Protocol::kSip) && flagged.has_value() &&
      (flagged->empty() || (flagged->size() > 1 && !several)))
    standing.broken.push_back("I-1: Edge pools with the SIP federation flag: " + standing.sip.flag);
  for (const Protocol protocol : kProtocols) {
    CheckRoutes(view, protocol, standing.broken);
    CheckRecords(view, protocol, standing);
  }
  CheckXmppRecords(view, standing.broken);
  CheckNextHops(view, standing.broken);
  std::sort(standing.broken.begin(), standing.broken.end());
  return standing;
}

}  // namespace poolshift
