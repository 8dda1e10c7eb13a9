#include "providers/lync/text/topology_edit.h"

#include <algorithm>

namespace poolshift::lync {
namespace {

// As a topology has them that Topology Builder made (domain.md b.4).
std::string FederationPort(std::string_view access_edge) {
  std::string port =
      R"(<Port Owner="urn:component:AccessEdge" Usage="SipServer" InterfaceSide="External" InterfaceNumber="1" )"
      R"(Port="5061" Protocol="Mtls" UrlPath="/" AuthorizesRequests="false")";
  if (!access_edge.empty()) port += " ConfiguredFqdn=\"" + std::string(access_edge) + '"';
  return port + " />";
}

std::vector<std::string> XmppPorts() {
  return {
      R"(<Port Owner="urn:component:XmppFederationProxy" Usage="XmppServer" InterfaceSide="External" )"
      R"(InterfaceNumber="1" Port="5269" Protocol="Tls" UrlPath="/" AuthorizesRequests="true" />)",
      R"(<Port Owner="urn:component:XmppFederationProxy" Usage="XptServer" InterfaceSide="Internal" )"
      R"(InterfaceNumber="1" Port="23456" Protocol="Mtls" UrlPath="/XmppFederation/" AuthorizesRequests="false" />)"};
}

// The name that the pool's own client port has, as it is spelled there.
std::string_view AccessEdgeName(pugi::xml_node service) {
  for (const pugi::xml_node port : service.child("Ports").children("Port")) {
    if (std::string_view(port.attribute("Owner").value()) == "urn:component:AccessEdge" &&
        std::string_view(port.attribute("InterfaceSide").value()) == "External" &&
        port.attribute("ConfiguredFqdn")) {
      return port.attribute("ConfiguredFqdn").value();
    }
  }
  return "";
}

bool IsPlainName(std::string_view name) {
  return std::ranges::all_of(name, [](unsigned char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z') || letter == '.' || letter == '-';
  });
}

}  // namespace

void TopologyEdit::SetFederation(pugi::xml_node service,
                                 const std::vector<pugi::xml_node>& ports,
                                 bool on) {
  if (!on) return Cut(ports);
  const std::string_view name = AccessEdgeName(service);
  if (!IsPlainName(name)) {
    fault_ = "the external name of the Access Edge is no host name";
    return;
  }
  Insert(service, {FederationPort(name)});
}

void TopologyEdit::SetXmpp(pugi::xml_node service,
                           const std::vector<pugi::xml_node>& ports,
                           bool on) {
  if (!on) return Cut(ports);
  Insert(service, XmppPorts());
}

bool TopologyEdit::Bounds(pugi::xml_node element, std::size_t& begin, std::size_t& end) const {
  const std::ptrdiff_t name = element.offset_debug();
  if (name < 1 || text_[static_cast<std::size_t>(name) - 1] != '<') return false;
  begin = static_cast<std::size_t>(name) - 1;
  char quote = '\0';
  for (end = begin; end < text_.size(); ++end) {
    const char letter = text_[end];
    if (quote != '\0') {
      if (letter == quote) quote = '\0';
    } else if (letter == '"' || letter == '\'') {
      quote = letter;
    } else if (letter == '>') {
      ++end;
      return text_[end - 2] == '/';
    }
  }
  return false;
}

std::string_view TopologyEdit::Indent(std::size_t begin) const {
  const std::size_t stop = text_.find_last_not_of(" \t", begin - 1);
  if (stop == std::string::npos || text_[stop] != '\n') return {};
  const std::size_t line = stop > 0 && text_[stop - 1] == '\r' ? stop - 1 : stop;
  return std::string_view(text_).substr(line, begin - line);
}

void TopologyEdit::Cut(const std::vector<pugi::xml_node>& ports) {
  for (const pugi::xml_node port : ports) {
    Change change;
    if (!Bounds(port, change.begin, change.end) || port.first_child()) {
      fault_ = "a Port element has content, which none of those has that we know";
      return;
    }
    change.begin -= Indent(change.begin).size();
    changes_.push_back(std::move(change));
  }
}

void TopologyEdit::Insert(pugi::xml_node service, const std::vector<std::string>& ports) {
  const pugi::xml_node list = service.child("Ports");
  const pugi::xml_node last = list.last_child();
  Change change;
  std::size_t begin = 0, end = 0;
  if (!last || std::string_view(last.name()) != "Port" || !Bounds(last, begin, end)) {
    fault_ = "the Edge service has no ports to put another one beside";
    return;
  }
  change.begin = change.end = end;
  for (const std::string& port : ports)
    change.text += std::string(Indent(begin)) + port;
  changes_.push_back(std::move(change));
}

absl::StatusOr<std::string> TopologyEdit::Finish() {
  if (!fault_.empty())
    return absl::FailedPreconditionError("the topology cannot be edited: " + fault_);
  std::ranges::stable_sort(changes_, {}, &Change::begin);
  std::string out;
  std::size_t at = 0;
  for (const Change& change : changes_) {
    // A cut may begin where the insertion before it stands; they never overlap.
    if (change.begin < at) return absl::InternalError("two edits of the topology overlap");
    out.append(text_, at, change.begin - at);
    out += change.text;
    at = change.end;
  }
  return out.append(text_, at);
}

}  // namespace poolshift::lync
