// ImportMachines: how pools outside any topology are called from outside, and at which addresses.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_join.h"

#include "controller/federation/import_machines.h"
#include "controller/federation/import_records.h"
#include "controller/federation/listed_kinds.h"

namespace poolshift {
namespace {

// What is known of how a machine, or a pool, is called from outside.
struct Naming {
  std::string name;               // "" = not known
  bool is_translated = false;     // it leads to none of the machine's own addresses
  std::vector<std::string> many;  // several would do
};

std::string LabelOf(const std::string& name) { return name.substr(0, name.find('.')); }

// A pool keeps its label in every domain, so names with one label are one name.
Naming OnlyAmong(const std::set<std::string>& names) {
  std::map<std::string, std::string> by_label;
  for (const std::string& name : names)
    by_label.try_emplace(LabelOf(name), name);
  if (by_label.size() == 1) return {by_label.begin()->second, false, {}};
  return {"", false, {names.begin(), names.end()}};
}

class PoolMaker {
 public:
  PoolMaker(const ObservedState& observed, Imported& imported)
      : observed_(observed), imported_(imported), organization_(imported.organization) {
    for (const auto& [name, domain] : organization_.domains) {
      AddTargets("_sipfederationtls._tcp." + name, by_sip_);
      AddTargets("_sip._tls." + name, by_remote_access_);
      // One target may float between pools; several are the pools' own names.
      const Locator xmpp = LocatorAt(observed_, "_xmpp-server._tcp." + name);
      auto& names = xmpp.targets.size() == 1 ? floating_ : by_xmpp_;
      names.insert(xmpp.targets.begin(), xmpp.targets.end());
    }
  }

  void Run() {
    for (auto& [name, pool] : TakeMachinePools())
      Place(std::move(pool));
    for (const EdgePool& pool : made_)
      if (IsNamed(pool)) named_[pool.access_edge_fqdn].push_back(pool.name);
    for (EdgePool& pool : made_)
      Finish(std::move(pool));
  }

 private:
  void Say(const EdgePool& pool, std::string member, std::string text) {
    imported_.remarks.push_back(
        {std::string(listed::kEdgePool), pool.name, std::move(member), std::move(text)});
  }

  void AddTargets(const std::string& locator, std::set<std::string>& names) {
    const Locator seen = LocatorAt(observed_, locator);
    names.insert(seen.targets.begin(), seen.targets.end());
  }

  bool IsMachine(const EdgePool& pool) const {
    return !pool.servers.empty() && imported_.machines.contains(pool.servers.front().fqdn);
  }

  // Its provider's settings say which pool its machines are in.
  bool IsNamed(const EdgePool& pool) const {
    return imported_.machines.at(pool.servers.front().fqdn).in_named_pool;
  }

  std::map<std::string, EdgePool> TakeMachinePools() {
    std::map<std::string, EdgePool> taken;
    for (auto at = organization_.edge_pools.begin(); at != organization_.edge_pools.end();) {
      const auto pool = at++;
      if (IsMachine(pool->second)) taken.insert(organization_.edge_pools.extract(pool));
    }
    return taken;
  }

  std::set<std::string> NamesShownBy(const EdgePool& pool, const EdgeServer& server) const {
    std::set<std::string> names;
    for (const ResourceId& id : CertificatesOf(pool, server)) {
      const Value* seen = observed_.Properties(id);
      const Value* shown = seen == nullptr ? nullptr : seen->Find("names");
      if (shown == nullptr || !shown->is_list()) continue;
      for (const Value& name : shown->list())
        if (name.is_string()) names.insert(name.string());
    }
    return names;
  }

  bool LeadsTo(const std::string& name, const ListedMachine& machine) const {
    const std::vector<std::string> found = AddressesAt(observed_, name);
    return machine.addresses.has_value() &&
           std::any_of(found.begin(), found.end(), [&](const std::string& address) {
             return std::find(machine.addresses->begin(), machine.addresses->end(), address) !=
                    machine.addresses->end();
           });
  }

  bool LeadsToAMachine(const std::string& name) const {
    return std::any_of(imported_.machines.begin(),
                       imported_.machines.end(),
                       [&](const auto& machine) { return LeadsTo(name, machine.second); });
  }

