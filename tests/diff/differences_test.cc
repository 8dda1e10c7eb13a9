// Every kind of difference, with how bad it is.
#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/diff/difference.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using testing::ElementsAreArray;

constexpr const char* kServer = "edge1b.contoso.com";

// "impact rule: text", in the order in which they are reported.
std::vector<std::string> Lines(const std::vector<Difference>& differences) {
  std::vector<std::string> lines;
  for (const Difference& difference : differences) {
    const char* const marks[] = {"traffic", "redundancy", "cosmetic", "unknown"};
    lines.push_back(std::string(marks[static_cast<int>(difference.impact)]) + ' ' +
                    difference.rule + ": " + difference.text);
  }
  return lines;
}

struct Row {
  std::string name;
  std::function<void(Organization&, Rehearsal&)> arrange;
  std::vector<std::string> lines;
};

XmppDomain& Xmpp(Organization& organization) {
  return *organization.domains.at("contoso.com").xmpp;
}

std::vector<Row> DesignationRows() {
  return {
      {"nothing", [](Organization&, Rehearsal&) {}, {}},
      {"central_store_dead",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::CentralStore("contoso"), "alive", false);
       },
       {"redundancy I-17: the central store is dead: nothing can be moved until it is failed "
        "over"}},
      {"published_and_not_enabled",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::Enablement("contoso"), "enabled", false);
         Change(w, kinds::Enablement("contoso"), "waiting", "document");
       },
       {"traffic I-15: the topology is published but not enabled: it takes no effect yet"}},
      {"routes_that_policy_does_not_enable",
       [](Organization& o, Rehearsal& w) {
         o.policy.enable_after_routes = false;
         Change(w, kinds::Enablement("contoso"), "enabled", false);
         Change(w, kinds::Enablement("contoso"), "waiting", "routes");
       },
       {}},
      {"federation_is_not_allowed",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::AccessConfig("contoso"), "enableFederationAccess", false);
       },
       {"traffic I-20: EnableFederationAccess is off: no user may talk to federated partners, "
        "whoever hosts it"}},
      {"sip_flags",
       [](Organization& o, Rehearsal& w) {
         ChangePool(w, o.edge_pools.at("edgepool1"), "federation", false);
         ChangePool(w, o.edge_pools.at("edgepool2"), "federation", true);
       },
       {"traffic I-1: the SIP federation flag of edgepool1 is off, declared is on",
        "traffic I-1: the SIP federation flag of edgepool2 is on, declared is off"}},
      {"xmpp_flag_of_the_host",
       [](Organization& o, Rehearsal& w) {
         ChangePool(w, o.edge_pools.at("edgepool1"), "xmpp", false);
       },
       {"traffic I-4: the XMPP federation flag of edgepool1 is off, declared is on"}},
      {"next_hop",
       [](Organization& o, Rehearsal& w) {
         ChangePool(w, o.edge_pools.at("edgepool1"), "nextHop", "frontend2.contoso.com");
       },
       {"traffic I-18: the next hop of edgepool1 is frontend2.contoso.com, declared is "
        "frontend1.contoso.com"}},
      {"routes",
       [](Organization&, Rehearsal& w) {
         w.things[kinds::SiteRoute("Site2")] =
             Value::Map{{"federation", ""}, {"xmpp", "edgepool2.contoso.com"}};
       },
       {"traffic I-5: the SIP route of Site2 leads to (none), declared is edgepool1",
        "traffic I-5: the XMPP route of Site2 leads to edgepool2, declared is edgepool1"}},
      {"director_leads_there",
       [](Organization& o, Rehearsal& w) {
         o.directors["d"].fqdn = "director.contoso.com";
         o.directors["d"].edge_pool = "edgepool1";
         w.things[kinds::SiteRoute("Site2")].Set("federation", "director.contoso.com");
       },
       {}},
      {"director_leads_astray",
       [](Organization& o, Rehearsal& w) {
         o.directors["d"].fqdn = "director.contoso.com";
         o.directors["d"].edge_pool = "edgepool2";
         w.things[kinds::SiteRoute("Site2")].Set("federation", "director.contoso.com");
       },
       {"traffic I-5: the SIP route of Site2 leads to director.contoso.com, declared is "
        "edgepool1"}},
      {"association",
       [](Organization&, Rehearsal& w) {
         w.things[kinds::EdgeAssociation("frontend1.contoso.com")].Set("edgePool",
                                                                       "edgepool2.contoso.com");
       },
       {"traffic I-6: conferencing of frontend1 uses edgepool2, declared is edgepool1"}},
      {"association_disagrees_with_itself",
       [](Organization&, Rehearsal& w) {
         w.things[kinds::EdgeAssociation("frontend1.contoso.com")].Set("consistent", false);
       },
       {"traffic I-6: conferencing of frontend1 uses several Edge pools, declared is edgepool1"}},
      {"users_elsewhere",
       [](Organization& o, Rehearsal& w) {
         o.front_end_pools.at("frontend1").served_by = FrontEndPool::ServedBy::kHome;
         w.things[kinds::PoolFailover("frontend1.contoso.com")].Set("servedBy", "backup");
       },
       {"redundancy P3: the users of frontend1 are served by the backup pool, declared is home"}},
      {"designation_unreachable",
       [](Organization&, Rehearsal& w) { w.unreachable.insert(kinds::SiteRoute("Site2")); },
       {"unknown I-5: could not look at SiteRoute/Site2: it is away"}},
  };
}

