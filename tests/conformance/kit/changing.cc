// A change that is carried out: it is there, it can be seen, and nothing else is claimed.
#include <chrono>
#include <future>

#include <gtest/gtest.h>

#include "controller/model/covers.h"
#include "controller/model/revision.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void ChangeIsThereAfterwards(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_FALSE(Shows(before, scene.fixture().after)) << "the fixture's change changes nothing";
  const ApplyResult result = scene.Apply(before, "k", 1);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_FALSE(result.effect_unknown);
  scene.ExpectChanged();
}

void ResultShowsTheChange(Scene& scene) {
  scene.Write();
  const ApplyResult result = scene.Apply(scene.Look(), "k", 1);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_TRUE(Shows(result.observation, scene.fixture().after))
      << DisplayText(result.observation.properties);
  if (result.observation.presence != Presence::kPresent) return;
  const KindSchema schema = scene.SchemaOf(scene.fixture().target.kind);
  EXPECT_EQ(result.observation.revision, RevisionOf(schema, result.observation.properties));
}

void ChangeLastsOverARestart(Scene& scene) {
  scene.Write();
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 1).status.ok());
  scene.Read();
  scene.ExpectChanged();
}

void WitnessSeesTheChange(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ASSERT_TRUE(scene.Apply(before.seen, "k", 1).status.ok());
  EXPECT_NE(before.seen.revision, scene.Look().revision);
  if (!scene.fixture().witness) return;
  EXPECT_NE(before.witness, scene.Witness()) << "nobody else sees it";
}

void ChangeThatIsThereAlreadyChangesNothing(Scene& scene) {
  scene.Write();
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 1).status.ok());
  const Standing before = scene.Stand();
  const ApplyResult result = scene.Apply(before.seen, "again", 1);
  EXPECT_FALSE(result.effect_unknown) << result.status;
  scene.ExpectUntouched(before);
}

void WayBackLeadsBack(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ASSERT_TRUE(scene.Apply(before.seen, "k", 1).status.ok());
  const ApplyResult back = scene.Apply(scene.WayBack(before.seen, "back", 1));
  ASSERT_TRUE(back.status.ok()) << back.status;
  ExpectSame(before.seen, scene.Look());
}

void LooksDuringAChangeSeeOneOrTheOther(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  const bool stays = before.presence == Presence::kPresent && !scene.fixture().after.is_null();
  auto change = std::async(std::launch::async, [&] { return scene.Apply(before, "k", 1); });
  bool ended = false;
  while (!ended) {
    ended = change.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready;
    const Observation seen = scene.Look();
    EXPECT_FALSE(stays && seen.presence == Presence::kAbsent) << "it was absent for a moment";
  }
  EXPECT_TRUE(change.get().status.ok());
  scene.ExpectChanged();
}

// What an update does not name stays as it is.
void PartOfAChangeChangesThatPart(Scene& scene) {
  scene.Write();
  if (scene.fixture().after.is_null()) return;
  int number = 0;
  for (const auto& [name, member] : scene.fixture().after.map()) {
    const Standing before = scene.Stand();
    if (before.seen.presence != Presence::kPresent) return;
    SCOPED_TRACE(name);
    ApplyRequest request = scene.Request(before.seen, "k" + std::to_string(number++), 1);
    request.action.after = Value::Map{{name, member}};
    const ApplyResult result = scene.Apply(request);
    EXPECT_FALSE(result.effect_unknown) << result.status;
    if (!result.status.ok()) {
      scene.ExpectUntouched(before);
      continue;
    }
    const Value expected =
        WritablePart(scene.SchemaOf(scene.fixture().target.kind), before.seen.properties);
    for (const auto& [other, kept] : expected.map()) {
      if (other == name) continue;
      EXPECT_TRUE(Covers(scene.Look().properties, Value::Map{{other, kept}})) << other;
    }
    EXPECT_TRUE(Shows(scene.Look(), request.action.after));
  }
}

void ActionOnWhatIsNotServedIsRefused(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ApplyRequest request = scene.Request(before.seen, "k", 1);
  request.action.target.kind = "NoSuchKind";
  Scene::ExpectRefused(scene.Apply(request));
  const auto description = scene.provider().Describe();
  ASSERT_TRUE(description.ok()) << description.status();
  for (const KindSchema& kind : description->kinds) {
    if (kind.writable) continue;
    SCOPED_TRACE(kind.kind);
    request.action.target.kind = kind.kind;
    Scene::ExpectRefused(scene.Apply(request));
  }
  scene.ExpectUntouched(before);
}

}  // namespace

std::vector<Check> ChangingChecks() {
  const char* topic = "changing";
  const char* done = "provider-protocol 7";
  return {
      {topic,
       "change-is-there-afterwards",
       "What is done can be seen.",
       done,
       {Need::kChange},
       &ChangeIsThereAfterwards},
      {topic,
       "result-shows-the-change",
       "The result of what is done holds an observation in which the change can be seen.",
       done,
       {Need::kChange},
       &ResultShowsTheChange},
      {topic,
       "change-lasts-over-a-restart",
       "What is done is in the target, not in the program.",
       done,
       {Need::kChange},
       &ChangeLastsOverARestart},
      {topic,
       "witness-sees-the-change",
       "Somebody who does not ask the provider sees it too.",
       done,
       {Need::kChange},
       &WitnessSeesTheChange},
      {topic,
       "change-that-is-there-already-changes-nothing",
       "What is as wanted stays so, under another key too.",
       "guarantees G2",
       {Need::kChange},
       &ChangeThatIsThereAlreadyChangesNothing},
      {topic,
       "part-of-a-change-changes-that-part",
       "An update that names some properties leaves the others as they are, or is refused.",
       "kinds.md",
       {Need::kChange},
       &PartOfAChangeChangesThatPart},
      {topic,
       "way-back-leads-back",
       "The change back to what was seen before leaves the same revision.",
       "guarantees G2",
       {Need::kChange, Need::kWayBack},
       &WayBackLeadsBack},
      {topic,
       "looks-during-a-change-see-one-or-the-other",
       "While it is changed a resource is never taken for absent.",
       "provider-protocol 1",
       {Need::kChange},
       &LooksDuringAChangeSeeOneOrTheOther},
      {topic,
       "action-on-what-is-not-served-is-refused",
       "An action on a kind that is unknown or only observed changes nothing.",
       "provider.proto Result",
       {Need::kTarget},
       &ActionOnWhatIsNotServedIsRefused},
  };
}

}  // namespace poolshift::conformance