  // What records call it goes before what its certificate says, and its own name comes last.
  Naming NamingOf(const EdgePool& pool, const EdgeServer& server) const {
    const ListedMachine& machine = imported_.machines.at(server.fqdn);
    std::set<std::string> shown = NamesShownBy(pool, server);
    for (const std::string& name : floating_)
      shown.erase(name);
    shown.erase(server.fqdn);
    const std::set<std::string> own{server.fqdn};
    const std::set<std::string>* const ranks[] = {
        &by_sip_, &by_xmpp_, &by_remote_access_, &shown, &own};
    for (const auto* names : ranks) {
      std::set<std::string> fitting;
      for (const std::string& name : *names)
        if (IsBelowADomain(organization_, name) && LeadsTo(name, machine)) fitting.insert(name);
      if (!fitting.empty()) return OnlyAmong(fitting);
    }
    return BehindTranslation(machine, shown);
  }

  // Its certificate shows one name in DNS, which leads to none of the machines as they see
  // themselves.
  Naming BehindTranslation(const ListedMachine& machine, const std::set<std::string>& shown) const {
    std::set<std::string> fitting;
    for (const std::string& name : shown) {
      if (IsBelowADomain(organization_, name) && !AddressesAt(observed_, name).empty() &&
          !LeadsToAMachine(name))
        fitting.insert(name);
    }
    if (!machine.addresses.has_value() || fitting.empty()) return {};
    Naming naming = OnlyAmong(fitting);
    naming.is_translated = true;
    return naming;
  }

  // Machines of no named pool are one pool when they have one name.
  void Place(EdgePool pool) {
    std::set<std::string> names;
    Naming naming;
    for (const EdgeServer& server : pool.servers) {
      Naming found = NamingOf(pool, server);
      if (!found.name.empty()) names.insert(found.name);
      if (naming.name.empty()) naming = std::move(found);
    }
    if (names.size() > 1) naming = OnlyAmong(names);
    pool.access_edge_fqdn = naming.name;
    const bool is_named = IsNamed(pool);
    const auto same = std::find_if(made_.begin(), made_.end(), [&](const EdgePool& other) {
      return !is_named && !naming.name.empty() && other.access_edge_fqdn == naming.name &&
             !IsNamed(other);
    });
    if (same == made_.end()) {
      naming_.push_back(naming);
      made_.push_back(std::move(pool));
    } else {
      Join(pool, *same);
    }
  }

  void Join(const EdgePool& more, EdgePool& pool) {
    pool.servers.insert(pool.servers.end(), more.servers.begin(), more.servers.end());
    std::set<Product> products(pool.products.begin(), pool.products.end());
    products.insert(more.products.begin(), more.products.end());
    pool.products.assign(products.begin(), products.end());
    if (pool.site.empty()) pool.site = more.site;
    if (pool.site != more.site && !more.site.empty()) torn_.insert(pool.access_edge_fqdn);
  }

  // Pools that settings name keep their names, whatever comes first.
  bool IsTaken(const std::string& name) const {
    return organization_.edge_pools.contains(name) ||
           organization_.front_end_pools.contains(name) || organization_.directors.contains(name) ||
           std::any_of(made_.begin(), made_.end(), [&](const EdgePool& other) {
             return other.name == name && !other.servers.empty() && IsNamed(other);
           });
  }

  // By the label of what it is called from outside, else of its machine; by the whole name where
  // that is taken, and with a number where that is, too.
  std::string FreeName(const EdgePool& pool) const {
    const std::string& whole =
        pool.access_edge_fqdn.empty() ? pool.servers.front().fqdn : pool.access_edge_fqdn;
    std::string name = LabelOf(whole);
    if (!IsTaken(name)) return name;
    std::string longer = whole;
    std::replace(longer.begin(), longer.end(), '.', '-');
    name = longer;
    for (int number = 2; IsTaken(name); ++number)
      name = longer + '-' + std::to_string(number);
    return name;
  }

  // Machines with one external name are one pool, unless settings name it for only some of them.
  void MarkTwins(const EdgePool& pool) {
    const auto twins = named_.find(pool.access_edge_fqdn);
    if (pool.access_edge_fqdn.empty() || twins == named_.end()) return;
    std::vector<std::string> others = twins->second;
    std::erase(others, pool.name);
    if (others.empty()) return;
    Say(pool,
        "accessEdge",
        "its machines are called " + pool.access_edge_fqdn + " like those of " +
            absl::StrJoin(others, " and ") +
            ": where they are one pool, write one `pool` at all of them in the provider's "
            "settings");
  }

