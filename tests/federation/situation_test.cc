// The situations of D3 and D12, and every refusal that stands between them.
#include "controller/federation/situation.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

constexpr const char* kPool1 = "edgepool1";

struct Row {
  std::string name;
  std::function<void(Organization&, Rehearsal&)> arrange;
  std::string sip, xmpp;  // names of the situations
  std::string rule;       // of the first refusal, or of what is left out; "" = none
  std::string says;       // in its text or hint
};

void MoveBoth(Organization& organization) {
  for (const Protocol protocol : kProtocols)
    DeclareHost(organization, protocol, "edgepool2");
}

std::vector<Row> DeadOrAlive() {
  return {
      {"nothing_moves", [](Organization&, Rehearsal&) {}, "steady", "steady", "", ""},
      {"alive_host_moves",
       [](Organization& o, Rehearsal&) { MoveBoth(o); },
       "planned move",
       "planned move",
       "",
       ""},
      {"dead_and_declared",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         CutPower(o.edge_pools.at(kPool1), w);
         DeclareDead(o.edge_pools.at(kPool1));
       },
       "failover",
       "failover",
       "",
       ""},
      {"dead_not_declared",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         CutPower(o.edge_pools.at(kPool1), w);
       },
       "unknown",
       "unknown",
       "D3",
       "condition: outOfService"},
      {"declared_dead_but_answers",
       [](Organization& o, Rehearsal&) {
         MoveBoth(o);
         DeclareDead(o.edge_pools.at(kPool1));
       },
       "failover",
       "failover",
       "",
       ""},
      {"declared_dead_but_one_server_answers",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         DeclareDead(o.edge_pools.at(kPool1));
         w.powerless.insert("edge1a.contoso.com");
       },
       "unknown",
       "unknown",
       "D3",
       "edge1b.contoso.com still answers sip: it is not dead | commit `condition: inService`"},
      {"half_dead_host_moves",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         w.powerless.insert("edge1a.contoso.com");
       },
       "planned move",
       "planned move",
       "",
       ""},
      {"half_dead_target_is_no_failback",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         for (const EdgePool* pool : {&o.edge_pools.at("edgepool2")})
           w.powerless.insert(pool->servers.back().fqdn);
       },
       "planned move",
       "planned move",
       "",
       ""},
      {"zombie_that_hosts_nothing",
       [](Organization& o, Rehearsal&) { DeclareDead(o.edge_pools.at("edgepool2")); },
       "steady",
       "steady",
       "",
       ""},
      {"vantages_cannot_look",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         DeclareDead(o.edge_pools.at(kPool1));
         CutPower(o.edge_pools.at(kPool1), w);
         for (const int port : {kinds::kSipPort, kinds::kXmppPort})
           w.unreachable.insert(kinds::Reachability("203.0.113.11", port));
       },
       "unknown",
       "unknown",
       "D3",
       "cannot tell whether edgepool1 is dead"},
  };
}

std::vector<Row> Declarations() {
  return {
      {"host_is_out_of_service",
       [](Organization& o, Rehearsal& w) {
         DeclareDead(o.edge_pools.at(kPool1));
         CutPower(o.edge_pools.at(kPool1), w);
       },
       "host out of service",
       "host out of service",
       "D3",
       "hosts: {federation: edgepool2}"},
      {"no_other_pool",
       [](Organization& o, Rehearsal& w) {
         DeclareDead(o.edge_pools.at(kPool1));
         CutPower(o.edge_pools.at(kPool1), w);
         o.edge_pools.erase("edgepool2");
       },
       "host out of service",
       "host out of service",
       "004 step 1",
       "deploy another Edge pool"},
      {"stranger_has_the_flag",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         ChangePool(w, o.edge_pools.at(kPool1), "federation", false);
         Value pools = *w.things.at(kinds::Topology("contoso")).Find("pools");
         pools.Set("edgepool9.contoso.com", Value::Map{{"federation", true}});
         Change(w, kinds::Topology("contoso"), "pools", pools);
       },
       "unknown",
       "planned move",
       "I-4",
       "edgepool9.contoso.com hosts SIP federation but is no declared Edge pool"},
      {"topology_cannot_be_read",
       [](Organization&, Rehearsal& w) { w.unreachable.insert(kinds::Topology("contoso")); },
       "unknown",
       "unknown",
       "D3",
       "cannot look at the topology (it is away)"},
      {"route_cannot_be_read",
       [](Organization&, Rehearsal& w) { w.unreachable.insert(kinds::SiteRoute("Site2")); },
       "unknown",
       "unknown",
       "D3",
       "the routes of Site2"},
      {"diverging_host_is_out_of_service",
       [](Organization& o, Rehearsal& w) {
         o.policy.allow_divergent_routes = true;
         o.sites.at("Site2").hosts.xmpp = "edgepool2";
         DeclareDead(o.edge_pools.at("edgepool2"));
         CutPower(o.edge_pools.at("edgepool2"), w);
       },
       "steady",
       "",
       "D3",
       "edgepool2, which is out of service"},
      {"restored_host_is_behind",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         Change(w, kinds::Replica("edge2a.contoso.com"), "watermark", 0);
       },
       "failback",
       "failback",
       "",
       ""},
      {"restored_host_is_stopped",
       [](Organization& o, Rehearsal& w) {
         MoveBoth(o);
         Change(w, kinds::EdgeService("edge2b.contoso.com", "replica"), "state", "stopped");
       },
       "failback",
       "failback",
       "",
       ""},
      {"only_a_route_is_left",
       [](Organization& o, Rehearsal& w) {
         DeclareHost(o, Protocol::kXmpp, "edgepool2");
         w.things[kinds::SiteRoute("Site2")].Set("xmpp", "edgepool2.contoso.com");
       },
       "steady",
       "planned move",
       "",
       ""},
      {"only_the_records_are_left",
       [](Organization& o, Rehearsal& w) {
         DeclareHost(o, Protocol::kXmpp, "edgepool2");
         for (const char* site : {"Site1", "Site2"})
           w.things[kinds::SiteRoute(site)].Set("xmpp", "edgepool2.contoso.com");
       },
       "steady",
       "planned move",
       "",
       ""},
      {"a_director_is_no_former_host",
       [](Organization& o, Rehearsal& w) {
         o.directors["director1"].fqdn = "director1.contoso.com";
         o.directors["director1"].edge_pool = kPool1;
         w.things[kinds::SiteRoute("Site2")].Set("federation", "director1.contoso.com");
       },
       "steady",
       "steady",
       "",
       ""},
  };
}

