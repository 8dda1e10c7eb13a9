#include "providers/lync/text/topology_document.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "providers/lync/text/topology_edit.h"
#include "providers/lync/text/topology_tree.h"

namespace poolshift::lync {
namespace {

// On with exactly this one port, off without any; anything else is neither.
bool ReadFlag(const std::vector<pugi::xml_node>& ports,
              std::string_view port,
              std::string_view protocol,
              std::string& fault) {
  if (ports.empty()) return false;
  if (ports.size() == 1 && ports[0].attribute("Port").value() == port &&
      ports[0].attribute("Protocol").value() == protocol) {
    return true;
  }
  fault = absl::StrCat("its ",
                       ports[0].attribute("Owner").value(),
                       " ports are not what Topology Builder makes of the flag (port ",
                       ports[0].attribute("Port").value(),
                       ", expected one ",
                       std::string(port),
                       ")");
  return false;
}

std::vector<std::string> Addresses(pugi::xml_node machine, std::string_view side) {
  std::vector<std::string> addresses;
  for (const pugi::xml_node net : machine.children("NetInterface")) {
    if (net.attribute("InterfaceSide").value() != side) continue;
    std::string address = net.attribute("ConfiguredIPAddress").value();
    if (address.empty()) address = net.attribute("IPAddress").value();
    if (!address.empty() && address != "0.0.0.0" && address != "::") addresses.push_back(address);
  }
  return addresses;
}

std::string ExternalName(pugi::xml_node service, std::string_view owner, std::string_view usage) {
  for (const pugi::xml_node port : service.child("Ports").children("Port")) {
    if (port.attribute("Owner").value() == "urn:component:" + std::string(owner) &&
        port.attribute("Usage").value() == usage &&
        std::string_view(port.attribute("InterfaceSide").value()) == "External" &&
        port.attribute("ConfiguredFqdn")) {
      return LowerAttribute(port, "ConfiguredFqdn");
    }
  }
  return "";
}

bool IsDirector(pugi::xml_node service) {
  return std::string_view(service.child("RegistrarService").attribute("IsDirector").value()) ==
         "true";
}

}  // namespace

TopologyDocument::TopologyDocument(std::string text)
    : text_(std::move(text)), tree_(std::make_unique<Tree>()) {}
TopologyDocument::TopologyDocument(TopologyDocument&&) noexcept = default;
TopologyDocument& TopologyDocument::operator=(TopologyDocument&&) noexcept = default;
TopologyDocument::~TopologyDocument() = default;

absl::StatusOr<TopologyDocument> TopologyDocument::Parse(std::string text) {
  TopologyDocument document(std::move(text));
  const Tree& tree = *document.tree_;
  POOLSHIFT_TRY(document.tree_->Read(document.text_));
  for (const pugi::xml_node site : tree.root().child("Sites").children("CentralSite"))
    document.sites_.emplace_back(site.child("Name").text().get());
  for (const pugi::xml_node service : tree.Services("EdgeServer")) {
    const pugi::xml_node cluster = tree.PoolOf(service);
    if (!cluster) continue;
    EdgePoolInDocument pool;
    pool.site = tree.SiteName(service.child("ServiceId").attribute("SiteId").value());
    pool.federation = ReadFlag(Tree::Ports(service, kFederationPort), "5061", "Mtls", pool.fault);
    pool.xmpp = ReadFlag(Tree::Ports(service, kXmppPort), "5269", "Tls", pool.fault);
    if (ReadFlag(Tree::Ports(service, kXmppInsidePort), "23456", "Mtls", pool.fault) != pool.xmpp &&
        pool.fault.empty()) {
      pool.fault = "only one of its XMPP ports 5269 and 23456 is there";
    }
    pool.next_hop = LowerAttribute(tree.PoolOf(tree.DependsOn(service, "Registrar")), "Fqdn");
    pool.access_edge = ExternalName(service, "AccessEdge", "SipClient");
    pool.web_conferencing = ExternalName(service, "DataEdge", "PsomClient");
    pool.av = ExternalName(service, "MediaRelayEdge", "TURNServer");
    for (const pugi::xml_node machine : cluster.children("Machine")) {
      pool.machines.push_back({LowerAttribute(machine, "Fqdn"),
                               Addresses(machine, "Internal"),
                               Addresses(machine, "External")});
    }
    document.edge_pools_.emplace(LowerAttribute(cluster, "Fqdn"), std::move(pool));
  }
  for (const pugi::xml_node service : tree.Services("Registrar")) {
    const pugi::xml_node cluster = tree.PoolOf(service);
    if (!cluster) continue;
    InternalPoolInDocument pool;
    pool.site = tree.SiteName(service.child("ServiceId").attribute("SiteId").value());
    pool.director = IsDirector(service);
    for (const pugi::xml_node machine : cluster.children("Machine"))
      pool.machines.push_back(LowerAttribute(machine, "Fqdn"));
    document.internal_.emplace(LowerAttribute(cluster, "Fqdn"), std::move(pool));
  }
  return document;
}

std::string TopologyDocument::digest() const { return Digest(text_); }

std::string TopologyDocument::PoolOf(std::string_view machine) const {
  for (const pugi::xml_node cluster : tree_->root().child("Clusters").children("Cluster")) {
    for (const pugi::xml_node one : cluster.children("Machine")) {
      if (LowerAttribute(one, "Fqdn") == machine) return LowerAttribute(cluster, "Fqdn");
    }
  }
  return "";
}

absl::StatusOr<std::string> TopologyDocument::Edited(
    const std::map<std::string, WantedFlags>& wanted) const {
  TopologyEdit edit(text_);
  for (const auto& [name, flags] : wanted) {
    const auto pool = edge_pools_.find(name);
    if (pool == edge_pools_.end())
      return absl::NotFoundError("there is no Edge pool " + name + " in the topology");
    if (!pool->second.fault.empty())
      return absl::FailedPreconditionError("Edge pool " + name + ": " + pool->second.fault);
    for (const pugi::xml_node service : tree_->Services("EdgeServer")) {
      if (LowerAttribute(tree_->PoolOf(service), "Fqdn") != name) continue;
      if (flags.federation && *flags.federation != pool->second.federation)
        edit.SetFederation(service, Tree::Ports(service, kFederationPort), *flags.federation);
      if (flags.xmpp && *flags.xmpp != pool->second.xmpp) {
        std::vector<pugi::xml_node> ports = Tree::Ports(service, kXmppPort);
        for (const pugi::xml_node port : Tree::Ports(service, kXmppInsidePort))
          ports.push_back(port);
        edit.SetXmpp(service, ports, *flags.xmpp);
      }
    }
  }
  return edit.Finish();
}

absl::StatusOr<std::string> TopologyDocument::WithFlags(
    const std::map<std::string, WantedFlags>& wanted) const {
  POOLSHIFT_ASSIGN(std::string text, Edited(wanted));
  // Whatever the edit did is read again: exactly the wanted flags, and nothing else, may differ.
  POOLSHIFT_ASSIGN(const TopologyDocument after, Parse(text));
  for (const auto& [name, pool] : edge_pools_) {
    const EdgePoolInDocument& now = after.edge_pools_.at(name);
    const auto flags = wanted.find(name);
    const bool named = flags != wanted.end();
    if (now.federation !=
            (named ? flags->second.federation.value_or(pool.federation) : pool.federation) ||
        now.xmpp != (named ? flags->second.xmpp.value_or(pool.xmpp) : pool.xmpp) ||
        now.fault != pool.fault || now.next_hop != pool.next_hop) {
      return absl::InternalError("the edited topology does not say what was wanted of " + name);
    }
  }
  // A failback would have to take it back.
  std::map<std::string, WantedFlags> former;
  for (const auto& [name, flags] : wanted) {
    const EdgePoolInDocument& pool = edge_pools_.at(name);
    former[name] = {pool.federation, pool.xmpp};
  }
  if (const auto back = after.Edited(former); !back.ok()) {
    return absl::FailedPreconditionError("this edit could not be taken back, so it is not made: " +
                                         std::string(back.status().message()));
  }
  return text;
}

}  // namespace poolshift::lync
