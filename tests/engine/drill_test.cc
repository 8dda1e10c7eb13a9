// The drill supposes a death over a healthy world, and must find exactly what a test has broken.
#include "controller/engine/drill.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/federation/observing.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

OfferedKinds Everything() {
  OfferedKinds offered;
  for (const KindSchema& schema : kinds::KindSchemas())
    offered["world"].push_back(schema.kind);
  return offered;
}

absl::Time Now() { return absl::FromCivil(absl::CivilDay(2026, 11, 21), absl::UTCTimeZone()); }

Supposition DeathOf(const std::string& pool) {
  return {Supposition::Kind::kPool, pool, {pool}, {}};
}

class DrillTest : public ::testing::Test {
 protected:
  DrillTest() : organization_(TwoSites()), world_(HealthyWorld(organization_)) {
    organization_.edge_pools.at("edgepool1").stand_in = "edgepool2";
    organization_.edge_pools.at("edgepool2").stand_in = "edgepool1";
  }

  ObservedState Observe() const {
    ObservedState observed = world_.ObserveAll();
    for (const ObservationKey& key : DrillToObserve(organization_, observed))
      observed.observations.insert_or_assign(key, world_.Look(key));
    return observed;
  }

  DrillRow Suppose(const Supposition& death) {
    world_.SetOrganization(organization_);
    const ObservedState observed = Observe();
    const Assignment assignment(organization_, Everything());
    const auto row = RunDrill({organization_, observed, assignment, Now()}, death);
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() ? *row : DrillRow{};
  }

  static std::string Texts(const DrillRow& row) {
    std::string text;
    for (const Shortfall& each : row.shortfalls)
      text += each.topic + ": " + each.text + '\n';
    return text;
  }

  Organization organization_;
  Rehearsal world_;
};

TEST_F(DrillTest, HostIsReplacedByItsStandIn) {
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_EQ(Texts(row), "");
  EXPECT_TRUE(row.is_ready());
  EXPECT_EQ(row.successors.federation, "edgepool2");
  EXPECT_EQ(row.successors.xmpp, "edgepool2");
  EXPECT_GT(row.plan.mutations(), 3);
  ASSERT_FALSE(row.plan.situations.empty());
  EXPECT_EQ(row.plan.situations.front().name, "failover");
  EXPECT_GT(row.ours, absl::ZeroDuration());
  EXPECT_EQ(row.caches, absl::Seconds(300)) << "the TTL of the records that the plan changes";
}

TEST_F(DrillTest, DeathOfPoolThatHostsNothingNeedsNothing) {
  const DrillRow row = Suppose(DeathOf("edgepool2"));
  EXPECT_TRUE(row.has_plan());
  EXPECT_EQ(row.successors.federation, "");
  EXPECT_EQ(row.plan.mutations(), 1) << "only the conferencing of its Front End pool moves";
}

TEST_F(DrillTest, BothPoolsDeadIsNoPlan) {
  const Supposition both{Supposition::Kind::kPair, "both", {"edgepool1", "edgepool2"}, {}};
  const DrillRow row = Suppose(both);
  EXPECT_FALSE(row.has_plan());
  EXPECT_THAT(row.plan.refusals.front().text, HasSubstr("there is no other Edge pool"));
}

TEST_F(DrillTest, CertificateThatEndsSoonIsNotReady) {
  Change(world_,
         kinds::Certificate("edge2a.contoso.com", "accessEdgeExternal"),
         "notAfter",
         "2026-12-01T00:00:00Z");
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_TRUE(row.has_plan());
  EXPECT_FALSE(row.is_ready());
  EXPECT_EQ(Texts(row),
            "certificate: the certificate of edge2a.contoso.com ends on 2026-12-01, in 10 days\n");
  EXPECT_THAT(Suppose(DeathOf("edgepool2")).shortfalls, IsEmpty())
      << "a pool that dies needs no certificate";
}

TEST_F(DrillTest, CertificateWithoutTheDomainIsNotReady) {
  Change(world_,
         kinds::Certificate("edge2b.contoso.com", "accessEdgeExternal"),
         "names",
         Value::List{"sip2.contoso.com"});
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_FALSE(row.has_plan());
  EXPECT_EQ(Texts(row),
            "certificate: the certificate of edge2b.contoso.com does not cover contoso.com\n");
}

TEST_F(DrillTest, StaleReplicaAndStoppedServiceAreNotReady) {
  world_.written = 7;
  for (const char* server : {"edge1a", "edge1b", "edge2b", "fe1a", "fe1b", "fe2a", "fe2b"})
    Change(world_, kinds::Replica(std::string(server) + ".contoso.com"), "watermark", 7);
  Change(world_, kinds::EdgeService("edge2b.contoso.com", "accessEdge"), "state", "stopped");
  Change(world_, kinds::EdgeService("edge2b.contoso.com", "xmppProxy"), "state", "stopped");
  EXPECT_EQ(Texts(Suppose(DeathOf("edgepool1"))),
            "replica: the local replica of edge2a.contoso.com does not hold the newest topology\n"
            "services: accessEdge on edge2b.contoso.com is stopped\n")
      << "a stopped XMPP proxy is how a standby looks";
}

