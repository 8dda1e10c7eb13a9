#include "controller/federation/observing.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/federation/random_world.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Not;

std::vector<ObservationKey> Asked(const Rehearsal& world, const Organization& organization) {
  std::vector<ObservationKey> keys = DesignationsToObserve(organization);
  ObservedState seen;
  for (const ObservationKey& key : keys)
    seen.observations[key] = world.Look(key);
  for (ObservationKey& key : DetailsToObserve(organization, seen))
    keys.push_back(std::move(key));
  return keys;
}

ObservationKey Own(ResourceId id) { return {std::move(id), ""}; }

TEST(ObservingTest, AsksNothingTwice) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    Organization organization = RandomOrganization(dice);
    const Rehearsal world = RandomWorld(organization, dice);
    const auto keys = Asked(world, organization);
    const std::set<ObservationKey> unique(keys.begin(), keys.end());
    ASSERT_EQ(unique.size(), keys.size()) << "seed " << seed;
  }
}

TEST(ObservingTest, DesignationsComeFirst) {
  Organization organization = TwoSites();
  organization.partners["fabrikam.com"].domain = "fabrikam.com";
  organization.partners["fabrikam.com"].xmpp = true;
  const auto keys = DesignationsToObserve(organization);
  for (const ResourceId& id : {kinds::Topology("contoso"),
                               kinds::CentralStore("contoso"),
                               kinds::AccessConfig("contoso"),
                               kinds::SiteRoute("Site1"),
                               kinds::EdgeAssociation("frontend2.contoso.com"),
                               kinds::XmppPartner("fabrikam.com"),
                               kinds::DnsRecordSet("xmpp.contoso.com", "A"),
                               kinds::DnsRecordSet("_sip._tls.contoso.com", "SRV")}) {
    EXPECT_THAT(keys, Contains(Own(id)));
  }
  EXPECT_THAT(keys, Not(Contains(Own(kinds::PoolFailover("frontend1.contoso.com")))))
      << "kept as observed: nobody asks";
}

TEST(ObservingTest, DetailsFollowTheParts) {
  const Organization organization = TwoSites();
  const auto keys = Asked(HealthyWorld(organization), organization);
  for (const char* vantage : {"a", "b", "c"}) {
    const ObservationKey host{kinds::Reachability("203.0.113.12", 5269), vantage};
    const ObservationKey idle{kinds::Reachability("198.51.100.21", 5269), vantage};
    EXPECT_THAT(keys, Contains(host));
    EXPECT_THAT(keys, Not(Contains(idle))) << "edgepool2 has no part";
  }
  for (const ResourceId& id : {kinds::EdgeService("edge2a.contoso.com", "xmppProxy"),
                               kinds::EdgeComponents("edge2a.contoso.com"),
                               kinds::Replica("edge2a.contoso.com"),
                               kinds::Streams("edge2a.contoso.com", "sip"),
                               kinds::Replica("fe1a.contoso.com")}) {
    EXPECT_THAT(keys, Contains(Own(id)));
  }
}

TEST(ObservingTest, OutsideATopologyNoneIsAskedFor) {
  Organization organization = TwoSites();
  organization.front_end_pools.clear();
  organization.directors.clear();
  organization.central_store.clear();
  for (auto& [name, pool] : organization.edge_pools) {
    pool.products = {Product::kProsody, Product::kKamailio};
    pool.fqdn = name;
    pool.next_hop.clear();
  }
  const auto keys = Asked(HealthyWorld(organization), organization);
  std::set<std::string> asked;
  for (const ObservationKey& key : keys) {
    const bool service = key.id.kind == kinds::kEdgeService || key.id.kind == kinds::kCertificate;
    asked.insert(key.id.kind + (service ? key.id.name.substr(key.id.name.find('/')) : ""));
  }
  EXPECT_THAT(asked,
              testing::ElementsAre("Certificate/sip",
                                   "Certificate/xmpp",
                                   "DnsRecordSet",
                                   "EdgeService/accessEdge",
                                   "EdgeService/xmppProxy",
                                   "Fence",
                                   "Reachability",
                                   "Streams"));
}

