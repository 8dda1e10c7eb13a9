// `poolshift rehearse`: the real executor on a likeness of the observed world, which stays as it
// is.
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using RehearseTest = HomeTest;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(RehearseTest, FailoverPassesAndNothingRealChanges) {
  const std::string scenario = Scenario("both-failover");
  const std::string plan = Run({"plan", scenario}).out;
  const ProgramRun played = Run({"rehearse", scenario});
  EXPECT_EQ(played.status, 0) << played.out << played.err;
  EXPECT_THAT(played.out, HasSubstr("broken before  I-10: records of XMPP federation lead to "));
  EXPECT_THAT(played.out, HasSubstr("      SIP   flag edgepool1 → edgepool2\n"));
  EXPECT_THAT(played.out, HasSubstr("mended  I-10: records of XMPP federation lead to edgepool1"));
  EXPECT_THAT(played.out, HasSubstr("what was broken before was made no worse."));
  EXPECT_THAT(played.out, HasSubstr("\nDone: "));
  EXPECT_EQ(Run({"plan", scenario}).out, plan) << "the world is as it was";
}

TEST_F(RehearseTest, PlannedMoveLeapsOverItsTtl) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  std::string text = ReadText(home_ / "contoso" / "organization.yaml");
  const std::string hosts = "{federation: edgepool1, xmpp: edgepool1}";
  text.replace(text.find(hosts), hosts.size(), "{federation: edgepool2, xmpp: edgepool2}");
  WriteText(home_ / "contoso" / "organization.yaml", text);
  const ProgramRun played = Run({"rehearse", "contoso"});  // it holds for a TTL of 5 minutes
  EXPECT_EQ(played.status, 0) << played.out << played.err;
  EXPECT_THAT(played.out, HasSubstr("\nRules: I-1, I-4, I-9, I-10 and I-18 held in "));
  EXPECT_THAT(played.out, HasSubstr("\nDone: "));
}

TEST_F(RehearseTest, SavedPlanWithLostReplyEndsWell) {
  const std::string scenario = Scenario("xmpp-failover");
  ASSERT_EQ(Run({"plan", "--out", "night.plan", scenario}).status, 2);
  const ProgramRun played = Run({"rehearse", "--lose-reply", "3", "night.plan", scenario});
  EXPECT_EQ(played.status, 0) << played.out << played.err;
  EXPECT_THAT(played.err, HasSubstr("answer was lost"));
  EXPECT_EQ(Run({"apply", "night.plan", scenario}).status, 0)
      << "a rehearsal does not use a saved plan up";
}

// The wall comes after the plan was made, so no step of it opens it.
TEST_F(RehearseTest, WallSeenFromInsideStopsItToo) {
  CopyScenario("xmpp-failover");
  ASSERT_EQ(Run({"plan", "--out", "night.plan", "contoso"}).status, 2);
  const std::filesystem::path world = home_ / "contoso" / "world.sim";
  WriteText(
      world,
      ReadText(world) +
          "\nfirewall: [{from: \"fe1*\", to: \"edgeserver2*\", port: 23456, answer: drop}]\n");
  const ProgramRun played = Run({"rehearse", "night.plan", "contoso"});
  EXPECT_EQ(played.status, 14) << played.out << played.err;
  EXPECT_THAT(played.err + played.out, HasSubstr("(seen from fe1a.contoso.com)"));
}

TEST_F(RehearseTest, WallThatAPersonOpensStopsNothing) {
  const std::string scenario = POOLSHIFT_SOURCE_DIR "/tests/scenarios/walled-inside-sip";
  const ProgramRun played = Run({"rehearse", scenario});
  EXPECT_EQ(played.status, 0) << played.out << played.err;
  EXPECT_THAT(played.out, HasSubstr("open the firewall inside"));
}

TEST_F(RehearseTest, FailingActionLeavesTheRestUndone) {
  const ProgramRun played = Run({"rehearse", "--fail", "a3", Scenario("xmpp-failover")});
  EXPECT_EQ(played.status, 1) << played.out;
  EXPECT_THAT(played.out, HasSubstr("asked for in this rehearsal"));
  EXPECT_THAT(played.out, HasSubstr("Not done\n"));
  EXPECT_THAT(played.out, Not(HasSubstr("BROKEN")));
}