TEST_F(DrillTest, FilteredPortIsNotReady) {
  world_.walls.insert({kinds::Reachability("198.51.100.21", 5269), "b"});
  EXPECT_EQ(Texts(Suppose(DeathOf("edgepool1"))),
            "firewall: 198.51.100.21:5269 is filtered from b\n");
}

TEST_F(DrillTest, StandbyWithoutWayInsideIsNotReady) {
  const auto ways = [this](const char* server, int count) {
    Change(world_, kinds::EdgeService(server, "accessEdge"), "waysInside", count);
  };
  ways("edge2a.contoso.com", 0);
  ways("edge2b.contoso.com", 0);
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_TRUE(row.has_plan()) << "who is inside may come back: the plan waits";
  EXPECT_EQ(Texts(row), "inside: no server of edgepool2 has a way inside; edge2b.contoso.com\n");
  EXPECT_EQ(row.shortfalls.front().rule, "k.5");
  EXPECT_EQ(Texts(Suppose(DeathOf("edgepool2"))), "") << "it hosts nothing";
  ways("edge2b.contoso.com", 1);
  EXPECT_EQ(Texts(Suppose(DeathOf("edgepool1"))), "") << "one server is enough";
}

// It does not run, so it says nothing; once it runs the plan's gate looks.
TEST_F(DrillTest, StoppedServerTellsNothingOfItsInside) {
  const ResourceId service = kinds::EdgeService("edge2a.contoso.com", "accessEdge");
  Change(world_, service, "waysInside", 0);
  Change(world_, service, "state", "stopped");
  EXPECT_EQ(Texts(Suppose(DeathOf("edgepool1"))),
            "services: accessEdge on edge2a.contoso.com is stopped\n");
}

// frontend1 is the next hop of the pool that dies, not of its successor.
TEST_F(DrillTest, WallBeforeAnyFrontEndServerIsNotReady) {
  world_.walls.insert({kinds::Reachability("edge2b.contoso.com", 5061), "fe1a.contoso.com"});
  world_.walls.insert({kinds::Reachability("edge2a.contoso.com", 23456), "fe2b.contoso.com"});
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_TRUE(row.has_plan());
  EXPECT_EQ(row.human_actions, 2) << "a person opens them";
  EXPECT_EQ(Texts(row),
            "firewall: edge2b.contoso.com:5061 is filtered from fe1a.contoso.com\n"
            "firewall: edge2a.contoso.com:23456 is filtered from fe2b.contoso.com\n");
}

TEST_F(DrillTest, FrontEndsThatDieTooNeedNoPath) {
  world_.walls.insert({kinds::Reachability("edge2b.contoso.com", 5061), "fe1a.contoso.com"});
  organization_.front_end_pools.at("frontend1").backup_pool = "frontend2";
  const DrillRow row = Suppose(SiteSuppositions(organization_).front());
  EXPECT_EQ(Texts(row), "");
  EXPECT_EQ(row.human_actions, 0);
}

TEST_F(DrillTest, WhatCannotBeSeenIsNotReady) {
  world_.unreachable.insert(kinds::Replica("edge2a.contoso.com"));
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_FALSE(row.is_ready());
  EXPECT_THAT(Texts(row), HasSubstr("cannot look: cannot look at the local replica of edge2a"));
}

TEST_F(DrillTest, LongTtlIsNotReady) {
  Change(world_, kinds::DnsRecordSet("xmpp.contoso.com", "A"), "ttl", 86400);
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_EQ(Texts(row), "TTL: xmpp.contoso.com/A has a TTL of 86400 s, declared are 300 s\n");
  EXPECT_EQ(row.caches, absl::Hours(24));
}

TEST_F(DrillTest, PinnedPartnerIsToKnowAndNothingToMend) {
  Partner partner;
  partner.domain = "fabrikam.com";
  partner.sip = true;
  partner.discovery = Partner::Discovery::kDirect;
  partner.pinned_name = "sip.contoso.com";
  partner.contact = "+1 555 0100";
  organization_.partners[partner.domain] = partner;
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_TRUE(row.is_ready());
  EXPECT_EQ(Texts(row), "partners: fabrikam.com will not follow DNS (it pinned sip.contoso.com)\n");
}

