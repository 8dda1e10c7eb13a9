#include "controller/federation/records.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "controller/federation/hosting.h"
#include "controller/federation/roles.h"
#include "controller/federation/silence.h"

namespace poolshift {
namespace {

bool IsIpv6(const std::string& address) { return address.find(':') != std::string::npos; }

const EdgePool* FindPool(const Organization& organization, const std::string& name) {
  const auto found = organization.edge_pools.find(name);
  return found == organization.edge_pools.end() ? nullptr : &found->second;
}

std::int64_t Seconds(absl::Duration duration) { return absl::ToInt64Seconds(duration); }

// The fields of "priority weight port target"; empty when the text is none.
struct Srv {
  std::string priority, weight, port, target;
};

Srv ParseSrv(const std::string& text) {
  Srv srv;
  std::string* const fields[] = {&srv.priority, &srv.weight, &srv.port, &srv.target};
  std::size_t at = 0;
  for (std::string* field : fields) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    *field = text.substr(at, end - at);
    at = std::min(end + 1, text.size());
  }
  return srv;
}

class GoalMaker {
 public:
  GoalMaker(const Organization& organization, const ObservedIndex& observed)
      : organization_(organization),
        observed_(observed),
        sip_host_(FindPool(organization, organization.federation_host())),
        xmpp_host_(FindPool(organization, organization.xmpp_host())) {
    for (const auto& [name, domain] : organization.domains)
      AddProtected(domain);
    for (const auto& [name, pool] : organization.edge_pools)
      protected_.insert({pool.web_conferencing_fqdn, pool.av_fqdn});
  }

  std::vector<RecordGoal> Run() {
    for (const auto& [name, domain] : organization_.domains) {
      if (domain.sip.has_value()) AddSip(domain);
      if (domain.xmpp.has_value()) AddXmpp(domain);
    }
    return std::move(goals_);
  }

 private:
  struct Target {
    std::string pool, name;
  };

  // Names that remote clients use: targets of _sip._tls, declared and observed, Web Conferencing
  // and A/V names.
  void AddProtected(const Domain& domain) {
    for (const std::string& pool : domain.remote_access_order) {
      if (const EdgePool* found = FindPool(organization_, pool))
        protected_.insert(PoolNameIn(*found, domain.name));
    }
    const Value* remote =
        observed_.Properties(kinds::DnsRecordSet("_sip._tls." + domain.name, "SRV"));
    const Value* records = remote == nullptr ? nullptr : remote->Find("records");
    if (records == nullptr) return;
    for (const Value& record : records->list())
      protected_.insert(ParseSrv(record.string()).target);
  }

  void AddSip(const Domain& domain) {
    const EdgePool* host = sip_host_;
    if (host == nullptr || domain.sip->style == SipDnsStyle::kGtm) return;
    const std::string target = PoolNameIn(*host, domain.name);
    AddAddresses(domain, Protocol::kSip, target, *host, domain.sip->ttl);
    AddLocator(domain, Protocol::kSip, {{host->name, target}}, domain.sip->ttl);
  }

  void AddXmpp(const Domain& domain) {
    const EdgePool* host = xmpp_host_;
    if (host == nullptr) return;
    const absl::Duration ttl = domain.xmpp->ttl;
    if (domain.xmpp->style == XmppDnsStyle::kFloatingA) {
      AddAddresses(domain, Protocol::kXmpp, domain.xmpp->host, *host, ttl);
      AddLocator(domain, Protocol::kXmpp, {{host->name, domain.xmpp->host}}, ttl);
      return;
    }
    std::vector<Target> targets;
    for (const std::string& name : InOrder(domain, *host)) {
      const EdgePool& pool = *FindPool(organization_, name);
      targets.push_back({pool.name, PoolNameIn(pool, domain.name)});
      AddAddresses(domain, Protocol::kXmpp, targets.back().name, pool, ttl);
    }
    AddLocator(domain, Protocol::kXmpp, targets, ttl);
  }

