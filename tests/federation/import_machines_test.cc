// Import of machines that no platform puts into pools (Linux): who is called what, who hosts.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/federation/import.h"
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
using testing::Not;
using testing::UnorderedElementsAre;

constexpr const char* kSipSrv = "_sipfederationtls._tcp.contoso.com";
constexpr const char* kXmppSrv = "_xmpp-server._tcp.contoso.com";

// Two sites of two machines; each has an address of management and one that partners reach. Site 1
// hosts, site 2 is at rest.
class Machines : public testing::Test {
 protected:
  Machines() {
    seed_.name = "contoso";
    seed_.domains["contoso.com"].name = "contoso.com";
    for (const char* site : {"1", "2"}) {
      for (const char* number : {"1", "2"}) {
        const std::string fqdn = std::string("s") + site + 'e' + number + ".contoso.com";
        const std::string sip = std::string("sip") + site + ".contoso.com";
        List(fqdn,
             {{"site", "Site" + std::string(site)},
              {"products", Value::List{"kamailio", "prosody"}},
              {"addresses", Value::List{Inside(site, number), Outside(site, number)}},
              {"domains", Value::List{"contoso.com"}}});
        for (const char* use : {"sip", "xmpp"})
          See(kinds::Certificate(fqdn, use),
              {{"names", Value::List{"contoso.com", "xmpp.contoso.com", sip, fqdn}}});
        for (const char* role : {"accessEdge", "xmppProxy"})
          SeeService(fqdn, role, *site == '1' ? "running" : "stopped");
      }
    }
    SeeRecords(kSipSrv, "SRV", {"0 0 5061 sip1.contoso.com"});
    SeeRecords(kXmppSrv, "SRV", {"0 0 5269 xmpp.contoso.com"});
    SeeRecords("_sip._tls.contoso.com", "SRV", {});
    SeeRecords("xmpp.contoso.com", "A", {Outside("1", "1"), Outside("1", "2")});
    for (const char* site : {"1", "2"})
      SeeRecords(std::string("sip") + site + ".contoso.com",
                 "A",
                 {Outside(site, "1"), Outside(site, "2")});
  }

  static std::string Inside(const std::string& site, const std::string& number) {
    return "10.99.0." + site + number;
  }
  static std::string Outside(const std::string& site, const std::string& number) {
    return "203.0.113." + site + number;
  }

  void List(const std::string& fqdn, Value::Map properties) {
    listed_.push_back({{std::string(listed::kEdgeServer), fqdn}, std::move(properties)});
  }
  void See(const ResourceId& id, Value::Map properties) {
    Observation seen;
    seen.presence = Presence::kPresent;
    seen.properties = std::move(properties);
    observed_.observations[{id, ""}] = std::move(seen);
  }
  void SeeNothing(const ResourceId& id, const char* reason) {
    Observation away;
    away.reason = reason;
    observed_.observations[{id, ""}] = std::move(away);
  }
  static Observation Absent() {
    Observation absent;
    absent.presence = Presence::kAbsent;
    return absent;
  }
  void SeeService(const std::string& fqdn, const char* role, const char* state) {
    See(kinds::EdgeService(fqdn, role), {{"state", state}, {"startMode", "manual"}});
  }
  void SeeRecords(const std::string& name, const char* type, Value::List records) {
    See(kinds::DnsRecordSet(name, type), {{"records", std::move(records)}, {"ttl", 60}});
  }
  Value& PropertiesOf(std::size_t machine) { return listed_[machine].properties; }

  Imported Import() {
    auto imported = ImportEntities(seed_, {{"machines", listed_}});
    EXPECT_TRUE(imported.ok()) << imported.status();
    // What no test says anything of is not in DNS.
    for (ObservationKey& key : ImportRecordsToObserve(imported->organization, observed_))
      observed_.observations.try_emplace(std::move(key), Absent());
    ImportMachines(observed_, *imported);
    ImportDesignations(observed_, *imported);
    ImportDomains(observed_, *imported);
    ImportHosts(observed_, *imported);
    return *std::move(imported);
  }

  static testing::Matcher<const std::vector<Remark>&> Says(const char* member, const char* text) {
    return Contains(AllOf(Field(&Remark::member, member), Field(&Remark::text, HasSubstr(text))));
  }
  static Hosts HostsOf(const Imported& imported) {
    EXPECT_FALSE(imported.organization.sites.empty());
    return imported.organization.sites.begin()->second.hosts;
  }

