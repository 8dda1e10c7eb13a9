#include "tests/bench/organisation.h"

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
  centralStore: pool2a
---
apiVersion: poolshift/v1
kind: Domain
metadata: {name: contoso.com}
spec:
  sip: {dns: srvTarget, ttl: 5m}
  xmpp: {dns: floatingA, host: xmpp.contoso.com, ttl: 5m}
---
apiVersion: poolshift/v1
kind: Partner
metadata: {name: fabrikam.com}
spec:
  protocols: [sip, xmpp]
  contact: noc@fabrikam.com
---
apiVersion: poolshift/v1
kind: Provider
metadata: {name: platform}
spec:
  type: sim
  config: {world: ../world.yaml}
---
apiVersion: poolshift/v1
kind: Policy
metadata: {name: production}
spec:
  procedure: serve-first
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
  webConferencing: {{fqdn: webcon{site}.contoso.com}}
  av: {{fqdn: av{site}.contoso.com}}
  servers:
    - {{fqdn: edge{site}a.contoso.net, addresses: [{first}]}}
    - {{fqdn: edge{site}b.contoso.net, addresses: [{second}]}}
  nextHop: pool{site}a
{condition})";

constexpr std::string_view kFrontEnd = R"(---
apiVersion: poolshift/v1
kind: FrontEndPool
metadata: {{name: pool{site}{letter}}}
spec:
  site: Site{site}
  fqdn: pool{site}{letter}.contoso.net
  servers: [fe{site}{letter}1.contoso.net, fe{site}{letter}2.contoso.net]
  conferencing: local
  backupPool: pool{site}{other}
)";

constexpr std::string_view kOutOfService = R"(  condition: outOfService
  reason: the building has lost its power
  standIn: edgepool2
)";

void AppendSite(int site, std::string& out) {
  fmt::format_to(std::back_inserter(out),
                 kSite,
                 fmt::arg("site", site),
                 fmt::arg("first", Address(site, 0)),
                 fmt::arg("second", Address(site, 1)),
                 fmt::arg("condition", site == 1 ? kOutOfService : ""));
  for (const char letter : {'a', 'b'}) {
    fmt::format_to(std::back_inserter(out),
                   kFrontEnd,
                   fmt::arg("site", site),
                   fmt::arg("letter", letter),
                   fmt::arg("other", letter == 'a' ? 'b' : 'a'));
  }
}

}  // namespace

std::string Address(int site, int server) {
  const int number = (site - 1) * 2 + server;
  return fmt::format("198.{}.{}.{}", 18 + (number >> 16), (number >> 8) & 0xFF, number & 0xFF);
}

std::vector<TextFile> Manifests(int sites) {
  std::vector<TextFile> files = {{"manifests/organization.yaml", std::string(kControl)}};
  for (int first = 1; first <= sites; first += kSitesPerFile) {
    TextFile file{fmt::format("manifests/sites-{:04}.yaml", first / kSitesPerFile + 1), ""};
    const int last = std::min(first + kSitesPerFile - 1, sites);
    for (int site = first; site <= last; ++site)
      AppendSite(site, file.text);
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace poolshift::bench
