#include "controller/federation/former_declaration.h"

#include <algorithm>

#include "controller/federation/hosting.h"
#include "controller/federation/no_return.h"
#include "controller/federation/records.h"
#include "controller/federation/situation.h"

namespace poolshift {
namespace {

using Condition = EdgePool::Condition;

// Every site had the pool that it is moved away from; where sites may differ, its own.
void HostsAsBefore(const View& view, const Move& move, Organization& former) {
  for (auto& [name, site] : former.sites) {
    if (DeclaredHost(site, move.protocol).empty()) continue;
    if (move.is_move() && move.from != nullptr) DeclaredHost(site, move.protocol) = move.from->name;
    if (move.to != nullptr) continue;
    const std::string pool = view.PoolOf(view.Route(site, move.protocol).value_or(""));
    if (!pool.empty()) DeclaredHost(site, move.protocol) = pool;
  }
}

void FrontEndAsBefore(const View& view, FrontEndPool& pool) {
  const Value* association = view.observed().Properties(kinds::EdgeAssociation(pool.fqdn));
  // Of services that disagree one does not tell where the others were.
  const bool agrees = association != nullptr && association->BooleanOr("consistent", true);
  if (agrees && !pool.conferencing.empty()) {
    const std::string edge = view.PoolOf(association->StringOr("edgePool", ""));
    pool.conferencing_is_temporary = pool.conferencing_is_temporary && edge == pool.conferencing;
    if (!edge.empty()) pool.conferencing = edge;
  }
  const Value* served = view.observed().Properties(kinds::PoolFailover(pool.fqdn));
  if (served == nullptr || pool.served_by == FrontEndPool::ServedBy::kAsObserved) return;
  pool.served_by = served->StringOr("servedBy", "") == "backup" ? FrontEndPool::ServedBy::kBackup
                                                                : FrontEndPool::ServedBy::kHome;
}

void DirectorAsBefore(const View& view, Director& director) {
  const Value* association = view.observed().Properties(kinds::EdgeAssociation(director.fqdn));
  if (association == nullptr) return;
  const std::string edge = view.PoolOf(association->StringOr("edgePool", ""));
  if (!edge.empty()) director.edge_pool = edge;
}

// Dead or alive, the store was where it is held: the way back does not fail it over.
void CentralStoreAsBefore(const View& view, Organization& former) {
  const Value* store = view.observed().Properties(kinds::CentralStore(former.name));
  if (store == nullptr) return;
  for (const auto& [name, pool] : former.front_end_pools) {
    if (pool.fqdn == store->StringOr("pool", "")) former.central_store = name;
  }
}

// The TTL that the protocol's records have now, where they agree on one.
void TtlAsBefore(const Organization& declared,
                 const ObservedState& observed,
                 Organization& former) {
  std::map<std::pair<std::string, Protocol>, std::set<std::int64_t>> ttls;
  for (const RecordGoal& goal : RecordGoals(declared, observed)) {
    const Value* seen = observed.Properties(goal.id);
    if (seen == nullptr || goal.is_asserted || goal.desired.is_null()) continue;
    ttls[{goal.domain, goal.protocol}].insert(seen->IntegerOr("ttl", 0));
  }
  for (const auto& [records, found] : ttls) {
    Domain& domain = former.domains.at(records.first);
    if (found.size() != 1 || *found.begin() == 0) continue;
    const absl::Duration ttl = absl::Seconds(*found.begin());
    if (records.second == Protocol::kSip && domain.sip.has_value()) domain.sip->ttl = ttl;
    if (records.second == Protocol::kXmpp && domain.xmpp.has_value()) domain.xmpp->ttl = ttl;
  }
}

void Restore(const std::string& name, Organization& former) {
  const auto found = former.edge_pools.find(name);
  if (found == former.edge_pools.end()) return;
  found->second.condition = Condition::kInService;
  found->second.reason.clear();
}

// A host was led on by its next hop: were that still out of service, its backup pool would take the
// place (I-18), and that is not how it was.
void RestoreNextHops(Organization& former) {
  const Hosting hosting(former);
  for (const auto& [name, edge] : former.edge_pools) {
    if (!hosting.IsDeclaredHost(Protocol::kSip, name) &&
        !hosting.IsDeclaredHost(Protocol::kXmpp, name))
      continue;
    for (auto& [front_end, pool] : former.front_end_pools) {
      if (pool.fqdn != edge.next_hop) continue;
      pool.condition = FrontEndPool::Condition::kInService;
      pool.reason.clear();
    }
  }
}

// The former next hops of Edge pools to the dead pool are left as they are declared now, too.
void StayAtBackup(const Organization& declared,
                  const FrontEndPool& dead,
                  Organization& former,
                  std::vector<std::string>& left_out) {
  const auto found = former.front_end_pools.find(dead.name);
  if (found == former.front_end_pools.end()) return;
  found->second.condition = dead.condition;
  found->second.served_by = FrontEndPool::ServedBy::kAsObserved;
  std::string text = "the users of " + dead.name + " stay with " + dead.backup_pool + ": " +
                     dead.name + " is out of service";
  for (auto& [name, pool] : former.edge_pools) {
    const auto now = declared.edge_pools.find(name);
    if (now == declared.edge_pools.end() || pool.next_hop != dead.fqdn) continue;
    if (now->second.next_hop == dead.fqdn) continue;
    pool.next_hop = now->second.next_hop;
    text += ", and " + name + " hands over to its declared next hop";
  }
  left_out.push_back(std::move(text));
}

}  // namespace

FormerDeclaration FormerDeclarationOf(const Organization& organization,
                                      const ObservedState& observed) {
  const View view(organization, observed);
  FormerDeclaration former{organization, {}};
  for (const Move& move : Judge(view).moves)
    HostsAsBefore(view, move, former.organization);
  for (auto& [name, pool] : former.organization.front_end_pools)
    FrontEndAsBefore(view, pool);
  for (auto& [name, director] : former.organization.directors)
    DirectorAsBefore(view, director);
  CentralStoreAsBefore(view, former.organization);
  // An order is declared for the way there: what fits a dead pool does not fit it alive again.
  former.organization.policy.sip_order = SipOrder::kAuto;
  for (auto& [name, pool] : former.organization.edge_pools) {
    const std::string hop = view.NextHop(pool).value_or("");
    if (!hop.empty()) pool.next_hop = hop;
  }
  TtlAsBefore(organization, observed, former.organization);
  for (const auto& [name, site] : former.organization.sites) {
    Restore(site.hosts.federation, former.organization);
    Restore(site.hosts.xmpp, former.organization);
  }
  for (const auto& [name, director] : former.organization.directors)
    Restore(director.edge_pool, former.organization);
  for (const auto& [name, pool] : former.organization.front_end_pools)
    Restore(pool.conferencing, former.organization);
  RestoreNextHops(former.organization);
  former.restored = RestoredPools(organization, former.organization);
  return former;
}

std::set<std::string> RestoredPools(const Organization& declared, const Organization& former) {
  std::set<std::string> restored;
  for (const auto& [name, pool] : former.edge_pools) {
    const auto found = declared.edge_pools.find(name);
    if (found == declared.edge_pools.end()) continue;
    const bool was_dead = found->second.condition == Condition::kOutOfService;
    if (was_dead && pool.condition == Condition::kInService) restored.insert(name);
  }
  return restored;
}

std::vector<std::string> LeaveOutLost(const Organization& declared,
                                      const std::vector<Action>& done,
                                      Organization& former) {
  std::vector<std::string> left_out;
  for (const Action& action : done) {
    if (NoReturn(action).empty()) continue;
    for (const auto& [name, pool] : declared.front_end_pools) {
      const bool is_dead = pool.condition == FrontEndPool::Condition::kOutOfService;
      if (is_dead && action.target == kinds::PoolFailover(pool.fqdn))
        StayAtBackup(declared, pool, former, left_out);
      if (action.target == kinds::CentralStore(declared.name) &&
          pool.fqdn == action.after.StringOr("activeMaster", "")) {
        former.central_store = name;
        left_out.push_back("the central store stays on " + name);
      }
    }
  }
  return left_out;
}

}  // namespace poolshift
