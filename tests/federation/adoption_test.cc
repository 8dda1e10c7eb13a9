// Adoption of hosts outside any topology, where nothing but the records says who hosts.
#include "controller/federation/adoption.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const ResourceId kFloating = kinds::DnsRecordSet("xmpp.contoso.com", "A");

Organization TwoLinuxPools() {
  Organization organization = TwoSites();
  for (auto& [name, pool] : organization.edge_pools)
    pool.products = {Product::kProsody, Product::kKamailio};
  return organization;
}

class AdoptionOfLinuxPools : public testing::Test {
 protected:
  AdoptionOfLinuxPools() : organization_(TwoLinuxPools()), world_(HealthyWorld(organization_)) {}

  Adoption Find() {
    world_.SetOrganization(organization_);
    const ObservedState observed = world_.ObserveAll();
    return FindAdoption(View(organization_, observed), Assignment(organization_, {}));
  }

  Organization organization_;
  Rehearsal world_;
};

TEST_F(AdoptionOfLinuxPools, TakesAMoveOfAllRecords) {
  EXPECT_THAT(Find().refusals, IsEmpty());
  Change(world_, kFloating, "records", Value::List{"198.51.100.21", "198.51.100.22"});
  const Adoption adoption = Find();
  EXPECT_THAT(adoption.refusals, IsEmpty());
  ASSERT_THAT(adoption.lines, Not(IsEmpty()));
  EXPECT_EQ(adoption.lines.front().commit, "hosts: {xmpp: edgepool2}");
}

TEST_F(AdoptionOfLinuxPools, RefusesHalfAMove) {
  Change(
      world_, kFloating, "records", Value::List{"198.51.100.21", "198.51.100.22", "203.0.113.11"});
  const Adoption adoption = Find();
  EXPECT_THAT(adoption.lines, IsEmpty());
  EXPECT_THAT(
      adoption.refusals,
      ElementsAre(Field(&Refusal::text, HasSubstr("records lead to edgepool1 and edgepool2"))));
}

TEST_F(AdoptionOfLinuxPools, RefusesAMoveThatItCouldNotSeeAllOf) {
  Change(world_, kFloating, "records", Value::List{"198.51.100.21", "198.51.100.22"});
  world_.unreachable.insert(kinds::DnsRecordSet("xmpp.contoso.com", "AAAA"));
  const Adoption adoption = Find();
  EXPECT_THAT(adoption.lines, IsEmpty());
  EXPECT_THAT(adoption.refusals,
              Contains(Field(&Refusal::text,
                             HasSubstr("AAAA of xmpp.contoso.com could not be looked at"))));
}

TEST(AdoptionOfConferencing, RefusesServicesThatDisagree) {
  const Organization organization = TwoSites();
  Rehearsal world = HealthyWorld(organization);
  const FrontEndPool& pool = organization.front_end_pools.begin()->second;
  const auto other = std::find_if(
      organization.edge_pools.begin(), organization.edge_pools.end(), [&](const auto& edge) {
        return edge.first != pool.conferencing;
      });
  const ResourceId id = kinds::EdgeAssociation(pool.fqdn);
  Change(world, id, "edgePool", other->second.fqdn);
  const auto find = [&] {
    const ObservedState observed = world.ObserveAll();
    return FindAdoption(View(organization, observed), Assignment(organization, {}));
  };
  EXPECT_THAT(find().lines,
              Contains(Field(&AdoptionLine::commit, "conferencing: " + other->first)));
  Change(world, id, "consistent", false);
  EXPECT_THAT(find().lines, IsEmpty());
  EXPECT_THAT(find().refusals,
              Contains(Field(&Refusal::text, HasSubstr("use different Edge pools"))));
}

}  // namespace
}  // namespace poolshift