  Organization seed_;
  std::vector<Listed> listed_;
  ObservedState observed_;
};

TEST_F(Machines, BecomePoolsByTheNameThatLeadsToThem) {
  const Imported imported = Import();
  ASSERT_THAT(imported.organization.edge_pools,
              ElementsAre(testing::Key("sip1"), testing::Key("sip2")));
  const EdgePool& rests = imported.organization.edge_pools.at("sip2");
  EXPECT_EQ(rests.access_edge_fqdn, "sip2.contoso.com");
  EXPECT_EQ(rests.site, "Site2");
  EXPECT_THAT(rests.products, ElementsAre(Product::kProsody, Product::kKamailio));
  EXPECT_THAT(rests.addresses(), ElementsAre("203.0.113.21", "203.0.113.22"));
  const Domain& domain = imported.organization.domains.at("contoso.com");
  ASSERT_TRUE(domain.xmpp.has_value());
  EXPECT_EQ(domain.xmpp->style, XmppDnsStyle::kFloatingA);
  EXPECT_EQ(domain.xmpp->host, "xmpp.contoso.com");
  ASSERT_TRUE(domain.sip.has_value());
  EXPECT_EQ(domain.sip->style, SipDnsStyle::kSrvTarget);
  EXPECT_EQ(HostsOf(imported).federation, "sip1");
  EXPECT_EQ(HostsOf(imported).xmpp, "sip1");
  EXPECT_THAT(imported.remarks, IsEmpty()) << imported.remarks.front().text;
  EXPECT_THAT(imported.undecided, IsEmpty());
}

TEST_F(Machines, AreLookedAtBeforeAnythingIsSaidOfThem) {
  const auto entities = ImportEntities(seed_, {{"machines", listed_}});
  ASSERT_TRUE(entities.ok());
  std::vector<std::string> names;
  for (const ObservationKey& key : ImportToObserve(entities->organization))
    names.push_back(ToString(key.id));
  EXPECT_THAT(names,
              AllOf(Contains("EdgeService/s2e1.contoso.com/xmppProxy"),
                    Contains("Certificate/s2e1.contoso.com/sip"),
                    Not(Contains(HasSubstr("Replica"))),
                    Not(Contains(HasSubstr("Topology"))),
                    Not(Contains(HasSubstr("SiteRoute")))));
  names.clear();
  for (const ObservationKey& key : ImportRecordsToObserve(entities->organization, observed_))
    names.push_back(ToString(key.id));
  EXPECT_THAT(names,
              AllOf(Contains("DnsRecordSet/sip2.contoso.com/AAAA"),
                    Contains("DnsRecordSet/xmpp.contoso.com/A")));
}

TEST_F(Machines, StandInThePoolThatTheirSettingsName) {
  for (std::size_t at = 0; at < 4; ++at)
    PropertiesOf(at).Set("pool", at < 2 ? "edge1" : "edge2");
  const Imported imported = Import();
  EXPECT_THAT(imported.organization.edge_pools,
              ElementsAre(testing::Key("edge1"), testing::Key("edge2")));
  EXPECT_EQ(imported.organization.edge_pools.at("edge2").access_edge_fqdn, "sip2.contoso.com");
  EXPECT_EQ(HostsOf(imported).xmpp, "edge1");
}

TEST_F(Machines, OfAPoolThatSettingsNameAreNotLostToOthersOfItsName) {
  for (std::size_t at = 2; at < 4; ++at)
    PropertiesOf(at).Set("pool", "sip1");
  const Imported imported = Import();
  ASSERT_THAT(imported.organization.edge_pools,
              ElementsAre(testing::Key("sip1"), testing::Key("sip1-contoso-com")));
  EXPECT_EQ(imported.organization.edge_pools.at("sip1").access_edge_fqdn, "sip2.contoso.com");
  EXPECT_EQ(imported.organization.edge_pools.at("sip1-contoso-com").servers.size(), 2U);
}

TEST_F(Machines, WithTheNameOfAPoolThatSettingsNameAreSaid) {
  PropertiesOf(0).Set("pool", "sip1");
  const Imported imported = Import();
  ASSERT_THAT(
      imported.organization.edge_pools,
      ElementsAre(testing::Key("sip1"), testing::Key("sip1-contoso-com"), testing::Key("sip2")));
  EXPECT_THAT(imported.remarks,
              Contains(AllOf(Field(&Remark::name, "sip1-contoso-com"),
                             Field(&Remark::text, HasSubstr("like those of sip1: where they")))));
}

