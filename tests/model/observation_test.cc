#include "controller/model/observation.h"

#include "gtest/gtest.h"

namespace poolshift {
namespace {

ObservedState State(Presence presence) {
  Observation observation;
  observation.presence = presence;
  observation.properties = Value::Map{{"state", "open"}};
  ObservedState state;
  state.observations[{{"Reachability", "203.0.113.11/5061"}, "internet"}] = observation;
  return state;
}

TEST(ObservedStateTest, FindsByResourceAndVantage) {
  const ObservedState state = State(Presence::kPresent);
  EXPECT_NE(state.Find({"Reachability", "203.0.113.11/5061"}, "internet"), nullptr);
  EXPECT_EQ(state.Find({"Reachability", "203.0.113.11/5061"}), nullptr);
  EXPECT_EQ(state.Find({"Reachability", "203.0.113.11/5269"}, "internet"), nullptr);
  EXPECT_EQ(state.Find({"Fence", "203.0.113.11/5061"}, "internet"), nullptr);
}

TEST(ObservedStateTest, OnlyThePresentHasProperties) {
  const ResourceId id{"Reachability", "203.0.113.11/5061"};
  ASSERT_NE(State(Presence::kPresent).Properties(id, "internet"), nullptr);
  EXPECT_EQ(State(Presence::kAbsent).Properties(id, "internet"), nullptr);
  EXPECT_EQ(State(Presence::kUnreachable).Properties(id, "internet"), nullptr);
}

TEST(ObservedStateTest, UnaskedIsNotAbsent) {
  EXPECT_EQ(ObservedState{}.Find({"SiteRoute", "Site1"}), nullptr);
  EXPECT_EQ(Observation{}.presence, Presence::kUnreachable);
}

}  // namespace
}  // namespace poolshift
