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

constexpr const char* kWorldFile =
    R"(# The world that provider `sim` plays: what these manifests declare, and healthy.
# Break something: docs/sim.md. It begins here; what happens later is kept in the state directory.
world: poolshift/v1
organization: contoso
sites:
  Site1: {federation: edgepool1.contoso.net, xmpp: edgepool1.contoso.net}
  Site2: {federation: edgepool1.contoso.net, xmpp: edgepool1.contoso.net}

edgePools:
  edgepool1.contoso.net:
    site: Site1
    accessEdge: sip1.contoso.com
    webConferencing: webcon1.contoso.com
    av: av1.contoso.com
    federation: true
    xmpp: true
    nextHop: pool1.contoso.net
    servers:
      edge11.contoso.net: {addresses: [203.0.113.11]}
      edge12.contoso.net: {addresses: [203.0.113.12]}
  edgepool2.contoso.net:
    site: Site2
    accessEdge: sip2.contoso.com
    webConferencing: webcon2.contoso.com
    av: av2.contoso.com
    federation: false
    xmpp: true
    nextHop: pool2.contoso.net
    services: {xmppProxy: stopped}  # standby
    servers:
      edge21.contoso.net: {addresses: [198.51.100.21]}

frontEndPools:
  pool1.contoso.net:
    site: Site1
    servers: [fe11.contoso.net, fe12.contoso.net]
    edgePool: edgepool1.contoso.net
    backupPool: pool2.contoso.net
  pool2.contoso.net:
    site: Site2
    servers: [fe21.contoso.net]
    edgePool: edgepool2.contoso.net
    backupPool: pool1.contoso.net

centralStore: {pool: pool1.contoso.net}
replication: {lag: 200ms}

domains: {contoso.com: {sip: true, xmpp: true}}
partners: {fabrikam.com: {sip: true, xmpp: true}}

dns:
  ttl: 300
  records:
    _sipfederationtls._tcp.contoso.com/SRV: 0 0 5061 sip1.contoso.com
    _xmpp-server._tcp.contoso.com/SRV: 0 0 5269 xmpp.contoso.com
    _sip._tls.contoso.com/SRV: [0 0 443 sip1.contoso.com, 10 0 443 sip2.contoso.com]
    xmpp.contoso.com/A: [203.0.113.11, 203.0.113.12]
    sip1.contoso.com/A: [203.0.113.11, 203.0.113.12]
    sip2.contoso.com/A: 198.51.100.21
)";

}  // namespace

std::map<std::string, std::string> StarterManifests() {
  return {{"organization.yaml", kOrganizationFile},
          {"site1.yaml", kSite1File},
          {"site2.yaml", kSite2File},
          {"domains.yaml", kDomainsFile},
          {"providers.yaml", kProvidersFile}};
}

std::map<std::string, std::string> StarterWorld() { return {{"world.sim", kWorldFile}}; }

}  // namespace poolshift
