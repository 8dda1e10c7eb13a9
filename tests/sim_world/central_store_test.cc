// Topology, routes, associations, pool failover, and the copies that follow the central store.
#include <gmock/gmock.h>

#include "tests/sim_world/two_sites.h"

namespace poolshift::sim {
namespace {

using testing::HasSubstr;

class CentralStoreTest : public WorldTest {
 protected:
  std::int64_t Watermark() const {
    return Look(kinds::CentralStore("contoso")).properties.IntegerOr("watermark", -1);
  }
  std::string Held(std::string_view server) const {
    return See(kinds::Replica(server), "watermark");
  }
};

TEST_F(CentralStoreTest, TopologyShowsEveryPool) {
  const Observation seen = Look(kinds::Topology("contoso"));
  EXPECT_EQ(CanonicalText(*seen.properties.Find("pools")->Find("edge1.contoso.com")),
            R"({"federation":true,"nextHop":"fe1.contoso.com","xmpp":true})");
  EXPECT_EQ(seen.properties.Find("pools")->map().size(), 3u);
  EXPECT_EQ(Violations(*kinds::FindKindSchema(kinds::kTopology), seen.properties),
            std::vector<std::string>());
}

TEST_F(CentralStoreTest, EveryWriteRaisesTheWatermark) {
  Must(kinds::Topology("contoso"), Flags("edge2.contoso.com", Value::Map{{"federation", true}}));
  EXPECT_EQ(Watermark(), 11);
  Route("Site2", "edge2.contoso.com");
  EXPECT_EQ(Watermark(), 12);
  EXPECT_EQ(See(kinds::SiteRoute("Site2"), "watermark"), "12");
  Must(kinds::EdgeAssociation("fe1.contoso.com"), Value::Map{{"edgePool", "edge2.contoso.com"}});
  EXPECT_EQ(Watermark(), 13);
  EXPECT_EQ(See(kinds::EdgeAssociation("fe1.contoso.com"), "watermark"), "13");
}

TEST_F(CentralStoreTest, WhatIsWrittenWaitsToBeEnabled) {
  const ResourceId id = kinds::Enablement("contoso");
  Must(kinds::Topology("contoso"), Flags("edge2.contoso.com", Value::Map{{"federation", true}}));
  EXPECT_EQ(See(id, "enabled"), "true");
  Route("Site2", "edge2.contoso.com");
  EXPECT_EQ(See(id, "enabled"), "false");
  EXPECT_EQ(See(id, "waiting"), R"("routes")");
  Must(id, Value::Map{{"enabled", true}}, Value::Map{{"enabled", false}});
  EXPECT_EQ(See(id, "waiting"), R"("")");
  EXPECT_EQ(Watermark(), 12) << "enabling writes nothing";
  Route("Site2", "edge1.contoso.com");
  Must(kinds::Topology("contoso"), Flags("edge2.contoso.com", Value::Map{{"federation", false}}));
  EXPECT_EQ(See(id, "enabled"), "true") << "a publish enables what waited before it";
}

TEST_F(CentralStoreTest, RepeatedWriteIsNoWrite) {
  Route("Site1", "edge1.contoso.com");
  Must(kinds::Topology("contoso"), Flags("edge1.contoso.com", Value::Map{{"xmpp", true}}));
  EXPECT_EQ(Watermark(), 10);
}

TEST_F(CentralStoreTest, TopologyChangeMergesMembers) {
  Must(kinds::Topology("contoso"),
       Value::Map{{"pools",
                   Value::Map{{"edge1.contoso.com", Value::Map{{"federation", false}}},
                              {"edge2.contoso.com", Value::Map{{"federation", true}}}}}},
       Value::Map{{"pools",
                   Value::Map{{"edge1.contoso.com", Value::Map{{"federation", true}}},
                              {"edge2.contoso.com", Value::Map{{"federation", false}}}}}});
  const Value pools = *Look(kinds::Topology("contoso")).properties.Find("pools");
  EXPECT_EQ(CanonicalText(*pools.Find("edge1.contoso.com")),
            R"({"federation":false,"nextHop":"fe1.contoso.com","xmpp":true})");
  EXPECT_EQ(CanonicalText(*pools.Find("edge2.contoso.com")),
            R"({"federation":true,"nextHop":"fe2.contoso.com","xmpp":true})");
  EXPECT_EQ(Watermark(), 11);  // one document, one write
}

TEST_F(CentralStoreTest, TwoFederatedPoolsOnlyWarn) {
  const ChangeResult result =
      Do(kinds::Topology("contoso"), Flags("edge2.contoso.com", Value::Map{{"federation", true}}));
  EXPECT_EQ(result.verdict, ChangeResult::Verdict::kDone);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_THAT(result.warnings[0],
              HasSubstr("Warning: The topology contains more than one Federated Edge Server"));
}

TEST_F(CentralStoreTest, RouteToUnflaggedPoolOnlyWarns) {
  const ChangeResult result =
      Do(kinds::Topology("contoso"), Flags("edge1.contoso.com", Value::Map{{"federation", false}}));
  EXPECT_EQ(result.verdict, ChangeResult::Verdict::kDone);
  ASSERT_EQ(result.warnings.size(), 2u);  // one per site
  EXPECT_THAT(result.warnings[0], HasSubstr("Site1 names edge1.contoso.com"));
}

TEST_F(CentralStoreTest, DifferentBeforeIsConflict) {
  const ChangeResult result = Do(kinds::SiteRoute("Site1"),
                                 Value::Map{{"xmpp", "edge2.contoso.com"}},
                                 Value::Map{{"xmpp", "edge3.contoso.com"}});
  EXPECT_EQ(result.verdict, ChangeResult::Verdict::kConflict);
  EXPECT_THAT(result.message, HasSubstr("SiteRoute/Site1 is not what the plan saw"));
  EXPECT_EQ(See(kinds::SiteRoute("Site1"), "xmpp"), R"("edge1.contoso.com")");
  EXPECT_EQ(Watermark(), 10);
}

struct RefusedChange {
  const char* name;
  ResourceId target;
  Value after;
  const char* reason;
};

class CentralStoreRefusals : public CentralStoreTest,
                             public testing::WithParamInterface<RefusedChange> {};

TEST_P(CentralStoreRefusals, NameTheReason) {
  const World before = world;
  EXPECT_THAT(WhyNot(GetParam().target, GetParam().after), HasSubstr(GetParam().reason));
  EXPECT_EQ(TreeOf(world), TreeOf(before)) << "a refused change must change nothing";
}

Value OneFlag(std::string_view pool, Value::Map members) {
  return Value::Map{{"pools", Value::Map{{std::string(pool), std::move(members)}}}};
}

INSTANTIATE_TEST_SUITE_P(
    All,
    CentralStoreRefusals,
    testing::Values(
        RefusedChange{"XmppRouteToUnflagged",
                      kinds::SiteRoute("Site1"),
                      Value::Map{{"xmpp", "edge3.contoso.com"}},
                      "not enabled for XMPP federation (port 5269)"},
        RefusedChange{"SipRouteToUnflagged",
                      kinds::SiteRoute("Site1"),
                      Value::Map{{"federation", "edge2.contoso.com"}},
                      "not enabled for federation (port 5061)"},
        RefusedChange{"RouteToUnknown",
                      kinds::SiteRoute("Site1"),
                      Value::Map{{"xmpp", "edge9.contoso.com"}},
                      "Cannot find the service \"EdgeServer:edge9.contoso.com\""},
        RefusedChange{"RouteToServer",
                      kinds::SiteRoute("Site1"),
                      Value::Map{{"xmpp", "e2a.contoso.com"}},
                      "it is a server. Name its pool, edge2.contoso.com"},
        RefusedChange{"XmppRouteToDirector",
                      kinds::SiteRoute("Site1"),
                      Value::Map{{"xmpp", "dir.contoso.com"}},
                      "Cannot find the service"},
        RefusedChange{
            "UnknownSite", kinds::SiteRoute("Site9"), Value::Map{{"xmpp", ""}}, "no site `Site9`"},
        RefusedChange{"UnknownPool",
                      kinds::Topology("contoso"),
                      OneFlag("edge9.contoso.com", {{"xmpp", true}}),
                      "no Edge pool \"edge9.contoso.com\""},
        RefusedChange{"UnknownMember",
                      kinds::Topology("contoso"),
                      OneFlag("edge1.contoso.com", {{"sip", true}}),
                      "`sip` of edge1.contoso.com"},
        RefusedChange{"UnknownNextHop",
                      kinds::Topology("contoso"),
                      OneFlag("edge1.contoso.com", {{"nextHop", "fe9.contoso.com"}}),
                      "next hop \"fe9.contoso.com\""},
        RefusedChange{"AssociationToUnknown",
                      kinds::EdgeAssociation("fe1.contoso.com"),
                      Value::Map{{"edgePool", "edge9.contoso.com"}},
                      "Cannot find the service"},
        RefusedChange{"FailoverOfNextHop",
                      kinds::PoolFailover("fe1.contoso.com"),
                      Value::Map{{"servedBy", "backup"}},
                      "Invoke-CsPoolFailOver : This Front-end pool \"fe1.contoso.com\" is "
                      "specified in topology as "
                      "the next hop for the Edge server."},
        RefusedChange{"FailoverWithoutBackup",
                      kinds::PoolFailover("fe4.contoso.com"),
                      Value::Map{{"servedBy", "backup"}},
                      "has no backup pool"},
        RefusedChange{"FailoverToNowhere",
                      kinds::PoolFailover("fe3.contoso.com"),
                      Value::Map{{"servedBy", "elsewhere"}},
                      "neither home nor backup"},
        RefusedChange{"ObservedOnlyKind",
                      kinds::Replica("fe1a.contoso.com"),
                      Value::Map{{"watermark", 1}},
                      "observed only"},
        RefusedChange{"StoreToUnpairedPool",
                      kinds::CentralStore("contoso"),
                      Value::Map{{"activeMaster", "fe4.contoso.com"}},
                      "holds no backup of the Central Management store"},
        RefusedChange{
            "WrongType", kinds::SiteRoute("Site1"), Value::Map{{"xmpp", 5}}, "wrong type"}),
    [](const auto& row) { return row.param.name; });

TEST_F(CentralStoreTest, FederationRouteMayNameDirector) {
  Must(kinds::SiteRoute("Site1"), Value::Map{{"federation", "dir.contoso.com"}});
  EXPECT_EQ(See(kinds::SiteRoute("Site1"), "federation"), R"("dir.contoso.com")");
}

TEST_F(CentralStoreTest, RoutesCanBeUnset) {
  Must(kinds::SiteRoute("Site1"), Value::Map{{"federation", ""}});
  EXPECT_EQ(See(kinds::SiteRoute("Site1"), "federation"), R"("")");
  EXPECT_EQ(See(kinds::SiteRoute("Site1"), "xmpp"), R"("edge1.contoso.com")");
}

TEST_F(CentralStoreTest, StaleOtherRouteIsNotChecked) {
  Must(kinds::Topology("contoso"), Flags("edge1.contoso.com", Value::Map{{"federation", false}}));
  Must(kinds::SiteRoute("Site1"),
       Value::Map{{"federation", "edge1.contoso.com"}, {"xmpp", "edge2.contoso.com"}});
}

TEST_F(CentralStoreTest, DeadMasterReadsButRefusesWrites) {
  Power("fe2a.contoso.com", false);
  EXPECT_EQ(See(kinds::CentralStore("contoso"), "alive"), "false");
  EXPECT_EQ(See(kinds::CentralStore("contoso"), "activeMaster"), R"("")");
  EXPECT_EQ(See(kinds::SiteRoute("Site1"), "xmpp"), R"("edge1.contoso.com")");
  EXPECT_THAT(WhyNot(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", "edge2.contoso.com"}}),
              HasSubstr("Set-CsSite : Could not connect to SQL server"));
  EXPECT_THAT(
      WhyNot(kinds::Topology("contoso"), Flags("edge1.contoso.com", Value::Map{{"xmpp", false}})),
      HasSubstr("Publish-CsTopology : Could not connect to SQL server"));
  EXPECT_THAT(WhyNot(kinds::EdgeAssociation("fe1.contoso.com"), Value::Map{{"edgePool", ""}}),
              HasSubstr("store on fe2.contoso.com is down"));
  EXPECT_THAT(WhyNot(kinds::PoolFailover("fe3.contoso.com"), Value::Map{{"servedBy", "backup"}}),
              HasSubstr("Invoke-CsPoolFailOver : Could not connect"));
}

TEST_F(CentralStoreTest, AssociationSetsAllThreeServices) {
  Load(Replaced(
      kTwoSites,
      "edgePool: edge2.contoso.com, backupPool: fe1",
      "edgePool: {registrar: edge2.contoso.com, conferencing: edge1.contoso.com, mediation: "
      "edge2.contoso.com}, backupPool: fe1"));
  EXPECT_EQ(See(kinds::EdgeAssociation("fe2.contoso.com"), "consistent"), "false");
  EXPECT_EQ(See(kinds::EdgeAssociation("fe2.contoso.com"), "edgePool"), R"("edge2.contoso.com")");
  const World disagreeing = world;
  Must(kinds::EdgeAssociation("fe2.contoso.com"), Value::Map{{"edgePool", "edge1.contoso.com"}});
  EXPECT_EQ(See(kinds::EdgeAssociation("fe2.contoso.com"), "consistent"), "true");
  // Also to the pool that one of them uses already.
  world = disagreeing;
  Must(kinds::EdgeAssociation("fe2.contoso.com"),
       Value::Map{{"edgePool", "edge2.contoso.com"}, {"consistent", true}});
  EXPECT_EQ(See(kinds::EdgeAssociation("fe2.contoso.com"), "consistent"), "true");
  EXPECT_EQ(See(kinds::EdgeAssociation("fe2.contoso.com"), "edgePool"), R"("edge2.contoso.com")");
}

TEST_F(CentralStoreTest, FailoverAndFailbackOfFrontEnds) {
  const ResourceId pool = kinds::PoolFailover("fe3.contoso.com");
  Must(pool, Value::Map{{"servedBy", "backup"}}, Value::Map{{"servedBy", "home"}});
  EXPECT_EQ(See(pool, "servedBy"), R"("backup")");
  EXPECT_EQ(Watermark(), 10) << "pool failover is no write of the topology";
  Power("fe3a.contoso.com", false);
  EXPECT_THAT(WhyNot(pool, Value::Map{{"servedBy", "home"}}), HasSubstr("does not answer"));
  Power("fe3a.contoso.com", true);
  Must(pool, Value::Map{{"servedBy", "home"}});
}

// ---- copies ----

TEST_F(CentralStoreTest, CopiesLagByTheDelay) {
  Route("Site1", "edge1.contoso.com");  // no write
  Must(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  EXPECT_EQ(Held("e1a.contoso.com"), "10");
  Pass(absl::Seconds(9));
  EXPECT_EQ(Held("e1a.contoso.com"), "10");
  Pass(absl::Seconds(1));
  EXPECT_EQ(Held("e1a.contoso.com"), "11");
  EXPECT_EQ(Held("fe1a.contoso.com"), "11");
}

TEST_F(CentralStoreTest, EachWriteArrivesOnItsOwn) {
  Must(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  Pass(absl::Seconds(6));
  Must(kinds::SiteRoute("Site2"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  Pass(absl::Seconds(5));
  EXPECT_EQ(Held("e1a.contoso.com"), "11");
  Pass(absl::Seconds(5));
  EXPECT_EQ(Held("e1a.contoso.com"), "12");
}

TEST_F(CentralStoreTest, StoppedReplicaServiceStaysBehind) {
  SetService("e1a.contoso.com", "replica", "stopped");
  Must(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  Pass(absl::Hours(1));
  EXPECT_EQ(Held("e1a.contoso.com"), "10");
  EXPECT_EQ(Held("e1b.contoso.com"), "11");
  SetService("e1a.contoso.com", "replica", "running");
  Pass(absl::Seconds(9));
  EXPECT_EQ(Held("e1a.contoso.com"), "10") << "the delay begins when the service starts";
  Pass(absl::Seconds(1));
  EXPECT_EQ(Held("e1a.contoso.com"), "11");
}

TEST_F(CentralStoreTest, PoweredOffCopyStaysBehind) {
  Power("e1a.contoso.com", false);
  Must(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  Pass(absl::Hours(1));
  EXPECT_EQ(Held("e1a.contoso.com"), "unreachable");
  Power("e1a.contoso.com", true);
  EXPECT_EQ(Held("e1a.contoso.com"), "10");
  Pass(absl::Seconds(10));
  EXPECT_EQ(Held("e1a.contoso.com"), "11");
}

TEST_F(CentralStoreTest, CopiesStopWhenTheMasterDies) {
  Must(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  Pass(absl::Seconds(5));
  Power("fe2a.contoso.com", false);
  Pass(absl::Hours(1));
  EXPECT_EQ(Held("e1a.contoso.com"), "10");
  Power("fe2a.contoso.com", true);
  Pass(absl::Seconds(10));
  EXPECT_EQ(Held("e1a.contoso.com"), "11");
}

TEST_F(CentralStoreTest, FirewallKeepsTheMasterOut) {
  Load(std::string(kTwoSites) +
       "firewall: [{from: fe2.contoso.com, to: e1a.contoso.com, port: 4443}]\n");
  Must(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  Pass(absl::Hours(1));
  EXPECT_EQ(Held("e1a.contoso.com"), "10");
  EXPECT_EQ(Held("e1b.contoso.com"), "11");
}

}  // namespace
}  // namespace poolshift::sim
