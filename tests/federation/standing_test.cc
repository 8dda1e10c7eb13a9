// What a rehearsal says of a state: each rule that a look can decide, broken once.
#include "controller/federation/standing.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StandingTest : public ::testing::Test {
 protected:
  StandingTest() : organization_(TwoSites()), world_(HealthyWorld(organization_)) {}

  Standing Look() {
    world_.SetOrganization(organization_);
    const ObservedState observed = world_.ObserveAll();
    return StandingOf(View(organization_, observed));
  }

  Organization organization_;
  Rehearsal world_;
};

TEST_F(StandingTest, HealthyWorldBreaksNothing) {
  const Standing standing = Look();
  EXPECT_THAT(standing.broken, IsEmpty());
  EXPECT_EQ(standing.sip.flag, "edgepool1");
  EXPECT_EQ(standing.sip.routes, "edgepool1");
  EXPECT_EQ(standing.xmpp.records, "edgepool1");
}

TEST_F(StandingTest, NoFlagAndTwoFlagsBreakOneFlag) {
  ChangePool(world_, organization_.edge_pools.at("edgepool2"), "federation", true);
  EXPECT_THAT(Look().broken,
              ElementsAre("I-1: Edge pools with the SIP federation flag: edgepool1, edgepool2"));
  organization_.policy.allow_multiple_federated_pools = true;
  EXPECT_THAT(Look().broken, IsEmpty());
}

TEST_F(StandingTest, RouteToPoolWithoutFlagIsBrokenUnlessThePoolIsOut) {
  Change(world_, kinds::SiteRoute("Site2"), "federation", "edgepool2.contoso.com");
  EXPECT_THAT(
      Look().broken,
      ElementsAre("I-4: Site2 is routed to edgepool2 for SIP federation, which has no flag"));
  DeclareDead(organization_.edge_pools.at("edgepool2"));
  EXPECT_THAT(Look().broken, IsEmpty());
}

TEST_F(StandingTest, RecordsToSilenceAreBrokenUnlessClosedOnPurpose) {
  for (const EdgeServer& server : organization_.edge_pools.at("edgepool1").servers)
    Change(world_, kinds::EdgeService(server.fqdn, "xmppProxy"), "state", "stopped");
  EXPECT_THAT(
      Look().broken,
      ElementsAre("I-10: records of XMPP federation lead to edgepool1, which does not answer"));
  DeclareHost(organization_, Protocol::kXmpp, "edgepool2");
  EXPECT_THAT(Look().broken, IsEmpty()) << "the former host closes before its records move (D9)";
}

TEST_F(StandingTest, FailedPoolThatWasSilencedIsToldApart) {
  const EdgePool& failed = organization_.edge_pools.at("edgepool1");
  for (const EdgeServer& server : failed.servers)
    Change(world_, kinds::EdgeService(server.fqdn, "accessEdge"), "state", "stopped");
  DeclareHost(organization_, Protocol::kSip, "edgepool2");
  const std::string rule =
      "I-10: records of SIP federation lead to edgepool1, which does not answer";
  EXPECT_THAT(Look().broken, ElementsAre(rule))
      << "a host that serves is closed before its records move";
  DeclareDead(organization_.edge_pools.at("edgepool1"));
  EXPECT_THAT(Look().silenced, ElementsAre(rule));
  EXPECT_THAT(Look().broken, IsEmpty());
}

TEST_F(StandingTest, XmppRecordsHaveTheirPortAndDifferentNumbers) {
  Change(world_,
         kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV"),
         "records",
         Value::List{"0 0 5269 xmpp.contoso.com", "0 0 5270 sip2.contoso.com"});
  EXPECT_THAT(
      Look().broken,
      ElementsAre("I-9: a record of _xmpp-server._tcp.contoso.com/SRV has the port 5270",
                  "I-9: two records of _xmpp-server._tcp.contoso.com/SRV have the number 0"));
}

TEST_F(StandingTest, PoolThatFailedOverIsNoNextHop) {
  FrontEndPool& pool = organization_.front_end_pools.at("frontend1");
  pool.backup_pool = "frontend2";
  pool.served_by = FrontEndPool::ServedBy::kBackup;
  Change(world_, kinds::PoolFailover("frontend1.contoso.com"), "servedBy", "backup");
  EXPECT_THAT(Look().broken, IsEmpty()) << "on its way back the next hop is set first";
  pool.condition = FrontEndPool::Condition::kOutOfService;
  EXPECT_THAT(Look().broken,
              ElementsAre("I-18: frontend1 has failed over and is the next hop of edgepool1"));
}

}  // namespace
}  // namespace poolshift
