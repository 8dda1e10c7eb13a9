// Certificates of a pool: how long they must last, and that they are the same on all servers
// (I-13).
#include "controller/federation/certificates.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/federation/lowering.h"
#include "tests/federation/random_world.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What is seen there is seen at the beginning of 1970 (Rehearsal::Look).
class CertificatesTest : public ::testing::Test {
 protected:
  CertificatesTest() : organization_(TwoSites()), world_(HealthyWorld(organization_)) {
    DeclareHost(organization_, Protocol::kSip, "edgepool2");
    world_.SetOrganization(organization_);
  }
  void Show(const std::string& server, std::string_view member, Value value) {
    Change(world_, kinds::Certificate(server, "accessEdgeExternal"), member, std::move(value));
  }
  void KillFormerHost() {
    DeclareHost(organization_, Protocol::kXmpp, "edgepool2");
    DeclareDead(organization_.edge_pools.at("edgepool1"));
    CutPower(organization_.edge_pools.at("edgepool1"), world_);
  }
  void Lower() {
    const ObservedState observed = world_.ObserveAll();
    lowered_ = poolshift::Lower(
        organization_, observed, Assignment(organization_, EveryKind(organization_)), {});
    refused_.clear();
    for (const Refusal& refusal : lowered_.refusals)
      refused_.push_back(refusal.text);
    warned_.clear();
    for (const Diagnostic& each : lowered_.warnings.items())
      warned_ += each.message + '\n';
  }

  Organization organization_;
  Rehearsal world_;
  Lowered lowered_;
  std::vector<std::string> refused_;
  std::string warned_;
};

TEST_F(CertificatesTest, PlannedMoveNeedsOneThatLasts) {
  Show("edge2b.contoso.com", "notAfter", "1970-01-01T23:59:59Z");
  Lower();
  EXPECT_THAT(refused_,
              ElementsAre("the certificate of edge2b.contoso.com ends within a day "
                          "(1970-01-01T23:59:59Z)"));
  Show("edge2b.contoso.com", "notAfter", "1970-01-02T00:00:01Z");
  Lower();
  EXPECT_THAT(refused_, IsEmpty());
}

TEST_F(CertificatesTest, FailoverTakesOneThatEndsToday) {
  KillFormerHost();
  Show("edge2b.contoso.com", "notAfter", "1970-01-01T12:00:00Z");
  Lower();
  EXPECT_THAT(refused_, IsEmpty());
  EXPECT_THAT(warned_, HasSubstr("edge2b.contoso.com ends within a day"));
  Show("edge2b.contoso.com", "notAfter", "1970-01-01T00:00:00Z");
  Lower();
  EXPECT_THAT(refused_, ElementsAre(HasSubstr("has expired")));
}

TEST_F(CertificatesTest, ServersWithDifferentOnesAreNamed) {
  Show("edge2a.contoso.com", "thumbprint", "0123456789ABCDEF");
  Lower();
  EXPECT_THAT(refused_, IsEmpty());
  EXPECT_THAT(warned_,
              HasSubstr("the servers of edgepool2 show different certificates: edge2a.contoso.com "
                        "0123456789, edge2b.contoso.com AB (I-13)"));
  Show("edge2b.contoso.com", "thumbprint", "0123456789ABCDEF");
  Lower();
  EXPECT_THAT(warned_, testing::Not(HasSubstr("different certificates")));
}

TEST_F(CertificatesTest, OutsideATopologyEachServerHasItsOwn) {
  Show("edge2a.contoso.com", "thumbprint", "CD");
  EdgePool pool = organization_.edge_pools.at("edgepool2");
  const ObservedState observed = world_.ObserveAll();
  const View view(organization_, observed);
  EXPECT_NE(DifferingCertificates(view, pool, "accessEdgeExternal"), "");
  pool.products = {Product::kProsody};
  EXPECT_EQ(DifferingCertificates(view, pool, "accessEdgeExternal"), "");
}

}  // namespace
}  // namespace poolshift
