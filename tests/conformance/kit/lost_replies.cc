// A change whose answer is lost, because time ran out or the program died: what Lookup tells is so,
// and the change is made once.
#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "controller/model/covers.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void ExpectLookupSettles(Scene& scene, const Standing& before, const ApplyRequest& request) {
  scene.Write();
  scene.ExpectSettles(before, request);
  scene.ExpectChanged();
  EXPECT_FALSE(scene.Apply(request).effect_unknown) << "asked again, it does not know";
}

void LostReplyIsSettledByLookup(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  const ApplyRequest request = scene.Request(before.seen, "k", 1);
  ASSERT_TRUE(scene.Apply(request).status.ok());  // and nobody heard it
  scene.Write();
  const auto found = scene.provider().Lookup("k", scene.fixture().patience);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->status.ok()) << found->status;
  EXPECT_TRUE(Shows(found->observation, scene.fixture().after));
}

void KilledAfterItWasDoneItStillKnows(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  const ApplyRequest request = scene.Request(before.seen, "k", 1);
  ASSERT_TRUE(scene.Apply(request).status.ok());
  scene.Kill();
  scene.Write();
  const auto found = scene.provider().Lookup("k", scene.fixture().patience);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->status.ok()) << found->status;
  EXPECT_TRUE(scene.Apply(request).status.ok());
}

void KilledAtItsFirstWordItSettles(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  const ApplyRequest request = scene.Request(before.seen, "k", 1);
  const ApplyResult result =
      scene.provider().Apply(request, [&](std::string_view) { scene.Kill(); });
  scene.Write();
  if (result.status.ok()) scene.ExpectChanged();  // it was sooner
  ExpectLookupSettles(scene, before, request);
}

void KilledAtAnyTimeItSettles(Scene& scene) {
  for (const int milliseconds : {0, 8, 30}) {
    SCOPED_TRACE("killed after " + std::to_string(milliseconds) + " ms");
    scene.Leave();
    scene.fixture().reset();
    scene.Write();
    const Standing before = scene.Stand();
    const ApplyRequest request = scene.Request(before.seen, "k", 1);
    auto lost = std::async(std::launch::async, [&] { return scene.Apply(request); });
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    scene.Kill();
    lost.get();
    ExpectLookupSettles(scene, before, request);
  }
}

void ChangeThatRanOutOfTimeSettles(Scene& scene) {
  for (const int milliseconds : {1, 20, 80}) {
    SCOPED_TRACE("within " + std::to_string(milliseconds) + " ms");
    scene.Leave();
    scene.fixture().reset();
    scene.Write();
    const Standing before = scene.Stand();
    ApplyRequest request = scene.Request(before.seen, "k", 1);
    request.deadline = absl::Milliseconds(milliseconds);
    scene.Apply(request);
    request.deadline = scene.fixture().patience;
    scene.ExpectSettles(before, request);
    scene.ExpectChanged();
  }
}

void DeathIsNotAbsence(Scene& scene) {
  scene.Read();
  const Observation before = scene.Look();
  scene.Kill();
  const auto seen = scene.provider().Observe({{scene.fixture().target, ""}}, absl::Seconds(5));
  EXPECT_FALSE(seen.ok()) << "a dead program answered";
  scene.Read();
  ExpectSame(before, scene.Look());
}

}  // namespace

std::vector<Check> LostReplyChecks() {
  const char* topic = "lost-replies";
  const char* six = "provider-protocol 6";
  const char* g5 = "guarantees G5";
  return {
      {topic,
       "lost-reply-is-settled-by-lookup",
       "Another program on the same state tells what became of the key.",
       six,
       {Need::kChange},
       &LostReplyIsSettledByLookup},
      {topic,
       "killed-after-it-was-done-it-still-knows",
       "What was answered is on disk: a kill loses nothing.",
       g5,
       {Need::kChange},
       &KilledAfterItWasDoneItStillKnows},
      {topic,
       "killed-at-its-first-word-it-settles",
       "Killed while it works it settles: the truth is told, and the change is made once.",
       g5,
       {Need::kChange},
       &KilledAtItsFirstWordItSettles},
      {topic,
       "killed-at-any-time-it-settles",
       "Killed at other moments it settles as well.",
       g5,
       {Need::kChange},
       &KilledAtAnyTimeItSettles},
      {topic,
       "change-that-ran-out-of-time-settles",
       "When the deadline passes meanwhile, Lookup and a repetition lead to the change.",
       six,
       {Need::kChange},
       &ChangeThatRanOutOfTimeSettles},
      {topic,
       "death-is-not-absence",
       "A program that died has not seen that nothing is there.",
       "guarantees G10",
       {Need::kTarget},
       &DeathIsNotAbsence},
  };
}

}  // namespace poolshift::conformance
