// One function per subject; each compares what is declared with what is observed and says so in a
// sentence.
#include <algorithm>
#include <set>

#include "controller/diff/difference.h"
#include "controller/federation/records.h"
#include "controller/federation/view.h"

namespace poolshift {
namespace {

using Impact = Difference::Impact;

class Comparer {
 public:
  Comparer(const Organization& declared, const ObservedState& observed)
      : declared_(declared), observed_(observed), view_(declared, observed) {}

  std::vector<Difference> Run() {
    CompareCentralStore();
    for (const Protocol protocol : kProtocols)
      CompareFlags(protocol);
    for (const auto& [name, site] : declared_.sites) {
      for (const Protocol protocol : kProtocols)
        CompareRoute(site, protocol);
    }
    for (const auto& [name, pool] : declared_.edge_pools)
      ComparePool(pool);
    for (const auto& [name, pool] : declared_.front_end_pools)
      CompareFrontEndPool(pool);
    for (const RecordGoal& goal : RecordGoals(declared_, observed_))
      CompareRecord(goal);
    for (const Protocol protocol : kProtocols)
      CompareOutside(protocol);
    std::stable_sort(
        differences_.begin(), differences_.end(), [](const Difference& a, const Difference& b) {
          return std::tie(a.impact, a.resource, a.vantage, a.property) <
                 std::tie(b.impact, b.resource, b.vantage, b.property);
        });
    return std::move(differences_);
  }

 private:
  struct Found {
    ResourceId resource;
    std::string property;
    Value desired, observed;
    Impact impact = Impact::kTraffic;
    std::string text;
    std::string rule;
    Origin origin;
    std::string vantage;
  };

  void Add(Found found) {
    differences_.push_back({std::move(found.resource),
                            std::move(found.vantage),
                            std::move(found.property),
                            std::move(found.desired),
                            std::move(found.observed),
                            found.impact,
                            std::move(found.text),
                            std::move(found.rule),
                            std::move(found.origin)});
  }

  // True when the resource can be compared; otherwise says that it could not be looked at.
  bool CanSee(const ResourceId& id, std::string_view rule, const Origin& origin) {
    const Observation* seen = observed_.Find(id);
    if (seen != nullptr && seen->presence != Presence::kUnreachable) return true;
    const std::string why = seen == nullptr || seen->reason.empty() ? "" : ": " + seen->reason;
    Add({id,
         "",
         Value(),
         Value(),
         Impact::kUnknown,
         "could not look at " + ToString(id) + why,
         std::string(rule),
         origin,
         ""});
    return false;
  }

  void CompareCentralStore() {
    const ResourceId id = kinds::CentralStore(declared_.name);
    const Value* seen = observed_.Properties(id);
    if (seen != nullptr && !seen->BooleanOr("alive", true)) {
      Add({id,
           "alive",
           true,
           false,
           Impact::kRedundancy,
           "the central store is dead: nothing can be moved until it is failed over",
           "I-17",
           declared_.origin,
           ""});
    }
  }

  void CompareFlags(Protocol protocol) {
    const std::string host = DeclaredHost(declared_, protocol);
    const ResourceId id = kinds::Topology(declared_.name);
    if (host.empty() || !CanSee(id, "I-1", declared_.origin)) return;
    for (const auto& [name, pool] : declared_.edge_pools) {
      const bool flagged = view_.HasFlag(pool, protocol).value_or(false);
      const bool wanted = name == host;
      if (flagged == wanted || (flagged && protocol == Protocol::kXmpp))
        continue;  // D1: XMPP flags may overlap
      Add({id,
           pool.fqdn + '.' + std::string(Member(protocol)),
           wanted,
           flagged,
           Impact::kTraffic,
           "the " + std::string(Title(protocol)) + " flag of " + name + " is " +
               (flagged ? "on" : "off") + ", declared is " + (wanted ? "on" : "off"),
           protocol == Protocol::kSip ? "I-1" : "I-4",
           pool.origin,
           ""});
    }
  }

