// Which record sets a declaration asks for (D6, D7, domain.md d.2).
#include "controller/federation/records.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/federation/observing.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

// "name/type record, record ttl" or "name/type absent"; "!" in front: asserted, never changed.
std::string Line(const RecordGoal& goal) {
  const std::string line = (goal.is_asserted ? "!" : "") + goal.id.name + ' ';
  if (goal.desired.is_null()) return line + "absent";
  return line + DisplayText(*goal.desired.Find("records")) + ' ' +
         std::to_string(goal.desired.IntegerOr("ttl", 0));
}

struct Row {
  std::string name;
  std::function<void(Organization&, Rehearsal&)> arrange;
  std::vector<std::string> goals;
};

constexpr const char* kSipLocator =
    "_sipfederationtls._tcp.contoso.com/SRV 0 0 5061 sip.contoso.com 300";
constexpr const char* kXmppLocator =
    "_xmpp-server._tcp.contoso.com/SRV 0 0 5269 xmpp.contoso.com 300";
constexpr const char* kSipAddresses = "sip.contoso.com/A 203.0.113.11, 203.0.113.12 300";
constexpr const char* kXmppAddresses = "xmpp.contoso.com/A 203.0.113.11, 203.0.113.12 300";

Domain& Contoso(Organization& organization) { return organization.domains.at("contoso.com"); }

void MakeStatic(Organization& organization, std::vector<std::string> order) {
  Contoso(organization).sip.reset();
  Contoso(organization).xmpp->style = XmppDnsStyle::kStaticSrv;
  Contoso(organization).xmpp->order = std::move(order);
}

std::vector<Row> FloatingRows() {
  return {
      {"both_hosts",
       [](Organization&, Rehearsal&) {},
       {kSipAddresses, kSipLocator, kXmppAddresses, kXmppLocator}},
      {"other_host_other_addresses",
       [](Organization& o, Rehearsal&) { DeclareHost(o, Protocol::kXmpp, "edgepool2"); },
       {kSipAddresses,
        kSipLocator,
        "xmpp.contoso.com/A 198.51.100.21, 198.51.100.22 300",
        kXmppLocator}},
      {"undeclared_protocol_asks_nothing",
       [](Organization& o, Rehearsal&) { DeclareHost(o, Protocol::kSip, ""); },
       {kXmppAddresses, kXmppLocator}},
      {"diverging_sites_ask_nothing",
       [](Organization& o, Rehearsal&) { o.sites.at("Site2").hosts.federation = "edgepool2"; },
       {kXmppAddresses, kXmppLocator}},
      {"traffic_manager_asks_nothing",
       [](Organization& o, Rehearsal&) { Contoso(o).sip->style = SipDnsStyle::kGtm; },
       {kXmppAddresses, kXmppLocator}},
      {"declared_ttl",
       [](Organization& o, Rehearsal&) {
         Contoso(o).sip.reset();
         Contoso(o).xmpp->ttl = absl::Seconds(60);
       },
       {"xmpp.contoso.com/A 203.0.113.11, 203.0.113.12 60",
        "_xmpp-server._tcp.contoso.com/SRV 0 0 5269 xmpp.contoso.com 60"}},
      {"single_locator_keeps_its_numbers",
       [](Organization& o, Rehearsal& w) {
         Contoso(o).sip.reset();
         Change(w,
                kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV"),
                "records",
                Value::List{"5 7 5222 old.contoso.com"});
       },
       {kXmppAddresses, "_xmpp-server._tcp.contoso.com/SRV 5 7 5269 xmpp.contoso.com 300"}},
      {"several_locators_become_one",
       [](Organization& o, Rehearsal& w) {
         Contoso(o).sip.reset();
         Change(w,
                kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV"),
                "records",
                Value::List{"5 7 5269 a.contoso.com", "6 7 5269 b.contoso.com"});
       },
       {kXmppAddresses, kXmppLocator}},
      {"six_and_four",
       [](Organization& o, Rehearsal&) {
         Contoso(o).sip.reset();
         o.edge_pools.at("edgepool1").servers[0].addresses.emplace_back("2001:db8::11");
       },
       {kXmppAddresses, "xmpp.contoso.com/AAAA 2001:db8::11 300", kXmppLocator}},
      {"family_of_the_former_host_goes",
       [](Organization& o, Rehearsal& w) {
         Contoso(o).sip.reset();
         w.things[kinds::DnsRecordSet("xmpp.contoso.com", "AAAA")] =
             Value::Map{{"records", Value::List{"2001:db8::99"}}, {"ttl", 300}};
       },
       {kXmppAddresses, "xmpp.contoso.com/AAAA absent", kXmppLocator}},
  };
}

