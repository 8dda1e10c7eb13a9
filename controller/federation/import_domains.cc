#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_join.h"

#include "controller/federation/import.h"
#include "controller/federation/import_machines.h"
#include "controller/federation/import_records.h"
#include "controller/federation/listed_kinds.h"
#include "controller/federation/records.h"
#include "controller/federation/roles.h"

namespace poolshift {
namespace {

class DomainReader {
 public:
  DomainReader(const ObservedState& observed, Imported& imported)
      : observed_(observed), organization_(imported.organization), remarks_(imported.remarks) {
    for (const auto& [name, pool] : organization_.edge_pools) {
      const std::string& external = pool.access_edge_fqdn;
      if (!external.empty()) pools_by_label_.emplace(external.substr(0, external.find('.')), &pool);
    }
  }

  void Run() {
    for (auto& [name, domain] : organization_.domains) {
      if (!domain.sip.has_value()) ReadSip(domain);
      if (!domain.xmpp.has_value()) ReadXmpp(domain);
      if (domain.remote_access_order.empty()) ReadRemoteAccess(domain);
    }
    for (auto& [name, pool] : organization_.edge_pools) {
      AddAddresses(pool);
      MarkDomainless(pool);
    }
  }

 private:
  void Say(std::string_view kind, const std::string& name, std::string member, std::string text) {
    remarks_.push_back({std::string(kind), name, std::move(member), std::move(text)});
  }

  // The Edge pool behind a name in this domain, "" when it is none's.
  std::string PoolNamed(const std::string& target, const std::string& domain) const {
    const auto [first, last] = pools_by_label_.equal_range(target.substr(0, target.find('.')));
    for (auto at = first; at != last; ++at)
      if (PoolNameIn(*at->second, domain) == target) return at->second->name;
    return "";
  }

  // Whether there is something to read; says why not.
  bool IsThere(const Locator& locator,
               const Domain& domain,
               const std::string& member,
               const std::string& record) {
    if (!locator.unseen.empty()) {
      Say("Domain", domain.name, member, record + " could not be looked at: " + locator.unseen);
    } else if (locator.targets.empty()) {
      Say("Domain", domain.name, member, "there is no " + record + " record");
    }
    return locator.unseen.empty() && !locator.targets.empty();
  }

  // Whose names are not known may be who the record leads to; says so.
  bool LacksNames(const Domain& domain, Protocol protocol, const Locator& locator) {
    std::vector<std::string> nameless;
    for (const auto& [name, pool] : organization_.edge_pools)
      if (pool.access_edge_fqdn.empty() && Speaks(pool, protocol)) nameless.push_back(name);
    if (nameless.empty()) return false;
    Say("Domain",
        domain.name,
        protocol == Protocol::kSip ? "sip" : "xmpp",
        "the record leads to " + locator.targets.front() + ", which may be " +
            absl::StrJoin(nameless, " or ") + ": write the pool's name first");
    return true;
  }

  void ReadSip(Domain& domain) {
    const Locator locator = LocatorAt(observed_, "_sipfederationtls._tcp." + domain.name);
    if (!IsThere(locator, domain, "sip", "_sipfederationtls._tcp")) return;
    SipDomain sip;
    sip.ttl = absl::Seconds(locator.ttl);
    if (PoolNamed(locator.targets.front(), domain.name).empty()) {
      if (LacksNames(domain, Protocol::kSip, locator)) return;
      sip.style = SipDnsStyle::kGtm;
      sip.gtm_name = locator.targets.front();
      Say("Domain",
          domain.name,
          "sip",
          "the record leads to no pool's name, so it is taken for a traffic manager's");
    }
    domain.sip = std::move(sip);
  }