  // The host first, then the declared order of pools that are in service (I-10: no record without a
  // listener).
  std::vector<std::string> InOrder(const Domain& domain, const EdgePool& host) const {
    std::vector<std::string> order{host.name};
    for (const std::string& name : domain.xmpp->order) {
      const EdgePool* pool = FindPool(organization_, name);
      const bool serves = pool != nullptr && pool->condition == EdgePool::Condition::kInService;
      if (serves && std::find(order.begin(), order.end(), name) == order.end())
        order.push_back(name);
    }
    return order;
  }

  void AddAddresses(const Domain& domain,
                    Protocol protocol,
                    const std::string& name,
                    const EdgePool& pool,
                    absl::Duration ttl) {
    const bool asserted = protected_.count(name) > 0;
    // A name that remote clients use keeps what it has, whatever is silent (D6).
    const std::vector<std::string>& addresses = AddressesOf(pool, asserted);
    Value::List v4, v6;
    for (const std::string& address : addresses)
      (IsIpv6(address) ? v6 : v4).emplace_back(address);
    for (const auto& [type, records] : {std::pair("A", v4), std::pair("AAAA", v6)}) {
      const ResourceId id = kinds::DnsRecordSet(name, type);
      if (!made_.insert(id).second) continue;
      if (records.empty()) {
        // A family that the pool does not have must not lead to another pool (I-12).
        if (observed_.Properties(id) != nullptr)
          goals_.push_back({id, Value(), domain.name, protocol, {}, false, asserted});
        continue;
      }
      const Value desired = Value::Map{{"records", records}, {"ttl", Seconds(ttl)}};
      goals_.push_back({id, desired, domain.name, protocol, {pool.name}, false, asserted});
    }
  }

  // Every domain asks for those of the same few pools.
  const std::vector<std::string>& AddressesOf(const EdgePool& pool, bool all) {
    const auto [at, added] = addresses_.try_emplace({&pool, all});
    if (added)
      at->second = all ? pool.addresses() : AnsweringAddresses(organization_, observed_, pool);
    return at->second;
  }

  void AddLocator(const Domain& domain,
                  Protocol protocol,
                  const std::vector<Target>& targets,
                  absl::Duration ttl) {
    const ResourceId id = kinds::DnsRecordSet(SrvName(protocol, domain.name), "SRV");
    const std::string port = std::to_string(Port(protocol));
    Value::List records;
    std::vector<std::string> pools;
    for (const Target& target : targets)
      pools.push_back(target.pool);
    if (targets.size() == 1) {
      const Srv kept = SingleRecord(id);
      records.emplace_back(kept.priority + ' ' + kept.weight + ' ' + port + ' ' +
                           targets.front().name);
    } else {
      constexpr int kStep = 10;  // room for a record put between by hand
      int priority = 0;
      for (const Target& target : targets) {
        records.emplace_back(std::to_string(priority += kStep) + " 0 " + port + ' ' + target.name);
      }
      std::sort(records.begin(), records.end());
    }
    goals_.push_back({id,
                      Value::Map{{"records", records}, {"ttl", Seconds(ttl)}},
                      domain.name,
                      protocol,
                      std::move(pools),
                      true,
                      false});
  }

  Srv SingleRecord(const ResourceId& id) const {
    const Value* properties = observed_.Properties(id);
    const Value* records = properties == nullptr ? nullptr : properties->Find("records");
    if (records == nullptr || records->list().size() != 1) return {"0", "0", "", ""};
    return ParseSrv(records->list().front().string());
  }

