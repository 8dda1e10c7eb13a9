// A program that is started anew, or a second one beside it, on the same state directory.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void RestartForgetsNoKey(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  const ApplyResult first = scene.Apply(before, "k", 5);
  ASSERT_TRUE(first.status.ok()) << first.status;
  scene.Write();
  const Standing after = scene.Stand();
  const ApplyResult repeated = scene.Apply(before, "k", 5);
  EXPECT_TRUE(repeated.status.ok()) << repeated.status;
  EXPECT_EQ(repeated.observation.revision, first.observation.revision);
  scene.ExpectUntouched(after);
}

void RestartForgetsNoToken(Scene& scene) {
  scene.Write();
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 5).status.ok());
  scene.Write();
  const Standing after = scene.Stand();
  const ApplyResult smaller = scene.Apply(after.seen, "other", 4);
  EXPECT_TRUE(absl::IsAborted(smaller.status)) << smaller.status;
  scene.ExpectUntouched(after);
}

void RestartForgetsNoFence(Scene& scene) {
  scene.Write();
  ASSERT_TRUE(scene.provider().Fence({6}, scene.fixture().patience).ok());
  scene.Kill();
  scene.Write();
  const auto seen = scene.provider().Fence({0}, scene.fixture().patience);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->greatest, 6);
  EXPECT_TRUE(absl::IsAborted(scene.Apply(scene.Look(), "k", 5).status));
}

void TwoProgramsShareTheRecord(Scene& scene) {
  scene.Write();
  const auto other = scene.Beside(false);
  const Observation before = scene.Look();
  const ApplyRequest request = scene.Request(before, "k", 5);
  ASSERT_TRUE(scene.Apply(request).status.ok());
  const Standing after = scene.Stand();
  const ApplyResult repeated = other->Apply(request, nullptr);
  EXPECT_TRUE(repeated.status.ok()) << repeated.status;
  const ApplyResult late = other->Apply(scene.Request(after.seen, "late", 4), nullptr);
  EXPECT_TRUE(absl::IsAborted(late.status)) << late.status;
  scene.ExpectUntouched(after);
}

// A state directory that was lost costs the record, never the target.
void LostStateHarmsNothing(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "k", 1).status.ok());
  scene.Leave();
  const std::string witness = scene.Witness();
  scene.Write({false, [](PluginConfiguration& configuration) {
                 configuration.state_directory += "-anew";
                 std::filesystem::remove_all(configuration.state_directory);
                 std::filesystem::create_directories(configuration.state_directory);
               }});
  scene.ExpectChanged();
  const ApplyResult result = scene.Apply(before, "k", 1);
  EXPECT_FALSE(result.effect_unknown) << result.status;
  scene.ExpectChanged();
  EXPECT_EQ(witness, scene.Witness());
}

}  // namespace

std::vector<Check> RestartChecks() {
  const char* topic = "restart";
  return {
      {topic,
       "restart-forgets-no-key",
       "A repeated key is answered after a restart too.",
       "provider-protocol 6",
       {Need::kChange},
       &RestartForgetsNoKey},
      {topic,
       "restart-forgets-no-token",
       "A smaller token is fenced after a restart too.",
       "provider-protocol 5",
       {Need::kChange},
       &RestartForgetsNoToken},
      {topic,
       "restart-forgets-no-fence",
       "A raised fence outlives a kill.",
       "provider-protocol 13",
       {Need::kChange},
       &RestartForgetsNoFence},
      {topic,
       "two-programs-share-the-record",
       "A second program on the same state knows the keys and tokens of the first.",
       "guarantees G7",
       {Need::kChange},
       &TwoProgramsShareTheRecord},
      {topic,
       "lost-state-harms-nothing",
       "With an empty state directory what was done stays, and is not done twice.",
       "guarantees G5",
       {Need::kChange},
       &LostStateHarmsNothing},
  };
}

}  // namespace poolshift::conformance
