// Idempotency keys: a key is carried out once, whoever repeats it, and only it.
#include <future>

#include <gtest/gtest.h>

#include "controller/model/covers.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void RepeatedKeyIsAnsweredAlike(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  const ApplyResult first = scene.Apply(before, "k", 1);
  ASSERT_TRUE(first.status.ok()) << first.status;
  const Standing after = scene.Stand();
  for (int i = 0; i < 3; ++i) {
    const ApplyResult again = scene.Apply(before, "k", 1);
    ASSERT_TRUE(again.status.ok()) << again.status;
    EXPECT_EQ(again.observation.revision, first.observation.revision);
  }
  scene.ExpectUntouched(after);
}

void RepeatedKeyWithAGreaterTokenIsAnswered(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "k", 1).status.ok());
  const Standing after = scene.Stand();
  const ApplyResult again = scene.Apply(before, "k", 2);
  EXPECT_TRUE(again.status.ok()) << again.status;
  scene.ExpectUntouched(after);
}

void RepetitionDoesNotUndoTheWayBack(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "k", 1).status.ok());
  ASSERT_TRUE(scene.Apply(scene.WayBack(before, "back", 1)).status.ok());
  const Standing undone = scene.Stand();
  scene.Apply(before, "k", 1);  // came late
  scene.ExpectUntouched(undone);
}

void SameChangeAfterTheWayBackIsNewWork(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "k", 1).status.ok());
  ASSERT_TRUE(scene.Apply(scene.WayBack(before, "back", 2)).status.ok());
  const ApplyResult anew = scene.Apply(scene.Look(), "k", 3);
  EXPECT_TRUE(anew.status.ok()) << anew.status;
  scene.ExpectChanged();
}

void ResultThatChangedNothingDoesNotBarTheKey(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ApplyRequest stale = scene.Request(before, "k", 1);
  stale.action.precondition_revision = Scene::Stale();
  Scene::ExpectRefused(scene.Apply(stale));
  const ApplyResult result = scene.Apply(before, "k", 1);
  EXPECT_TRUE(result.status.ok()) << result.status;
  scene.ExpectChanged();
}

void OneOfTwoCallersCarriesItOut(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  std::vector<std::future<ApplyResult>> calls;
  for (int i = 0; i < 3; ++i)
    calls.push_back(
        std::async(std::launch::async, [&] { return scene.Apply(before.seen, "k", 1); }));
  int done = 0;
  for (auto& call : calls) {
    const ApplyResult result = call.get();
    done += result.status.ok() ? 1 : 0;
    EXPECT_TRUE(result.status.ok() || (result.effect_unknown && result.retryable)) << result.status;
  }
  EXPECT_GE(done, 1);
  scene.ExpectChanged();
  EXPECT_TRUE(scene.Apply(before.seen, "k", 1).status.ok());
}

void AnotherKeyIsOtherWork(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "k", 1).status.ok());
  for (const char* key : {"K", "k ", "k2", "kk"}) {
    SCOPED_TRACE(key);
    EXPECT_TRUE(absl::IsNotFound(scene.provider().Lookup(key, scene.fixture().patience).status()));
    EXPECT_FALSE(scene.Apply(before, key, 1).status.ok()) << "it was taken for the other key";
  }
}

void KeysAreTakenAsTheyAre(Scene& scene) {
  const std::vector<std::string> keys = {"../../k",
                                         "k\n2",
                                         std::string("k\0z", 3),
                                         "k'; touch " + scene.mark(),
                                         std::string(8192, 'k')};
  for (const std::string& key : keys) {
    SCOPED_TRACE(key.substr(0, 40));
    scene.Leave();
    scene.fixture().reset();
    scene.Write();
    const Observation before = scene.Look();
    const ApplyResult first = scene.Apply(before, key, 1);
    ASSERT_TRUE(first.status.ok()) << first.status;
    EXPECT_TRUE(scene.Apply(before, key, 1).status.ok()) << "it is not known again";
    const auto found = scene.provider().Lookup(key, scene.fixture().patience);
    EXPECT_TRUE(found.ok()) << found.status();
    EXPECT_TRUE(absl::IsNotFound(scene.provider().Lookup("k", scene.fixture().patience).status()));
  }
  EXPECT_FALSE(scene.IsMarked()) << "a key was run as a command";
}