class SituationTest : public testing::TestWithParam<Row> {};

TEST_P(SituationTest, IsJudged) {
  Organization organization = TwoSites();
  Rehearsal world = HealthyWorld(organization);
  GetParam().arrange(organization, world);
  const ObservedState observed = world.ObserveAll();
  const Judgement judged = Judge(View(organization, observed));
  ASSERT_EQ(judged.moves.size(), 2U);
  EXPECT_EQ(ToSituation(judged.moves[0]).name, GetParam().sip) << judged.moves[0].evidence;
  EXPECT_TRUE(GetParam().xmpp.empty() || ToSituation(judged.moves[1]).name == GetParam().xmpp);
  for (const Move& move : judged.moves)
    EXPECT_FALSE(ToSituation(move).evidence.empty()) << Name(move.protocol);
  std::vector<Refusal> objections = judged.refusals;
  for (const Undecided& each : judged.undecided) {
    EXPECT_TRUE(each.protocol.has_value() && each.domain.empty());
    objections.push_back(each.what.because);
  }
  if (GetParam().rule.empty()) {
    EXPECT_TRUE(objections.empty()) << objections.front().text;
    return;
  }
  ASSERT_FALSE(objections.empty());
  const Refusal& first = objections.front();
  EXPECT_EQ(first.rule, GetParam().rule);
  EXPECT_THAT(first.text + " | " + first.hint, HasSubstr(GetParam().says));
  EXPECT_FALSE(first.source.empty());
}

std::string NameOf(const testing::TestParamInfo<Row>& row) { return row.param.name; }

INSTANTIATE_TEST_SUITE_P(DeadOrAlive, SituationTest, testing::ValuesIn(DeadOrAlive()), NameOf);
INSTANTIATE_TEST_SUITE_P(Declared, SituationTest, testing::ValuesIn(Declarations()), NameOf);

// What stands still is said with what is seen of the host, and who hosts instead.
TEST(SituationTest, HostThatIsOutOfServiceIsSaidWithWhatIsSeen) {
  Organization organization = TwoSites();
  Rehearsal world = HealthyWorld(organization);
  DeclareHost(organization, Protocol::kXmpp, "edgepool2");
  DeclareDead(organization.edge_pools.at("edgepool2"));
  CutPower(organization.edge_pools.at("edgepool2"), world);
  const ObservedState observed = world.ObserveAll();
  const Judgement judged = Judge(View(organization, observed));
  EXPECT_EQ(ToSituation(judged.moves[0]).name, "steady");
  const Situation xmpp = ToSituation(judged.moves[1]);
  EXPECT_EQ(xmpp.name, "host out of service");
  EXPECT_EQ(xmpp.from, kPool1);
  EXPECT_EQ(xmpp.to, "edgepool2");
  EXPECT_THAT(xmpp.evidence, HasSubstr("edgepool2 is declared out of service ("));
  EXPECT_THAT(xmpp.evidence, HasSubstr(":5269 filtered"));
  EXPECT_THAT(xmpp.evidence, HasSubstr("; who hosts now: edgepool1 is in service; from outside: "));
}

// A live former host decides over a dead one, whatever stands first.
TEST(SituationTest, LiveFormerHostDecides) {
  Organization organization = TwoSites();
  EdgePool third = organization.edge_pools.at("edgepool2");
  third.name = "edgepool3";
  third.fqdn = "edgepool3.contoso.com";
  third.servers = {{"edge3a.contoso.com", {"192.0.2.31"}}};
  organization.edge_pools["edgepool3"] = third;
  Rehearsal world = HealthyWorld(organization);
  MoveBoth(organization);
  CutPower(organization.edge_pools.at(kPool1), world);
  DeclareDead(organization.edge_pools.at(kPool1));
  for (const char* site : {"Site1", "Site2"})
    world.things[kinds::SiteRoute(site)].Set("federation", "edgepool3.contoso.com");
  Change(world, kinds::EdgeComponents("edge3a.contoso.com"), "federation", true);
  const ObservedState observed = world.ObserveAll();
  const Judgement judged = Judge(View(organization, observed));
  EXPECT_TRUE(judged.refusals.empty());
  EXPECT_EQ(judged.moves[0].kind, Move::Kind::kPlanned);
  EXPECT_EQ(judged.moves[0].from->name, "edgepool3");
}

}  // namespace
}  // namespace poolshift
