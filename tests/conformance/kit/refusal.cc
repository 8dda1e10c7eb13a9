// A target that does not let itself be changed: the refusal has a name, and nothing has happened.
#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void RefusalHasItsName(Scene& scene) {
  scene.Write();
  const ApplyResult result = scene.Apply(scene.Look(), "k", 1);
  EXPECT_EQ(result.status.code(), scene.fixture().refuses) << result.status;
  Scene::ExpectRefused(result);
  EXPECT_FALSE(result.retryable) << "it will be refused again";
}

void RefusalChangesNothing(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  scene.Apply(before.seen, "k", 1);
  scene.Apply(before.seen, "k", 2);
  scene.ExpectUntouched(before);
  scene.Read();
  scene.ExpectUntouched(before);
}

void RefusalIsNotFoundAsASuccess(Scene& scene) {
  scene.Write();
  scene.Apply(scene.Look(), "k", 1);
  const auto found = scene.provider().Lookup("k", scene.fixture().patience);
  if (found.ok()) Scene::ExpectRefused(*found);
}

void RefusalLeavesTheProviderUsable(Scene& scene) {
  scene.Write();
  const auto& keys = scene.fixture().keys;
  const std::vector<Observation> before = scene.LookAtAll(keys);
  scene.Apply(scene.Look(), "k", 1);
  const std::vector<Observation> now = scene.LookAtAll(keys);
  for (std::size_t i = 0; i < keys.size(); ++i)
    ExpectSame(before[i], now[i]);
}

Start Weak(const Scene& scene, bool read_only) { return {read_only, scene.fixture().weak_account}; }

void WeakAccountCanLook(Scene& scene) {
  scene.Read();
  const Observation seen = scene.Look();
  scene.Read(Weak(scene, true));
  ExpectSame(seen, scene.Look());
}

void WeakAccountIsRefusedByName(Scene& scene) {
  scene.Write(Weak(scene, false));
  const Standing before = scene.Stand();
  const ApplyResult result = scene.Apply(before.seen, "k", 1);
  EXPECT_TRUE(absl::IsPermissionDenied(result.status)) << result.status;
  EXPECT_FALSE(result.effect_unknown);
  scene.ExpectUntouched(before);
}

void StrongerAccountMayTryAgain(Scene& scene) {
  scene.Write(Weak(scene, false));
  const Observation before = scene.Look();
  scene.Apply(before, "k", 1);
  scene.Write();
  const ApplyResult result = scene.Apply(before, "k", 1);
  EXPECT_TRUE(result.status.ok()) << result.status;
  scene.ExpectChanged();
}

}  // namespace

std::vector<Check> RefusalChecks() {
  const char* topic = "refusal";
  const char* proto = "provider.proto Result";
  return {
      {topic,
       "refusal-has-its-name",
       "A target that takes no change is told apart from a failure and a conflict.",
       proto,
       {Need::kRefusal},
       &RefusalHasItsName},
      {topic,
       "refusal-changes-nothing",
       "What was refused has left nothing behind.",
       proto,
       {Need::kRefusal},
       &RefusalChangesNothing},
      {topic,
       "refusal-is-not-found-as-a-success",
       "A refused key is not found, or found refused.",
       "provider.proto LookupResponse",
       {Need::kRefusal},
       &RefusalIsNotFoundAsASuccess},
      {topic,
       "refusal-leaves-the-provider-usable",
       "After a refusal it looks as before.",
       proto,
       {Need::kRefusal},
       &RefusalLeavesTheProviderUsable},
      {topic,
       "weak-account-can-look",
       "Credentials that may only look see the same.",
       proto,
       {Need::kChange, Need::kWeakAccount},
       &WeakAccountCanLook},
      {topic,
       "weak-account-is-refused-by-name",
       "Credentials that may not change anything are told as that, and change nothing.",
       proto,
       {Need::kChange, Need::kWeakAccount},
       &WeakAccountIsRefusedByName},
      {topic,
       "stronger-account-may-try-again",
       "With credentials that suffice the same key is carried out.",
       "provider-protocol 6",
       {Need::kChange, Need::kWeakAccount},
       &StrongerAccountMayTryAgain},
  };
}

}  // namespace poolshift::conformance
