// Partners that let us in by name: who is asked, and what waits for the answer (D19.1).
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/federation/allow_lists.h"
#include "controller/federation/lowering.h"
#include "controller/federation/notes.h"
#include "controller/federation/readiness.h"
#include "tests/federation/random_world.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AllowListTest : public ::testing::Test {
 protected:
  AllowListTest() : organization_(TwoSites()), world_(HealthyWorld(organization_)) {
    Partner& partner = organization_.partners["fabrikam.com"];
    partner.domain = "fabrikam.com";
    partner.sip = partner.xmpp = true;
    partner.contact = "noc@fabrikam.com";
    partner.accepts_names = {"sip.contoso.com", "xmpp.contoso.com"};
    partner.accepts_origin = {"contoso.yaml", 80, 17};
    world_.SetOrganization(organization_);
  }

  Partner& partner() { return organization_.partners.at("fabrikam.com"); }
  void Lower(MovePhase phase = MovePhase::kWhole, bool takes_back = false) {
    observed_ = world_.ObserveAll();
    for (const auto& [name, accepted] : told_) {
      Observation& seen =
          observed_.observations[{kinds::PartnerAcceptance("fabrikam.com", name), ""}];
      seen.presence = Presence::kPresent;
      seen.properties = Value::Map{{"accepted", accepted}};
    }
    Preparation preparation;
    preparation.phase = phase;
    preparation.takes_back = takes_back;
    lowered_ = poolshift::Lower(
        organization_, observed_, Assignment(organization_, EveryKind(organization_)), preparation);
    EXPECT_THAT(lowered_.refusals, IsEmpty());
  }
  const Operator* Request() const {
    for (const Operator& step : lowered_.problem.operators)
      if (step.action.why.front().rule == "D19.1") return &step;
    return nullptr;
  }
  // Names of the variables that wait for the answer.
  std::set<std::string> Waiting() const {
    std::set<std::string> waiting;
    for (const Clause& clause : lowered_.problem.clauses) {
      if (clause.reason.rule != "D19.1") continue;
      EXPECT_EQ(clause.literals.at(1).variable, Request()->effects.front().variable);
      waiting.insert(
          lowered_.problem.variables[static_cast<std::size_t>(clause.literals.at(0).variable)]
              .name);
    }
    return waiting;
  }

  Organization organization_;
  Rehearsal world_;
  ObservedState observed_;
  std::map<std::string, bool> told_;  // seen in the newest declaration, by name
  Lowered lowered_;
};

TEST_F(AllowListTest, ListWithTheHostAsksNobody) {
  Lower();
  EXPECT_EQ(Request(), nullptr);
  DeclareHost(organization_, Protocol::kSip, "edgepool2");
  partner().accepts_names.push_back("sip2.contoso.com");
  Lower();
  EXPECT_EQ(Request(), nullptr);
}

TEST_F(AllowListTest, LiveHostIsLeftWhenThePartnerHasAgreed) {
  DeclareHost(organization_, Protocol::kSip, "edgepool2");
  Lower();
  const Operator* request = Request();
  ASSERT_NE(request, nullptr);
  EXPECT_TRUE(request->action.human);
  EXPECT_EQ(request->cost, 1);
  EXPECT_EQ(request->action.title, "ask fabrikam.com (noc@fabrikam.com) to allow sip2.contoso.com");
  const Gate& gate = *request->action.gate;
  ASSERT_EQ(gate.expectations.size(), 1U);
  EXPECT_EQ(gate.expectations[0].subject.id,
            kinds::PartnerAcceptance("fabrikam.com", "sip2.contoso.com"));
  EXPECT_EQ(gate.expectations[0].value, Value(true));
  EXPECT_THAT(
      request->action.commands,
      ElementsAre(HasSubstr("“Please let in: sip2.contoso.com (198.51.100.21, 198.51.100.22) for "
                            "SIP federation, TCP 5061, in both directions."),
                  HasSubstr("to `acceptsNames` of Partner/fabrikam.com, and commit that"),
                  HasSubstr("done when: the newest declaration has sip2.contoso.com there")));
  EXPECT_THAT(Waiting(),
              ElementsAre("DnsRecordSet/_sipfederationtls._tcp.contoso.com/SRV",
                          "SiteRoute/Site1.federation",
                          "SiteRoute/Site2.federation",
                          "Topology.federation"));
}