  void Finish(EdgePool pool) {
    const Naming& naming = naming_[static_cast<std::size_t>(finished_++)];
    if (!IsNamed(pool)) pool.name = pool.fqdn = FreeName(pool);
    MarkTwins(pool);
    AddAddresses(pool, naming);
    if (pool.site.empty())
      Say(pool,
          "site",
          "not observable: write the site that it stands in, or `site` at its servers in the "
          "provider's settings");
    if (torn_.contains(pool.access_edge_fqdn))
      Say(pool,
          "site",
          "its servers stand in several sites by their providers' settings: a pool stands in one");
    if (pool.access_edge_fqdn.empty()) Say(pool, "accessEdge", WhyNameless(pool, naming));
    if (naming.is_translated && !naming.name.empty())
      Say(pool,
          "accessEdge",
          "from its certificate; the name leads to none of its machines' own addresses (address "
          "translation?)");
    MarkForeignDomains(pool);
    std::string name = pool.name;
    organization_.edge_pools.emplace(std::move(name), std::move(pool));
  }

  std::string WhyNameless(const EdgePool& pool, const Naming& naming) const {
    const std::string next = "write the name that SRV records shall have for it";
    if (!naming.many.empty())
      return "it is called " + absl::StrJoin(naming.many, " and ") + " in DNS: " + next;
    for (const EdgeServer& server : pool.servers) {
      if (!imported_.machines.at(server.fqdn).addresses.has_value())
        return "not known, since " + server.fqdn + " could not be asked for its addresses: " + next;
      for (const ResourceId& id : CertificatesOf(pool, server)) {
        const Observation* seen = observed_.Find(id);
        if (seen != nullptr && seen->presence == Presence::kUnreachable)
          return ToString(id) + " could not be looked at (" + seen->reason + "): " + next;
      }
    }
    return "no name in its certificates leads to it in DNS: " + next;
  }

  // Those of the machine's addresses that records name; an only one where they name none.
  void AddAddresses(EdgePool& pool, const Naming& naming) {
    std::set<std::string> named;
    for (const auto* names : {&floating_, &by_sip_, &by_xmpp_, &by_remote_access_}) {
      for (const std::string& name : *names) {
        const std::vector<std::string> found = AddressesAt(observed_, name);
        named.insert(found.begin(), found.end());
      }
    }
    const std::vector<std::string> own = AddressesAt(observed_, pool.access_edge_fqdn);
    named.insert(own.begin(), own.end());
    for (EdgeServer& server : pool.servers) {
      const auto& has = imported_.machines.at(server.fqdn).addresses;
      if (!has.has_value()) continue;
      std::copy_if(has->begin(),
                   has->end(),
                   std::back_inserter(server.addresses),
                   [&](const std::string& address) { return named.contains(address); });
      if (!server.addresses.empty() || has->size() != 1 || naming.is_translated) continue;
      server.addresses = *has;
      Say(pool,
          "servers",
          has->front() + " is taken as public, since " + server.fqdn +
              " has no other; where its address is translated, write the public one");
    }
  }

  // A domain that the seed forgot.
  void MarkForeignDomains(const EdgePool& pool) {
    std::set<std::string> foreign;
    for (const EdgeServer& server : pool.servers) {
      const auto& domains = imported_.machines.at(server.fqdn).domains;
      if (!domains.has_value()) continue;
      std::copy_if(domains->begin(),
                   domains->end(),
                   std::inserter(foreign, foreign.end()),
                   [&](const std::string& name) {
                     return name != "localhost" && !organization_.domains.contains(name);
                   });
    }
    if (foreign.empty()) return;
    Say(pool,
        "",
        "it serves users of " + absl::StrJoin(foreign, " and ") +
            ", which the seed does not declare: declare a Domain there, so that its records are "
            "managed");
  }

  const ObservedState& observed_;
  Imported& imported_;
  Organization& organization_;
  std::set<std::string> by_sip_, by_xmpp_, by_remote_access_;  // what SRV records name
  std::set<std::string> floating_;  // names that XMPP leads to and that may be any pool's
  std::vector<EdgePool> made_;
  std::vector<Naming> naming_;  // of each
  // External name -> the pools that settings name which are called so.
  std::map<std::string, std::vector<std::string>> named_;
  int finished_ = 0;
  std::set<std::string> torn_;  // external names of pools whose machines stand in several sites
};

}  // namespace

void ImportMachines(const ObservedState& observed, Imported& imported) {
  PoolMaker(observed, imported).Run();
}

}  // namespace poolshift
