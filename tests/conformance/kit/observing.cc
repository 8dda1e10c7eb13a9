// Looking: one true answer for each key, whatever else is asked, and however.
#include <algorithm>
#include <future>

#include <gtest/gtest.h>

#include "controller/model/revision.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void ExpectAllSame(const std::vector<ObservationKey>& keys,
                   const std::vector<Observation>& before,
                   const std::vector<Observation>& now) {
  ASSERT_EQ(before.size(), now.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    SCOPED_TRACE(ToString(keys[i].id) + ' ' + keys[i].vantage);
    ExpectSame(before[i], now[i]);
  }
}

void LooksAreStable(Scene& scene) {
  scene.Read();
  const auto& keys = scene.fixture().keys;
  const std::vector<Observation> first = scene.LookAtAll(keys);
  for (std::size_t i = 0; i < keys.size(); ++i)
    EXPECT_NE(first[i].presence, Presence::kUnreachable)
        << ToString(keys[i].id) << ": " << first[i].reason;
  ExpectAllSame(keys, first, scene.LookAtAll(keys));
  scene.Read();
  ExpectAllSame(keys, first, scene.LookAtAll(keys));
}

void OrderOfKeysDoesNotMatter(Scene& scene) {
  scene.Read();
  std::vector<ObservationKey> keys = scene.fixture().keys;
  const std::vector<Observation> forward = scene.LookAtAll(keys);
  std::reverse(keys.begin(), keys.end());
  std::vector<Observation> backward = scene.LookAtAll(keys);
  std::reverse(backward.begin(), backward.end());
  ExpectAllSame(scene.fixture().keys, forward, backward);
}

void KeyAloneIsSeenAsAmongOthers(Scene& scene) {
  scene.Read();
  const auto& keys = scene.fixture().keys;
  const std::vector<Observation> among = scene.LookAtAll(keys);
  std::vector<Observation> alone;
  for (const ObservationKey& key : keys)
    alone.push_back(scene.LookAt(scene.provider(), key));
  ExpectAllSame(keys, among, alone);
}

void NothingAskedNothingAnswered(Scene& scene) {
  const auto seen = scene.Read().Observe({}, scene.fixture().patience);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_TRUE(seen->empty());
}

void ContentsKeepToTheirSchema(Scene& scene) {
  scene.Read();
  const auto& keys = scene.fixture().keys;
  const std::vector<Observation> seen = scene.LookAtAll(keys);
  int present = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (seen[i].presence != Presence::kPresent) continue;
    ++present;
    KindSchema schema = scene.SchemaOf(keys[i].id.kind);
    for (PropertySchema& property : schema.properties) {
      const auto& unknown = seen[i].unknown;
      if (std::find(unknown.begin(), unknown.end(), property.name) != unknown.end())
        property.required = false;
    }
    for (const std::string& violation : Violations(schema, seen[i].properties))
      ADD_FAILURE() << ToString(keys[i].id) << ": " << violation;
    for (const std::string& name : seen[i].unknown)
      EXPECT_EQ(seen[i].properties.Find(name), nullptr) << name << " is unknown, and told";
  }
  EXPECT_GT(present, 0) << "nothing of what the fixture names is there";
}

void RevisionIsTheDigestOfWhatCanBeWritten(Scene& scene) {
  scene.Read();
  const auto& keys = scene.fixture().keys;
  const std::vector<Observation> seen = scene.LookAtAll(keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (seen[i].presence != Presence::kPresent) continue;
    EXPECT_EQ(seen[i].revision, RevisionOf(scene.SchemaOf(keys[i].id.kind), seen[i].properties))
        << ToString(keys[i].id);
  }
}

void UnknownKindIsRefused(Scene& scene) {
  const auto seen = scene.Read().Observe({{{"NoSuchKind", "x"}, ""}}, scene.fixture().patience);
  EXPECT_TRUE(absl::IsInvalidArgument(seen.status())) << seen.status();
}

void UnknownKindSpoilsNothing(Scene& scene) {
  scene.Read();
  const ObservationKey& key = scene.fixture().keys.front();
  const Observation before = scene.LookAt(scene.provider(), key);
  const auto mixed =
      scene.provider().Observe({key, {{"NoSuchKind", "x"}, ""}}, scene.fixture().patience);
  EXPECT_FALSE(mixed.ok()) << "half of the question was answered";
  ExpectSame(before, scene.LookAt(scene.provider(), key));
}

