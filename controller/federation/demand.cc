#include "controller/federation/demand.h"

#include <utility>

#include "controller/federation/rule.h"

namespace poolshift {

Origin HostLine(const Organization& organization, Protocol protocol) {
  for (const auto& [name, site] : organization.sites) {
    if (DeclaredHost(site, protocol).empty()) continue;
    return protocol == Protocol::kSip ? site.hosts.federation_origin : site.hosts.xmpp_origin;
  }
  return {};
}

Demand HostDemand(const Organization& organization, Protocol protocol) {
  const std::string host = DeclaredHost(organization, protocol);
  return LineDemand(
      std::string(Title(protocol)) + (host.empty() ? " has a host" : " is hosted by " + host),
      HostLine(organization, protocol));
}

Demand LineDemand(std::string text, Origin line) {
  return {{"goal", std::move(text), "manifest"}, std::move(line)};
}

Demand RuleDemand(std::string_view rule, Origin line) { return {Because(rule), std::move(line)}; }

Refusal RefusalBy(std::string_view rule,
                  std::string text,
                  std::string hint,
                  Origin origin,
                  std::vector<Demand> against) {
  if (!against.empty()) against.insert(against.begin(), RuleDemand(rule, origin));
  return {std::string(rule),
          std::move(text),
          std::move(hint),
          Because(rule).source,
          std::move(origin),
          std::move(against)};
}

}  // namespace poolshift