std::vector<Row> ServerRows() {
  return {
      {"service_runs_and_does_not_listen",
       [](Organization&, Rehearsal& w) {
         for (const char* server : {"edge1a.contoso.com", "edge2a.contoso.com"})
           for (const Protocol protocol : kProtocols)
             Change(w, kinds::EdgeService(server, Role(protocol)), "listening", false);
       },
       {"traffic I-19: accessEdge runs on edge1a.contoso.com of edgepool1 and does not listen",
        "traffic I-19: xmppProxy runs on edge1a.contoso.com of edgepool1 and does not listen"}},
      {"target_is_an_alias",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::DnsRecordSet("xmpp.contoso.com", "A"), "alias", "edge.contoso.net");
         Change(w, kinds::DnsRecordSet("xmpp.contoso.com", "A"), "records", Value::List{});
       },
       {"traffic I-11: xmpp.contoso.com/A, which an SRV record names, is an alias (CNAME) of "
        "edge.contoso.net"}},
      {"partner_does_not_let_the_host_in",
       [](Organization& o, Rehearsal&) {
         Partner& partner = o.partners["fabrikam.com"];
         partner.domain = "fabrikam.com";
         partner.sip = true;
         partner.accepts_names = {"sip2.contoso.com"};
       },
       {"traffic D19.1: fabrikam.com does not let sip.contoso.com in, and SIP federation is hosted "
        "there"}},
      {"host_service_stopped",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::EdgeService(kServer, "accessEdge"), "state", "stopped");
       },
       {"traffic I-19: accessEdge does not run on edge1b.contoso.com of edgepool1",
        "redundancy I-19: 203.0.113.12:5061 of edgepool1 is refused (3 of 3 vantages)"}},
      {"nobody_inside",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::EdgeService("edge1a.contoso.com", "accessEdge"), "waysInside", 2);
         Change(w, kinds::EdgeService(kServer, "accessEdge"), "waysInside", 0);
         Change(w, kinds::EdgeService("edge2a.contoso.com", "accessEdge"), "waysInside", 0);
       },
       {"traffic k.5: edge1b.contoso.com of edgepool1 has no way inside",
        "redundancy k.5: edge2a.contoso.com of edgepool2 has no way inside"}},
      {"nobody_inside_of_what_does_not_run",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::EdgeService("edge2a.contoso.com", "accessEdge"), "waysInside", 0);
         Change(w, kinds::EdgeService("edge2a.contoso.com", "accessEdge"), "state", "stopped");
       },
       {"redundancy I-19: accessEdge does not run on edge2a.contoso.com of edgepool2"}},
      {"other_service_stopped",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::EdgeService(kServer, "webConf"), "state", "stopped");
       },
       {"redundancy I-19: webConf does not run on edge1b.contoso.com of edgepool1"}},
      {"idle_proxy_may_rest",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::EdgeService("edge2a.contoso.com", "xmppProxy"), "state", "stopped");
       },
       {}},
      {"standby_proxy_stopped",
       [](Organization& o, Rehearsal& w) {
         Xmpp(o).style = XmppDnsStyle::kStaticSrv;
         Xmpp(o).order = {"edgepool2"};
         Change(w,
                kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV"),
                "records",
                Value::List{"10 0 5269 sip.contoso.com", "20 0 5269 sip2.contoso.com"});
         Change(w, kinds::EdgeService("edge2a.contoso.com", "xmppProxy"), "state", "stopped");
       },
       {"redundancy I-19: xmppProxy does not run on edge2a.contoso.com of edgepool2"}},
      {"standby_flag_off",
       [](Organization& o, Rehearsal& w) {
         Xmpp(o).style = XmppDnsStyle::kStaticSrv;
         Xmpp(o).order = {"edgepool2"};
         Change(w,
                kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV"),
                "records",
                Value::List{"10 0 5269 sip.contoso.com", "20 0 5269 sip2.contoso.com"});
         ChangePool(w, o.edge_pools.at("edgepool2"), "xmpp", false);
       },
       {"redundancy I-4: the XMPP federation flag of edgepool2 is off, declared is on"}},
      {"components_of_the_host",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::EdgeComponents(kServer), "federation", false);
       },
       {"traffic I-14: the components of edge1b.contoso.com are installed without SIP federation, "
        "the topology says with",
        "redundancy I-19: 203.0.113.12:5061 of edgepool1 is refused (3 of 3 vantages)"}},
      {"components_of_another",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::EdgeComponents("edge2a.contoso.com"), "federation", true);
       },
       {"redundancy I-14: the components of edge2a.contoso.com are installed with SIP federation, "
        "the topology says without"}},
      {"installed_next_hop",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::EdgeComponents(kServer), "nextHop", "");
       },
       {"traffic I-14: the components of edge1b.contoso.com hand over to (empty), declared is "
        "frontend1.contoso.com"}},
      {"streams_left",
       [](Organization&, Rehearsal& w) {
         Change(w, kinds::Streams("edge2a.contoso.com", "xmpp"), "count", 3);
         Change(w, kinds::Streams("edge2b.contoso.com", "sip"), "count", 1);
       },
       {"traffic D8: 3 xmpp streams still end on edge2a.contoso.com, whose pool hosts no XMPP "
        "federation",
        "traffic D8: 1 sip stream still ends on edge2b.contoso.com, whose pool hosts no SIP "
        "federation"}},
      {"zombie",
       [](Organization& o, Rehearsal& w) {
         DeclareDead(o.edge_pools.at("edgepool2"));
         for (const char* server : {"edge2a.contoso.com", "edge2b.contoso.com"})
           Change(w, kinds::EdgeService(server, "accessEdge"), "state", "stopped");
         Change(w, kinds::EdgeService("edge2a.contoso.com", "xmppProxy"), "state", "stopped");
       },
       {"traffic D12: edge2a.contoso.com of edgepool2, which is out of service, would answer xmpp "
        "by "
        "itself: it is installed for it",
        "traffic D12: edgepool2 is declared out of service but answers: 198.51.100.21:5269 refused "
        "(3 of 3 vantages), 198.51.100.22:5269 open (3 of 3 vantages)"}},
      {"fence_has_run_out",
       [](Organization& o, Rehearsal& w) {
         DeclareDead(o.edge_pools.at("edgepool2"));
         CutPower(o.edge_pools.at("edgepool2"), w);
         w.things[kinds::Fence("198.51.100.21", 5061)] =
             Value::Map{{"mode", "drop"}, {"expires", "1969-12-31T22:00:00+00:00"}};
       },
       {"redundancy D15: the fence before 198.51.100.21/5061 of edgepool2 ran out at 1969-12-31 "
        "22:00 UTC, and the pool is still out of service"}},
      {"server_unreachable",
       [](Organization&, Rehearsal& w) {
         w.unreachable.insert(kinds::EdgeComponents("edge2a.contoso.com"));
       },
       {"unknown I-14: could not look at EdgeComponents/edge2a.contoso.com: it is away"}},
  };
}

