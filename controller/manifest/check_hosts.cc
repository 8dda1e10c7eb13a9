#include <set>

#include "controller/manifest/checks.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

// One of the two protocols: where its host stands, and how messages call it.
struct Protocol {
  std::string_view name;
  std::string_view key;
  std::string Hosts::*host;
  Origin Hosts::*origin;
};

constexpr Protocol kFederation = {
    "SIP federation", "federation", &Hosts::federation, &Hosts::federation_origin};
constexpr Protocol kXmppFederation = {"XMPP federation", "xmpp", &Hosts::xmpp, &Hosts::xmpp_origin};

// "`Site1` says `edgepool1` (a.yaml:3:5)" for every declaration: each place once, for the first
// site it decides.
std::string Declarations(const Organization& organization, const Protocol& protocol) {
  constexpr std::size_t kMost = 20;
  std::string text;
  std::set<Origin> told;
  for (const auto& [name, site] : organization.sites) {
    const std::string& host = site.hosts.*protocol.host;
    if (host.empty() || !told.insert(site.hosts.*protocol.origin).second) continue;
    if (told.size() > kMost) return text + ", …";
    text += (text.empty() ? "" : ", ") + Quoted(name) + " says `" + host + "` (" +
            ToString(site.hosts.*protocol.origin) + ')';
  }
  return text;
}

void CheckAgreement(const Organization& organization,
                    const Protocol& protocol,
                    Diagnostics& diagnostics) {
  std::set<std::string> hosts;
  const Site* silent = nullptr;
  const Site* speaking = nullptr;
  for (const auto& [name, site] : organization.sites) {
    const std::string& host = site.hosts.*protocol.host;
    (host.empty() ? silent : speaking) = &site;
    if (!host.empty()) hosts.insert(host);
  }
  if (hosts.size() > 1 && !organization.policy.allow_divergent_routes) {
    diagnostics.Error(speaking->hosts.*protocol.origin,
                      "sites disagree on the host of " + std::string(protocol.name) + ": " +
                          Declarations(organization, protocol),
                      "name one pool everywhere, or set `allowDivergentRoutes: true` in a Policy "
                      "during a migration");
  }
  if (silent != nullptr && speaking != nullptr) {
    diagnostics.Warning(silent->origin,
                        "site " + Quoted(silent->name) + " declares no host of " +
                            std::string(protocol.name) + ", but site " + Quoted(speaking->name) +
                            " does",
                        "set `hosts." + std::string(protocol.key) +
                            "` in the Organization, so that every site follows (F5)");
  }
}

void CheckInService(const Organization& organization,
                    const Protocol& protocol,
                    Diagnostics& diagnostics) {
  std::set<Origin> told;
  for (const auto& [name, site] : organization.sites) {
    const auto pool = organization.edge_pools.find(site.hosts.*protocol.host);
    if (pool == organization.edge_pools.end()) continue;
    if (pool->second.condition != EdgePool::Condition::kOutOfService) continue;
    const Origin& origin = site.hosts.*protocol.origin;
    if (!told.insert(origin).second) continue;
    diagnostics.Warning(
        origin,
        "the host of " + std::string(protocol.name) + ", `" + pool->first + "`, is out of service",
        "a plan will refuse this; name a pool that is in service");
  }
}

void CheckRedundancy(const Organization& organization, Diagnostics& diagnostics) {
  std::set<std::string> sites;
  for (const auto& [name, pool] : organization.edge_pools)
    sites.insert(pool.site);
  if (sites.size() >= 2 || organization.name.empty()) return;
  diagnostics.Warning(organization.origin,
                      "Edge pools stand in fewer than two sites",
                      "nothing can take over when the site is lost (source 001)");
}

}  // namespace

void CheckHosts(const CheckInput& input, Diagnostics& diagnostics) {
  for (const Protocol& protocol : {kFederation, kXmppFederation}) {
    CheckAgreement(input.organization, protocol, diagnostics);
    CheckInService(input.organization, protocol, diagnostics);
  }
  CheckRedundancy(input.organization, diagnostics);
}

}  // namespace poolshift::manifest
