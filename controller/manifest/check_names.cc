#include <map>
#include <set>

#include "controller/manifest/checks.h"
#include "controller/manifest/read_field.h"
#include "controller/manifest/scalar.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

// Who uses a name, and where it says so.
struct Use {
  const Document* owner = nullptr;
  Origin origin;
};

std::string Owner(const Document& document) {
  return std::string(document.table->kind) + " `" + document.name + '`';
}

// Names of one sort, each for one pool only.
class Uniqueness {
 public:
  Uniqueness(std::string_view what, Diagnostics& diagnostics)
      : what_(what), diagnostics_(diagnostics) {}

  void Add(const Document& owner, yaml::Node node, const std::string& name) {
    if (name.empty()) return;
    const Use use{&owner, owner.OriginOf(node)};
    const auto [first, added] = uses_.try_emplace(name, use);
    if (added || first->second.owner == &owner) return;
    diagnostics_.Error(use.origin,
                       std::string(what_) + ' ' + Quoted(name) + " is used twice",
                       "also by " + Owner(*first->second.owner) + " at " +
                           ToString(first->second.origin) +
                           "; each pool needs its own (source 001)");
  }

 private:
  std::string_view what_;
  Diagnostics& diagnostics_;
  std::map<std::string, Use> uses_;
};

void AddMachines(const Document& document, Uniqueness& internal) {
  const yaml::Node servers = document.At("servers");
  if (!servers || !servers.is_list()) return;
  for (yaml::Node item = servers.first(); item; item = item.next()) {
    const yaml::Node fqdn = item.is_map() ? item.Find("fqdn") : item;
    if (fqdn) internal.Add(document, fqdn, DnsName(fqdn));
  }
}

void AddNode(const Document& document, std::string_view path, Uniqueness& names) {
  const yaml::Node node = document.At(path);
  if (node) names.Add(document, node, DnsName(node));
}

void AddAddresses(const Document& document, Uniqueness& addresses) {
  const yaml::Node servers = document.At("servers");
  if (!servers || !servers.is_list()) return;
  for (yaml::Node server = servers.first(); server; server = server.next()) {
    const yaml::Node list = server.Find("addresses");
    if (!list || !list.is_list()) continue;
    for (yaml::Node item = list.first(); item; item = item.next()) {
      if (item.is_scalar()) addresses.Add(document, item, ReadAddress(item.text()).value_or(""));
    }
  }
}

// A pool of several machines has a name of its own; one machine twice is a slip.
void CheckMachinesOf(const Document& document, Diagnostics& diagnostics) {
  const std::vector<std::string> machines = MachineNames(document.At("servers"));
  const yaml::Node pool = document.At(document.table->kind == kEdgePool ? "internalFqdn" : "fqdn");
  std::set<std::string> seen;
  for (const std::string& machine : machines) {
    // Lists of plain names were checked for repeats by the shape.
    if (!seen.insert(machine).second && document.table->kind == kEdgePool) {
      diagnostics.Error(document.OriginAt("servers"),
                        "server " + Quoted(machine) + " is listed twice",
                        "remove one");
    }
    if (machines.size() > 1 && machine == DnsName(pool)) {
      diagnostics.Error(document.OriginOf(pool),
                        "the pool is named like its server " + Quoted(machine),
                        "a pool of several machines has a name of its own");
    }
  }
}

}  // namespace

void CheckUniqueNames(const CheckInput& input, Diagnostics& diagnostics) {
  Uniqueness internal("internal name", diagnostics);
  Uniqueness external("external name", diagnostics);
  Uniqueness addresses("address", diagnostics);
  for (const std::string_view kind : {kEdgePool, kFrontEndPool, kDirector}) {
    for (const Document* document : input.directory.OfKind(kind)) {
      AddNode(*document, kind == kEdgePool ? "internalFqdn" : "fqdn", internal);
      AddMachines(*document, internal);
      CheckMachinesOf(*document, diagnostics);
      if (kind != kEdgePool) continue;
      for (const std::string_view path : {"accessEdge.fqdn", "webConferencing.fqdn", "av.fqdn"}) {
        AddNode(*document, path, external);
      }
      AddAddresses(*document, addresses);
    }
  }
}

}  // namespace poolshift::manifest