std::vector<Row> OutsideRows() {
  const ResourceId floating = kinds::DnsRecordSet("xmpp.contoso.com", "A");
  return {
      {"address_missing",
       [=](Organization&, Rehearsal& w) {
         Change(w, floating, "records", Value::List{"203.0.113.11"});
       },
       {"redundancy I-12: xmpp.contoso.com/A is 203.0.113.11, declared is 203.0.113.11, "
        "203.0.113.12"}},
      {"address_astray",
       [=](Organization&, Rehearsal& w) {
         Change(w, floating, "records", Value::List{"198.51.100.21", "203.0.113.11"});
       },
       {"traffic I-12: xmpp.contoso.com/A is 198.51.100.21, 203.0.113.11, declared is "
        "203.0.113.11, 203.0.113.12"}},
      {"no_record",
       [=](Organization&, Rehearsal& w) { w.things.erase(floating); },
       {"traffic I-12: xmpp.contoso.com/A is (none), declared is 203.0.113.11, 203.0.113.12"}},
      {"locators",
       [](Organization&, Rehearsal& w) {
         for (const char* name :
              {"_xmpp-server._tcp.contoso.com", "_sipfederationtls._tcp.contoso.com"})
           Change(
               w, kinds::DnsRecordSet(name, "SRV"), "records", Value::List{"0 0 1 a.contoso.com"});
       },
       {"traffic I-8: _sipfederationtls._tcp.contoso.com/SRV is 0 0 1 a.contoso.com, declared is 0 "
        "0 "
        "5061 sip.contoso.com",
        "traffic I-9: _xmpp-server._tcp.contoso.com/SRV is 0 0 1 a.contoso.com, declared is 0 0 "
        "5269 "
        "xmpp.contoso.com"}},
      {"ttl",
       [=](Organization&, Rehearsal& w) { Change(w, floating, "ttl", 3600); },
       {"cosmetic goal: the TTL of xmpp.contoso.com/A is 3600 s, declared is 300 s"}},
      {"ttl_of_a_remote_access_name_is_theirs",
       [](Organization& o, Rehearsal& w) {
         o.domains.at("contoso.com").remote_access_order = {"edgepool1"};
         Change(w, kinds::DnsRecordSet("sip.contoso.com", "A"), "ttl", 3600);
       },
       {}},
      {"record_unreachable",
       [=](Organization&, Rehearsal& w) { w.unreachable.insert(floating); },
       {"unknown I-12: could not look at DnsRecordSet/xmpp.contoso.com/A: it is away"}},
      {"one_vantage_is_walled_off",
       [](Organization&, Rehearsal& w) {
         w.walls.insert({kinds::Reachability("203.0.113.11", 5269), "b"});
       },
       {"redundancy I-19: 203.0.113.11:5269 of edgepool1 is filtered (1 of 3 vantages)"}},
      {"nothing_answers",
       [](Organization& o, Rehearsal& w) {
         for (const char* address : {"203.0.113.11", "203.0.113.12"}) {
           for (const std::string& vantage : o.policy.vantages)
             w.walls.insert({kinds::Reachability(address, 5269), vantage});
         }
       },
       {"traffic I-19: 203.0.113.11:5269 of edgepool1 is filtered (3 of 3 vantages)",
        "traffic I-19: 203.0.113.12:5269 of edgepool1 is filtered (3 of 3 vantages)"}},
      {"vantages_are_blind",
       [](Organization&, Rehearsal& w) {
         w.unreachable.insert(kinds::Reachability("203.0.113.11", 5269));
       },
       {"unknown I-19: could not look at 203.0.113.11:5269 of edgepool1: it is away"}},
  };
}

