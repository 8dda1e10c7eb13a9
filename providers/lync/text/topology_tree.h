// The parsed document behind TopologyDocument: services and clusters by their ids, and where their
// Port elements stand in the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/lync/text/topology_document.h"
#include <pugixml.hpp>

namespace poolshift::lync {

// Which Port element: `urn:component:` left out of the owner.
struct PortKey {
  std::string_view owner, usage, side;
};
inline constexpr PortKey kFederationPort{"AccessEdge", "SipServer", "External"};
inline constexpr PortKey kXmppPort{"XmppFederationProxy", "XmppServer", "External"};
inline constexpr PortKey kXmppInsidePort{"XmppFederationProxy", "XptServer", "Internal"};

class TopologyDocument::Tree {
 public:
  absl::Status Read(const std::string& text);

  pugi::xml_node root() const { return document_.document_element(); }
  std::vector<pugi::xml_node> Services(std::string_view role) const;
  pugi::xml_node Cluster(pugi::xml_node cluster_id) const;
  pugi::xml_node PoolOf(pugi::xml_node service) const;
  pugi::xml_node DependsOn(pugi::xml_node service, std::string_view role) const;
  std::string SiteName(std::string_view id) const;

  static std::vector<pugi::xml_node> Ports(pugi::xml_node service, const PortKey& key);

 private:
  pugi::xml_document document_;
};

std::string LowerAttribute(pugi::xml_node node, const char* name);

}  // namespace poolshift::lync
