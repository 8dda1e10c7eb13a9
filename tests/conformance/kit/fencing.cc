// Fencing tokens: who has been taken over from changes nothing.
#include <filesystem>
#include <limits>

#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

void ExpectFenced(const ApplyResult& result) {
  EXPECT_TRUE(absl::IsAborted(result.status)) << result.status;
  EXPECT_FALSE(result.effect_unknown);
}

void ExpectFence(Provider& provider,
                 const FenceClaim& claim,
                 std::int64_t seen,
                 bool stood = false) {
  const auto answer = provider.Fence(claim, absl::Seconds(20));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->greatest, seen);
  EXPECT_EQ(answer->stood, stood);
}

// A request with this token that changes nothing.
void Show(Scene& scene, std::int64_t token) {
  ApplyRequest request = scene.Request(scene.Look(), "shown", token);
  request.action.precondition_revision = Scene::Stale();
  scene.Apply(request);
}

void SmallerTokenIsFenced(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  Show(scene, 7);
  for (const std::int64_t token : {std::int64_t{6},
                                   std::int64_t{1},
                                   std::int64_t{0},
                                   std::int64_t{-1},
                                   std::numeric_limits<std::int64_t>::min()}) {
    SCOPED_TRACE(token);
    ExpectFenced(scene.Apply(before.seen, "k", token));
  }
  scene.ExpectUntouched(before);
}

void EqualTokenIsAdmitted(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  Show(scene, 7);
  const ApplyResult result = scene.Apply(before, "k", 7);
  EXPECT_TRUE(result.status.ok()) << result.status;
}

void GreatestTokensAreCompared(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  Show(scene, kGreatest);
  ExpectFenced(scene.Apply(before, "k", kGreatest - 1));
  const ApplyResult result = scene.Apply(before, "k", kGreatest);
  EXPECT_TRUE(result.status.ok()) << result.status;
}

void TokenOfAChangeIsSeen(Scene& scene) {
  scene.Write();
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 5).status.ok());
  ExpectFence(scene.provider(), {0}, 5);
}

void AskingRaisesNothing(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ExpectFence(scene.provider(), {0}, 0);
  ExpectFence(scene.provider(), {0}, 0);
  const ApplyResult result = scene.Apply(before, "k", 1);
  EXPECT_TRUE(result.status.ok()) << result.status;
}

void RaisedFenceHolds(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ExpectFence(scene.provider(), {9}, 9);
  ExpectFenced(scene.Apply(before.seen, "k", 8));
  scene.ExpectUntouched(before);
}

void RaisedFenceAdmitsItsOwn(Scene& scene) {
  scene.Write();
  ExpectFence(scene.provider(), {9}, 9);
  const ApplyResult done = scene.Apply(scene.Look(), "k", 9);
  EXPECT_TRUE(done.status.ok()) << done.status;
}

void FenceIsNeverLowered(Scene& scene) {
  scene.Write();
  ExpectFence(scene.provider(), {9}, 9);
  ExpectFence(scene.provider(), {4}, 9);
  ExpectFence(scene.provider(), {0}, 9);
  ExpectFence(scene.provider(), {-5}, 9);
}

void ATokenThatStoodIsTold(Scene& scene) {
  scene.Write();
  ExpectFence(scene.provider(), {9, "a1"}, 9);
  ExpectFence(scene.provider(), {9, "a1"}, 9);  // its own: the answer may have been lost
  ExpectFence(scene.provider(), {9, "b2"}, 9, true);
  ExpectFence(scene.provider(), {9}, 9, true);
  ExpectFence(scene.provider(), {10, "b2"}, 10);
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 10).status.ok());
  ExpectFence(scene.provider(), {10, "b2"}, 10);
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 12).status.ok());
  ExpectFence(scene.provider(), {12, "b2"}, 12, true);
}

void RaisingTheFenceChangesNothingElse(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ExpectFence(scene.provider(), {9}, 9);
  scene.ExpectUntouched(before);
  EXPECT_TRUE(absl::IsNotFound(scene.provider().Lookup("k", absl::Seconds(20)).status()));
}

void FencedRequestIsNotRemembered(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ExpectFence(scene.provider(), {9}, 9);
  ExpectFenced(scene.Apply(before, "k", 8));
  const auto found = scene.provider().Lookup("k", scene.fixture().patience);
  EXPECT_TRUE(absl::IsNotFound(found.status()) || (found.ok() && !found->status.ok()))
      << found.status();
  const ApplyResult result = scene.Apply(before, "k", 9);
  EXPECT_TRUE(result.status.ok()) << result.status;
}