class DifferencesTest : public testing::TestWithParam<Row> {};

TEST_P(DifferencesTest, AreSaid) {
  Organization organization = TwoSites();
  Rehearsal world = HealthyWorld(organization);
  GetParam().arrange(organization, world);
  const auto differences = Differences(organization, world.ObserveAll());
  EXPECT_THAT(Lines(differences), ElementsAreArray(GetParam().lines));
}

std::string NameOf(const testing::TestParamInfo<Row>& row) { return row.param.name; }

INSTANTIATE_TEST_SUITE_P(Designations,
                         DifferencesTest,
                         testing::ValuesIn(DesignationRows()),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Servers, DifferencesTest, testing::ValuesIn(ServerRows()), NameOf);
INSTANTIATE_TEST_SUITE_P(Outside, DifferencesTest, testing::ValuesIn(OutsideRows()), NameOf);

TEST(DifferencesTest, DisagreementIsTraffic) {
  const Organization organization = TwoSites();
  ObservedState observed = HealthyWorld(organization).ObserveAll();
  observed.observations[{kinds::DnsRecordSet("xmpp.contoso.com", "A"), ""}].properties.Set(
      "disagreement", "ns2 is at serial 7");
  EXPECT_THAT(Lines(Differences(organization, observed)),
              testing::ElementsAre("traffic I-12: the authoritative servers of xmpp.contoso.com/A "
                                   "disagree: ns2 is at serial 7"));
}

