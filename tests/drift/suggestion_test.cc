// What of a plan is suggested for a difference.
#include "controller/engine/suggestion.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Action Change(const std::string& id, const ResourceId& target, Value before, Value after) {
  Action action;
  action.id = id;
  action.title = "do " + id;
  action.target = target;
  action.before = std::move(before);
  action.after = std::move(after);
  return action;
}

// Topology (two pools in two actions), a route after both, a gate on a port after the route.
Plan FourSteps() {
  const ResourceId topology{"Topology", "contoso"};
  Plan plan;
  plan.actions.push_back(Change("off",
                                topology,
                                Value::Map{{"pool1", Value::Map{{"federation", true}}}},
                                Value::Map{{"pool1", Value::Map{{"federation", false}}}}));
  plan.actions.push_back(Change("on",
                                topology,
                                Value::Map{{"pool2", Value::Map{{"federation", false}}}},
                                Value::Map{{"pool2", Value::Map{{"federation", true}}}}));
  plan.actions.push_back(Change(
      "route", {"SiteRoute", "Site1"}, Value::Map{{"xmpp", "a"}}, Value::Map{{"xmpp", "b"}}));
  plan.actions[2].needs = {"off", "on"};
  Action gate = Change("port", {"Reachability", "203.0.113.11/5061"}, {}, {});
  gate.verb = Verb::kGate;
  gate.gate.emplace();
  Expectation open;
  open.subject = {{"Reachability", "203.0.113.11/5061"}, ""};
  open.property = "state";
  gate.gate->expectations.push_back(open);
  gate.needs = {"route"};
  plan.actions.push_back(gate);
  return plan;
}

DriftEntry Of(const std::string& kind, const std::string& name, const std::string& property) {
  DriftEntry entry;
  entry.resource = {kind, name};
  entry.property = property;
  return entry;
}

DriftSuggestion SuggestFor(const DriftEntry& entry, const Plan& plan) {
  return Suggestions(plan).For(entry);
}

std::vector<std::string> Ids(const DriftSuggestion& suggestion) {
  std::vector<std::string> ids;
  for (const DriftSuggestion::Step& step : suggestion.actions)
    ids.push_back(step.id);
  return ids;
}

// Two gates look at one port, the later one behind the earlier; one walk does not hide from the
// next.
TEST(SuggestionTest, OnePlanIsAskedAboutManyDifferences) {
  Plan plan = FourSteps();
  Action again = plan.actions[3];
  again.id = "again";
  again.needs = {"port", "record"};
  plan.actions.push_back(
      Change("record", {"DnsRecordSet", "a/A"}, Value::Map{{"ttl", 1}}, Value::Map{{"ttl", 2}}));
  plan.actions[4].needs = {"port"};
  plan.actions.push_back(again);
  Suggestions suggestions(plan);
  for (int time = 0; time < 2; ++time) {
    EXPECT_THAT(Ids(suggestions.For(Of("Reachability", "203.0.113.11/5061", "state"))),
                ElementsAre("off", "on", "route", "record"));
    const DriftSuggestion record = suggestions.For(Of("DnsRecordSet", "a/A", "ttl"));
    EXPECT_THAT(Ids(record), ElementsAre("record"));
    EXPECT_EQ(record.first, 3U);
  }
}

TEST(SuggestionTest, ActionThatChangesTheProperty) {
  const DriftSuggestion flag =
      SuggestFor(Of("Topology", "contoso", "pool2.federation"), FourSteps());
  EXPECT_THAT(Ids(flag), ElementsAre("on"));
  EXPECT_EQ(flag.first, 0U);
  EXPECT_TRUE(flag.designation);
}

TEST(SuggestionTest, EveryActionOfTheResourceElse) {
  EXPECT_THAT(Ids(SuggestFor(Of("Topology", "contoso", "pool3.xmpp"), FourSteps())),
              ElementsAre("off", "on"));
}

TEST(SuggestionTest, EarlierActionsAreCounted) {
  const DriftSuggestion route = SuggestFor(Of("SiteRoute", "Site1", "xmpp"), FourSteps());
  EXPECT_THAT(Ids(route), ElementsAre("route"));
  EXPECT_EQ(route.first, 2U);
}

TEST(SuggestionTest, WhatIsOnlySeenIsBehindItsGate) {
  const DriftSuggestion port =
      SuggestFor(Of("Reachability", "203.0.113.11/5061", "state"), FourSteps());
  EXPECT_THAT(Ids(port), ElementsAre("off", "on", "route"));
  EXPECT_EQ(port.first, 0U);
  EXPECT_FALSE(port.designation);
}

TEST(SuggestionTest, JointChangesOfAPersonCount) {
  Plan plan = FourSteps();
  plan.actions[2].also.push_back(
      {{"SiteRoute", "Site2"}, Value::Map{{"xmpp", "a"}}, Value::Map{{"xmpp", "b"}}});
  plan.actions[2].human = true;
  const DriftSuggestion route = SuggestFor(Of("SiteRoute", "Site2", "xmpp"), plan);
  ASSERT_THAT(Ids(route), ElementsAre("route"));
  EXPECT_TRUE(route.actions[0].human);
}

TEST(SuggestionTest, WhyThereIsNone) {
  EXPECT_EQ(SuggestFor(Of("CentralStore", "contoso", "alive"), FourSteps()).none,
            "no action of Poolshift changes it: a person must look");
  DriftEntry blind = Of("Replica", "a", "");
  blind.looked = false;
  EXPECT_THAT(SuggestFor(blind, FourSteps()).none, HasSubstr("nobody could look"));
  Plan refused;
  refused.refusals.push_back({"I-2", "two hosts", "commit one", "", {}});
  const DriftSuggestion none = SuggestFor(Of("SiteRoute", "Site1", "xmpp"), refused);
  EXPECT_EQ(none.none, "there is no plan: two hosts; commit one");
  EXPECT_THAT(none.actions, IsEmpty());
}

TEST(SuggestionTest, TtlIsNoDesignation) {
  EXPECT_FALSE(SuggestFor(Of("DnsRecordSet", "a/A", "ttl"), {}).designation);
  EXPECT_TRUE(SuggestFor(Of("DnsRecordSet", "a/A", "records"), {}).designation);
}

}  // namespace
}  // namespace poolshift
