#include "controller/report/bound_text.h"

#include "gtest/gtest.h"

#include "controller/report/explanation.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

Certificate With(std::vector<BoundShare> shares) {
  Certificate certificate;
  for (const BoundShare& share : shares)
    certificate.lower_bound += share.actions;
  certificate.shares = std::move(shares);
  return certificate;
}

BoundShare Share(const std::string& variable,
                 int actions = 1,
                 int alone = 1,
                 std::vector<std::string> rules = {}) {
  return {{{variable, "old", "new"}}, actions, alone, std::move(rules)};
}

TEST(BoundTextTest, AddsLikeThingsUp) {
  EXPECT_EQ(BoundSum(With({Share("EdgeService/a/replica"),
                           Share("SiteRoute/Site1.xmpp"),
                           Share("EdgeService/b/replica"),
                           Share("a thing of tomorrow")})),
            "4 = 2 services + 1 site route + 1 other thing");
}

TEST(BoundTextTest, KeepsApartWhatRulesMakeDearer) {
  EXPECT_EQ(BoundSum(With({Share("SiteRoute/Site1.xmpp", 2, 1, {"I-4", "I-1"}),
                           Share("SiteRoute/Site2.xmpp"),
                           Share("SiteRoute/Site3.xmpp", 2, 1, {"I-4"})})),
            "5 = 4 for 2 site routes (I-1, I-4) + 1 site route");
}

TEST(BoundTextTest, WhatIsDearAnyhowNamesNoRule) {
  EXPECT_EQ(BoundSum(With({Share("EdgeService/a/xmppProxy", 2, 2)})), "2 = 2 for 1 service");
}

TEST(BoundTextTest, IsANumberWhereNothingIsKnown) { EXPECT_EQ(BoundSum(With({})), "0"); }

TEST(BoundTextTest, SpeaksOfThingsAsPeopleDo) {
  EXPECT_EQ(ShareText(Share("SiteRoute/Site1.xmpp")), "the XMPP route of Site1: old -> new");
}

TEST(ExplanationJsonTest, HasAFactForEachLine) {
  const auto json = nlohmann::json::parse(ExplanationJson("#4",
                                                          "   4 ~ route Site1 to the next pool\n"
                                                          "  declared   `hosts`: \"x\"\n"
                                                          "\n"
                                                          "             and more of it\n"));
  EXPECT_EQ(json["asked"], "#4");
  ASSERT_EQ(json["facts"].size(), 3U);
  EXPECT_EQ(json["facts"][0]["label"], "");
  EXPECT_EQ(json["facts"][0]["text"], "4 ~ route Site1 to the next pool");
  EXPECT_EQ(json["facts"][1]["label"], "declared");
  EXPECT_EQ(json["facts"][1]["text"], "`hosts`: \"x\"");
  EXPECT_EQ(json["facts"][2]["label"], "declared") << "it goes on";
  EXPECT_EQ(json["facts"][2]["text"], "and more of it");
}

}  // namespace
}  // namespace poolshift