void LooksSideBySideAreAlike(Scene& scene) {
  scene.Read();
  const auto& keys = scene.fixture().keys;
  const std::vector<Observation> alone = scene.LookAtAll(keys);
  std::vector<std::future<std::vector<Observation>>> looks;
  for (int i = 0; i < 4; ++i)
    looks.push_back(std::async(std::launch::async, [&] { return scene.LookAtAll(keys); }));
  for (auto& look : looks)
    ExpectAllSame(keys, alone, look.get());
}

// 1,100: a batch holds 1,000.
void MoreThanABatchIsAnswered(Scene& scene) {
  scene.Read();
  std::vector<ObservationKey> keys;
  for (int i = 0; i < 1100; ++i)
    keys.push_back({{scene.fixture().keys.front().id.kind, "nobody-" + std::to_string(i)}, ""});
  keys.insert(keys.begin() + 1000, scene.fixture().keys.front());
  const Observation alone = scene.LookAt(scene.provider(), scene.fixture().keys.front());
  const std::vector<Observation> seen = scene.LookAtAll(keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i == 1000) continue;
    ASSERT_NE(seen[i].presence, Presence::kPresent) << keys[i].id.name << " is not there";
  }
  ExpectSame(alone, seen[1000]);
}

void LookingChangesNothing(Scene& scene) {
  scene.Write();
  const std::vector<ObservationKey>& keys = scene.fixture().keys;
  const std::string before = scene.Witness();
  const std::vector<Observation> first = scene.LookAtAll(keys);
  for (int i = 0; i < 5; ++i)
    ExpectAllSame(keys, first, scene.LookAtAll(keys));
  EXPECT_EQ(before, scene.Witness());
}

void ChangeByHandIsSeenAtOnce(Scene& scene) {
  scene.Read();
  const Observation before = scene.Look();
  scene.fixture().by_hand();
  const Observation now = scene.Look();
  EXPECT_NE(now.revision, before.revision) << "it shows what was: " << DisplayText(now.properties);
  EXPECT_NE(now.presence, Presence::kUnreachable) << now.reason;
}

}  // namespace

std::vector<Check> ObservingChecks() {
  const char* topic = "observing";
  const char* one = "provider-protocol 1";
  return {
      {topic,
       "looks-are-stable",
       "What did not change is seen alike again, also by a program that was started anew.",
       one,
       {},
       &LooksAreStable},
      {topic,
       "order-of-keys-does-not-matter",
       "Each answer belongs to its key, in any order.",
       one,
       {},
       &OrderOfKeysDoesNotMatter},
      {topic,
       "key-alone-is-seen-as-among-others",
       "A resource is seen alike alone and in a batch.",
       one,
       {},
       &KeyAloneIsSeenAsAmongOthers},
      {topic,
       "nothing-asked-nothing-answered",
       "No keys get no observations, and no error.",
       one,
       {},
       &NothingAskedNothingAnswered},
      {topic,
       "contents-keep-to-their-schema",
       "What is present conforms to its kind; what could not be read is named, not guessed.",
       one,
       {},
       &ContentsKeepToTheirSchema},
      {topic,
       "revision-is-the-digest-of-what-can-be-written",
       "A revision is the SHA-256 of the canonical text of what is not computed.",
       "provider-protocol 2",
       {},
       &RevisionIsTheDigestOfWhatCanBeWritten},
      {topic,
       "unknown-kind-is-refused",
       "A kind that is not served is refused by name.",
       one,
       {},
       &UnknownKindIsRefused},
      {topic,
       "unknown-kind-spoils-nothing",
       "A question that was refused leaves the program able to answer the next one.",
       one,
       {},
       &UnknownKindSpoilsNothing},
      {topic,
       "looks-side-by-side-are-alike",
       "Looks at the same time see what one alone sees.",
       "provider-protocol What the controller promises 2",
       {},
       &LooksSideBySideAreAlike},
      {topic,
       "more-than-a-batch-is-answered",
       "Of 1,101 keys each gets its own answer, and what is not there is not present.",
       "provider-protocol What the controller promises 2",
       {},
       &MoreThanABatchIsAnswered},
      {topic,
       "looking-changes-nothing",
       "Observe leaves the target as it is.",
       "provider-protocol 3",
       {},
       &LookingChangesNothing},
      {topic,
       "change-by-hand-is-seen-at-once",
       "What somebody changes past the provider is in the next look.",
       "guarantees G9",
       {Need::kTarget, Need::kHand},
       &ChangeByHandIsSeenAtOnce},
  };
}

}  // namespace poolshift::conformance