  void CompareRoute(const Site& site, Protocol protocol) {
    const std::string& host = DeclaredHost(site, protocol);
    const ResourceId id = kinds::SiteRoute(site.name);
    if (host.empty() || !CanSee(id, "I-5", site.origin)) return;
    const std::string declared = declared_.edge_pools.at(host).fqdn;
    const std::string observed = *view_.Route(site, protocol);
    if (observed == declared || LeadsThroughDirector(observed, host, protocol)) return;
    Add({id,
         std::string(Member(protocol)),
         declared,
         observed,
         Impact::kTraffic,
         "the " + std::string(protocol == Protocol::kSip ? "SIP" : "XMPP") + " route of " +
             site.name + " leads to " + view_.Called(observed) + ", declared is " + host,
         "I-5",
         protocol == Protocol::kSip ? site.hosts.federation_origin : site.hosts.xmpp_origin,
         ""});
  }

  bool LeadsThroughDirector(const std::string& fqdn,
                            const std::string& host,
                            Protocol protocol) const {
    return protocol == Protocol::kSip &&
           std::any_of(
               declared_.directors.begin(), declared_.directors.end(), [&](const auto& entry) {
                 return entry.second.fqdn == fqdn && entry.second.edge_pool == host;
               });
  }

  bool Hosts(const EdgePool& pool, Protocol protocol) const {
    return DeclaredHost(declared_, protocol) == pool.name;
  }

  bool IsStandby(const EdgePool& pool) const {
    return std::any_of(declared_.domains.begin(), declared_.domains.end(), [&](const auto& entry) {
      const auto& xmpp = entry.second.xmpp;
      return xmpp.has_value() && xmpp->style == XmppDnsStyle::kStaticSrv &&
             std::count(xmpp->order.begin(), xmpp->order.end(), pool.name) > 0;
    });
  }

  void ComparePool(const EdgePool& pool) {
    if (pool.condition == EdgePool::Condition::kOutOfService) {
      CompareZombie(pool);
      return;
    }
    for (const EdgeServer& server : pool.servers) {
      for (const std::string_view role : kinds::kRoles)
        CompareService(pool, server, role);
      CompareComponents(pool, server);
      CompareStreams(pool, server);
    }
    CompareNextHop(pool);
  }

  void CompareZombie(const EdgePool& pool) {
    for (const Protocol protocol : kProtocols) {
      if (view_.FromOutside(pool, protocol) != View::Answer::kAnswers) continue;
      Add({kinds::Reachability(pool.addresses().front(), Port(protocol)),
           "state",
           "refused",
           "open",
           Impact::kTraffic,
           pool.name + " is declared out of service but answers: " + view_.Evidence(pool, protocol),
           "D12",
           pool.condition_origin,
           ""});
    }
  }

  void CompareService(const EdgePool& pool, const EdgeServer& server, std::string_view role) {
    const bool is_proxy = role == "xmppProxy";
    const bool hosts = Hosts(pool, Protocol::kXmpp);
    if (is_proxy && !hosts && !IsStandby(pool)) return;
    const ResourceId id = kinds::EdgeService(server.fqdn, role);
    if (!CanSee(id, "I-19", pool.origin) || view_.IsRunning(server.fqdn, role).value_or(false))
      return;
    const bool carries_traffic =
        (is_proxy && hosts) || (role == "accessEdge" && Hosts(pool, Protocol::kSip));
    const Value* seen = observed_.Properties(id);
    Add({id,
         "state",
         "running",
         seen == nullptr ? Value() : Value(seen->StringOr("state", "")),
         carries_traffic ? Impact::kTraffic : Impact::kRedundancy,
         std::string(role) + " does not run on " + server.fqdn + " of " + pool.name,
         "I-19",
         pool.origin,
         ""});
  }

