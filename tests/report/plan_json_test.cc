#include "controller/report/plan_json.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/plan_graph.h"
#include "tests/golden/golden_file.h"
#include "tests/report/plan_samples.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

using nlohmann::json;

std::string Golden(const std::string& name) {
  return POOLSHIFT_SOURCE_DIR "/tests/report/golden/" + name;
}

TEST(PlanJsonTest, IsByteForByteAsReviewed) {
  ExpectGolden(Golden("every_symbol.json"), PlanJson(EverySymbolPlan()));
  ExpectGolden(Golden("refused.json"), PlanJson(RefusedPlan()));
}

TEST(PlanJsonTest, HoldsWhatPlanHolds) {
  Plan plan = EverySymbolPlan();
  plan.left_out = {{"XMPP federation", {"I-9", "cannot look at it", "mend it", "I-9", {}, {}}}};
  const json document = json::parse(PlanJson(plan));
  EXPECT_EQ(document["format_version"], "2.2");
  ASSERT_EQ(document["left_out"].size(), 1U);
  EXPECT_EQ(document["left_out"][0]["part"], "XMPP federation");
  EXPECT_EQ(document["left_out"][0]["text"], "cannot look at it");
  EXPECT_EQ(document["left_out"][0]["hint"], "mend it");
  EXPECT_EQ(document["digest"], PlanDigest(plan));
  EXPECT_EQ(document["summary"]["actions"], 8);
  EXPECT_EQ(document["summary"]["gates"], 3);
  EXPECT_EQ(document["summary"]["needs_approval"], 1);
  ASSERT_EQ(document["actions"].size(), plan.actions.size());
  EXPECT_EQ(document["actions"][5]["before"]["records"], json({"203.0.113.11", "203.0.113.12"}));
  EXPECT_EQ(document["actions"][6]["before"], nullptr);
  EXPECT_EQ(document["actions"][4]["gate"]["quorum"], 2);
}

TEST(PlanJsonTest, EachActionFollowsItsNeeds) {
  const json document = json::parse(PlanJson(EverySymbolPlan()));
  std::set<std::string> seen;
  for (const json& action : document["actions"]) {
    for (const json& need : action["needs"])
      EXPECT_TRUE(seen.contains(need)) << need;
    seen.insert(action["id"]);
  }
}

TEST(PlanJsonTest, HostileNamesStayValidAscii) {
  const std::string text = PlanJson(HostilePlan());
  EXPECT_TRUE(json::accept(text));
  for (const char letter : text)
    EXPECT_TRUE(letter == '\n' || (letter >= 0x20 && letter < 0x7F));
}

TEST(PlanGraphTest, IsByteForByteAsReviewed) {
  ExpectGolden(Golden("every_symbol.dot"), PlanDot(EverySymbolPlan()));
  ExpectGolden(Golden("every_symbol.mermaid"), PlanMermaid(EverySymbolPlan()));
}

TEST(PlanGraphTest, QuotesHostileTitles) {
  Plan plan = HostilePlan();
  plan.actions[0].title = "say \"hi\" \\ <b>#1;</b>";
  EXPECT_THAT(PlanDot(plan), ::testing::HasSubstr("label=\"1 ~ say \\\"hi\\\" \\\\ <b>#1;</b>\""));
  EXPECT_THAT(PlanMermaid(plan),
              ::testing::HasSubstr("\"1 ~ say #34;hi#34; #92; #60;b#62;#35;1#59;#60;/b#62;\""));
}

}  // namespace
}  // namespace poolshift
