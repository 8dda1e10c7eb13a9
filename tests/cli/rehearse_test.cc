// `poolshift rehearse`: the real executor on a likeness of the observed world, which stays as it
// is.
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
  EXPECT_THAT(played.out, HasSubstr("\nRules: held in "));
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

TEST_F(RehearseTest, FailingActionLeavesTheRestUndone) {
  const ProgramRun played = Run({"rehearse", "--fail", "a3", Scenario("xmpp-failover")});
  EXPECT_EQ(played.status, 1) << played.out;
  EXPECT_THAT(played.out, HasSubstr("asked for in this rehearsal"));
  EXPECT_THAT(played.out, HasSubstr("Not done\n"));
  EXPECT_THAT(played.out, Not(HasSubstr("BROKEN")));
}

TEST_F(RehearseTest, PoolThatDiesBeforeTheRunStopsIt) {
  const ProgramRun played = Run({"rehearse", "--dead", "edgepool2", Scenario("xmpp-failover")});
  EXPECT_EQ(played.status, 1) << played.out;
  EXPECT_THAT(played.err, HasSubstr("could not look at EdgeService/edgeserver2a.contoso.com"));
}

TEST_F(RehearseTest, AnotherInterleavingKeepsTheRulesToo) {
  for (const char* seed : {"1", "2"}) {
    const ProgramRun played = Run({"rehearse", "--seed", seed, Scenario("both-failover")});
    EXPECT_EQ(played.status, 0) << played.out << played.err;
  }
}

}  // namespace
}  // namespace poolshift
