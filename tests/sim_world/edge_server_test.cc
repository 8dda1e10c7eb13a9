// Services, components, reachability and certificates of Edge servers; fences.
#include <gmock/gmock.h>

#include "tests/sim_world/two_sites.h"

namespace poolshift::sim {
namespace {

using testing::HasSubstr;
using Verdict = ChangeResult::Verdict;

class EdgeServerTest : public WorldTest {
 protected:
  std::string At(std::string_view address, int port, std::string_view vantage = "vantage-a") const {
    return See(kinds::Reachability(address, port), "state", vantage);
  }
  std::string Listens(std::string_view server, std::string_view role) const {
    return See(kinds::EdgeService(server, role), "listening");
  }
};

TEST_F(EdgeServerTest, AccessEdgeListensWithFederation) {
  EXPECT_EQ(Listens("e1a.contoso.com", "accessEdge"), "true");
  EXPECT_EQ(Listens("e2a.contoso.com", "accessEdge"), "false")
      << "runs, but without federation installed";
  SetService("e1a.contoso.com", "accessEdge", "stopped");
  EXPECT_EQ(Listens("e1a.contoso.com", "accessEdge"), "false");
}

TEST_F(EdgeServerTest, WayInsideIsToldWhileItRuns) {
  const ResourceId service = kinds::EdgeService("e1a.contoso.com", "accessEdge");
  EXPECT_EQ(See(service, "waysInside"), "missing") << "it cannot tell";
  Load(Replaced(
      kTwoSites, "{addresses: [203.0.113.11]}", "{addresses: [203.0.113.11], waysInside: 0}"));
  EXPECT_EQ(See(service, "waysInside"), "0");
  EXPECT_EQ(Look(service).reason, "no server inside answers it");
  EXPECT_EQ(See(kinds::EdgeService("e1b.contoso.com", "accessEdge"), "waysInside"), "missing");
  EXPECT_EQ(See(kinds::EdgeService("e1a.contoso.com", "xmppProxy"), "waysInside"), "missing");
  SetService("e1a.contoso.com", "accessEdge", "stopped");
  EXPECT_EQ(See(service, "waysInside"), "missing");
  EXPECT_THAT(Look(service).unknown, testing::ElementsAre("waysInside"));
}

TEST_F(EdgeServerTest, XmppProxyListensWhenInstalledAndRunning) {
  EXPECT_EQ(Listens("e2a.contoso.com", "xmppProxy"), "false");
  SetService("e2a.contoso.com", "xmppProxy", "running");
  EXPECT_EQ(Listens("e2a.contoso.com", "xmppProxy"), "true");
  EXPECT_EQ(See(kinds::EdgeService("e3a.contoso.com", "xmppProxy"), "state"), R"("running")");
  EXPECT_EQ(Listens("e3a.contoso.com", "xmppProxy"), "false") << "no XMPP components";
}

TEST_F(EdgeServerTest, StartingStartedServiceIsNoError) {
  SetService("e1a.contoso.com", "webConf", "running");
  EXPECT_EQ(See(kinds::EdgeService("e1a.contoso.com", "webConf"), "state"), R"("running")");
}

TEST_F(EdgeServerTest, DisabledServiceCannotStart) {
  const ResourceId service = kinds::EdgeService("e1a.contoso.com", "xmppProxy");
  Must(service, Value::Map{{"state", "stopped"}, {"startMode", "disabled"}});
  EXPECT_THAT(WhyNot(service, Value::Map{{"state", "running"}}),
              HasSubstr("because it is disabled"));
  EXPECT_EQ(See(service, "state"), R"("stopped")");
  Must(service, Value::Map{{"state", "running"}, {"startMode", "manual"}});
}

TEST_F(EdgeServerTest, OnlyRunningOrStoppedCanBeWanted) {
  EXPECT_THAT(
      WhyNot(kinds::EdgeService("e1a.contoso.com", "webConf"), Value::Map{{"state", "starting"}}),
      HasSubstr("state is running or stopped"));
}

TEST_F(EdgeServerTest, DeadServerIsUnreachableNotAbsent) {
  Power("e1a.contoso.com", false);
  for (const ResourceId& id : {kinds::EdgeService("e1a.contoso.com", "accessEdge"),
                               kinds::EdgeComponents("e1a.contoso.com"),
                               kinds::Replica("e1a.contoso.com"),
                               kinds::Streams("e1a.contoso.com", "sip"),
                               kinds::Certificate("e1a.contoso.com", "internal")}) {
    const Observation seen = Look(id);
    EXPECT_EQ(seen.presence, Presence::kUnreachable) << ToString(id);
    EXPECT_THAT(seen.reason, HasSubstr("e1a.contoso.com does not answer"));
  }
  const ChangeResult result =
      Do(kinds::EdgeService("e1a.contoso.com", "accessEdge"), Value::Map{{"state", "running"}});
  EXPECT_EQ(result.verdict, Verdict::kUnreachable);
  EXPECT_THAT(result.message, HasSubstr("Connecting to remote server e1a.contoso.com failed"));
}

TEST_F(EdgeServerTest, UnknownNamesAreAbsent) {
  for (const ResourceId& id : {kinds::EdgeService("e9.contoso.com", "accessEdge"),
                               kinds::EdgeService("e1a.contoso.com", "cook"),
                               kinds::EdgeComponents("e9.contoso.com"),
                               kinds::Replica("e9.contoso.com"),
                               kinds::Streams("e1a.contoso.com", "smtp"),
                               kinds::Certificate("e1a.contoso.com", "cook"),
                               kinds::SiteRoute("Site9"),
                               kinds::Topology("litware"),
                               kinds::CentralStore("litware"),
                               kinds::AccessConfig("litware"),
                               kinds::XmppPartner("litware.com"),
                               kinds::PoolFailover("fe9.contoso.com"),
                               kinds::EdgeAssociation("fe9.contoso.com"),
                               kinds::DnsRecordSet("www.contoso.com", "A"),
                               kinds::Fence("192.0.2.1", 5061)}) {
    EXPECT_EQ(Look(id).presence, Presence::kAbsent) << ToString(id);
  }
  EXPECT_EQ(Look({"Teapot", "x"}).presence, Presence::kUnreachable);
}

// ---- components ----

TEST_F(EdgeServerTest, BootstrapperInstallsTheLocalCopy) {
  Must(kinds::Topology("contoso"), Flags("edge2.contoso.com", Value::Map{{"federation", true}}));
  const ResourceId components = kinds::EdgeComponents("e2a.contoso.com");
  const Value wanted =
      Value::Map{{"federation", true}, {"xmpp", true}, {"nextHop", "fe2.contoso.com"}};
  EXPECT_THAT(
      WhyNot(components, wanted),
      testing::AllOf(
          HasSubstr("federation off"), HasSubstr("write 10 of 11"), HasSubstr("Nothing changed")));
  EXPECT_EQ(See(components, "federation"), "false");
  Pass(absl::Seconds(10));
  Must(components, wanted);
  EXPECT_EQ(See(components, "federation"), "true");
  EXPECT_EQ(Listens("e2a.contoso.com", "accessEdge"), "true");
  EXPECT_EQ(Listens("e2b.contoso.com", "accessEdge"), "false") << "one server at a time";
}

TEST_F(EdgeServerTest, BootstrapperOnStaleCopyInstallsOldRoles) {
  Must(kinds::Topology("contoso"), Flags("edge2.contoso.com", Value::Map{{"xmpp", false}}));
  Pass(absl::Seconds(10));
  SetService("e2a.contoso.com", "replica", "stopped");
  Must(kinds::Topology("contoso"), Flags("edge2.contoso.com", Value::Map{{"federation", true}}));
  Pass(absl::Hours(1));
  EXPECT_THAT(WhyNot(kinds::EdgeComponents("e2a.contoso.com"), Value::Map{{"federation", true}}),
              HasSubstr("The server now has what the copy says"));
  EXPECT_EQ(See(kinds::EdgeComponents("e2a.contoso.com"), "xmpp"), "false");
}

// ---- reachability ----

struct Probe {
  const char* name;
  const char* host;
  int port;
  const char* vantage;
  const char* state;
};

class ReachabilityTable : public EdgeServerTest, public testing::WithParamInterface<Probe> {};

TEST_P(ReachabilityTable, ShowsState) {
  Power("e1b.contoso.com", false);
  Power("fe3a.contoso.com", false);
  const Probe& probe = GetParam();
  EXPECT_EQ(See(kinds::Reachability(probe.host, probe.port), "state", probe.vantage), probe.state);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    ReachabilityTable,
    testing::Values(
        Probe{"FederationOpen", "203.0.113.11", 5061, "vantage-a", R"("open")"},
        Probe{"XmppOpen", "203.0.113.11", 5269, "vantage-b", R"("open")"},
        Probe{"OwnViewOpen", "203.0.113.11", 5061, "", R"("open")"},
        Probe{"DeadFiltered", "203.0.113.12", 5061, "vantage-a", R"("filtered")"},
        Probe{"NotInstalledRefused", "198.51.100.21", 5061, "vantage-a", R"("refused")"},
        Probe{"StoppedRefused", "198.51.100.21", 5269, "vantage-a", R"("refused")"},
        Probe{"ClientsOpen", "198.51.100.21", 443, "vantage-a", R"("open")"},
        Probe{"OtherPortFiltered", "203.0.113.11", 80, "vantage-a", R"("filtered")"},
        Probe{"UnknownAddressFiltered", "192.0.2.1", 5061, "vantage-a", R"("filtered")"},
        Probe{"InsideNameFilteredOutside", "e1a.contoso.com", 5061, "vantage-a", R"("filtered")"},
        Probe{"ByNameOpen", "xmpp.contoso.com", 5269, "vantage-a", R"("open")"},
        Probe{"ByNameRefused", "sip2.contoso.com", 5061, "vantage-a", R"("refused")"},
        Probe{"UnknownVantage", "203.0.113.11", 5061, "vantage-z", "unreachable"},
        Probe{"InsideSip", "e2a.contoso.com", 5061, "fe1a.contoso.com", R"("open")"},
        Probe{"InsideAuth", "e2a.contoso.com", 5062, "fe1a.contoso.com", R"("open")"},
        Probe{"InsideConferencing", "e2a.contoso.com", 8057, "fe1a.contoso.com", R"("open")"},
        Probe{"InsideMedia", "e2a.contoso.com", 443, "fe1a.contoso.com", R"("open")"},
        Probe{"InsideReplication", "e2a.contoso.com", 4443, "fe2a.contoso.com", R"("open")"},
        Probe{"InsideXmppOpen", "e1a.contoso.com", 23456, "fe1a.contoso.com", R"("open")"},
        Probe{"InsideXmppRefused", "e2a.contoso.com", 23456, "fe1a.contoso.com", R"("refused")"},
        Probe{
            "InsideXmppNotInstalled", "e3a.contoso.com", 23456, "fe1a.contoso.com", R"("refused")"},
        Probe{"InsidePoolName", "edge1.contoso.com", 5061, "fe1a.contoso.com", R"("open")"},
        Probe{"InsideDead", "e1b.contoso.com", 5061, "fe1a.contoso.com", R"("filtered")"},
        Probe{"InsideUnknown", "e9.contoso.com", 5061, "fe1a.contoso.com", R"("filtered")"},
        Probe{"DeadVantage", "e1a.contoso.com", 5061, "fe3a.contoso.com", "unreachable"}),
    [](const auto& row) { return row.param.name; });

TEST_F(EdgeServerTest, OpenPortShowsProtocolAndCertificate) {
  const Observation sip = Look(kinds::Reachability("203.0.113.11", 5061), "vantage-a");
  EXPECT_EQ(sip.properties.StringOr("protocol", ""), "sip");
  EXPECT_EQ(CanonicalText(*sip.properties.Find("certificateNames")),
            R"(["sip.contoso.com","contoso.com"])");
  EXPECT_EQ(sip.properties.StringOr("certificateNotAfter", ""), "2036-01-01T00:00:00Z");
  const Observation xmpp = Look(kinds::Reachability("203.0.113.11", 5269), "vantage-a");
  EXPECT_EQ(xmpp.properties.StringOr("protocol", ""), "xmpp");
  const Observation refused = Look(kinds::Reachability("198.51.100.21", 5269), "vantage-a");
  EXPECT_EQ(refused.properties.StringOr("protocol", "?"), "");
  EXPECT_EQ(CanonicalText(*refused.properties.Find("certificateNames")), "[]");
  const Observation inside = Look(kinds::Reachability("e1a.contoso.com", 5061), "fe1a.contoso.com");
  EXPECT_EQ(CanonicalText(*inside.properties.Find("certificateNames")), R"(["edge1.contoso.com"])");
}

TEST_F(EdgeServerTest, FirewallRulesDecideFirst) {
  Load(std::string(kTwoSites) +
       "firewall:\n"
       "  - {from: vantage-a, to: 203.0.113.11, port: 5269}\n"
       "  - {from: vantage-a, to: 203.0.113.12, port: 5061, answer: unreachable}\n"
       "  - {from: \"vantage-*\", to: edge1.contoso.com, port: 5061, answer: reset}\n"
       "  - {from: fe1.contoso.com, to: e2a.contoso.com}\n");
  EXPECT_EQ(At("203.0.113.11", 5269), R"("filtered")");
  EXPECT_EQ(At("203.0.113.11", 5269, "vantage-b"), R"("open")");
  EXPECT_EQ(At("203.0.113.12", 5061, "vantage-b"), R"("refused")");
  EXPECT_EQ(At("203.0.113.12", 5061), R"("unreachable")");
  EXPECT_EQ(At("e2a.contoso.com", 5061, "fe1a.contoso.com"), R"("filtered")");
  EXPECT_EQ(At("e2a.contoso.com", 5061, "fe2a.contoso.com"), R"("open")");
}

TEST_F(EdgeServerTest, CertificatesAreTheSameOnAPool) {
  const Observation a = Look(kinds::Certificate("e1a.contoso.com", "accessEdgeExternal"));
  const Observation b = Look(kinds::Certificate("e1b.contoso.com", "accessEdgeExternal"));
  EXPECT_EQ(a.properties, b.properties);
  EXPECT_EQ(a.properties.StringOr("thumbprint", "").size(), 40u);
  EXPECT_NE(a.properties, Look(kinds::Certificate("e1a.contoso.com", "internal")).properties);
}

TEST_F(EdgeServerTest, CertificateOfTheFileIsShown) {
  Load(Replaced(
      kTwoSites,
      "    accessEdge: sip.contoso.com\n",
      "    accessEdge: sip.contoso.com\n"
      "    certificate: {names: [sip.contoso.com], notAfter: \"2026-12-01T00:00:00Z\"}\n"));
  const Observation seen = Look(kinds::Certificate("e1a.contoso.com", "accessEdgeExternal"));
  EXPECT_EQ(CanonicalText(*seen.properties.Find("names")), R"(["sip.contoso.com"])");
  EXPECT_EQ(seen.properties.StringOr("notAfter", ""), "2026-12-01T00:00:00Z");
}

// ---- fences ----

TEST_F(EdgeServerTest, FencesTurnTrafficAway) {
  const ResourceId fence = kinds::Fence("203.0.113.11", 5269);
  EXPECT_EQ(See(fence, "mode"), R"("none")");
  Must(fence,
       Value::Map{{"mode", "reset"}, {"expires", ""}},
       Value::Map{{"mode", "none"}, {"expires", ""}});
  EXPECT_EQ(At("203.0.113.11", 5269), R"("refused")");
  EXPECT_EQ(At("203.0.113.11", 5061), R"("open")");
  Must(fence, Value::Map{{"mode", "drop"}});
  EXPECT_EQ(At("203.0.113.11", 5269), R"("filtered")");
  Must(fence, Value::Map{{"mode", "none"}, {"expires", ""}});
  EXPECT_EQ(At("203.0.113.11", 5269), R"("open")");
}

TEST_F(EdgeServerTest, FenceExpires) {
  const ResourceId fence = kinds::Fence("203.0.113.11", 5269);
  const std::string expires =
      absl::FormatTime(absl::RFC3339_full, now + absl::Minutes(5), absl::UTCTimeZone());
  Must(fence, Value::Map{{"mode", "drop"}, {"expires", expires}});
  EXPECT_EQ(See(fence, "expires"), '"' + expires + '"');
  Pass(absl::Minutes(5));
  EXPECT_EQ(See(fence, "mode"), R"("none")");
  EXPECT_EQ(See(fence, "expires"), '"' + expires + '"') << "it is seen that there was one";
  EXPECT_EQ(At("203.0.113.11", 5269), R"("open")");
  EXPECT_THAT(WhyNot(fence, Value::Map{{"mode", "drop"}, {"expires", expires}}),
              HasSubstr("has passed"));
  EXPECT_THAT(WhyNot(fence, Value::Map{{"mode", "drop"}, {"expires", "soon"}}),
              HasSubstr("no RFC 3339 time"));
}

TEST_F(EdgeServerTest, FenceStandsBeforeDeadServer) {
  Power("e1a.contoso.com", false);
  Must(kinds::Fence("203.0.113.11", 5061), Value::Map{{"mode", "reset"}});
  EXPECT_EQ(At("203.0.113.11", 5061), R"("refused")") << "refused beats silence (lab.md 4)";
}

}  // namespace
}  // namespace poolshift::sim