  void CompareComponents(const EdgePool& pool, const EdgeServer& server) {
    const ResourceId id = kinds::EdgeComponents(server.fqdn);
    if (!CanSee(id, "I-14", pool.origin)) return;
    const Value* seen = observed_.Properties(id);
    if (seen == nullptr) return;
    for (const Protocol protocol : kProtocols) {
      const bool declared_somewhere = !DeclaredHost(declared_, protocol).empty();
      const bool flag = view_.HasFlag(pool, protocol).value_or(false);
      const bool wanted = Hosts(pool, protocol) ||
                          (protocol == Protocol::kXmpp || !declared_somewhere ? flag : false);
      const bool installed = seen->BooleanOr(Member(protocol), false);
      if (installed == wanted) continue;
      Add({id,
           std::string(Member(protocol)),
           wanted,
           installed,
           Hosts(pool, protocol) ? Impact::kTraffic : Impact::kRedundancy,
           "the components of " + server.fqdn + " are installed " +
               (installed ? "with " : "without ") + std::string(Title(protocol)) +
               ", the topology says " + (wanted ? "with" : "without"),
           "I-14",
           pool.origin,
           ""});
    }
    const std::string next_hop =
        pool.next_hop.empty() ? view_.NextHop(pool).value_or("") : pool.next_hop;
    if (seen->StringOr("nextHop", "") != next_hop) {
      Add({id,
           "nextHop",
           next_hop,
           std::string(seen->StringOr("nextHop", "")),
           Impact::kTraffic,
           "the components of " + server.fqdn + " hand over to " +
               std::string(seen->StringOr("nextHop", "(none)")) + ", declared is " + next_hop,
           "I-14",
           pool.origin,
           ""});
    }
  }

  void CompareStreams(const EdgePool& pool, const EdgeServer& server) {
    for (const Protocol protocol : kProtocols) {
      const bool declared_somewhere = !DeclaredHost(declared_, protocol).empty();
      const bool may_serve =
          Hosts(pool, protocol) || (protocol == Protocol::kXmpp && IsStandby(pool));
      if (!declared_somewhere || may_serve) continue;
      const ResourceId id = kinds::Streams(server.fqdn, Name(protocol));
      const Value* seen = observed_.Properties(id);
      const std::int64_t count = seen == nullptr ? 0 : seen->IntegerOr("count", 0);
      if (count == 0) continue;
      Add({id,
           "count",
           0,
           count,
           Impact::kTraffic,
           std::to_string(count) + ' ' + std::string(Name(protocol)) + " streams still end on " +
               server.fqdn + ", whose pool hosts nothing",
           "D8",
           pool.origin,
           ""});
    }
  }

  void CompareNextHop(const EdgePool& pool) {
    const auto observed = view_.NextHop(pool);
    if (pool.next_hop.empty() || !observed.has_value() || *observed == pool.next_hop) return;
    Add({kinds::Topology(declared_.name),
         pool.fqdn + ".nextHop",
         pool.next_hop,
         *observed,
         Impact::kTraffic,
         "the next hop of " + pool.name + " is " + *observed + ", declared is " + pool.next_hop,
         "I-18",
         pool.origin,
         ""});
  }

  void CompareFrontEndPool(const FrontEndPool& pool) {
    const ResourceId association = kinds::EdgeAssociation(pool.fqdn);
    if (!pool.conferencing.empty() && CanSee(association, "I-6", pool.origin)) {
      const std::string declared = declared_.edge_pools.at(pool.conferencing).fqdn;
      const Value* seen = observed_.Properties(association);
      const std::string observed(seen == nullptr ? "" : seen->StringOr("edgePool", ""));
      const bool consistent = seen == nullptr || seen->BooleanOr("consistent", true);
      if (observed != declared || !consistent) {
        Add({association,
             "edgePool",
             declared,
             observed,
             Impact::kTraffic,
             "conferencing of " + pool.name + " uses " + view_.Called(observed) + ", declared is " +
                 pool.conferencing + (consistent ? "" : " (its three services disagree)"),
             "I-6",
             pool.conferencing_origin,
             ""});
      }
    }
    if (pool.served_by == FrontEndPool::ServedBy::kAsObserved) return;
    const ResourceId failover = kinds::PoolFailover(pool.fqdn);
    if (!CanSee(failover, "P3", pool.origin)) return;
    const std::string wanted = pool.served_by == FrontEndPool::ServedBy::kHome ? "home" : "backup";
    const Value* seen = observed_.Properties(failover);
    const std::string observed(seen == nullptr ? "" : seen->StringOr("servedBy", ""));
    if (observed == wanted) return;
    Add({failover,
         "servedBy",
         wanted,
         observed,
         Impact::kRedundancy,
         "the users of " + pool.name + " are served by " +
             (observed == "home" ? "their home pool" : "the backup pool") + ", declared is " +
             wanted,
         "P3",
         pool.origin,
         ""});
  }

