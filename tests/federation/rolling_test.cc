// A pool that goes on hosting is installed server by server, each of which answers before the next
// (I-19).
#include "gtest/gtest.h"

#include "controller/federation/lowering.h"
#include "tests/federation/planned_case.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

class RollingTest : public ::testing::Test {
 protected:
  RollingTest() : organization_(TwoSites()), world_(HealthyWorld(organization_)) {
    world_.SetOrganization(organization_);
  }
  // Both servers of the pool missed the wizard's last run.
  void Outdate(const std::string& number) {
    for (const char* letter : {"a", "b"})
      Change(world_,
             kinds::EdgeComponents("edge" + number + letter + ".contoso.com"),
             "nextHop",
             "frontend9.contoso.com");
  }
  // "edge1a, gate, edge1b": in the order of the plan.
  std::string Turns() {
    std::string text;
    for (const Action& action : PlanOf(organization_, world_.ObserveAll()).actions) {
      const bool gate = action.verb == Verb::kGate && action.why.front().rule == "I-19";
      if (action.target.kind != kinds::kEdgeComponents && !gate) continue;
      text += (text.empty() ? "" : ", ") +
              (gate ? "gate" : action.target.name.substr(0, action.target.name.find('.')));
    }
    return text;
  }

  Organization organization_;
  Rehearsal world_;
};

TEST_F(RollingTest, HostAnswersBetweenItsServers) {
  Outdate("1");
  EXPECT_EQ(Turns(), "edge1a, gate, edge1b");
  const Plan plan = PlanOf(organization_, world_.ObserveAll());
  const auto gate = std::find_if(plan.actions.begin(), plan.actions.end(), [](const Action& each) {
    return each.verb == Verb::kGate && each.why.front().rule == "I-19";
  });
  ASSERT_NE(gate, plan.actions.end());
  EXPECT_EQ(gate->title, "edge1a.contoso.com answers again, before the next server of edgepool1");
  EXPECT_EQ(gate->gate->expectations.size(), 6U);  // two ports, three vantages
  EXPECT_EQ(gate->gate->vantages_required, 2);
}

TEST_F(RollingTest, WhoHostsNothingWaitsForNothing) {
  Outdate("2");
  EXPECT_EQ(Turns(), "edge2a, edge2b");
}

// What did not answer before cannot answer again.
TEST_F(RollingTest, SilentServerHoldsNobodyUp) {
  Outdate("1");
  for (const Protocol protocol : kProtocols)
    Change(world_, kinds::EdgeService("edge1a.contoso.com", Role(protocol)), "state", "stopped");
  EXPECT_EQ(Turns(), "edge1a, edge1b");
}

}  // namespace
}  // namespace poolshift