void FenceComesBeforeTheRecord(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "k", 3).status.ok());
  ExpectFence(scene.provider(), {9}, 9);
  ExpectFenced(scene.Apply(before, "k", 3));
}

// The plugin of another controller, with a state directory of its own.
Start Elsewhere(const Scene& scene) {
  const std::string state = scene.state_directory() + "-elsewhere";
  std::filesystem::remove_all(state);
  std::filesystem::create_directories(state);
  std::filesystem::permissions(state, std::filesystem::perms::owner_all);
  return {false,
          [state](PluginConfiguration& configuration) { configuration.state_directory = state; }};
}

void TargetFencesAnotherController(Scene& scene) {
  EXPECT_TRUE(scene.Write().Describe()->fenced);
  const auto other = scene.Beside(false, Elsewhere(scene));
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 8).status.ok());
  const Standing after = scene.Stand();
  const ApplyRequest late = scene.Request(after.seen, "late", 7);
  ExpectFenced(other->Apply(late, nullptr));
  scene.ExpectUntouched(after);
  ExpectFence(*other, {0}, 8);
}

void TargetHoldsARaisedFence(Scene& scene) {
  scene.Write();
  const auto other = scene.Beside(false, Elsewhere(scene));
  const Standing before = scene.Stand();
  ExpectFence(*other, {8, "a1"}, 8);
  ExpectFence(scene.provider(), {0}, 8);
  ExpectFence(scene.provider(), {8, "b2"}, 8, true);
  ExpectFenced(scene.Apply(before.seen, "k", 7));
  scene.ExpectUntouched(before);
}

}  // namespace

std::vector<Check> FencingChecks() {
  const char* topic = "fencing";
  const char* five = "provider-protocol 5";
  const char* thirteen = "provider-protocol 13";
  return {
      {topic,
       "smaller-token-is-fenced",
       "A smaller token than one already seen changes nothing, however small.",
       five,
       {Need::kTarget},
       &SmallerTokenIsFenced},
      {topic,
       "equal-token-is-admitted",
       "The greatest token seen is admitted again.",
       five,
       {Need::kChange},
       &EqualTokenIsAdmitted},
      {topic,
       "greatest-tokens-are-compared",
       "Tokens are compared up to 2^63 - 1.",
       five,
       {Need::kChange},
       &GreatestTokensAreCompared},
      {topic,
       "token-of-a-change-is-seen",
       "The fence stands where the last change put it.",
       thirteen,
       {Need::kChange},
       &TokenOfAChangeIsSeen},
      {topic,
       "asking-raises-nothing",
       "Token 0 only asks.",
       thirteen,
       {Need::kChange},
       &AskingRaisesNothing},
      {topic,
       "raised-fence-holds",
       "From its raising on a smaller token is refused.",
       thirteen,
       {Need::kChange},
       &RaisedFenceHolds},
      {topic,
       "raised-fence-admits-its-own",
       "Who raised the fence can change things.",
       thirteen,
       {Need::kChange},
       &RaisedFenceAdmitsItsOwn},
      {topic,
       "fence-is-never-lowered",
       "A smaller token is answered with the greatest one.",
       thirteen,
       {Need::kChange},
       &FenceIsNeverLowered},
      {topic,
       "a-token-that-stood-is-told",
       "Who raises the fence to the token of another lease is told.",
       thirteen,
       {Need::kChange},
       &ATokenThatStoodIsTold},
      {topic,
       "raising-the-fence-changes-nothing-else",
       "Raising the fence leaves the target and the record as they are.",
       thirteen,
       {Need::kChange},
       &RaisingTheFenceChangesNothingElse},
      {topic,
       "fenced-request-is-not-remembered",
       "What was fenced was not begun; with a greater token it is.",
       five,
       {Need::kChange},
       &FencedRequestIsNotRemembered},
      {topic,
       "fence-comes-before-the-record",
       "A repeated key with a smaller token is fenced, whatever became of it.",
       five,
       {Need::kChange},
       &FenceComesBeforeTheRecord},
      {topic,
       "target-fences-another-controller",
       "Where the target has a fence, a controller with another state directory meets it.",
       "guarantees G7",
       {Need::kChange, Need::kTargetFence},
       &TargetFencesAnotherController},
      {topic,
       "target-holds-a-raised-fence",
       "A fence that one controller raised at the target stops the other.",
       thirteen,
       {Need::kChange, Need::kTargetFence},
       &TargetHoldsARaisedFence},
  };
}

}  // namespace poolshift::conformance