  const Organization& organization_;
  const ObservedIndex& observed_;
  const EdgePool* const sip_host_;  // every domain asks, and each answer looks at every site
  const EdgePool* const xmpp_host_;
  std::map<std::pair<const EdgePool*, bool>, std::vector<std::string>> addresses_;
  std::set<std::string> protected_;
  std::set<ResourceId> made_;
  std::vector<RecordGoal> goals_;
};

// The SRV's most preferred target, or the floating name itself.
std::string TargetInDns(const Domain& domain, const ObservedIndex& observed, Protocol protocol) {
  const Value* locator =
      observed.Properties(kinds::DnsRecordSet(SrvName(protocol, domain.name), "SRV"));
  const Value* records = locator == nullptr ? nullptr : locator->Find("records");
  if (records == nullptr || records->list().empty())
    return protocol == Protocol::kXmpp && domain.xmpp.has_value() ? domain.xmpp->host : "";
  const auto preferred = std::min_element(
      records->list().begin(), records->list().end(), [](const Value& a, const Value& b) {
        return std::atoi(a.string().c_str()) < std::atoi(b.string().c_str());
      });
  return ParseSrv(preferred->string()).target;
}

// The addresses that a protocol's records lead to.
std::vector<std::string> AddressesInDns(const Domain& domain,
                                        const ObservedIndex& observed,
                                        Protocol protocol) {
  const std::string target = TargetInDns(domain, observed, protocol);
  std::vector<std::string> addresses;
  for (const char* type : {"A", "AAAA"}) {
    const Value* found = observed.Properties(kinds::DnsRecordSet(target, type));
    const Value* list = found == nullptr ? nullptr : found->Find("records");
    if (list == nullptr) continue;
    for (const Value& address : list->list())
      addresses.push_back(address.string());
  }
  return addresses;
}

}  // namespace

std::string SrvName(Protocol protocol, const std::string& domain) {
  return (protocol == Protocol::kSip ? "_sipfederationtls._tcp." : "_xmpp-server._tcp.") + domain;
}

std::string PoolNameIn(const EdgePool& pool, std::string_view domain) {
  const std::string& name = pool.access_edge_fqdn;
  const std::string suffix = '.' + std::string(domain);
  if (name.size() > suffix.size() &&
      name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) {
    return name;
  }
  return name.substr(0, name.find('.')) + suffix;
}

std::vector<RecordGoal> RecordGoals(const Organization& organization,
                                    const ObservedIndex& observed) {
  return GoalMaker(organization, observed).Run();
}

std::vector<RecordGoal> RecordGoals(const Organization& organization,
                                    const ObservedState& observed) {
  return RecordGoals(organization, ObservedIndex(observed));
}

bool LeadsAnew(const RecordGoal& goal,
               const Organization& organization,
               const ObservedIndex& observed,
               const std::string& pool) {
  const auto& leads_to = goal.leads_to;
  if (std::find(leads_to.begin(), leads_to.end(), pool) == leads_to.end()) return false;
  const Value* seen = observed.Properties(goal.id);
  const Value* records = seen == nullptr ? nullptr : seen->Find("records");
  if (records == nullptr) return true;
  const Value::List& list = records->list();
  if (!goal.is_locator) return list != goal.desired.Find("records")->list();
  const std::string target = PoolNameIn(organization.edge_pools.at(pool), goal.domain);
  return std::none_of(list.begin(), list.end(), [&](const Value& record) {
    return ParseSrv(record.string()).target == target;
  });
}

namespace {

// Outside any topology nothing but the records says who hosts, so each pool's name is asked for.
std::set<std::string> PoolsNamedByRecords(const Organization& organization, Protocol protocol) {
  const Hosting hosting(organization);
  std::set<std::string> pools{DeclaredHost(organization, protocol)};
  if (hosting.IsRouted(protocol) || !hosting.IsDeclared(protocol)) return pools;
  for (const auto& [name, pool] : organization.edge_pools) {
    if (!pool.in_topology() && HasRole(pool, Role(protocol))) pools.insert(name);
  }
  return pools;
}

}  // namespace

