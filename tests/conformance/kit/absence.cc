// "Could not look" is never "absent".

#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void UnreachableIsNotAbsent(Scene& scene) {
  const Observation seen = scene.LookAt(scene.Read(), *scene.fixture().unreachable);
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_FALSE(seen.reason.empty()) << "say why";
}

void UnreachableSpoilsNoOther(Scene& scene) {
  scene.Read();
  std::vector<ObservationKey> keys = scene.fixture().keys;
  const std::vector<Observation> without = scene.LookAtAll(keys);
  keys.insert(keys.begin(), *scene.fixture().unreachable);
  const std::vector<Observation> with = scene.LookAtAll(keys);
  EXPECT_EQ(with.front().presence, Presence::kUnreachable);
  for (std::size_t i = 1; i < keys.size(); ++i) {
    SCOPED_TRACE(ToString(keys[i].id));
    ExpectSame(without[i - 1], with[i]);
  }
}

void AbsentIsWhatIsNotThere(Scene& scene) {
  const ObservationKey& key = *scene.fixture().absent;
  EXPECT_EQ(scene.LookAt(scene.Read(), key).presence, Presence::kAbsent)
      << scene.LookAt(scene.provider(), key).reason;
  EXPECT_EQ(scene.LookAt(scene.Read(), key).presence, Presence::kAbsent) << "after a restart";
}

void WhatIsNotPresentHasNoContent(Scene& scene) {
  scene.Read();
  std::vector<ObservationKey> keys = scene.fixture().keys;
  for (const auto& key : {scene.fixture().absent, scene.fixture().unreachable}) {
    if (key.has_value()) keys.push_back(*key);
  }
  keys.push_back({{keys.front().id.kind, "nobody"}, ""});
  const std::vector<Observation> seen = scene.LookAtAll(keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    SCOPED_TRACE(ToString(keys[i].id));
    if (seen[i].presence == Presence::kPresent) {
      EXPECT_FALSE(seen[i].revision.empty());
      continue;
    }
    EXPECT_TRUE(seen[i].properties.is_null()) << DisplayText(seen[i].properties);
    EXPECT_TRUE(seen[i].revision.empty());
    EXPECT_FALSE(seen[i].presence == Presence::kUnreachable && seen[i].reason.empty());
  }
}

// The deadline is the controller's: what was not seen by then is no answer, or "could not look".
void HurriedLookIsNotAbsent(Scene& scene) {
  scene.Read();
  const auto& keys = scene.fixture().keys;
  const std::vector<Observation> calm = scene.LookAtAll(keys);
  for (const int milliseconds : {1, 3, 10, 30, 100}) {
    const auto hurried = scene.provider().Observe(keys, absl::Milliseconds(milliseconds));
    if (!hurried.ok()) continue;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if ((*hurried)[i].presence == Presence::kUnreachable) continue;
      SCOPED_TRACE(ToString(keys[i].id) + " within " + std::to_string(milliseconds) + " ms");
      ExpectSame(calm[i], (*hurried)[i]);
    }
  }
  const std::vector<Observation> again = scene.LookAtAll(keys);
  for (std::size_t i = 0; i < keys.size(); ++i)
    ExpectSame(calm[i], again[i]);
}

void SilenceIsNotAbsence(Scene& scene) {
  scene.Read();
  const Observation before = scene.Look();
  scene.fixture().outage.begin();
  const auto during =
      scene.provider().Observe({{scene.fixture().target, ""}}, scene.fixture().outage.patience);
  scene.fixture().outage.end();
  if (during.ok()) {
    EXPECT_EQ(during->front().presence, Presence::kUnreachable)
        << DisplayText(during->front().properties);
    EXPECT_FALSE(during->front().reason.empty());
  }
  ExpectSame(before, scene.Look());
}

void StartDuringAnOutageIsNoAbsence(Scene& scene) {
  scene.fixture().outage.begin();
  const auto started = scene.Try({true});
  const auto seen = started.ok() ? (*started)->Observe({{scene.fixture().target, ""}},
                                                       scene.fixture().outage.patience)
                                 : started.status();
  scene.fixture().outage.end();
  if (!seen.ok()) return;  // it could not even start
  EXPECT_EQ(seen->front().presence, Presence::kUnreachable);
}

void ChangeDuringAnOutageIsNotDone(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ApplyRequest request = scene.Request(before.seen, "k", 1);
  request.deadline = scene.fixture().outage.patience;
  scene.fixture().outage.begin();
  const ApplyResult result = scene.Apply(request);
  scene.fixture().outage.end();
  request.deadline = scene.fixture().patience;
  EXPECT_FALSE(result.status.ok()) << "it says that it changed what it cannot reach";
  scene.ExpectTruth(before, result);
  scene.ExpectSettles(before, request);
}

void WhatCannotBeSeenIsNotChanged(Scene& scene) {
  Fixture away = scene.fixture();
  away.target = scene.fixture().unreachable->id;
  scene.Write();
  if (!scene.SchemaOf(away.target.kind).writable) away.target.kind = scene.fixture().target.kind;
  ApplyRequest request = RequestFrom(away, Observation{}, "k", 1);
  const std::string before = scene.Witness();
  for (const std::string& revision : {std::string(), Scene::Stale()}) {
    request.action.precondition_revision = revision;
    request.key += 'k';
    Scene::ExpectRefused(scene.Apply(request));
  }
  EXPECT_EQ(before, scene.Witness());
}

}  // namespace

std::vector<Check> AbsenceChecks() {
  const char* topic = "absence";
  const char* one = "provider-protocol 1";
  const char* g10 = "guarantees G10";
  return {
      {topic,
       "unreachable-is-not-absent",
       "What could not be looked at is unreachable, with why.",
       one,
       {Need::kUnreachable},
       &UnreachableIsNotAbsent},
      {topic,
       "unreachable-spoils-no-other",
       "One resource that cannot be looked at leaves the others of the batch as they are.",
       one,
       {Need::kUnreachable},
       &UnreachableSpoilsNoOther},
      {topic,
       "absent-is-what-is-not-there",
       "What is known not to be there is absent.",
       one,
       {Need::kAbsent},
       &AbsentIsWhatIsNotThere},
      {topic,
       "what-is-not-present-has-no-content",
       "What is absent or unreachable has neither properties nor a revision.",
       one,
       {},
       &WhatIsNotPresentHasNoContent},
      {topic,
       "hurried-look-is-not-absent",
       "A look without enough time says so, or sees what a calm one sees.",
       "provider-protocol What the controller promises 2",
       {},
       &HurriedLookIsNotAbsent},
      {topic,
       "silence-is-not-absence",
       "While the target does not answer it is unreachable; afterwards it is as before.",
       g10,
       {Need::kTarget, Need::kOutage},
       &SilenceIsNotAbsence},
      {topic,
       "start-during-an-outage-is-no-absence",
       "A program that starts while the target is silent takes nothing for absent.",
       g10,
       {Need::kTarget, Need::kOutage},
       &StartDuringAnOutageIsNoAbsence},
      {topic,
       "change-during-an-outage-is-not-done",
       "A change that cannot reach its target is not said to be done, and can be sent again.",
       "provider-protocol 7",
       {Need::kChange, Need::kOutage},
       &ChangeDuringAnOutageIsNotDone},
      {topic,
       "what-cannot-be-seen-is-not-changed",
       "What cannot be looked at is not changed, whatever the request takes it to be.",
       "provider-protocol 4",
       {Need::kTarget, Need::kUnreachable},
       &WhatCannotBeSeenIsNotChanged},
  };
}

}  // namespace poolshift::conformance
