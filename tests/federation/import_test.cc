// Import: listed entities and observations in, a declaration and its remarks out.
#include "controller/federation/import.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/federation/kinds.h"
#include "controller/federation/listed_kinds.h"

namespace poolshift {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

Listed Entity(std::string_view kind, const char* name, Value::Map properties) {
  return {{std::string(kind), name}, std::move(properties)};
}

Value Server(const char* fqdn) { return Value::Map{{"fqdn", fqdn}}; }

Listed TwoServers(const char* name) {
  return Entity(listed::kEdgePool,
                name,
                {{"site", "Site1"},
                 {"accessEdge", "sip.contoso.com"},
                 {"servers", Value::List{Server("a.contoso.com"), Server("b.contoso.com")}}});
}

Organization Seed() {
  Organization seed;
  seed.name = "contoso";
  seed.domains["contoso.com"].name = "contoso.com";
  return seed;
}

Observation Present(Value::Map properties) {
  Observation seen;
  seen.presence = Presence::kPresent;
  seen.properties = std::move(properties);
  return seen;
}

void SeeRecords(ObservedState& observed, const char* name, const char* type, Value::List records) {
  observed.observations[{kinds::DnsRecordSet(name, type), ""}] =
      Present({{"records", std::move(records)}, {"ttl", 60}});
}

Imported ImportAll(const std::vector<Listed>& entities, const ObservedState& observed) {
  auto imported = ImportEntities(Seed(), {{"platform", entities}});
  EXPECT_TRUE(imported.ok()) << imported.status();
  ImportDesignations(observed, *imported);
  ImportDomains(observed, *imported);
  return *std::move(imported);
}

testing::Matcher<const std::vector<Remark>&> Says(const char* kind,
                                                  const char* member,
                                                  const char* text) {
  return Contains(AllOf(Field(&Remark::kind, kind),
                        Field(&Remark::member, member),
                        Field(&Remark::text, HasSubstr(text))));
}

TEST(ImportTest, AddressesBehindTranslationAreThoseOfDns) {
  ObservedState observed;
  SeeRecords(observed, "sip.contoso.com", "A", {"203.0.113.11", "203.0.113.12"});
  SeeRecords(observed, "sip.contoso.com", "AAAA", {});
  const Imported imported = ImportAll({TwoServers("edge.contoso.com")}, observed);
  const EdgePool& pool = imported.organization.edge_pools.at("edge");
  EXPECT_THAT(pool.addresses(), ElementsAre("203.0.113.11", "203.0.113.12"));
  EXPECT_THAT(imported.remarks, Says("EdgePool", "servers", "check which belongs to which"));
}

TEST(ImportTest, ConferencingOfServicesThatDisagreeIsLeftToAPerson) {
  const std::vector<Listed> entities = {
      TwoServers("edge.contoso.com"),
      Entity(listed::kFrontEndPool, "fe.contoso.com", {{"site", "Site1"}})};
  ObservedState observed;
  const auto see = [&](bool consistent) {
    observed.observations[{kinds::EdgeAssociation("fe.contoso.com"), ""}] =
        Present({{"edgePool", "edge.contoso.com"}, {"consistent", consistent}});
    return ImportAll(entities, observed);
  };
  EXPECT_EQ(see(true).organization.front_end_pools.at("fe").conferencing, "edge");
  const Imported imported = see(false);
  EXPECT_EQ(imported.organization.front_end_pools.at("fe").conferencing, "");
  EXPECT_THAT(imported.remarks, Says("FrontEndPool", "conferencing", "different Edge pools"));
}

TEST(ImportTest, AddressesThatDoNotFitAreLeftToAPerson) {
  ObservedState observed;
  SeeRecords(observed, "sip.contoso.com", "A", {"203.0.113.11"});
  const Imported imported = ImportAll({TwoServers("edge.contoso.com")}, observed);
  EXPECT_THAT(imported.organization.edge_pools.at("edge").addresses(), IsEmpty());
  EXPECT_THAT(imported.remarks, Says("EdgePool", "servers", "write those of each server"));
}

TEST(ImportTest, WhatCouldNotBeLookedAtIsNeitherAbsentNorGuessed) {
  ObservedState observed;
  Observation away;
  away.reason = "timeout";
  observed.observations[{kinds::SiteRoute("Site1"), ""}] = away;
  observed.observations[{kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV"), ""}] = away;
  const Imported imported = ImportAll({TwoServers("edge.contoso.com")}, observed);
  EXPECT_EQ(imported.organization.sites.at("Site1").hosts.xmpp, "");
  EXPECT_FALSE(imported.organization.domains.at("contoso.com").xmpp.has_value());
  EXPECT_THAT(imported.remarks, Says("Site", "hosts", "could not be looked at: timeout"));
  EXPECT_THAT(imported.remarks, Says("Domain", "xmpp", "could not be looked at: timeout"));
}

TEST(ImportTest, NamesOfPoolsAreTheirLabelsUnlessShared) {
  const Imported imported = ImportAll({TwoServers("edge.contoso.com"),
                                       Entity(listed::kFrontEndPool,
                                              "edge.fabrikam.com",
                                              {{"site", "Site2"}, {"servers", Value::List{"f"}}})},
                                      {});
  EXPECT_TRUE(imported.organization.edge_pools.contains("edge"));
  EXPECT_TRUE(imported.organization.front_end_pools.contains("edge-fabrikam-com"));
}

TEST(ImportTest, SrvOfNoPoolIsATrafficManagers) {
  ObservedState observed;
  SeeRecords(observed, "_sipfederationtls._tcp.contoso.com", "SRV", {"0 0 5061 gtm.example.net"});
  const Imported imported = ImportAll({TwoServers("edge.contoso.com")}, observed);
  const Domain& domain = imported.organization.domains.at("contoso.com");
  ASSERT_TRUE(domain.sip.has_value());
  EXPECT_EQ(domain.sip->style, SipDnsStyle::kGtm);
  EXPECT_EQ(domain.sip->gtm_name, "gtm.example.net");
  EXPECT_EQ(domain.sip->ttl, absl::Seconds(60));
}

TEST(ImportTest, StaticOrderFollowsPriorities) {
  ObservedState observed;
  SeeRecords(observed,
             "_xmpp-server._tcp.contoso.com",
             "SRV",
             {"10 0 5269 sip.contoso.com", "9 0 5269 sip2.contoso.com"});
  const Listed second = Entity(
      listed::kEdgePool, "edge2.contoso.com", {{"site", "S"}, {"accessEdge", "sip2.contoso.com"}});
  const Imported imported = ImportAll({TwoServers("edge.contoso.com"), second}, observed);
  const Domain& domain = imported.organization.domains.at("contoso.com");
  ASSERT_TRUE(domain.xmpp.has_value());
  EXPECT_EQ(domain.xmpp->style, XmppDnsStyle::kStaticSrv);
  EXPECT_THAT(domain.xmpp->order, ElementsAre("edge")) << "after the host";
}

TEST(ImportTest, DivergentRoutesAreAllowedAndSaid) {
  ObservedState observed;
  for (const auto& [site, pool] :
       {std::pair("Site1", "edge.contoso.com"), std::pair("Site2", "edge2.contoso.com")}) {
    observed.observations[{kinds::SiteRoute(site), ""}] =
        Present({{"federation", ""}, {"xmpp", pool}});
  }
  const Listed second = Entity(listed::kEdgePool, "edge2.contoso.com", {{"site", "Site2"}});
  const Imported imported = ImportAll({TwoServers("edge.contoso.com"), second}, observed);
  EXPECT_EQ(imported.organization.sites.at("Site2").hosts.xmpp, "edge2");
  EXPECT_TRUE(imported.organization.policy.allow_divergent_routes);
  EXPECT_THAT(imported.remarks, Says("Policy", "allowDivergentRoutes", "choose one host"));
}

TEST(ImportTest, DomainThatTheSeedForgotIsNamed) {
  const Imported imported = ImportAll(
      {TwoServers("edge.contoso.com"),
       Entity(listed::kEdgePool, "x.y", {{"site", "Site1"}, {"accessEdge", "sip.fabrikam.com"}})},
      {});
  EXPECT_THAT(imported.remarks,
              Contains(AllOf(Field(&Remark::name, "x"),
                             Field(&Remark::text, HasSubstr("its domain is not in the seed")))));
  EXPECT_THAT(imported.remarks,
              testing::Not(Contains(AllOf(Field(&Remark::name, "edge"),
                                          Field(&Remark::text, HasSubstr("its domain"))))));
}

TEST(ImportTest, WhatTheSeedDeclaresStays) {
  Organization seed = Seed();
  EdgePool declared;
  declared.name = "mine";
  declared.fqdn = "edge.contoso.com";
  declared.condition = EdgePool::Condition::kOutOfService;
  declared.reason = "fire";
  seed.edge_pools["mine"] = declared;
  const auto imported = ImportEntities(seed, {{"platform", {TwoServers("edge.contoso.com")}}});
  ASSERT_TRUE(imported.ok());
  ASSERT_EQ(imported->organization.edge_pools.size(), 1U);
  EXPECT_EQ(imported->organization.edge_pools.at("mine").reason, "fire");
}

TEST(ImportTest, ProvidersCompleteEachOtherAndMayNotDisagree) {
  const Listed pool = Entity(listed::kEdgePool, "edge.contoso.com", {{"site", "Site1"}});
  const Listed more = Entity(listed::kEdgePool, "EDGE.contoso.com", {{"av", "av.contoso.com"}});
  const Listed other = Entity(listed::kEdgePool, "edge.contoso.com", {{"site", "Site2"}});
  const auto joined = ImportEntities(Seed(), {{"a", {pool}}, {"b", {more}}});
  ASSERT_TRUE(joined.ok()) << joined.status();
  EXPECT_EQ(joined->organization.edge_pools.at("edge").av_fqdn, "av.contoso.com");
  const auto split = ImportEntities(Seed(), {{"a", {pool}}, {"b", {other}}});
  EXPECT_EQ(split.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(split.status().message()), HasSubstr("EdgePool/edge.contoso.com.site"));
}

TEST(ImportTest, WhatCannotBeDeclaredIsAnError) {
  const auto foreign = ImportEntities(Seed(), {{"a", {Entity("Mailbox", "x", {})}}});
  EXPECT_EQ(foreign.status().code(), absl::StatusCode::kInvalidArgument);
  const auto wrong =
      ImportEntities(Seed(), {{"a", {Entity(listed::kEdgePool, "x", {{"site", 7}})}}});
  EXPECT_EQ(wrong.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace poolshift