  void CompareRecord(const RecordGoal& goal) {
    const Origin& origin = declared_.domains.at(goal.domain).origin;
    const std::string rule =
        goal.is_locator ? (goal.protocol == Protocol::kSip ? "I-8" : "I-9") : "I-12";
    if (!CanSee(goal.id, rule, origin)) return;
    const Value* seen = observed_.Properties(goal.id);
    const Value* records = seen == nullptr ? nullptr : seen->Find("records");
    const Value wanted = goal.desired.is_null() ? Value() : *goal.desired.Find("records");
    const Value found = records == nullptr ? Value() : *records;
    if (wanted != found) {
      Add({goal.id,
           "records",
           wanted,
           found,
           ImpactOf(wanted, found),
           goal.id.name + " is " + DisplayText(found) + ", declared is " + DisplayText(wanted),
           rule,
           origin,
           ""});
    } else if (seen != nullptr && !goal.is_asserted &&
               seen->IntegerOr("ttl", 0) != goal.desired.IntegerOr("ttl", 0)) {
      Add({goal.id,
           "ttl",
           goal.desired.IntegerOr("ttl", 0),
           seen->IntegerOr("ttl", 0),
           Impact::kCosmetic,
           "the TTL of " + goal.id.name + " is " + std::to_string(seen->IntegerOr("ttl", 0)) +
               " s, declared is " + std::to_string(goal.desired.IntegerOr("ttl", 0)) + " s",
           "goal",
           origin,
           ""});
    }
    const std::string disagreement(seen == nullptr ? "" : seen->StringOr("disagreement", ""));
    if (!disagreement.empty()) {
      Add({goal.id,
           "disagreement",
           "",
           disagreement,
           Impact::kTraffic,
           "the authoritative servers of " + goal.id.name + " disagree: " + disagreement,
           rule,
           origin,
           ""});
    }
  }

  // A part of the declared addresses still leads to the right pool; anything else leads astray.
  static Impact ImpactOf(const Value& wanted, const Value& found) {
    if (!wanted.is_list() || !found.is_list() || found.list().empty()) return Impact::kTraffic;
    const auto& all = wanted.list();
    const bool subset =
        std::all_of(found.list().begin(), found.list().end(), [&](const Value& item) {
          return std::count(all.begin(), all.end(), item) > 0;
        });
    return subset ? Impact::kRedundancy : Impact::kTraffic;
  }

  void CompareOutside(Protocol protocol) {
    const std::string host = DeclaredHost(declared_, protocol);
    if (host.empty()) return;
    const EdgePool& pool = declared_.edge_pools.at(host);
    for (const std::string& address : pool.addresses()) {
      for (const std::string& vantage : view_.vantages()) {
        const ResourceId id = kinds::Reachability(address, Port(protocol));
        const Value* seen = observed_.Properties(id, vantage);
        if (seen != nullptr && seen->StringOr("state", "") == "open") continue;
        const Observation* raw = observed_.Find(id, vantage);
        const bool looked = seen != nullptr;
        Add({id,
             "state",
             "open",
             looked ? Value(seen->StringOr("state", "")) : Value(),
             !looked                                                       ? Impact::kUnknown
             : view_.FromOutside(pool, protocol) == View::Answer::kAnswers ? Impact::kRedundancy
                                                                           : Impact::kTraffic,
             (looked ? address + ':' + std::to_string(Port(protocol)) + " of " + host + " is " +
                           std::string(seen->StringOr("state", ""))
                     : "could not look at " + address + ':' + std::to_string(Port(protocol)) +
                           (raw == nullptr || raw->reason.empty() ? "" : ": " + raw->reason)) +
                 (vantage.empty() ? "" : " from " + vantage),
             "I-19",
             pool.origin,
             vantage});
      }
    }
  }

  const Organization& declared_;
  const ObservedState& observed_;
  const View view_;
  std::vector<Difference> differences_;
};

}  // namespace

std::vector<Difference> Differences(const Organization& declared, const ObservedState& observed) {
  return Comparer(declared, observed).Run();
}

}  // namespace poolshift