std::vector<Row> StaticAndProtectedRows() {
  const std::string a1 = "sip.contoso.com/A 203.0.113.11, 203.0.113.12 300";
  const std::string a2 = "sip2.contoso.com/A 198.51.100.21, 198.51.100.22 300";
  const std::string srv = "_xmpp-server._tcp.contoso.com/SRV ";
  return {
      {"static_host_first",
       [](Organization& o, Rehearsal&) {
         MakeStatic(o, {"edgepool1", "edgepool2"});
       },
       {a1, a2, srv + "10 0 5269 sip.contoso.com, 20 0 5269 sip2.contoso.com 300"}},
      {"static_new_host_takes_the_lowest_number",
       [](Organization& o, Rehearsal&) {
         MakeStatic(o, {"edgepool1", "edgepool2"});
         DeclareHost(o, Protocol::kXmpp, "edgepool2");
       },
       {a2, a1, srv + "10 0 5269 sip2.contoso.com, 20 0 5269 sip.contoso.com 300"}},
      {"static_dead_pool_leaves",
       [](Organization& o, Rehearsal&) {
         MakeStatic(o, {"edgepool1", "edgepool2"});
         DeclareHost(o, Protocol::kXmpp, "edgepool2");
         DeclareDead(o.edge_pools.at("edgepool1"));
       },
       {a2, srv + "0 0 5269 sip2.contoso.com 300"}},
      {"static_without_order",
       [](Organization& o, Rehearsal&) { MakeStatic(o, {}); },
       {a1, srv + "0 0 5269 sip.contoso.com 300"}},
      {"declared_remote_access_name",
       [](Organization& o, Rehearsal&) {
         Contoso(o).xmpp.reset();
         Contoso(o).remote_access_order = {"edgepool1"};
       },
       {"!" + a1, kSipLocator}},
      {"observed_remote_access_name",
       [](Organization& o, Rehearsal& w) {
         Contoso(o).xmpp.reset();
         w.things[kinds::DnsRecordSet("_sip._tls.contoso.com", "SRV")] =
             Value::Map{{"records", Value::List{"0 0 443 sip.contoso.com"}}, {"ttl", 300}};
       },
       {"!" + a1, kSipLocator}},
      {"web_conferencing_name",
       [](Organization& o, Rehearsal&) {
         Contoso(o).xmpp.reset();
         o.edge_pools.at("edgepool1").web_conferencing_fqdn = "sip.contoso.com";
       },
       {"!" + a1, kSipLocator}},
      {"each_domain_its_own_name",
       [](Organization& o, Rehearsal&) {
         Contoso(o).xmpp.reset();
         Domain second = Contoso(o);
         second.name = second.zone = "tailspin.example";
         o.domains[second.name] = second;
       },
       {a1,
        kSipLocator,
        "sip.tailspin.example/A 203.0.113.11, 203.0.113.12 300",
        "_sipfederationtls._tcp.tailspin.example/SRV 0 0 5061 sip.tailspin.example 300"}},
  };
}

class RecordGoalsTest : public testing::TestWithParam<Row> {};

