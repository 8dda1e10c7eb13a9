#include "controller/federation/assignment.h"

#include "gtest/gtest.h"

#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

struct Row {
  std::string name;
  std::vector<std::pair<std::string, Responsibility>> serves;  // provider and what it serves
  ObservationKey key;
  std::string writer;
};

Responsibility Kinds(std::vector<std::string> kinds) { return {std::move(kinds), {}, {}, {}}; }
Responsibility Zones(std::vector<std::string> zones) { return {{}, {}, std::move(zones), {}}; }
Responsibility Sites(std::vector<std::string> sites) { return {{}, std::move(sites), {}, {}}; }

const ObservationKey kRecord{kinds::DnsRecordSet("xmpp.contoso.com", "A"), ""};
const ObservationKey kSubzoneRecord{kinds::DnsRecordSet("xmpp.eu.contoso.com", "A"), ""};
const ObservationKey kService{kinds::EdgeService("edge2a.contoso.com", "accessEdge"), ""};
const ObservationKey kRoute{kinds::SiteRoute("Site1"), ""};
const ObservationKey kProbe{kinds::Reachability("198.51.100.21", 5061), "b"};

std::vector<Row> Rows() {
  return {
      {"kind_beats_everything", {{"any", {}}, {"dns", Kinds({"DnsRecordSet"})}}, kRecord, "dns"},
      {"star_is_everything",
       {{"b", Kinds({"*"})}, {"dns", Kinds({"DnsRecordSet"})}},
       kRecord,
       "dns"},
      {"other_kind_excludes", {{"a", Kinds({"Topology"})}, {"b", {}}}, kRecord, "b"},
      {"zone_beats_none", {{"a", {}}, {"b", Zones({"contoso.com"})}}, kRecord, "b"},
      {"zone_of_another_excludes", {{"a", Zones({"fabrikam.com"})}, {"b", {}}}, kRecord, "b"},
      {"longest_zone_is_the_zone",
       {{"a", Zones({"contoso.com"})}, {"b", Zones({"eu.contoso.com"})}},
       kSubzoneRecord,
       "b"},
      {"kind_beats_zone",
       {{"a", Zones({"contoso.com"})}, {"b", Kinds({"DnsRecordSet"})}},
       kRecord,
       "b"},
      {"kind_and_zone_beat_kind",
       {{"a", Kinds({"DnsRecordSet"})}, {"b", {{"DnsRecordSet"}, {}, {"contoso.com"}, {}}}},
       kRecord,
       "b"},
      {"site_of_a_server", {{"a", Sites({"Site1"})}, {"b", Sites({"Site2"})}}, kService, "b"},
      {"site_of_a_route", {{"b", Sites({"Site1"})}, {"c", {}}}, kRoute, "b"},
      {"site_of_an_address", {{"b", Sites({"Site2"})}, {"c", {}}}, kProbe, "b"},
      {"zones_say_nothing_of_servers", {{"a", Zones({"fabrikam.com"})}}, kService, "a"},
      {"vantage", {{"a", {}}, {"b", {{}, {}, {}, {"b"}}}}, kProbe, "b"},
      {"other_vantage_excludes", {{"a", {{}, {}, {}, {"c"}}}, {"b", {}}}, kProbe, "b"},
      {"tie_goes_to_the_first", {{"b", {}}, {"a", {}}}, kRecord, "a"},
      {"nobody", {{"a", Kinds({"Topology"})}}, kRecord, ""},
  };
}

class AssignmentTest : public testing::TestWithParam<Row> {
 protected:
  static Organization Arrange(const Row& row, OfferedKinds& offered) {
    Organization organization = TwoSites();
    organization.providers.clear();
    Domain subdomain;
    subdomain.name = subdomain.zone = "eu.contoso.com";
    organization.domains[subdomain.name] = subdomain;
    for (const auto& [name, serves] : row.serves) {
      ProviderDeclaration& provider = organization.providers[name];
      provider.name = name;
      provider.serves = {serves};
      for (const KindSchema& schema : kinds::KindSchemas())
        offered[name].push_back(schema.kind);
    }
    return organization;
  }
};

TEST_P(AssignmentTest, MostSpecificServes) {
  OfferedKinds offered;
  const Organization organization = Arrange(GetParam(), offered);
  EXPECT_EQ(Assignment(organization, offered).ObserverOf(GetParam().key), GetParam().writer);
}

INSTANTIATE_TEST_SUITE_P(Rules, AssignmentTest, testing::ValuesIn(Rows()), [](const auto& row) {
  return row.param.name;
});

TEST(AssignmentTest, OfferedKindsBoundDeclarations) {
  Organization organization = TwoSites();
  const Assignment assignment(organization, {{"world", {"Topology"}}});
  EXPECT_EQ(assignment.WriterOf(kinds::Topology("contoso")), "world");
  EXPECT_EQ(assignment.WriterOf(kinds::SiteRoute("Site1")), "") << "it does not offer it";
}

TEST(AssignmentTest, PeopleLookThroughTheirEyes) {
  Organization organization = TwoSites();
  ProviderDeclaration& person = organization.providers["operator"];
  person.name = "operator";
  person.type = "manual";
  person.observe_with = "world";
  person.serves = {Kinds({"Topology"})};
  const Assignment assignment(organization,
                              {{"world", {"Topology", "SiteRoute"}}, {"operator", {"Topology"}}});
  EXPECT_EQ(assignment.WriterOf(kinds::Topology("contoso")), "operator");
  EXPECT_EQ(assignment.ObserverOf({kinds::Topology("contoso"), ""}), "world");
  EXPECT_TRUE(assignment.IsHuman("operator"));
  EXPECT_FALSE(assignment.IsHuman("world"));
  EXPECT_FALSE(assignment.IsHuman("nobody"));
}

}  // namespace
}  // namespace poolshift