TEST_F(Machines, StandWhereTheirProviderIsResponsible) {
  for (Listed& machine : listed_) {
    Value::Map without = machine.properties.map();
    without.erase("site");
    machine.properties = std::move(without);
  }
  EXPECT_THAT(Import().remarks, Says("site", "write the site that it stands in"));
  seed_.providers["machines"].serves = {{{}, {"Site7"}, {}, {}}};
  EXPECT_EQ(Import().organization.edge_pools.at("sip1").site, "Site7");
  seed_.providers.clear();
  seed_.sites["Only"].name = "Only";
  EXPECT_EQ(Import().organization.edge_pools.at("sip2").site, "Only");
}

TEST_F(Machines, HaveNoNameThatNobodyKnows) {
  SeeNothing(kinds::Certificate("s2e1.contoso.com", "sip"), "no such file");
  SeeNothing(kinds::Certificate("s2e1.contoso.com", "xmpp"), "no such file");
  See(kinds::Certificate("s2e2.contoso.com", "sip"), {{"names", Value::List{"contoso.com"}}});
  See(kinds::Certificate("s2e2.contoso.com", "xmpp"), {{"names", Value::List{"contoso.com"}}});
  const Imported imported = Import();
  EXPECT_EQ(imported.organization.edge_pools.at("s2e1").access_edge_fqdn, "");
  EXPECT_THAT(imported.remarks, Says("accessEdge", "could not be looked at (no such file)"));
  EXPECT_THAT(imported.remarks, Says("accessEdge", "no name in its certificates leads to it"));
  SeeRecords(kSipSrv, "SRV", {"0 0 5061 sip9.contoso.com"});
  const Imported again = Import();
  EXPECT_FALSE(again.organization.domains.at("contoso.com").sip.has_value());
  EXPECT_THAT(again.remarks, Says("sip", "leads to sip9.contoso.com, which may be s2e1 or s2e2"));
}

TEST_F(Machines, AreNotCalledByLessThanANameThatNobodyCouldFollow) {
  SeeNothing(kinds::DnsRecordSet("sip1.contoso.com", "A"), "SERVFAIL");
  const Imported imported = Import();
  EXPECT_FALSE(imported.organization.domains.at("contoso.com").sip.has_value())
      << "not followed is no traffic manager";
  for (const auto& [name, pool] : imported.organization.edge_pools)
    EXPECT_EQ(pool.access_edge_fqdn, "") << name;
  EXPECT_THAT(imported.remarks,
              Says("accessEdge", "A of sip1.contoso.com could not be looked at (SERVFAIL): write"));
  EXPECT_THAT(imported.remarks, Says("servers", "since A of sip1.contoso.com could not"));
}

TEST_F(Machines, AreNotBehindTranslationWhereAFamilyCouldNotBeLookedAt) {
  SeeNothing(kinds::DnsRecordSet("sip2.contoso.com", "AAAA"), "timeout");
  for (std::size_t at = 2; at < 4; ++at)
    PropertiesOf(at).Set("addresses", Value::List{"10.99.0.2" + std::to_string(at)});
  const Imported imported = Import();
  EXPECT_FALSE(imported.organization.edge_pools.contains("sip2"));
  const EdgePool& pool = imported.organization.edge_pools.at("s2e1");
  EXPECT_EQ(pool.access_edge_fqdn, "");
  EXPECT_THAT(imported.remarks,
              Says("accessEdge", "AAAA of sip2.contoso.com could not be looked at (timeout)"));
  EXPECT_THAT(imported.remarks, Not(Says("accessEdge", "address translation?")));
}

TEST_F(Machines, AreNotPassedOverForANameThatFloatsWhenItCouldNotBeFollowed) {
  SeeRecords(kXmppSrv, "SRV", {"0 0 5269 sip1.contoso.com"});
  SeeNothing(kinds::DnsRecordSet("sip1.contoso.com", "A"), "SERVFAIL");
  const Imported imported = Import();
  EXPECT_FALSE(imported.organization.domains.at("contoso.com").xmpp.has_value());
  EXPECT_THAT(imported.remarks, Says("xmpp", "leads to sip1.contoso.com, which may be"));
}

