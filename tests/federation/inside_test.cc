// A SIP move waits for a way inside, where the platform can tell, and for nothing where it cannot.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/federation/kinds.h"
#include "controller/federation/lowering.h"
#include "tests/federation/random_world.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InsideTest : public ::testing::Test {
 protected:
  InsideTest() : organization_(TwoSites()), world_(HealthyWorld(organization_)) {
    DeclareHost(organization_, Protocol::kSip, "edgepool2");
    world_.SetOrganization(organization_);
    observed_ = world_.ObserveAll();
  }

  Observation& Service(const std::string& server) {
    return observed_.observations[{kinds::EdgeService(server, "accessEdge"), ""}];
  }
  void Lower(MovePhase phase = MovePhase::kWhole) {
    Preparation preparation;
    preparation.phase = phase;
    lowered_ = poolshift::Lower(
        organization_, observed_, Assignment(organization_, EveryKind(organization_)), preparation);
  }
  const Operator* GateOfInside() const {
    for (const Operator& step : lowered_.problem.operators) {
      if (step.action.verb == Verb::kGate && step.action.why.front().rule == "k.5") return &step;
    }
    return nullptr;
  }
  std::string Warnings() const {
    std::string text;
    for (const Diagnostic& each : lowered_.warnings.items())
      text += each.message + '\n';
    return text;
  }

  Organization organization_;
  Rehearsal world_;
  ObservedState observed_;
  Lowered lowered_;
};

TEST_F(InsideTest, PlatformThatCannotTellWaitsForNothing) {
  Lower();
  EXPECT_EQ(GateOfInside(), nullptr);
  EXPECT_THAT(Warnings(), testing::Not(HasSubstr("way inside")));
}

TEST_F(InsideTest, OneServerWithAWayOpensTheGate) {
  Service("edge2a.contoso.com").properties.Set("waysInside", 0);
  Service("edge2b.contoso.com").properties.Set("waysInside", 3);
  Service("edge1a.contoso.com").properties.Set("waysInside", 0);  // who is left does not matter
  Lower();
  const Operator* step = GateOfInside();
  ASSERT_NE(step, nullptr);
  EXPECT_EQ(step->action.gate->quorum, 1);
  ASSERT_EQ(step->action.gate->expectations.size(), 2U);
  EXPECT_EQ(step->action.gate->expectations[1].subject.id,
            kinds::EdgeService("edge2b.contoso.com", "accessEdge"));
  EXPECT_THAT(Warnings(), testing::Not(HasSubstr("way inside")));
}

TEST_F(InsideTest, RecordsWaitForTheGate) {
  Service("edge2a.contoso.com").properties.Set("waysInside", 1);
  Lower();
  const Operator* step = GateOfInside();
  ASSERT_NE(step, nullptr);
  const VariableIndex inside = step->effects.front().variable;
  int waiting = 0;
  for (const Clause& clause : lowered_.problem.clauses) {
    if (clause.reason.rule != "I-10") continue;
    for (const Literal& literal : clause.literals)
      waiting += literal.variable == inside ? 1 : 0;
  }
  EXPECT_GT(waiting, 0);
}

TEST_F(InsideTest, WhatCouldNotBeReadIsLookedAtByTheGate) {
  Service("edge2a.contoso.com").unknown = {"waysInside"};
  Lower();
  ASSERT_NE(GateOfInside(), nullptr);
  EXPECT_EQ(GateOfInside()->action.gate->expectations.size(), 2U) << "the other one may tell later";
  EXPECT_THAT(Warnings(), testing::Not(HasSubstr("way inside"))) << "nobody knows yet";
}

TEST_F(InsideTest, NoWayIsSaidBeforehand) {
  for (const char* server : {"edge2a.contoso.com", "edge2b.contoso.com"}) {
    Service(server).properties.Set("waysInside", 0);
    Service(server).reason = "sip:a of dispatcher set 1 is inactive";
  }
  for (const MovePhase phase : {MovePhase::kWhole, MovePhase::kPrepare}) {
    Lower(phase);
    EXPECT_THAT(Warnings(),
                HasSubstr("edgepool2 has no way inside now, and records wait for one: "
                          "edge2a.contoso.com: sip:a of dispatcher set 1 is inactive"));
    EXPECT_THAT(lowered_.refusals, IsEmpty()) << "who is inside may come back";
  }
}

}  // namespace
}  // namespace poolshift
