#include <iterator>

#include "tests/bench/address.h"
#include "tests/bench/organisation.h"
#include <fmt/format.h>

namespace poolshift::bench {
namespace {

constexpr std::string_view kHead = R"(world: poolshift/v1
organization: contoso
centralStore: {{pool: pool2a.contoso.net}}
domains: {{contoso.com: {{}}}}
partners: {{fabrikam.com: {{}}}}
dns:
  records:
    _sipfederationtls._tcp.contoso.com/SRV: ["0 0 5061 access1.contoso.com"]
    access1.contoso.com/A: [{first}, {second}]
    _xmpp-server._tcp.contoso.com/SRV: ["0 0 5269 xmpp.contoso.com"]
    xmpp.contoso.com/A: [{first}, {second}]
)";

constexpr std::string_view kSite =
    "  Site{site}: {{federation: edgepool1.contoso.net, xmpp: edgepool1.contoso.net}}\n";

constexpr std::string_view kEdgePool = R"(  edgepool{site}.contoso.net:
    site: Site{site}
    accessEdge: access{site}.contoso.com
    webConferencing: webcon{site}.contoso.com
    av: av{site}.contoso.com
    federation: {hosts}
    xmpp: {hosts}
    nextHop: pool{site}a.contoso.net
    power: {power}
    servers:
      edge{site}a.contoso.net: {{addresses: [{first}]}}
      edge{site}b.contoso.net: {{addresses: [{second}]}}
)";

// Site1's Front End pools already use the stand-in for conferencing: the failover is of federation
// alone.
constexpr std::string_view kFrontEndPool = R"(  pool{site}{letter}.contoso.net:
    site: Site{site}
    servers: [fe{site}{letter}1.contoso.net, fe{site}{letter}2.contoso.net]
    backupPool: pool{site}{other}.contoso.net
    edgePool: edgepool{edge}.contoso.net
)";

void AppendEdgePool(int site, std::string& out) {
  fmt::format_to(std::back_inserter(out),
                 kEdgePool,
                 fmt::arg("site", site),
                 fmt::arg("hosts", site == 1),
                 fmt::arg("power", site == 1 ? "off" : "on"),
                 fmt::arg("first", Address(site, 0)),
                 fmt::arg("second", Address(site, 1)));
}

void AppendFrontEndPool(int site, char letter, std::string& out) {
  fmt::format_to(std::back_inserter(out),
                 kFrontEndPool,
                 fmt::arg("site", site),
                 fmt::arg("letter", letter),
                 fmt::arg("other", letter == 'a' ? 'b' : 'a'),
                 fmt::arg("edge", site == 1 ? 2 : site));
}

}  // namespace

TextFile WorldFile(int sites) {
  TextFile file{
      "world.yaml",
      fmt::format(kHead, fmt::arg("first", Address(1, 0)), fmt::arg("second", Address(1, 1)))};
  file.text += "sites:\n";
  for (int site = 1; site <= sites; ++site)
    fmt::format_to(std::back_inserter(file.text), kSite, fmt::arg("site", site));
  file.text += "edgePools:\n";
  for (int site = 1; site <= sites; ++site)
    AppendEdgePool(site, file.text);
  file.text += "frontEndPools:\n";
  for (int site = 1; site <= sites; ++site) {
    AppendFrontEndPool(site, 'a', file.text);
    AppendFrontEndPool(site, 'b', file.text);
  }
  return file;
}

}  // namespace poolshift::bench