TEST_F(Machines, WithoutANameThatDoNotSpeakItAreNotWhoARecordLeadsTo) {
  for (std::size_t at = 2; at < 4; ++at)
    PropertiesOf(at) = Value::Map{{"site", "Site2"}, {"products", Value::List{"prosody"}}};
  SeeRecords(kSipSrv, "SRV", {"0 0 5061 gtm.contoso.com"});
  const Imported imported = Import();
  ASSERT_TRUE(imported.organization.domains.at("contoso.com").sip.has_value());
  EXPECT_EQ(imported.organization.domains.at("contoso.com").sip->gtm_name, "gtm.contoso.com");
}

TEST_F(Machines, WithSeveralNamesAreLeftToAPerson) {
  for (const char* fqdn : {"s2e1.contoso.com", "s2e2.contoso.com"})
    See(kinds::Certificate(fqdn, "sip"),
        {{"names", Value::List{"sip2.contoso.com", "voice.contoso.com"}}});
  SeeRecords("voice.contoso.com", "A", {Outside("2", "1"), Outside("2", "2")});
  EXPECT_THAT(Import().remarks,
              Says("accessEdge", "it is called sip2.contoso.com and voice.contoso.com in DNS"));
}

TEST_F(Machines, BehindTranslationAreCalledAsTheirCertificateSays) {
  for (std::size_t at = 2; at < 4; ++at)
    PropertiesOf(at).Set("addresses", Value::List{"10.99.0.2" + std::to_string(at)});
  const Imported imported = Import();
  const EdgePool& pool = imported.organization.edge_pools.at("sip2");
  EXPECT_THAT(pool.addresses(), ElementsAre("203.0.113.21", "203.0.113.22"));
  EXPECT_THAT(imported.remarks, Says("accessEdge", "address translation?"));
  EXPECT_THAT(imported.remarks, Says("servers", "check which belongs to which"));
}

TEST_F(Machines, ThatCannotBeAskedAreNeitherLeftOutNorTakenForStopped) {
  for (std::size_t at = 0; at < 2; ++at) {
    PropertiesOf(at) = Value::Map{
        {"site", "Site1"}, {"pool", "edge1"}, {"products", Value::List{"kamailio", "prosody"}}};
    for (const char* role : {"accessEdge", "xmppProxy"})
      SeeNothing(kinds::EdgeService(listed_[at].id.name, role), "no route to host");
    for (const char* use : {"sip", "xmpp"})
      SeeNothing(kinds::Certificate(listed_[at].id.name, use), "no route to host");
  }
  const Imported imported = Import();
  ASSERT_TRUE(imported.organization.edge_pools.contains("edge1"));
  EXPECT_EQ(HostsOf(imported).xmpp, "") << "records lead to addresses of nobody that is known";
  EXPECT_THAT(imported.undecided,
              UnorderedElementsAre(HasSubstr("hosts SIP federation cannot be told"),
                                   HasSubstr("edge1 could not be looked at (no route to host)")));
  EXPECT_THAT(imported.remarks, Says("condition", "no server of it could be looked at"));
  EXPECT_THAT(imported.remarks, Says("hosts", "XMPP federation: cannot be told"));
  SeeService("s2e1.contoso.com", "xmppProxy", "running");
  EXPECT_EQ(HostsOf(Import()).xmpp, "") << "who is seen to serve need not be the only one";
}

TEST_F(Machines, RecordsSayWhoHostsAndServicesWhetherTheyAreRight) {
  for (const char* fqdn : {"s1e1.contoso.com", "s1e2.contoso.com"})
    SeeService(fqdn, "xmppProxy", "stopped");
  SeeService("s2e1.contoso.com", "xmppProxy", "running");
  const Imported imported = Import();
  EXPECT_EQ(HostsOf(imported).xmpp, "sip1");
  EXPECT_THAT(imported.remarks, Says("hosts", "does not run; it runs at sip2: which is right?"));
}

TEST_F(Machines, TwoThatServeAlikeAreNotChosenFrom) {
  SeeService("s2e1.contoso.com", "xmppProxy", "running");
  SeeRecords("xmpp.contoso.com", "A", {Outside("1", "1"), Outside("2", "1")});
  const Imported imported = Import();
  EXPECT_EQ(HostsOf(imported).xmpp, "");
  EXPECT_THAT(imported.undecided,
              ElementsAre(AllOf(HasSubstr("records lead to sip1 and sip2 alike"),
                                HasSubstr("sip1 and sip2 serve"),
                                HasSubstr("as `hosts: {xmpp: POOL}`"))));
}