std::vector<ResourceId> RecordsToObserve(const Organization& organization) {
  const std::set<std::string> sip_pools = PoolsNamedByRecords(organization, Protocol::kSip);
  const std::set<std::string> xmpp_pools = PoolsNamedByRecords(organization, Protocol::kXmpp);
  std::set<ResourceId> ids;
  const auto add_addresses = [&](const std::string& name) {
    ids.insert(kinds::DnsRecordSet(name, "A"));
    ids.insert(kinds::DnsRecordSet(name, "AAAA"));
  };
  for (const auto& [name, domain] : organization.domains) {
    std::set<std::string> pools(domain.remote_access_order.begin(),
                                domain.remote_access_order.end());
    if (domain.sip.has_value() && domain.sip->style == SipDnsStyle::kSrvTarget) {
      ids.insert(kinds::DnsRecordSet(SrvName(Protocol::kSip, name), "SRV"));
      pools.insert(sip_pools.begin(), sip_pools.end());
    }
    if (domain.sip.has_value()) ids.insert(kinds::DnsRecordSet("_sip._tls." + name, "SRV"));
    if (domain.xmpp.has_value()) {
      ids.insert(kinds::DnsRecordSet(SrvName(Protocol::kXmpp, name), "SRV"));
      if (domain.xmpp->style == XmppDnsStyle::kFloatingA) add_addresses(domain.xmpp->host);
      if (domain.xmpp->style == XmppDnsStyle::kStaticSrv) {
        pools.insert(xmpp_pools.begin(), xmpp_pools.end());
        pools.insert(domain.xmpp->order.begin(), domain.xmpp->order.end());
      }
    }
    for (const std::string& pool : pools) {
      if (const EdgePool* found = FindPool(organization, pool))
        add_addresses(PoolNameIn(*found, name));
    }
  }
  return {ids.begin(), ids.end()};
}

std::string PoolInDns(const Organization& organization,
                      const ObservedState& observed,
                      Protocol protocol) {
  return PoolInDns(organization, ObservedIndex(observed), protocol);
}

std::map<std::string, int> PoolsInDns(const Organization& organization,
                                      const ObservedIndex& observed,
                                      Protocol protocol) {
  std::unordered_map<std::string_view, std::string_view> owner;  // address -> pool
  for (const auto& [name, pool] : organization.edge_pools) {
    for (const EdgeServer& server : pool.servers) {
      for (const std::string& address : server.addresses)
        owner[address] = name;
    }
  }
  std::map<std::string, int> votes;
  for (const auto& [name, domain] : organization.domains) {
    if (!Speaks(domain, protocol)) continue;
    for (const std::string& address : AddressesInDns(domain, observed, protocol)) {
      if (const auto found = owner.find(address); found != owner.end())
        ++votes[std::string(found->second)];
    }
  }
  return votes;
}

std::string UnseenInDns(const Organization& organization,
                        const ObservedIndex& observed,
                        Protocol protocol) {
  for (const auto& [name, domain] : organization.domains) {
    if (!Speaks(domain, protocol)) continue;
    if (protocol == Protocol::kSip && domain.sip->style == SipDnsStyle::kGtm) continue;
    std::vector<std::pair<std::string, const char*>> chain{{SrvName(protocol, name), "SRV"}};
    const std::string target = TargetInDns(domain, observed, protocol);
    if (!target.empty()) chain.insert(chain.end(), {{target, "A"}, {target, "AAAA"}});
    for (const auto& [owner, type] : chain) {
      const std::string why = WhyUnseen(observed.Find(kinds::DnsRecordSet(owner, type)));
      if (!why.empty())
        return std::string(type) + " of " + owner + " could not be looked at (" + why + ')';
    }
  }
  return "";
}

std::string PoolInDns(const Organization& organization,
                      const ObservedIndex& observed,
                      Protocol protocol) {
  const std::map<std::string, int> votes = PoolsInDns(organization, observed, protocol);
  const auto most = std::max_element(
      votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == votes.end() ? "" : most->first;
}

}  // namespace poolshift
