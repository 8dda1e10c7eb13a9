// ImportMachines: how pools outside any topology are called from outside, and at which addresses.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_join.h"

#include "controller/federation/import_machines.h"
#include "controller/federation/import_names.h"
#include "controller/federation/listed_kinds.h"

namespace poolshift {
namespace {

class PoolMaker {
 public:
  PoolMaker(const ObservedState& observed, Imported& imported)
      : observed_(observed),
        imported_(imported),
        organization_(imported.organization),
        names_(observed, imported) {}

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

  // Machines of no named pool are one pool when they have one name.
  void Place(EdgePool pool) {
    std::set<std::string> names;
    std::string unseen;
    Naming naming;
    for (const EdgeServer& server : pool.servers) {
      Naming found = names_.NamingOf(pool, server);
      if (!found.unseen.empty()) unseen = found.unseen;
      if (!found.name.empty()) names.insert(found.name);
      if (naming.name.empty()) naming = std::move(found);
    }
    if (names.size() > 1) naming = OnlyAmong(names);
    if (!unseen.empty()) naming = {"", false, {}, unseen};
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
    if (!naming.unseen.empty()) return "not known, since " + naming.unseen + ": " + next;
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
    const Addresses named = names_.AddressesNamed(pool.access_edge_fqdn);
    if (!named.unseen.empty())
      Say(pool,
          "servers",
          "which of its addresses are public is not known for sure, since " + named.unseen +
              ": write those of each server");
    for (EdgeServer& server : pool.servers) {
      const auto& has = imported_.machines.at(server.fqdn).addresses;
      if (!has.has_value()) continue;
      std::copy_if(has->begin(),
                   has->end(),
                   std::back_inserter(server.addresses),
                   [&](const std::string& address) {
                     return std::find(named.found.begin(), named.found.end(), address) !=
                            named.found.end();
                   });
      const bool is_known = named.unseen.empty() && !naming.is_translated;
      if (!server.addresses.empty() || has->size() != 1 || !is_known) continue;
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
  const MachineNames names_;
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