TEST_F(RehearseTest, WayInsideIsAsItWasSeen) {
  const std::string scenarios = POOLSHIFT_SOURCE_DIR "/tests/scenarios/";
  const ProgramRun without = Run({"rehearse", scenarios + "linux-no-way-inside"});
  EXPECT_EQ(without.status, 14) << without.out << without.err;
  EXPECT_THAT(without.out, HasSubstr("waysInside is 0"));
  const ProgramRun unread = Run({"rehearse", scenarios + "linux-failover-way-inside"});
  EXPECT_EQ(unread.status, 0) << "what does not run yet is taken for well" << unread.out;
}

TEST_F(RehearseTest, PoolThatDiesBeforeTheRunStopsIt) {
  const ProgramRun played = Run({"rehearse", "--dead", "edgepool2", Scenario("xmpp-failover")});
  EXPECT_EQ(played.status, 1) << played.out;
  EXPECT_THAT(played.err, HasSubstr("could not look at EdgeService/edgeserver2a.contoso.com"));
  EXPECT_THAT(played.out, HasSubstr("died  edgepool2 before it"));
  EXPECT_THAT(played.out, HasSubstr("Order: nothing ended"));
  EXPECT_THAT(played.out, HasSubstr("A new plan from there\n"));
}

// The states before it are shown, what then fails, and what could be done from there.
TEST_F(RehearseTest, PoolDiesAtTheChosenMoment) {
  const ProgramRun played = Run({"rehearse", "--dead", "edgepool2@a4", Scenario("xmpp-failover")});
  EXPECT_NE(played.status, 0) << played.out;
  EXPECT_THAT(played.out, HasSubstr("died  edgepool2 as it was called"));
  EXPECT_THAT(played.out, HasSubstr("\nOrder: #3, #4, #1"));
  EXPECT_THAT(played.out, HasSubstr("A new plan from there\n"));
  EXPECT_THAT(played.out, HasSubstr("with the manifests as they are: "));
  EXPECT_THAT(played.out, HasSubstr("with a commit that declares edgepool2 dead"));
  EXPECT_THAT(played.out, HasSubstr("there is none"));
  EXPECT_THAT(played.out, HasSubstr("refused  "));
  const ProgramRun earlier = Run({"rehearse", "--dead", "edgepool2@3", Scenario("xmpp-failover")});
  EXPECT_THAT(
      earlier.out,
      HasSubstr("3/9 ~ route Site1: XMPP edgepool1 -> edgepool2: done\n      died  edgepool2"));
}

TEST_F(RehearseTest, MomentOfDeathIsAnAction) {
  const ProgramRun gate = Run({"rehearse", "--dead", "edgepool2@5", Scenario("xmpp-failover")});
  EXPECT_EQ(gate.status, 10);
  EXPECT_THAT(gate.err, HasSubstr("--dead: `5` is a gate"));
  const ProgramRun pool = Run({"rehearse", "--dead", "edgepool7@1", Scenario("xmpp-failover")});
  EXPECT_EQ(pool.status, 10);
  EXPECT_THAT(pool.err, HasSubstr("no pool `edgepool7` is declared"));
}

TEST_F(RehearseTest, FailedRunSaysWhatANewPlanWouldDo) {
  const ProgramRun played = Run({"rehearse", "--fail", "3", Scenario("xmpp-failover")});
  EXPECT_THAT(played.out, HasSubstr("with the manifests as they are: 5 actions, 4 gates"));
  EXPECT_THAT(played.out, HasSubstr("~ route Site1: XMPP edgepool1 -> edgepool2"));
}

std::string OrderIn(const std::string& out) {
  const std::size_t at = out.find("\nOrder: ");
  return at == std::string::npos ? "" : out.substr(at, out.find(", drawn", at) - at);
}

// Everything that is printed is the same with the same seed; seeds differ where steps are free.
TEST_F(RehearseTest, SeedDrawsTheOrder) {
  const std::string scenario = Scenario("both-failover");
  std::set<std::string> orders;
  for (const char* seed : {"1", "2", "3", "4"}) {
    const ProgramRun played = Run({"rehearse", "--width", "400", "--seed", seed, scenario});
    EXPECT_EQ(played.status, 0) << played.out << played.err;
    EXPECT_THAT(played.out, HasSubstr(std::string(", drawn from seed ") + seed));
    EXPECT_EQ(Run({"rehearse", "--width", "400", "--seed", seed, scenario}).out, played.out);
    orders.insert(OrderIn(played.out));
  }
  EXPECT_GE(orders.size(), 3U);
}

}  // namespace
}  // namespace poolshift
