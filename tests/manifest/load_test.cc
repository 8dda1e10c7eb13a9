
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/manifest/print.h"
#include "tests/manifest/cases.h"

namespace poolshift {
namespace {

using testing::ElementsAre;

// Each test runs on the text as written, and on what PrintManifest makes of it.
class TwoSites : public testing::TestWithParam<bool> {
 protected:
  TwoSites() : loaded_(LoadText(ReadFile(TestFile("good/two_sites.yaml")))) {
    if (GetParam()) loaded_ = LoadText(PrintManifest(loaded_.organization));
  }
  const Organization& organization() const { return loaded_.organization; }
  LoadedOrganization loaded_;
};

TEST_P(TwoSites, HasNoFindings) { EXPECT_EQ(Print(loaded_.diagnostics), ""); }

TEST_P(TwoSites, EverySiteFollowsTheOrganization) {
  EXPECT_EQ(organization().name, "contoso");
  EXPECT_EQ(organization().central_store, "pool1");
  EXPECT_EQ(organization().sites.at("Site2").hosts.xmpp, "edgepool1");
  EXPECT_EQ(organization().federation_host(), "edgepool1");
}

TEST_P(TwoSites, EdgePoolIsCanonical) {
  const EdgePool& pool = organization().edge_pools.at("edgepool1");
  EXPECT_EQ(pool.site, "Site1");
  EXPECT_EQ(pool.fqdn, "edgepool1.contoso.net");
  EXPECT_EQ(pool.access_edge_fqdn, "sip1.contoso.com");
  EXPECT_EQ(pool.web_conferencing_fqdn, "webcon1.contoso.com");
  EXPECT_EQ(pool.av_fqdn, "av1.contoso.com");
  EXPECT_THAT(pool.addresses(), ElementsAre("2001:db8::12", "203.0.113.11", "203.0.113.12"));
  EXPECT_EQ(pool.next_hop, "pool1.contoso.net");
  EXPECT_EQ(pool.stand_in, "edgepool2");
  EXPECT_EQ(pool.condition, EdgePool::Condition::kInService);
  EXPECT_EQ(organization().edge_pools.at("edgepool2").next_hop, "director2.contoso.net");
}

TEST_P(TwoSites, LocalConferencingIsTheSitesPool) {
  const FrontEndPool& pool = organization().front_end_pools.at("pool1");
  EXPECT_EQ(pool.conferencing, "edgepool1");
  EXPECT_FALSE(pool.conferencing_is_temporary);
  EXPECT_EQ(pool.served_by, FrontEndPool::ServedBy::kHome);
  EXPECT_EQ(pool.backup_pool, "pool2");
  EXPECT_THAT(pool.servers, ElementsAre("fe11.contoso.net", "fe12.contoso.net"));
  EXPECT_EQ(organization().front_end_pools.at("pool2").served_by,
            FrontEndPool::ServedBy::kAsObserved);
}

TEST_P(TwoSites, DomainsHaveDefaults) {
  const Domain& domain = organization().domains.at("contoso.com");
  EXPECT_EQ(domain.zone, "contoso.com");
  EXPECT_EQ(domain.sip->style, SipDnsStyle::kSrvTarget);
  EXPECT_EQ(domain.sip->ttl, absl::Seconds(300));
  EXPECT_EQ(domain.xmpp->host, "xmpp.contoso.com");
  EXPECT_THAT(domain.remote_access_order, ElementsAre("edgepool1", "edgepool2"));
  const Domain& chat = organization().domains.at("chat.contoso.com");
  EXPECT_EQ(chat.zone, "contoso.com");
  EXPECT_FALSE(chat.sip.has_value());
  EXPECT_EQ(chat.xmpp->host, "jabber.chat.contoso.com");
  EXPECT_EQ(chat.xmpp->ttl, absl::Hours(1));
}

TEST_P(TwoSites, ProvidersKeepTypesAndReferences) {
  EXPECT_EQ(CanonicalText(organization().providers.at("world").configuration),
            R"({"nothing":null,"speed":10,"tags":["a","7"],"trace":false,"world":"world.yaml"})");
  const ProviderDeclaration& zone = organization().providers.at("zone");
  EXPECT_EQ(zone.observe_with, "world");
  EXPECT_EQ(zone.max_concurrent, 2);
  EXPECT_EQ(organization().providers.at("world").max_concurrent, 8);
  ASSERT_EQ(zone.serves.size(), 2U);
  EXPECT_THAT(zone.serves[0].zones, ElementsAre("contoso.com"));
  EXPECT_THAT(zone.serves[1].sites, ElementsAre("Site2"));
  EXPECT_EQ(zone.secrets.at("tsig").Reference(), "file:/etc/poolshift/tsig.key");
}

TEST_P(TwoSites, SignersAreDeclared) {
  const CommitTrust& commits = organization().policy.commits;
  EXPECT_FALSE(commits.required);
  ASSERT_EQ(commits.signers.size(), 2U);
  const CommitSigner& alice = commits.signers[0];
  EXPECT_EQ(alice.name, "Alice Example");
  EXPECT_EQ(alice.ssh,
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHifUkkgUZPudqgUyYBIE+Y8GJT1SlZlDklsM2SYlVyq")
      << "without its comment";
  EXPECT_FALSE(alice.revoked);
  const CommitSigner& desk = commits.signers[1];
  EXPECT_THAT(desk.openpgp, testing::StartsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME"));
  EXPECT_THAT(desk.openpgp, testing::EndsWith("\n-----END PGP PUBLIC KEY BLOCK-----\n"));
  EXPECT_THAT(desk.paths, ElementsAre("sites/berlin/**", "sites/*/edge.yaml"));
  EXPECT_EQ(desk.until, "2027-12-31");
  EXPECT_TRUE(desk.revoked);
}

TEST_P(TwoSites, PolicyWindowsMayPassMidnight) {
  const Policy& policy = organization().policy;
  EXPECT_EQ(policy.procedure, Policy::Procedure::kDocumented);
  EXPECT_EQ(policy.max_actions, 40);
  EXPECT_EQ(policy.vantages_required, 2);
  EXPECT_EQ(policy.probes, 5);
  EXPECT_EQ(policy.replication_timeout, absl::Minutes(20));
  ASSERT_EQ(policy.windows.size(), 3U);
  EXPECT_THAT(policy.windows[0].days, ElementsAre(absl::Weekday::saturday, absl::Weekday::sunday));
  EXPECT_EQ(policy.windows[0].from_minute, 22 * 60);
  EXPECT_EQ(policy.windows[0].to_minute, 24 * 60);
  EXPECT_THAT(policy.windows[1].days, ElementsAre(absl::Weekday::monday, absl::Weekday::sunday));
  EXPECT_EQ(policy.windows[1].to_minute, 4 * 60);
  EXPECT_EQ(policy.windows[2].to_minute, 24 * 60);
  EXPECT_EQ(policy.on_gate_failure, Policy::GateFailure::kBackOut);
}

TEST_P(TwoSites, AutomationIsRead) {
  const Automation& automation = organization().policy.automation;
  EXPECT_EQ(automation.mode, Automation::Mode::kApprove);
  EXPECT_EQ(automation.interval, absl::Minutes(2));
  EXPECT_EQ(automation.approvals, 2);
  EXPECT_EQ(automation.approval_for, absl::Hours(8));
  EXPECT_EQ(automation.max_actions, 20);
  EXPECT_EQ(automation.max_pools, 1);
  ASSERT_EQ(automation.rules.size(), 2U);
  EXPECT_THAT(automation.rules[0].sites, ElementsAre("Site1"));
  EXPECT_EQ(automation.rules[0].mode, Automation::Mode::kAuto);
  EXPECT_THAT(automation.rules[1].kinds, ElementsAre("DnsRecordSet"));
  EXPECT_EQ(automation.rules[1].mode, Automation::Mode::kReport);
  EXPECT_THAT(automation.heal, ElementsAre("EdgeService"));
  EXPECT_EQ(automation.time_zone, "Europe/Berlin");
  ASSERT_EQ(automation.freezes.size(), 1U);
  EXPECT_EQ(automation.freezes[0].from, absl::CivilMinute(2026, 12, 20, 18, 0));
  EXPECT_EQ(automation.freezes[0].to, absl::CivilMinute(2027, 1, 4, 6, 0));
  EXPECT_EQ(automation.freezes[0].reason, "year end");
}

TEST_P(TwoSites, PartnersAndDirectorsAreRead) {
  const Partner& partner = organization().partners.at("fabrikam.com");
  EXPECT_TRUE(partner.sip && partner.xmpp);
  EXPECT_EQ(partner.discovery, Partner::Discovery::kHybrid);
  EXPECT_EQ(partner.pinned_name, "sip1.contoso.com");
  EXPECT_THAT(partner.accepts_names, testing::ElementsAre("sip1.contoso.com"));
  EXPECT_EQ(organization().directors.at("director2").edge_pool, "edgepool2");
}

INSTANTIATE_TEST_SUITE_P(Load, TwoSites, testing::Values(false, true), [](const auto& printed) {
  return printed.param ? "Printed" : "Written";
});

TEST(Load, EntitiesKnowTheirLines) {
  const auto loaded = LoadText(ReadFile(TestFile("good/two_sites.yaml")));
  EXPECT_EQ(ToString(loaded.organization.origin), "m.yaml:4:18");
  EXPECT_EQ(ToString(loaded.organization.sites.at("Site2").hosts.xmpp_origin), "m.yaml:6:40");
  EXPECT_EQ(ToString(loaded.organization.edge_pools.at("edgepool1").origin), "m.yaml:20:18");
}

TEST(Load, StandInTakesOverConferencing) {
  std::string text = ReadFile(TestFile("good/two_sites.yaml"));
  Replace("  standIn: edgepool2",
          "  standIn: edgepool2\n  condition: outOfService\n  reason: fire",
          text);
  for (const std::string& form : {text, PrintManifest(LoadText(text).organization)}) {
    const auto loaded = LoadText(form);
    EXPECT_FALSE(loaded.diagnostics.has_errors()) << Print(loaded.diagnostics);
    const FrontEndPool& pool = loaded.organization.front_end_pools.at("pool1");
    EXPECT_EQ(pool.conferencing, "edgepool2");
    EXPECT_TRUE(pool.conferencing_is_temporary);
    EXPECT_EQ(loaded.organization.edge_pools.at("edgepool1").reason, "fire");
  }
}

TEST(Load, MachineNamesBecomePools) {
  std::string text = ReadFile(TestFile("good/base.yaml"));
  Replace("federation: edge1, xmpp: edge1",
          "federation: edge12.contoso.net, xmpp: EDGE1.contoso.net",
          text);
  Replace("nextHop: pool1", "nextHop: fe11.contoso.net", text);
  const auto loaded = LoadText(text);
  EXPECT_EQ(loaded.organization.federation_host(), "edge1");
  EXPECT_EQ(loaded.organization.xmpp_host(), "edge1");
  EXPECT_EQ(loaded.organization.edge_pools.at("edge1").next_hop, "pool1.contoso.net");
}

TEST(Load, SiteHostsOverrideTheOrganization) {
  std::string text = ReadFile(TestFile("good/base.yaml"));
  Replace("metadata: {name: Site2}", "metadata: {name: Site2}\nspec: {hosts: {xmpp: edge2}}", text);
  Replace("procedure: serve-first", "allowDivergentRoutes: true", text);
  const auto loaded = LoadText(text);
  EXPECT_EQ(Print(loaded.diagnostics), "");
  EXPECT_EQ(loaded.organization.sites.at("Site1").hosts.xmpp, "edge1");
  EXPECT_EQ(loaded.organization.sites.at("Site2").hosts.xmpp, "edge2");
  EXPECT_EQ(ToString(loaded.organization.sites.at("Site2").hosts.xmpp_origin), "m.yaml:14:22");
  EXPECT_EQ(loaded.organization.sites.at("Site2").hosts.federation, "edge1");
  EXPECT_EQ(loaded.organization.xmpp_host(), "");
}

}  // namespace
}  // namespace poolshift
