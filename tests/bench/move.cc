#include "tests/bench/move.h"

#include <algorithm>
#include <iterator>

#include "tests/bench/address.h"
#include <fmt/format.h>

namespace poolshift::bench {
namespace {

constexpr std::string_view kControl = R"(apiVersion: poolshift/v1
kind: Organization
metadata: {name: contoso}
spec:
  hosts: {federation: edgepool2, xmpp: edgepool2}
  centralStore: pool2
---
apiVersion: poolshift/v1
kind: Domain
metadata: {name: contoso.com}
spec:
  sip: {dns: srvTarget, ttl: 5m}
---
apiVersion: poolshift/v1
kind: Provider
metadata: {name: platform}
spec:
  type: sim
  config: {world: ../world.yaml}
)";

constexpr std::string_view kSite = R"(---
apiVersion: poolshift/v1
kind: Site
metadata: {{name: Site{site}}}
---
apiVersion: poolshift/v1
kind: EdgePool
metadata: {{name: edgepool{site}}}
spec:
  site: Site{site}
  internalFqdn: edgepool{site}.contoso.net
  accessEdge: {{fqdn: access{site}.contoso.com}}
  servers:
    - {{fqdn: edge{site}a.contoso.net, addresses: [{first}]}}
    - {{fqdn: edge{site}b.contoso.net, addresses: [{second}]}}
  nextHop: pool{site}
{condition}---
apiVersion: poolshift/v1
kind: FrontEndPool
metadata: {{name: pool{site}}}
spec:
  site: Site{site}
  fqdn: pool{site}.contoso.net
  servers: [fe{site}a.contoso.net, fe{site}b.contoso.net]
  conferencing: edgepool2
---
apiVersion: poolshift/v1
kind: Domain
metadata: {{name: site{site}.contoso.com}}
spec:
  xmpp: {{dns: floatingA, host: xmpp.site{site}.contoso.com, ttl: 5m}}
)";

constexpr std::string_view kWorldPool = R"(  edgepool{site}.contoso.net:
    site: Site{site}
    accessEdge: access{site}.contoso.com
    federation: {hosts}
    xmpp: {serves}
    nextHop: pool{site}.contoso.net
    power: {power}{certificate}
    servers:
      edge{site}a.contoso.net: {{addresses: [{first}]}}
      edge{site}b.contoso.net: {{addresses: [{second}]}}
)";

constexpr std::string_view kRecords = R"(dns:
  records:
    _sipfederationtls._tcp.contoso.com/SRV: ["0 0 5061 access1.contoso.com"]
    access1.contoso.com/A: [198.18.0.0, 198.18.0.1]
)";

constexpr std::string_view kOutOfService = R"(  condition: outOfService
  reason: the building has lost its power
)";

// One text for each site.
void AppendEach(int first, int last, std::string_view text, std::string& out) {
  for (int site = first; site <= last; ++site) {
    fmt::format_to(std::back_inserter(out),
                   fmt::runtime(text),
                   fmt::arg("site", site),
                   fmt::arg("first", Address(site, 0)),
                   fmt::arg("second", Address(site, 1)),
                   fmt::arg("condition", site == 1 ? kOutOfService : ""),
                   fmt::arg("hosts", site == 1),
                   fmt::arg("serves", site <= 2),
                   // Only the two hosts' certificates name every domain, as by default.
                   fmt::arg("certificate",
                            site <= 2 ? ""
                                      : fmt::format("\n    certificate: {{names: "
                                                    "[access{}.contoso.com]}}",
                                                    site)),
                   fmt::arg("power", site == 1 ? "off" : "on"));
  }
}

}  // namespace

std::vector<TextFile> MoveManifests(int sites) {
  std::vector<TextFile> files = {{"manifests/organization.yaml", std::string(kControl)}};
  for (int first = 1; first <= sites; first += kSitesPerFile) {
    TextFile file{fmt::format("manifests/sites-{:04}.yaml", first / kSitesPerFile + 1), ""};
    AppendEach(first, std::min(first + kSitesPerFile - 1, sites), kSite, file.text);
    files.push_back(std::move(file));
  }
  return files;
}

TextFile MoveWorldFile(int sites) {
  TextFile file{"world.yaml",
                "world: poolshift/v1\norganization: contoso\n"
                "centralStore: {pool: pool2.contoso.net}\n"};
  std::string& text = file.text;
  text += "domains:\n  contoso.com: {}\n";
  AppendEach(1, sites, "  site{site}.contoso.com: {{}}\n", text);
  text += kRecords;
  AppendEach(1,
             sites,
             "    _xmpp-server._tcp.site{site}.contoso.com/SRV: "
             "[\"0 0 5269 xmpp.site{site}.contoso.com\"]\n"
             "    xmpp.site{site}.contoso.com/A: [198.18.0.0, 198.18.0.1]\n",
             text);
  text += "sites:\n";
  AppendEach(1,
             sites,
             "  Site{site}: {{federation: edgepool1.contoso.net, xmpp: edgepool1.contoso.net}}\n",
             text);
  text += "edgePools:\n";
  AppendEach(1, sites, kWorldPool, text);
  text += "frontEndPools:\n";
  AppendEach(1,
             sites,
             "  pool{site}.contoso.net: {{site: Site{site}, servers: [fe{site}a.contoso.net, "
             "fe{site}b.contoso.net], edgePool: edgepool1.contoso.net}}\n",
             text);
  return file;
}

}  // namespace poolshift::bench