TEST_F(Machines, WhereRecordsAreSilentWhoAloneServesIsTaken) {
  SeeNothing(kinds::DnsRecordSet(kXmppSrv, "SRV"), "timeout");
  Imported imported = Import();
  EXPECT_EQ(HostsOf(imported).xmpp, "sip1");
  EXPECT_THAT(imported.remarks, Says("hosts", "could not be looked at (timeout); sip1 is taken"));
  SeeService("s2e1.contoso.com", "xmppProxy", "running");
  EXPECT_EQ(HostsOf(Import()).xmpp, "") << "two serve";
  for (std::size_t at = 0; at < 2; ++at)
    PropertiesOf(at).Set("domains", Value::List{"fabrikam.com"});
  SeeRecords(kXmppSrv, "SRV", {});
  seed_.domains["contoso.com"].xmpp.emplace();
  imported = Import();
  EXPECT_EQ(HostsOf(imported).xmpp, "sip2") << "the other one serves other users";
  EXPECT_THAT(imported.remarks, Says("", "serves users of fabrikam.com, which the seed does not"));
}

TEST_F(Machines, WhereRecordsCouldNotBeFollowedTheyAreNotSilent) {
  SeeNothing(kinds::DnsRecordSet("xmpp.contoso.com", "AAAA"), "timeout");
  const Imported imported = Import();
  EXPECT_EQ(HostsOf(imported).xmpp, "sip1");
  EXPECT_THAT(imported.remarks,
              Says("hosts", "AAAA of xmpp.contoso.com could not be looked at (timeout); other "));
  for (const char* fqdn : {"s1e1.contoso.com", "s1e2.contoso.com"})
    SeeService(fqdn, "xmppProxy", "stopped");
  EXPECT_THAT(Import().undecided, ElementsAre(HasSubstr("nobody is seen to serve")));
  SeeNothing(kinds::DnsRecordSet("xmpp.contoso.com", "A"), "timeout");
  EXPECT_THAT(Import().undecided, ElementsAre(HasSubstr("A of xmpp.contoso.com could not be")))
      << "no federation is only what nobody names";
}

TEST_F(Machines, RecordsOfSomeDomainsDoNotDecide) {
  seed_.domains["fabrikam.com"].name = "fabrikam.com";
  for (const char* locator : {"_sipfederationtls._tcp.", "_sip._tls."})
    SeeRecords(std::string(locator) + "fabrikam.com", "SRV", {});
  SeeNothing(kinds::DnsRecordSet("_xmpp-server._tcp.fabrikam.com", "SRV"), "REFUSED");
  SeeService("s2e1.contoso.com", "xmppProxy", "running");
  const Imported imported = Import();
  EXPECT_EQ(HostsOf(imported).federation, "sip1");
  EXPECT_EQ(HostsOf(imported).xmpp, "");
  EXPECT_THAT(imported.undecided,
              ElementsAre(AllOf(HasSubstr("fabrikam.com could not be looked at (REFUSED); other "
                                          "records lead to sip1; sip1 and sip2 serve"),
                                HasSubstr("as `hosts: {xmpp: POOL}`"))));
  for (const char* fqdn : {"s1e1.contoso.com", "s1e2.contoso.com"})
    SeeService(fqdn, "xmppProxy", "stopped");
  EXPECT_EQ(HostsOf(Import()).xmpp, "") << "what serves is not where the seen records lead";
}

TEST_F(Machines, OfWhichOneServesOtherUsersAreSaid) {
  seed_.domains["contoso.com"].xmpp.emplace().host = "xmpp.contoso.com";
  PropertiesOf(0).Set("domains", Value::List{"fabrikam.com"});
  EXPECT_THAT(Import().remarks, Says("hosts", "sip1, which does not serve users of contoso.com"));
}