  void ReadXmpp(Domain& domain) {
    const Locator locator = LocatorAt(observed_, "_xmpp-server._tcp." + domain.name);
    if (!IsThere(locator, domain, "xmpp", "_xmpp-server._tcp")) return;
    XmppDomain xmpp;
    xmpp.ttl = absl::Seconds(locator.ttl);
    std::vector<std::string> pools;
    for (const std::string& target : locator.targets)
      pools.push_back(PoolNamed(target, domain.name));
    if (!pools.front().empty()) {
      xmpp.style = XmppDnsStyle::kStaticSrv;
      for (std::size_t i = 1; i < pools.size(); ++i) {  // the first is the host
        if (!pools[i].empty()) {
          xmpp.order.push_back(pools[i]);
          continue;
        }
        Say("Domain",
            domain.name,
            "xmpp",
            locator.targets[i] + " is no Edge pool's name: a plan takes it out of the record");
      }
    } else {
      // A name that nobody followed may be a pool's own, and not float.
      const Addresses floating = AddressesAt(observed_, locator.targets.front());
      const bool may_be_own = locator.targets.size() > 1 || !floating.unseen.empty();
      if (may_be_own && LacksNames(domain, Protocol::kXmpp, locator)) return;
      xmpp.host = locator.targets.front();
      const Value* addresses = observed_.Properties(kinds::DnsRecordSet(xmpp.host, "A"));
      if (addresses != nullptr) xmpp.ttl = absl::Seconds(addresses->IntegerOr("ttl", locator.ttl));
      if (locator.targets.size() > 1) {
        Say("Domain",
            domain.name,
            "xmpp",
            "the record has more names than this; a floating name stands alone");
      }
    }
    domain.xmpp = std::move(xmpp);
  }

  void ReadRemoteAccess(Domain& domain) {
    const Locator locator = LocatorAt(observed_, "_sip._tls." + domain.name);
    if (!locator.unseen.empty())
      Say("Domain",
          domain.name,
          "remoteAccess",
          "_sip._tls could not be looked at: " + locator.unseen);
    for (const std::string& target : locator.targets) {
      const std::string pool = PoolNamed(target, domain.name);
      if (pool.empty()) {
        Say("Domain", domain.name, "remoteAccess", target + " is no Edge pool's name");
      } else if (std::find(domain.remote_access_order.begin(),
                           domain.remote_access_order.end(),
                           pool) == domain.remote_access_order.end()) {
        domain.remote_access_order.push_back(pool);
      }
    }
  }

  // Behind address translation only DNS knows the public addresses, and not of which server.
  void AddAddresses(EdgePool& pool) {
    const auto has_none = [](const EdgeServer& server) { return server.addresses.empty(); };
    if (std::none_of(pool.servers.begin(), pool.servers.end(), has_none)) return;
    const Addresses seen =
        pool.access_edge_fqdn.empty() ? Addresses{} : AddressesAt(observed_, pool.access_edge_fqdn);
    const std::vector<std::string>& addresses = seen.found;
    const bool all = std::all_of(pool.servers.begin(), pool.servers.end(), has_none);
    if (!all || addresses.size() != pool.servers.size() || !seen.unseen.empty()) {
      const std::string why = seen.unseen.empty() ? "" : " (" + seen.unseen + ')';
      Say(listed::kEdgePool,
          pool.name,
          "servers",
          "public addresses are not observable" + why + ": write those of each server");
      return;
    }
    for (std::size_t i = 0; i < addresses.size(); ++i)
      pool.servers[i].addresses = {addresses[i]};
    Say(listed::kEdgePool,
        pool.name,
        "servers",
        "public addresses are those of " + pool.access_edge_fqdn +
            " in DNS; check which belongs to which server");
  }

  // Zones cannot be listed, so a domain that the seed forgot shows only in names.
  void MarkDomainless(const EdgePool& pool) {
    const std::string& name = pool.access_edge_fqdn;
    if (name.empty()) return;
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
      if (organization_.domains.contains(name.substr(dot + 1))) return;
    Say(listed::kEdgePool,
        pool.name,
        "accessEdge",
        "its domain is not in the seed: declare a Domain there, so that its records are managed");
  }

  const ObservedState& observed_;
  Organization& organization_;
  std::vector<Remark>& remarks_;
  // By the host label of the external name: a pool keeps it in every domain. Borrowed.
  std::multimap<std::string, const EdgePool*> pools_by_label_;
};

}  // namespace

std::vector<ObservationKey> ImportRecordsToObserve(const Organization& entities,
                                                   const ObservedState& observed) {
  std::set<ObservationKey> keys;
  const auto add = [&](const std::string& name) {
    for (const char* type : {"A", "AAAA"})
      keys.insert({kinds::DnsRecordSet(name, type), ""});
  };
  for (const auto& [name, domain] : entities.domains) {
    for (const std::string& target : LocatorAt(observed, "_xmpp-server._tcp." + name).targets)
      add(target);
  }
  for (const auto& [name, pool] : entities.edge_pools)
    if (!pool.access_edge_fqdn.empty()) add(pool.access_edge_fqdn);
  for (const std::string& name : NamesOfMachines(entities, observed))
    add(name);
  return {keys.begin(), keys.end()};
}

void ImportDomains(const ObservedState& observed, Imported& imported) {
  DomainReader(observed, imported).Run();
}

}  // namespace poolshift
