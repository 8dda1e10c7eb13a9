#include "controller/policy/coverage.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace poolshift {
namespace {

using ::testing::SizeIs;

Action Route(const std::string& site, const std::string& from, const std::string& to) {
  Action action;
  action.target = {"Lamp", site};
  action.before = Value::Map{{"state", from}};
  action.after = Value::Map{{"state", to}};
  action.id = MakeActionId(action.verb, action.target, action.before, action.after);
  action.provider = "lab";
  action.commands = {"switch " + site};
  return action;
}

TEST(Coverage, WhatIsLeftIsCovered) {
  Plan approved, rest;
  approved.actions = {Route("hall", "off", "on"), Route("yard", "off", "on")};
  rest.actions = {approved.actions[1]};
  Action gate;
  gate.verb = Verb::kGate;
  gate.id = "g12345678";
  rest.actions.push_back(gate);
  EXPECT_THAT(NotCovered(approved, rest), SizeIs(0));
  EXPECT_THAT(NotCovered(approved, Plan()), SizeIs(0));
}

TEST(Coverage, AnythingElseIsNot) {
  const std::vector<std::pair<std::string, std::function<void(Action&)>>> rows = {
      {"another resource", [](Action& action) { action = Route("cellar", "off", "on"); }},
      {"from another state", [](Action& action) { action = Route("hall", "dim", "on"); }},
      {"to another state", [](Action& action) { action = Route("hall", "off", "dim"); }},
      {"by another provider", [](Action& action) { action.provider = "person"; }},
      {"by a person", [](Action& action) { action.human = true; }},
      {"with another command", [](Action& action) { action.commands = {"switch --force hall"}; }},
      {"with another mode", [](Action& action) { action.modes = {"disaster"}; }},
      {"with more besides",
       [](Action& action) {
         action.also = {{{"Lamp", "yard"}, {}, 1}};
       }},
      {"with data to lose", [](Action& action) { action.needs_approval = true; }},
  };
  Plan approved;
  approved.actions = {Route("hall", "off", "on")};
  for (const auto& [name, change] : rows) {
    Plan rest = approved;
    change(rest.actions[0]);
    EXPECT_THAT(NotCovered(approved, rest), SizeIs(1)) << name;
  }
}

}  // namespace
}  // namespace poolshift
