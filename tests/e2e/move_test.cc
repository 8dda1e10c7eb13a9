// The moves of the source pages, each from plan to proof, with the zone on a real name server.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"
#include "tests/e2e/record_watch.h"

namespace poolshift::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Move {
  std::string name;  // of the test
  std::string scenario;
  Lines options;  // of apply
  Lines xmpp_before, xmpp_after, sip_before, sip_after;
  Product product = Product::kBind;
};

std::ostream& operator<<(std::ostream& out, const Move& move) { return out << move.name; }

std::vector<Lines> Way(const Lines& before, const Lines& after) {
  return before == after ? std::vector<Lines>{before} : std::vector<Lines>{before, after};
}

class MoveTest : public ::testing::TestWithParam<Move> {};

TEST_P(MoveTest, FromPlanToProof) {
  const Move& move = GetParam();
  Contoso contoso({.scenario = move.scenario, .product = move.product});
  ASSERT_EQ(contoso.Xmpp(), move.xmpp_before);
  ASSERT_EQ(contoso.Sip(), move.sip_before);

  const Finished plan = contoso.Run({"plan"});
  EXPECT_EQ(plan.status, 2) << plan.said();
  EXPECT_THAT(plan.out, StartsWith("Plan: "));
  EXPECT_EQ(contoso.Xmpp(), move.xmpp_before) << "planning changes nothing";
  EXPECT_EQ(contoso.Sip(), move.sip_before) << "planning changes nothing";

  RecordWatch xmpp(contoso.server(), kXmpp, "A");
  RecordWatch sip(contoso.server(), kSip, "SRV");
  Lines words = {"apply", "--auto-approve"};
  words.insert(words.end(), move.options.begin(), move.options.end());
  const Finished apply = contoso.Run(words);
  EXPECT_EQ(apply.status, 0) << apply.said();
  EXPECT_TRUE(EndsInNoDrift(apply.out)) << apply.said();
  EXPECT_EQ(xmpp.Seen(), Way(move.xmpp_before, move.xmpp_after)) << "never withdrawn, never mixed";
  EXPECT_EQ(sip.Seen(), Way(move.sip_before, move.sip_after)) << "never withdrawn, never mixed";

  const Finished again = contoso.Run({"plan"});
  EXPECT_EQ(again.status, 0) << again.said();
  EXPECT_THAT(again.out, StartsWith("Plan: 0 actions, 0 gates\nNothing to do"));
  const Finished drift = contoso.Run({"drift"});
  EXPECT_EQ(drift.status, 0) << drift.said();
  EXPECT_EQ(drift.out, "No drift.\n");
}

const Lines kFrontEnd = {"--approve", "PoolFailover/frontend1.contoso.com"};

INSTANTIATE_TEST_SUITE_P(
    Pages,
    MoveTest,
    ::testing::Values(
        Move{"Xmpp", "xmpp-failover", {}, kXmppAtPool1, kXmppAtPool2, kSipAtPool1, kSipAtPool1},
        Move{"XmppDocumented",
             "xmpp-failover-documented",
             {},
             kXmppAtPool1,
             kXmppAtPool2,
             kSipAtPool1,
             kSipAtPool1},
        Move{
            "Sip", "federation-failover", {}, kXmppAtPool1, kXmppAtPool1, kSipAtPool1, kSipAtPool2},
        Move{"Both", "both-failover", {}, kXmppAtPool1, kXmppAtPool2, kSipAtPool1, kSipAtPool2},
        Move{"BothOnKnot",
             "both-failover",
             {},
             kXmppAtPool1,
             kXmppAtPool2,
             kSipAtPool1,
             kSipAtPool2,
             Product::kKnot},
        Move{"Failback",
             "failback",
             kFrontEnd,
             kXmppAtPool2,
             kXmppAtPool1,
             kSipAtPool2,
             kSipAtPool1},
        Move{"EdgeDead",
             "edge-dead-frontends-alive",
             {},
             kXmppAtPool2,
             kXmppAtPool2,
             kSipAtPool2,
             kSipAtPool2}),
    [](const auto& move) { return move.param.name; });

TEST(StillTest, NothingToDo) {
  Contoso contoso({.scenario = "nothing-to-do"});
  const Finished plan = contoso.Run({"plan"});
  EXPECT_EQ(plan.status, 0) << plan.said();
  EXPECT_THAT(plan.out, HasSubstr("Nothing to do: contoso is as declared.\n"));
  const Finished apply = contoso.Run({"apply", "--auto-approve"});
  EXPECT_EQ(apply.status, 0) << apply.said();
  EXPECT_TRUE(EndsInNoDrift(apply.out)) << apply.said();
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool1);
}

TEST(StillTest, SecondPoolMissing) {
  Contoso contoso({.scenario = "second-pool-missing"});
  for (const Lines& words : {Lines{"plan"}, Lines{"apply", "--auto-approve"}}) {
    const Finished run = contoso.Run(words);
    EXPECT_EQ(run.status, 12) << run.said();
    EXPECT_THAT(run.said(), HasSubstr("004"));
  }
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool1);
  EXPECT_EQ(contoso.Sip(), kSipAtPool1);
}

TEST(StillTest, FailbackWithoutApproval) {
  Contoso contoso({.scenario = "failback"});
  contoso.EditWorld("onPowerOn", "stopped");  // only to have a state to compare
  const std::string before = contoso.Platform();
  const Finished apply = contoso.Run({"apply", "--auto-approve"});
  EXPECT_EQ(apply.status, 12) << apply.said();
  EXPECT_THAT(apply.err, HasSubstr("--approve PoolFailover/frontend1.contoso.com"));
  EXPECT_EQ(contoso.Platform(), before);
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool2);
  EXPECT_EQ(contoso.Sip(), kSipAtPool2);
}

}  // namespace
}  // namespace poolshift::e2e