TEST(DifferencesTest, InsideThatCouldNotBeReadIsUnknown) {
  const Organization organization = TwoSites();
  ObservedState observed = HealthyWorld(organization).ObserveAll();
  Observation& seen =
      observed.observations[{kinds::EdgeService("edge1a.contoso.com", "accessEdge"), ""}];
  seen.unknown = {"waysInside"};
  seen.reason = "it is busy";
  EXPECT_THAT(Lines(Differences(organization, observed)),
              testing::ElementsAre("unknown k.5: could not read waysInside of "
                                   "EdgeService/edge1a.contoso.com/accessEdge: it is busy"));
}

TEST(DifferencesTest, OneVantageNeedsNoCount) {
  Organization organization = TwoSites();
  organization.policy.vantages.clear();
  organization.policy.vantages_required = 1;
  Rehearsal world = HealthyWorld(organization);
  world.walls.insert({kinds::Reachability("203.0.113.11", 5061), ""});
  EXPECT_THAT(Lines(Differences(organization, world.ObserveAll())),
              testing::ElementsAre("redundancy I-19: 203.0.113.11:5061 of edgepool1 is filtered"));
}

TEST(DifferencesTest, FingerprintIsOfWhatIsWanted) {
  Organization organization = TwoSites();
  Rehearsal world = HealthyWorld(organization);
  const ResourceId floating = kinds::DnsRecordSet("xmpp.contoso.com", "A");
  const auto fingerprint = [&](Value::List records) {
    Change(world, floating, "records", std::move(records));
    return Differences(organization, world.ObserveAll()).front().Fingerprint();
  };
  const std::string first = fingerprint({"203.0.113.11"});
  EXPECT_EQ(first, fingerprint({"192.0.2.1"})) << "the same difference, however it looks by now";
  organization.domains.at("contoso.com").xmpp->host = "im.contoso.com";
  EXPECT_NE(first, fingerprint({"203.0.113.11"}));
}

}  // namespace
}  // namespace poolshift
