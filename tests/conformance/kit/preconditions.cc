// Compare-and-set: a change is made to what was planned on, or not at all.
#include <cctype>
#include <future>

#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void ExpectConflict(const ApplyResult& result) {
  EXPECT_TRUE(absl::IsFailedPrecondition(result.status)) << result.status;
  EXPECT_FALSE(result.effect_unknown);
}

void TryRevision(Scene& scene, const Standing& before, const std::string& revision) {
  SCOPED_TRACE("precondition `" + revision.substr(0, 70) + "`");
  ApplyRequest request = scene.Request(before.seen, "k", 1);
  request.action.precondition_revision = revision;
  ExpectConflict(scene.Apply(request));
}

void StalePreconditionChangesNothing(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  TryRevision(scene, before, Scene::Stale());
  scene.ExpectUntouched(before);
}

void PreconditionIsTakenToTheLetter(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  const std::string& revision = before.seen.revision;
  std::vector<std::string> others = {"x", std::string(20000, '0'), std::string("\0", 1), "*"};
  if (!revision.empty()) {
    others.push_back(revision.substr(0, 63));
    others.push_back(revision + '0');
    others.push_back(' ' + revision);
    std::string upper = revision;
    for (char& letter : upper)
      letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    if (upper != revision) others.push_back(upper);
  }
  for (const std::string& other : others)
    TryRevision(scene, before, other);
  scene.ExpectUntouched(before);
}

// Of something present that a plan took for absent, and the other way round.
void PresenceIsCompared(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ApplyRequest request = scene.Request(before.seen, "k", 1);
  const bool present = before.seen.presence == Presence::kPresent;
  request.action.before = Value();
  request.action.precondition_revision = present ? "" : Scene::Stale();
  ExpectConflict(scene.Apply(request));
  scene.ExpectUntouched(before);
}

void ConflictSaysWhatToDo(Scene& scene) {
  scene.Write();
  ApplyRequest request = scene.Request(scene.Look(), "k", 1);
  request.action.precondition_revision = Scene::Stale();
  const ApplyResult result = scene.Apply(request);
  const std::string text(result.status.message());
  EXPECT_NE(text.find(scene.fixture().target.name), std::string::npos)
      << "it does not name the resource: " << text;
  EXPECT_FALSE(result.retryable) << "the same request cannot succeed";
}

void RevisionServesOneChange(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "first", 1).status.ok());
  const Standing after = scene.Stand();
  ExpectConflict(scene.Apply(before, "second", 1));
  scene.ExpectUntouched(after);
}

void OneOfTwoRivalsWins(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  std::vector<std::future<ApplyResult>> rivals;
  for (const char* key : {"one", "two", "three"})
    rivals.push_back(
        std::async(std::launch::async, [&, key] { return scene.Apply(before, key, 1); }));
  int done = 0;
  for (auto& rival : rivals) {
    const ApplyResult result = rival.get();
    done += result.status.ok() ? 1 : 0;
    if (!result.status.ok()) ExpectConflict(result);
  }
  EXPECT_EQ(done, 1);
  scene.ExpectChanged();
}

void ChangeByHandIsNotOverwritten(Scene& scene) {
  scene.Write();
  const Observation planned = scene.Look();
  scene.fixture().by_hand();
  const Standing by_hand = scene.Stand();
  ExpectConflict(scene.Apply(planned, "k", 1));
  scene.ExpectUntouched(by_hand);
}

void AfterAConflictANewLookHelps(Scene& scene) {
  scene.Write();
  const Observation planned = scene.Look();
  scene.fixture().by_hand();
  ExpectConflict(scene.Apply(planned, "k", 1));
  const ApplyResult result = scene.Apply(scene.Look(), "k", 1);
  EXPECT_TRUE(result.status.ok()) << result.status;
  scene.ExpectChanged();
}

}  // namespace

std::vector<Check> PreconditionChecks() {
  const char* topic = "preconditions";
  const char* four = "provider-protocol 4";
  return {
      {topic,
       "stale-precondition-changes-nothing",
       "Another revision than planned on is a conflict, and nothing is changed.",
       four,
       {Need::kTarget},
       &StalePreconditionChangesNothing},
      {topic,
       "precondition-is-taken-to-the-letter",
       "A revision that is cut, longer, in capitals or no digest at all is not the same.",
       four,
       {Need::kTarget},
       &PreconditionIsTakenToTheLetter},
      {topic,
       "presence-is-compared",
       "What was planned as absent and is there, or the other way round, is a conflict.",
       "provider.proto Action",
       {Need::kTarget},
       &PresenceIsCompared},
      {topic,
       "conflict-says-what-to-do",
       "A conflict names the resource, and is not retryable.",
       "provider.proto Result",
       {Need::kTarget},
       &ConflictSaysWhatToDo},
      {topic,
       "revision-serves-one-change",
       "A second change from the same revision is a conflict.",
       four,
       {Need::kChange},
       &RevisionServesOneChange},
      {topic,
       "one-of-several-rivals-wins",
       "Of changes at the same time from the same revision one is made.",
       four,
       {Need::kChange},
       &OneOfTwoRivalsWins},
      {topic,
       "change-by-hand-is-not-overwritten",
       "What somebody changed since the plan stays as it is.",
       "guarantees G9",
       {Need::kTarget, Need::kHand},
       &ChangeByHandIsNotOverwritten},
      {topic,
       "after-a-conflict-a-new-look-helps",
       "Planned anew from what is there, the change is made.",
       "guarantees G9",
       {Need::kChange, Need::kHand},
       &AfterAConflictANewLookHelps},
  };
}

}  // namespace poolshift::conformance