TEST_F(AllowListTest, NothingWaitsWhereTheHostIsDead) {
  DeclareHost(organization_, Protocol::kSip, "edgepool2");
  DeclareHost(organization_, Protocol::kXmpp, "edgepool2");
  DeclareDead(organization_.edge_pools.at("edgepool1"));
  CutPower(organization_.edge_pools.at("edgepool1"), world_);
  Lower();
  EXPECT_EQ(Request(), nullptr);
  EXPECT_THAT(Waiting(), IsEmpty());
  std::string behind;
  for (const Note& note : AccountForPages(organization_, lowered_.moves, {}))
    if (note.document == "D19.1" && !note.commands.empty()) behind += note.text + '\n';
  EXPECT_THAT(behind,
              HasSubstr("ask noc@fabrikam.com to allow sip2.contoso.com: until then fabrikam.com "
                        "stays cut off, and `drift` says so"));
}

TEST_F(AllowListTest, WayBackWaitsForNobody) {
  DeclareHost(organization_, Protocol::kSip, "edgepool2");
  Lower(MovePhase::kWhole, /*takes_back=*/true);
  EXPECT_EQ(Request(), nullptr);
}

// A list without any name of ours for a protocol says nothing of that protocol.
TEST_F(AllowListTest, ListOfOneProtocolBindsThatOne) {
  organization_.domains.at("contoso.com").xmpp->style = XmppDnsStyle::kStaticSrv;
  organization_.domains.at("contoso.com").sip.reset();
  partner().accepts_names = {"elsewhere.contoso.com"};
  DeclareHost(organization_, Protocol::kXmpp, "edgepool2");
  Lower();
  EXPECT_EQ(Request(), nullptr);
}

// The address behind a floating name moves, the name that is on the list stays.
TEST_F(AllowListTest, FloatingNameIsOnTheListAlready) {
  DeclareHost(organization_, Protocol::kXmpp, "edgepool2");
  Lower();
  EXPECT_EQ(Request(), nullptr);
}

TEST_F(AllowListTest, ProtocolThatThePartnerDoesNotSpeakIsNotAskedFor) {
  DeclareHost(organization_, Protocol::kSip, "edgepool2");
  partner().sip = false;
  Lower();
  EXPECT_EQ(Request(), nullptr);
}

TEST_F(AllowListTest, OneLetterAsksForBothProtocols) {
  organization_.domains.at("contoso.com").xmpp->style = XmppDnsStyle::kStaticSrv;
  for (const Protocol protocol : kProtocols)
    DeclareHost(organization_, protocol, "edgepool2");
  Lower();
  ASSERT_NE(Request(), nullptr);
  EXPECT_THAT(Request()->action.commands.front(),
              HasSubstr("for SIP federation, TCP 5061; and sip2.contoso.com (198.51.100.21, "
                        "198.51.100.22) for XMPP federation, TCP 5269"));
  EXPECT_TRUE(Waiting().contains("SiteRoute/Site1.xmpp"));
}

TEST_F(AllowListTest, NewestDeclarationCounts) {
  DeclareHost(organization_, Protocol::kSip, "edgepool2");
  told_ = {{"sip2.contoso.com", true}};
  Lower();
  EXPECT_EQ(Request(), nullptr);
  partner().accepts_names.push_back("sip2.contoso.com");
  told_ = {{"sip2.contoso.com", false}};  // taken off again
  Lower();
  EXPECT_NE(Request(), nullptr);
}

TEST_F(AllowListTest, PreparationIsTheTimeToAsk) {
  DeclareHost(organization_, Protocol::kSip, "edgepool2");
  Lower(MovePhase::kPrepare);
  EXPECT_EQ(Request(), nullptr);
  std::string warnings;
  for (const Diagnostic& each : lowered_.warnings.items())
    warnings += each.message + "; " + each.hint + '\n';
  EXPECT_THAT(warnings,
              HasSubstr("fabrikam.com does not let sip2.contoso.com in (D19.1); ask "
                        "noc@fabrikam.com now"));
}

}  // namespace
}  // namespace poolshift