TEST_F(DrillTest, AllowListWithoutTheNextHostIsNotReady) {
  Partner partner;
  partner.domain = "fabrikam.com";
  partner.sip = true;
  partner.accepts_names = {"sip.contoso.com"};
  partner.contact = "noc@fabrikam.com";
  organization_.partners[partner.domain] = partner;
  const DrillRow row = Suppose(DeathOf("edgepool1"));
  EXPECT_FALSE(row.is_ready());
  EXPECT_EQ(Texts(row), "allow list: fabrikam.com does not let sip2.contoso.com in\n");
  organization_.partners[partner.domain].accepts_names.push_back("sip2.contoso.com");
  EXPECT_TRUE(Suppose(DeathOf("edgepool1")).is_ready());
}

TEST_F(DrillTest, SiteTakesItsFrontEndAndTheCentralStore) {
  organization_.central_store = "frontend1";
  world_.things[kinds::CentralStore("contoso")] =
      Value::Map{{"activeMaster", "frontend1.contoso.com"}, {"alive", true}, {"watermark", 1}};
  const DrillRow row = Suppose(SiteSuppositions(organization_).front());
  EXPECT_FALSE(row.is_ready());
  EXPECT_THAT(Texts(row), HasSubstr("central store: the central store is on frontend1"));
  EXPECT_THAT(Texts(row), HasSubstr("no backup pool: frontend1 has no backup pool"));
}

TEST_F(DrillTest, WithoutDeclaredSuccessorTheOneWithLeastWorkIsChosen) {
  organization_.edge_pools.at("edgepool1").stand_in.clear();
  EdgePool third = organization_.edge_pools.at("edgepool2");
  third.name = "another";  // by name it would be the first
  third.fqdn = "another.contoso.com";
  third.access_edge_fqdn = "another.contoso.com";
  third.servers = {{"edge3a.contoso.com", {"192.0.2.31"}}};
  organization_.edge_pools[third.name] = third;
  Value& topology = world_.things.at(kinds::Topology("contoso"));
  Value::Map pools = topology.Find("pools")->map();
  pools[third.fqdn] =
      Value::Map{{"federation", false}, {"xmpp", false}, {"nextHop", third.next_hop}};
  topology.Set("pools", std::move(pools));
  for (const std::string_view role : kinds::kRoles) {
    world_.things[kinds::EdgeService("edge3a.contoso.com", role)] =
        Value::Map{{"state", "stopped"}, {"startMode", "automatic"}};
  }
  world_.things[kinds::EdgeComponents("edge3a.contoso.com")] =
      Value::Map{{"federation", false}, {"xmpp", false}, {"nextHop", third.next_hop}};
  world_.things[kinds::Replica("edge3a.contoso.com")] = Value::Map{{"watermark", 1}};
  world_.things[kinds::Certificate("edge3a.contoso.com", "accessEdgeExternal")] =
      Value::Map{{"names", Value::List{"another.contoso.com", "contoso.com"}},
                 {"notAfter", "2036-01-01T00:00:00Z"},
                 {"thumbprint", "AB"}};
  EXPECT_EQ(Suppose(DeathOf("edgepool1")).successors.federation, "edgepool2");
  organization_.edge_pools.at("edgepool1").stand_in = "another";
  EXPECT_EQ(Suppose(DeathOf("edgepool1")).successors.federation, "another")
      << "what a person has declared counts, although it is more work";
}

TEST_F(DrillTest, PairsAreOnlyThoseOfWhichOneHosts) {
  EdgePool third = organization_.edge_pools.at("edgepool2");
  third.name = "edgepool3";
  organization_.edge_pools[third.name] = third;
  std::vector<std::string> names;
  for (const Supposition& pair : PairSuppositions(organization_))
    names.push_back(pair.name);
  EXPECT_THAT(names, testing::ElementsAre("edgepool1 + edgepool2", "edgepool1 + edgepool3"));
}

// At 1,000 sites the plans of all deaths together are 17 GB.
TEST_F(DrillTest, AWholeDrillKeepsCountsAndNoPlans) {
  world_.SetOrganization(organization_);
  const ObservedState observed = Observe();
  const Assignment assignment(organization_, Everything());
  const DrillScene scene{organization_, observed, assignment, Now()};
  const std::vector<Supposition> deaths = UsualDeaths(organization_);
  const auto rows = RunDrills(scene, deaths);
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), deaths.size());
  for (std::size_t i = 0; i < deaths.size(); ++i) {
    const DrillRow& row = (*rows)[i];
    const auto alone = RunDrill(scene, deaths[i]);
    ASSERT_TRUE(alone.ok()) << alone.status();
    EXPECT_EQ(row.dead, deaths[i]);
    EXPECT_THAT(row.plan.actions, IsEmpty());
    EXPECT_EQ(row.plan.refusals.size(), alone->plan.refusals.size());
    EXPECT_EQ(row.actions, alone->plan.mutations()) << row.dead.name;
    EXPECT_EQ(row.gates, alone->plan.gates());
    EXPECT_EQ(row.ours, alone->ours);
  }
}

}  // namespace
}  // namespace poolshift