TEST(ObservingTest, TheFormerHostsNameIsAskedFor) {
  Organization organization = TwoSites();
  const Rehearsal world = HealthyWorld(organization);
  organization.domains.at("contoso.com").remote_access_order.clear();
  const ObservationKey former = Own(kinds::DnsRecordSet("sip.contoso.com", "A"));
  const ObservationKey next = Own(kinds::DnsRecordSet("sip2.contoso.com", "A"));
  DeclareHost(organization, Protocol::kSip, "edgepool2");
  EXPECT_THAT(Asked(world, organization), AllOf(Contains(former), Contains(next)));
  DeclareHost(organization, Protocol::kSip, "edgepool1");
  EXPECT_THAT(Asked(world, organization), AllOf(Contains(former), Not(Contains(next))))
      << "edgepool2 has no part";
}

TEST(ObservingTest, NewHostsAreLookedAtFromInside) {
  Organization organization = TwoSites();
  const Rehearsal world = HealthyWorld(organization);
  const ObservationKey sip{kinds::Reachability("edge2b.contoso.com", 5061), "fe1a.contoso.com"};
  const ObservationKey xmpp{kinds::Reachability("edge2b.contoso.com", 23456), "fe1a.contoso.com"};
  EXPECT_THAT(Asked(world, organization), Not(Contains(sip))) << "nothing moves";
  DeclareHost(organization, Protocol::kSip, "edgepool2");
  EXPECT_THAT(Asked(world, organization), AllOf(Contains(sip), Not(Contains(xmpp))));
  DeclareHost(organization, Protocol::kXmpp, "edgepool2");
  EXPECT_THAT(Asked(world, organization), AllOf(Contains(sip), Contains(xmpp)));
  organization.front_end_pools.at("frontend1").condition = FrontEndPool::Condition::kOutOfService;
  EXPECT_THAT(Asked(world, organization), Not(Contains(sip))) << "what is out reaches nothing";
}

TEST(ObservingTest, DrillLooksAtSuccessorsFromEveryFrontEnd) {
  Organization organization = TwoSites();
  organization.edge_pools.at("edgepool1").stand_in = "edgepool2";
  const Rehearsal world = HealthyWorld(organization);
  const auto keys = DrillToObserve(organization, world.ObserveAll());
  const ObservationKey next{kinds::Reachability("edge2b.contoso.com", 23456), "fe1a.contoso.com"};
  const ObservationKey behind{kinds::Reachability("edge1b.contoso.com", 5061), "fe1a.contoso.com"};
  const ObservationKey far{kinds::Reachability("edge1b.contoso.com", 5061), "fe2a.contoso.com"};
  EXPECT_THAT(keys, AllOf(Contains(next), Contains(behind)));
  EXPECT_THAT(keys, Not(Contains(far))) << "edgepool1 hosts: it succeeds nobody";
}

TEST(ObservingTest, DeadPoolsAreLookedAtFromOutside) {
  Organization organization = TwoSites();
  DeclareDead(organization.edge_pools.at("edgepool2"));
  const auto keys = Asked(HealthyWorld(organization), organization);
  const ObservationKey outside{kinds::Reachability("198.51.100.22", 5061), "c"};
  EXPECT_THAT(keys, Contains(outside)) << "a zombie shows itself there (D12)";
  // What could bring it back by itself.
  EXPECT_THAT(keys, Contains(Own(kinds::EdgeService("edge2a.contoso.com", "accessEdge"))));
  EXPECT_THAT(keys, Contains(Own(kinds::EdgeComponents("edge2b.contoso.com"))));
  EXPECT_THAT(keys, Contains(Own(kinds::Fence("198.51.100.22", 5269))));
  EXPECT_THAT(keys, Not(Contains(Own(kinds::EdgeService("edge2a.contoso.com", "avRelay")))));
}

TEST(ObservingTest, UndeclaredProtocolsAreLeftAlone) {
  Organization organization = TwoSites();
  DeclareHost(organization, Protocol::kSip, "");
  const auto keys = Asked(HealthyWorld(organization), organization);
  EXPECT_THAT(keys, Not(Contains(Own(kinds::Streams("edge1a.contoso.com", "sip")))));
  const ObservationKey sip{kinds::Reachability("203.0.113.11", 5061), "a"};
  EXPECT_THAT(keys, Not(Contains(sip)));
}

}  // namespace
}  // namespace poolshift
