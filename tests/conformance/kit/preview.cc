// Preview: what would be run, without running it.
#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

std::vector<std::vector<std::string>> Previewed(Scene& scene, const std::vector<Action>& actions) {
  const auto commands = scene.provider().Preview(actions, scene.fixture().patience);
  EXPECT_TRUE(commands.ok()) << commands.status();
  return commands.ok() ? *commands : std::vector<std::vector<std::string>>(actions.size());
}

void PreviewShowsCommands(Scene& scene) {
  scene.Read();
  const auto commands = Previewed(scene, {scene.Request(scene.Look(), "k", 1).action});
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_FALSE(commands.front().empty()) << "a change needs at least one command";
  for (const std::string& line : commands.front())
    EXPECT_EQ(line.find("\\x"), std::string::npos) << "it steers terminals: " << line;
}

void PreviewChangesNothing(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  Previewed(scene, {scene.Request(before.seen, "k", 1).action});
  scene.ExpectUntouched(before);
  EXPECT_TRUE(absl::IsNotFound(scene.provider().Lookup("k", scene.fixture().patience).status()));
}

void PreviewIsStable(Scene& scene) {
  scene.Read();
  const Action action = scene.Request(scene.Look(), "k", 1).action;
  const auto first = Previewed(scene, {action});
  EXPECT_EQ(first, Previewed(scene, {action}));
  scene.Write();
  EXPECT_EQ(first, Previewed(scene, {action})) << "of a program that may write";
}

void PreviewKeepsTheOrder(Scene& scene) {
  scene.Read();
  const Action action = scene.Request(scene.Look(), "k", 1).action;
  Action other = action;
  other.target.name = "nobody";
  const auto alone = Previewed(scene, {action});
  const auto of_other = Previewed(scene, {other});
  const auto together = Previewed(scene, {action, other, action});
  ASSERT_EQ(together.size(), 3U);
  EXPECT_EQ(together[0], alone.front());
  EXPECT_EQ(together[1], of_other.front());
  EXPECT_EQ(together[2], alone.front());
}

void PreviewOfNothingIsEmpty(Scene& scene) {
  scene.Read();
  EXPECT_TRUE(Previewed(scene, {}).empty());
}

void PreviewOfManyIsAnswered(Scene& scene) {
  scene.Read();
  const Action action = scene.Request(scene.Look(), "k", 1).action;
  const auto alone = Previewed(scene, {action});
  const auto many = Previewed(scene, std::vector<Action>(1100, action));
  ASSERT_EQ(many.size(), 1100U);
  EXPECT_EQ(many.front(), alone.front());
  EXPECT_EQ(many.back(), alone.front());
}

void PreviewOfWhatIsNotServedIsRefused(Scene& scene) {
  scene.Read();
  Action action = scene.Request(scene.Look(), "k", 1).action;
  action.target = {"NoSuchKind", "x"};
  EXPECT_FALSE(scene.provider().Preview({action}, scene.fixture().patience).ok());
  const auto description = scene.provider().Describe();
  ASSERT_TRUE(description.ok()) << description.status();
  for (const KindSchema& kind : description->kinds) {
    if (kind.writable) continue;
    action.target.kind = kind.kind;
    EXPECT_FALSE(scene.provider().Preview({action}, scene.fixture().patience).ok()) << kind.kind;
  }
}

}  // namespace

std::vector<Check> PreviewChecks() {
  const char* topic = "preview";
  const char* proto = "provider.proto Preview";
  return {
      {topic,
       "preview-shows-commands",
       "A change is shown as at least one printable command.",
       proto,
       {Need::kTarget},
       &PreviewShowsCommands},
      {topic,
       "preview-changes-nothing",
       "Preview leaves the target and the record as they are.",
       "provider-protocol 3",
       {Need::kTarget},
       &PreviewChangesNothing},
      {topic,
       "preview-is-stable",
       "The same action has the same commands, whether the program may write or not.",
       "guarantees G12",
       {Need::kTarget},
       &PreviewIsStable},
      {topic,
       "preview-keeps-the-order",
       "Each action's commands stand in the place of the action.",
       proto,
       {Need::kTarget},
       &PreviewKeepsTheOrder},
      {topic,
       "preview-of-nothing-is-empty",
       "No actions have no commands, and no error.",
       proto,
       {Need::kTarget},
       &PreviewOfNothingIsEmpty},
      {topic,
       "preview-of-many-is-answered",
       "1,100 actions get 1,100 lists of commands.",
       "provider-protocol What the controller promises 2",
       {Need::kTarget},
       &PreviewOfManyIsAnswered},
      {topic,
       "preview-of-what-is-not-served-is-refused",
       "What cannot be changed has no commands, but an error.",
       proto,
       {Need::kTarget},
       &PreviewOfWhatIsNotServedIsRefused},
  };
}

}  // namespace poolshift::conformance