TEST_P(RecordGoalsTest, AreAsDeclared) {
  Organization organization = TwoSites();
  Rehearsal world = HealthyWorld(organization);
  GetParam().arrange(organization, world);
  const ObservedState observed = world.ObserveAll();
  std::vector<std::string> lines;
  const auto asked = RecordsToObserve(organization);
  for (const RecordGoal& goal : RecordGoals(organization, observed)) {
    lines.push_back(Line(goal));
    EXPECT_THAT(asked, testing::Contains(goal.id)) << "it is wanted, but never looked at";
  }
  EXPECT_THAT(lines, ElementsAreArray(GetParam().goals));
}

std::string NameOf(const testing::TestParamInfo<Row>& row) { return row.param.name; }

INSTANTIATE_TEST_SUITE_P(Floating, RecordGoalsTest, testing::ValuesIn(FloatingRows()), NameOf);
INSTANTIATE_TEST_SUITE_P(Static,
                         RecordGoalsTest,
                         testing::ValuesIn(StaticAndProtectedRows()),
                         NameOf);

TEST(PoolNameTest, StaysInTheDomain) {
  EdgePool pool;
  pool.access_edge_fqdn = "sip2.contoso.com";
  EXPECT_EQ(PoolNameIn(pool, "contoso.com"), "sip2.contoso.com");
  EXPECT_EQ(PoolNameIn(pool, "tailspin.example"), "sip2.tailspin.example");
  EXPECT_EQ(PoolNameIn(pool, "toso.com"), "sip2.toso.com") << "the suffix is a label, not letters";
}

TEST(PoolInDnsTest, IsWhereMostRecordsLead) {
  Organization organization = TwoSites();
  Rehearsal world = HealthyWorld(organization);
  const auto in_dns = [&](Protocol protocol) {
    return PoolInDns(organization, world.ObserveAll(), protocol);
  };
  EXPECT_EQ(in_dns(Protocol::kSip), "edgepool1");
  EXPECT_EQ(in_dns(Protocol::kXmpp), "edgepool1");
  const ResourceId floating = kinds::DnsRecordSet("xmpp.contoso.com", "A");
  Change(world, floating, "records", Value::List{"198.51.100.21", "198.51.100.22", "203.0.113.11"});
  EXPECT_EQ(in_dns(Protocol::kXmpp), "edgepool2");
  Change(world, floating, "records", Value::List{"192.0.2.1"});
  EXPECT_EQ(in_dns(Protocol::kXmpp), "") << "an address that no pool has";
  world.things.erase(floating);
  EXPECT_EQ(in_dns(Protocol::kXmpp), "");
}

TEST(PoolInDnsTest, LowestNumberIsPreferred) {
  Organization organization = TwoSites();
  MakeStatic(organization, {"edgepool1", "edgepool2"});
  Rehearsal world = HealthyWorld(organization);
  Change(world,
         kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV"),
         "records",
         Value::List{"100 0 5269 sip.contoso.com", "20 0 5269 sip2.contoso.com"});
  EXPECT_EQ(PoolInDns(organization, world.ObserveAll(), Protocol::kXmpp), "edgepool2");
}

TEST(LeadsAnewTest, OnlyToWhatIsNotThere) {
  Organization organization = TwoSites();
  MakeStatic(organization, {"edgepool2"});
  Rehearsal world = HealthyWorld(organization);
  world.things[kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV")] =
      Value::Map{{"records", Value::List{"7 0 5269 sip.contoso.com"}}, {"ttl", 300}};
  const ObservedState observed = world.ObserveAll();
  const auto goals = RecordGoals(organization, observed);
  const RecordGoal& locator = goals.back();
  ASSERT_TRUE(locator.is_locator);
  EXPECT_THAT(locator.leads_to, ElementsAre("edgepool1", "edgepool2"));
  EXPECT_FALSE(LeadsAnew(locator, organization, ObservedIndex(observed), "edgepool1"));
  EXPECT_TRUE(LeadsAnew(locator, organization, ObservedIndex(observed), "edgepool2"));
  EXPECT_FALSE(LeadsAnew(goals.front(), organization, ObservedIndex(observed), "edgepool1"))
      << "as it is";
}

}  // namespace
}  // namespace poolshift
