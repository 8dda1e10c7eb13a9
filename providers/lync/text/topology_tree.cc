#include "providers/lync/text/topology_tree.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace poolshift::lync {
namespace {

constexpr std::string_view kNamespace = "urn:schema:Microsoft.Rtc.Management.Deploy.Topology.2008";

bool SameKey(pugi::xml_node a, pugi::xml_node b, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string_view(a.attribute(name).value()) != b.attribute(name).value()) return false;
  }
  return true;
}

}  // namespace

std::string LowerAttribute(pugi::xml_node node, const char* name) {
  return absl::AsciiStrToLower(node.attribute(name).value());
}

absl::Status TopologyDocument::Tree::Read(const std::string& text) {
  const pugi::xml_parse_result read =
      document_.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!read) {
    return absl::InvalidArgumentError(
        absl::StrCat("the topology document is not well-formed at byte ",
                     read.offset,
                     ": ",
                     read.description()));
  }
  if (std::string_view(root().name()) != "Topology" ||
      root().attribute("xmlns").value() != kNamespace) {
    return absl::InvalidArgumentError(absl::StrCat("the document is no topology: its root is `",
                                                   root().name(),
                                                   "`, not `Topology` of Get-CsTopology -AsXml"));
  }
  for (const char* part : {"Sites", "Clusters", "Services"}) {
    if (!root().child(part)) {
      return absl::InvalidArgumentError(absl::StrCat("the topology document has no `", part, "`"));
    }
  }
  return absl::OkStatus();
}

std::vector<pugi::xml_node> TopologyDocument::Tree::Services(std::string_view role) const {
  std::vector<pugi::xml_node> services;
  for (const pugi::xml_node service : root().child("Services").children("Service")) {
    if (service.child("ServiceId").attribute("RoleName").value() == role)
      services.push_back(service);
  }
  return services;
}

pugi::xml_node TopologyDocument::Tree::Cluster(pugi::xml_node cluster_id) const {
  for (const pugi::xml_node cluster : root().child("Clusters").children("Cluster")) {
    if (SameKey(cluster.child("ClusterId"), cluster_id, {"SiteId", "Number"})) return cluster;
  }
  return {};
}

pugi::xml_node TopologyDocument::Tree::PoolOf(pugi::xml_node service) const {
  return Cluster(service.child("InstalledOn").child("ClusterId"));
}

pugi::xml_node TopologyDocument::Tree::DependsOn(pugi::xml_node service,
                                                 std::string_view role) const {
  for (const pugi::xml_node dependency : service.child("DependsOn").children("Dependency")) {
    const pugi::xml_node id = dependency.child("ServiceId");
    if (id.attribute("RoleName").value() != role) continue;
    for (const pugi::xml_node other : Services(role)) {
      if (SameKey(other.child("ServiceId"), id, {"SiteId", "RoleName", "Instance"})) return other;
    }
  }
  return {};
}

std::string TopologyDocument::Tree::SiteName(std::string_view id) const {
  for (const pugi::xml_node site : root().child("Sites").children()) {
    if (site.attribute("SiteId").value() == id) return site.child("Name").text().get();
  }
  return "";
}

std::vector<pugi::xml_node> TopologyDocument::Tree::Ports(pugi::xml_node service,
                                                          const PortKey& key) {
  std::vector<pugi::xml_node> ports;
  const std::string owner = "urn:component:" + std::string(key.owner);
  for (const pugi::xml_node port : service.child("Ports").children("Port")) {
    if (port.attribute("Owner").value() == owner && port.attribute("Usage").value() == key.usage &&
        port.attribute("InterfaceSide").value() == key.side) {
      ports.push_back(port);
    }
  }
  return ports;
}

}  // namespace poolshift::lync