TEST_F(Machines, DoNotHostWhereTheTopologyMay) {
  listed_.push_back(
      {{std::string(listed::kEdgePool), "edge.contoso.com"},
       Value::Map{{"site", "Site1"},
                  {"accessEdge", "access.contoso.com"},
                  {"servers",
                   Value::List{Value::Map{{"fqdn", "a.contoso.com"},
                                          {"addresses", Value::List{"203.0.113.31"}}}}}}});
  See(kinds::SiteRoute("Site1"), {{"federation", ""}, {"xmpp", ""}});
  SeeNothing(kinds::SiteRoute("Site2"), "access denied");
  Imported imported = Import();
  EXPECT_EQ(HostsOf(imported).xmpp, "");
  EXPECT_THAT(imported.undecided,
              UnorderedElementsAre(
                  HasSubstr("SIP federation cannot be told: the routes of Site2 could not be "
                            "looked at (access denied)"),
                  AllOf(HasSubstr("XMPP"), HasSubstr("as `hosts: {xmpp: POOL}`"))));
  See(kinds::SiteRoute("Site2"), {{"federation", ""}, {"xmpp", "lost.contoso.com"}});
  imported = Import();
  EXPECT_EQ(HostsOf(imported).federation, "sip1") << "seen to be routed to nobody";
  EXPECT_THAT(imported.undecided, ElementsAre(HasSubstr("Site2 is routed to lost.contoso.com")));
  See(kinds::SiteRoute("Site2"), {{"federation", ""}, {"xmpp", ""}});
  EXPECT_THAT(Import().undecided, IsEmpty());
  SeeRecords("xmpp.contoso.com", "A", {"203.0.113.31"});
  imported = Import();
  EXPECT_EQ(HostsOf(imported).xmpp, "");
  EXPECT_THAT(imported.undecided, ElementsAre(HasSubstr("records lead to edge of the topology")));
}

TEST_F(Machines, WhatNobodyServesAndNobodyNamesIsNoFederation) {
  SeeRecords(kXmppSrv, "SRV", {});
  for (const char* fqdn : {"s1e1.contoso.com", "s1e2.contoso.com"})
    SeeService(fqdn, "xmppProxy", "stopped");
  const Imported imported = Import();
  EXPECT_EQ(HostsOf(imported).xmpp, "");
  EXPECT_EQ(HostsOf(imported).federation, "sip1");
  EXPECT_THAT(imported.undecided, IsEmpty());
}

TEST_F(Machines, OfSeveralProvidersAreOne) {
  std::vector<Listed> sip = listed_, xmpp = listed_;
  for (std::size_t at = 0; at < 4; ++at) {
    sip[at].properties.Set("products", Value::List{"kamailio"});
    xmpp[at].properties = Value::Map{{"products", Value::List{"ejabberd"}}};
  }
  const auto imported = ImportEntities(seed_, {{"telephony", sip}, {"messaging", xmpp}});
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_THAT(imported->organization.edge_pools.begin()->second.products,
              ElementsAre(Product::kEjabberd, Product::kKamailio));
  xmpp[0].properties.Set("site", "Site9");
  const auto split = ImportEntities(seed_, {{"telephony", sip}, {"messaging", xmpp}});
  EXPECT_THAT(std::string(split.status().message()), HasSubstr("EdgeServer/s1e1.contoso.com.site"));
}

TEST_F(Machines, StandWhereAProviderSaysWhateverOthersAreResponsibleFor) {
  seed_.providers["messaging"].serves = {{{}, {"Site7"}, {}, {}}};
  std::vector<Listed> xmpp = listed_;
  for (Listed& machine : xmpp)
    machine.properties = Value::Map{{"products", Value::List{"ejabberd"}}};
  auto both = ImportEntities(seed_, {{"messaging", xmpp}, {"telephony", listed_}});
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->organization.edge_pools.at("s1e1.contoso.com").site, "Site1");
  seed_.providers["presence"].serves = {{{}, {"Site8"}, {}, {}}};
  both = ImportEntities(seed_, {{"messaging", xmpp}, {"presence", xmpp}});
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->organization.edge_pools.at("s1e1.contoso.com").site, "") << "two, so none";
}

TEST_F(Machines, OfTheSeedStayAsTheyAre) {
  EdgePool& mine = seed_.edge_pools["mine"];
  mine.name = mine.fqdn = "mine";
  mine.products = {Product::kProsody};
  mine.servers = {{"s1e1.contoso.com", {"203.0.113.11"}}};
  const Imported imported = Import();
  EXPECT_EQ(imported.organization.edge_pools.at("mine").servers.size(), 1U);
  EXPECT_EQ(imported.organization.edge_pools.at("sip1").servers.size(), 1U);
}

TEST_F(Machines, ThatRunNothingKnownAreSaid) {
  PropertiesOf(0).Set("products", Value::List{});
  EXPECT_THAT(Import().remarks, Says("", "left out: s1e1.contoso.com"));
}

}  // namespace
}  // namespace poolshift
