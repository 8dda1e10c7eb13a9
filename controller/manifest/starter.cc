#include "controller/manifest/starter.h"

namespace poolshift {
namespace {

constexpr const char* kOrganizationFile =
    R"(# Who hosts federation. To move it, change a name here, then: poolshift plan .
apiVersion: poolshift/v1
kind: Organization
metadata: {name: contoso}
spec:
  hosts: {federation: edgepool1, xmpp: edgepool1}
  centralStore: pool1
---
apiVersion: poolshift/v1
kind: Policy
metadata: {name: careful}
spec:
  procedure: serve-first   # or: documented
  replicationTimeout: 15m
)";

constexpr const char* kSite1File = R"(apiVersion: poolshift/v1
kind: Site
metadata: {name: Site1}
---
apiVersion: poolshift/v1
kind: EdgePool
metadata: {name: edgepool1}
spec:
  site: Site1
  internalFqdn: edgepool1.contoso.net
  accessEdge: {fqdn: sip1.contoso.com}
  webConferencing: {fqdn: webcon1.contoso.com}
  av: {fqdn: av1.contoso.com}
  servers:
    - {fqdn: edge11.contoso.net, addresses: [203.0.113.11]}
    - {fqdn: edge12.contoso.net, addresses: [203.0.113.12]}
  nextHop: pool1
  condition: inService     # outOfService needs a reason: a person says so, nothing is guessed
  standIn: edgepool2
---
apiVersion: poolshift/v1
kind: FrontEndPool
metadata: {name: pool1}
spec:
  site: Site1
  fqdn: pool1.contoso.net
  servers: [fe11.contoso.net, fe12.contoso.net]
  conferencing: local
  servedBy: home
  backupPool: pool2
)";

constexpr const char* kSite2File = R"(apiVersion: poolshift/v1
kind: Site
metadata: {name: Site2}
---
apiVersion: poolshift/v1
kind: EdgePool
metadata: {name: edgepool2}
spec:
  site: Site2
  internalFqdn: edgepool2.contoso.net
  accessEdge: {fqdn: sip2.contoso.com}
  webConferencing: {fqdn: webcon2.contoso.com}
  av: {fqdn: av2.contoso.com}
  servers:
    - {fqdn: edge21.contoso.net, addresses: [198.51.100.21]}
  nextHop: pool2
  condition: inService
  standIn: edgepool1
---
apiVersion: poolshift/v1
kind: FrontEndPool
metadata: {name: pool2}
spec:
  site: Site2
  fqdn: pool2.contoso.net
  servers: [fe21.contoso.net]
  conferencing: local
  servedBy: home
  backupPool: pool1
)";

constexpr const char* kDomainsFile = R"(apiVersion: poolshift/v1
kind: Domain
metadata: {name: contoso.com}
spec:
  sip: {dns: srvTarget, ttl: 5m}
  xmpp: {dns: floatingA, host: xmpp.contoso.com, ttl: 5m}
  remoteAccess: {order: [edgepool1, edgepool2]}
---
apiVersion: poolshift/v1
kind: Partner
metadata: {name: fabrikam.com}
spec: {protocols: [sip, xmpp], discovery: dns}
)";

constexpr const char* kProvidersFile =
    R"(# A simulated world to try things on. Replace it by providers of your own; the kinds say what each is asked for.
apiVersion: poolshift/v1
kind: Provider
metadata: {name: world}
spec:
  type: sim
  config: {world: world.sim}
)";

}  // namespace

std::map<std::string, std::string> StarterManifests() {
  return {{"organization.yaml", kOrganizationFile},
          {"site1.yaml", kSite1File},
          {"site2.yaml", kSite2File},
          {"domains.yaml", kDomainsFile},
          {"providers.yaml", kProvidersFile}};
}

}  // namespace poolshift