void RequestWithoutAKeyIsRefused(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  Scene::ExpectRefused(scene.Apply(before.seen, "", 1));
  scene.ExpectUntouched(before);
}

void UnusedKeyIsNotFound(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  for (const char* key : {"never", ""}) {
    const auto unknown = scene.provider().Lookup(key, scene.fixture().patience);
    EXPECT_TRUE(absl::IsNotFound(unknown.status())) << unknown.status();
  }
  scene.ExpectUntouched(before);
}

void LookupTellsWhatBecame(Scene& scene) {
  scene.Write();
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 4).status.ok());
  const Standing after = scene.Stand();
  const auto known = scene.provider().Lookup("k", scene.fixture().patience);
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_TRUE(known->status.ok()) << known->status;
  EXPECT_TRUE(Shows(known->observation, scene.fixture().after));
  scene.ExpectUntouched(after);
}

void LookupTellsTheToken(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "k", 4).status.ok());
  const auto known = scene.provider().Lookup("k", scene.fixture().patience);
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_EQ(known->token, 4);
}

void LookupOfARefusalIsNoSuccess(Scene& scene) {
  scene.Write();
  ApplyRequest stale = scene.Request(scene.Look(), "k", 1);
  stale.action.precondition_revision = Scene::Stale();
  scene.Apply(stale);
  const auto found = scene.provider().Lookup("k", scene.fixture().patience);
  if (found.ok()) Scene::ExpectRefused(*found);
}

}  // namespace

std::vector<Check> IdempotencyChecks() {
  const char* topic = "idempotency";
  const char* six = "provider-protocol 6";
  const char* lookup = "provider.proto LookupResponse";
  return {
      {topic,
       "repeated-key-is-answered-alike",
       "A repeated key is answered with what became of it, and not carried out again.",
       six,
       {Need::kChange},
       &RepeatedKeyIsAnsweredAlike},
      {topic,
       "repeated-key-with-a-greater-token-is-answered",
       "After a takeover too, as long as the change is there.",
       six,
       {Need::kChange},
       &RepeatedKeyWithAGreaterTokenIsAnswered},
      {topic,
       "repetition-does-not-undo-the-way-back",
       "A request that comes twice does not carry out again what was taken back since.",
       six,
       {Need::kChange, Need::kWayBack},
       &RepetitionDoesNotUndoTheWayBack},
      {topic,
       "same-change-after-the-way-back-is-new-work",
       "With a greater token, and the change not there, the key is carried out.",
       six,
       {Need::kChange, Need::kWayBack},
       &SameChangeAfterTheWayBackIsNewWork},
      {topic,
       "result-that-changed-nothing-does-not-bar-the-key",
       "After a refusal the same key can be carried out.",
       six,
       {Need::kChange},
       &ResultThatChangedNothingDoesNotBarTheKey},
      {topic,
       "one-of-several-callers-carries-it-out",
       "The same key at the same time is carried out once; the others are told so.",
       six,
       {Need::kChange},
       &OneOfTwoCallersCarriesItOut},
      {topic,
       "another-key-is-other-work",
       "Keys that look alike are different keys.",
       six,
       {Need::kChange},
       &AnotherKeyIsOtherWork},
      {topic,
       "keys-are-taken-as-they-are",
       "Line ends, quotes, NUL, paths and length in a key mean nothing.",
       six,
       {Need::kChange},
       &KeysAreTakenAsTheyAre},
      {topic,
       "request-without-a-key-is-refused",
       "Without a key nothing is changed.",
       "provider.proto ApplyRequest",
       {Need::kTarget},
       &RequestWithoutAKeyIsRefused},
      {topic,
       "unused-key-is-not-found",
       "Lookup knows no key that was never used.",
       lookup,
       {Need::kTarget},
       &UnusedKeyIsNotFound},
      {topic,
       "lookup-tells-what-became",
       "Lookup answers with the result, and changes nothing.",
       lookup,
       {Need::kChange},
       &LookupTellsWhatBecame},
      {topic,
       "lookup-tells-the-token",
       "Lookup names the token of the request.",
       lookup,
       {Need::kChange},
       &LookupTellsTheToken},
      {topic,
       "lookup-of-a-refusal-is-no-success",
       "A request that changed nothing is not found, or found refused.",
       lookup,
       {Need::kTarget},
       &LookupOfARefusalIsNoSuccess},
  };
}

}  // namespace poolshift::conformance
