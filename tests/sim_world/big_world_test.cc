// Large organisations: what they show stays right; memory and time are measured by tests/bench.
#include "absl/time/clock.h"

#include "providers/sim/world/yaml_tree.h"
#include "tests/sim_world/two_sites.h"

namespace poolshift::sim {
namespace {

// One Edge pool of two servers and two Front End pools per site; the first pool hosts everything.
std::string BigWorld(int sites) {
  std::string out = "world: poolshift/v1\norganization: contoso\nsites:\n";
  const auto n = [](int i) { return std::to_string(i); };
  for (int i = 1; i <= sites; ++i) {
    out += "  Site" + n(i) + ": {federation: edge1.contoso.com, xmpp: edge1.contoso.com}\n";
  }
  out += "edgePools:\n";
  for (int i = 1; i <= sites; ++i) {
    const std::string high = n(i / 200), low = n(i % 200);
    out += "  edge" + n(i) + ".contoso.com:\n    site: Site" + n(i) + "\n    accessEdge: sip" +
           n(i) + ".contoso.com\n    federation: " + (i == 1 ? "true" : "false") +
           "\n    xmpp: true\n    nextHop: fe" + n(i) + "x.contoso.com\n    servers:\n      e" +
           n(i) + "a.contoso.com: {addresses: [10." + high + '.' + low + ".1]}\n      e" + n(i) +
           "b.contoso.com: {addresses: [10." + high + '.' + low + ".2]}\n";
  }
  out += "frontEndPools:\n";
  for (int i = 1; i <= sites; ++i) {
    for (const char* half : {"x", "y"}) {
      const std::string name = "fe" + n(i) + half;
      out += "  " + name + ".contoso.com: {site: Site" + n(i) + ", servers: [" + name +
             "a.contoso.com], edgePool: edge" + n(i) + ".contoso.com}\n";
    }
  }
  out +=
      "centralStore: {pool: fe1x.contoso.com}\ndomains: {contoso.com: {}}\npartners: "
      "{fabrikam.com: {}}\n"
      "dns:\n  records:\n    _xmpp-server._tcp.contoso.com/SRV: 0 0 5269 xmpp.contoso.com\n"
      "    xmpp.contoso.com/A: [10.0.1.1, 10.0.1.2]\n";
  return out;
}

TEST_F(WorldTest, ThousandSitesLoadAndShow) {
  const std::string text = BigWorld(1000);
  const absl::Time start = absl::Now();
  Load(text);
  const absl::Time loaded = absl::Now();
  std::size_t present = 0, looked = 0;
  const auto look = [&](const ResourceId& id, std::string_view vantage = "") {
    ++looked;
    present += Look(id, vantage).presence == Presence::kPresent ? 1u : 0u;
  };
  for (const auto& [name, server] : world.edge_servers) {
    for (const std::string_view role : kinds::kRoles)
      look(kinds::EdgeService(name, role));
    look(kinds::EdgeComponents(name));
    look(kinds::Replica(name));
    look(kinds::Streams(name, "xmpp"));
    look(kinds::Reachability(server.addresses[0], 5269));
    look(kinds::Reachability(name, 5061), "fe1xa.contoso.com");
  }
  look(kinds::Topology("contoso"));
  const absl::Time seen = absl::Now();
  const std::string written = YamlText(TreeOf(world));
  const absl::Time end = absl::Now();
  EXPECT_EQ(present, looked);
  EXPECT_EQ(looked, 22001u);
  EXPECT_EQ(See(kinds::Streams("e1a.contoso.com", "xmpp"), "count"), "1");
  EXPECT_EQ(See(kinds::Streams("e2a.contoso.com", "xmpp"), "count"), "0");
  RecordProperty("load", absl::FormatDuration(loaded - start));
  RecordProperty("observe", absl::FormatDuration(seen - loaded));
  RecordProperty("write", absl::FormatDuration(end - seen));
  RecordProperty(
      "bytes",
      std::to_string(text.size()) + " read, " + std::to_string(written.size()) + " written");
}

}  // namespace
}  // namespace poolshift::sim
