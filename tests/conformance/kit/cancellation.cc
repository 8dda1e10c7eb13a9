// Cancel: heeded at a safe point, or not at all; the result says which.
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void CancelBeforehandMeansNothing(Scene& scene) {
  scene.Write();
  scene.provider().Cancel("k");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // it is sent without waiting
  const ApplyResult result = scene.Apply(scene.Look(), "k", 1);
  EXPECT_TRUE(result.status.ok()) << result.status;
  scene.ExpectChanged();
}

void CancelAfterwardsMeansNothing(Scene& scene) {
  scene.Write();
  const Observation before = scene.Look();
  ASSERT_TRUE(scene.Apply(before, "k", 1).status.ok());
  const Standing after = scene.Stand();
  scene.provider().Cancel("k");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  scene.ExpectUntouched(after);
  const auto found = scene.provider().Lookup("k", scene.fixture().patience);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->status.ok()) << found->status;
}

void CancelOfAnotherKeyMeansNothing(Scene& scene) {
  scene.Write();
  const ApplyRequest request = scene.Request(scene.Look(), "k", 1);
  std::atomic<bool> over = false;
  auto canceller = std::async(std::launch::async, [&] {
    for (int i = 0; i < 20 && !over; ++i) {
      scene.provider().Cancel("another");
      scene.provider().Cancel("");
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  const ApplyResult result = scene.Apply(request);
  over = true;
  canceller.get();
  EXPECT_TRUE(result.status.ok()) << result.status;
}

void CancelledChangeTellsTheTruth(Scene& scene) {
  for (const int milliseconds : {0, 5, 20}) {
    SCOPED_TRACE("cancelled after " + std::to_string(milliseconds) + " ms");
    scene.Leave();
    scene.fixture().reset();
    scene.Write();
    const Standing before = scene.Stand();
    const ApplyRequest request = scene.Request(before.seen, "k", 1);
    auto change = std::async(std::launch::async, [&] { return scene.Apply(request); });
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    scene.provider().Cancel("k");
    const ApplyResult result = change.get();
    scene.ExpectTruth(before, result);
    EXPECT_TRUE(result.status.ok() || !result.status.message().empty());
    scene.ExpectSettles(before, request);
    scene.ExpectChanged();
  }
}

void CancelAtTheFirstWordTellsTheTruth(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  const ApplyRequest request = scene.Request(before.seen, "k", 1);
  const ApplyResult result =
      scene.provider().Apply(request, [&](std::string_view) { scene.provider().Cancel("k"); });
  scene.ExpectTruth(before, result);
  scene.ExpectSettles(before, request);
  scene.ExpectChanged();
}

void ProgressIsWords(Scene& scene) {
  scene.Write();
  std::vector<std::string> lines;
  const ApplyResult result =
      scene.provider().Apply(scene.Request(scene.Look(), "k", 1),
                             [&](std::string_view line) { lines.emplace_back(line); });
  ASSERT_TRUE(result.status.ok()) << result.status;
  for (const std::string& line : lines) {
    EXPECT_FALSE(line.empty());
    EXPECT_EQ(line.find("\\x"), std::string::npos) << "it steers terminals: " << line;
  }
}

}  // namespace

std::vector<Check> CancellationChecks() {
  const char* topic = "cancellation";
  const char* eight = "provider-protocol 8";
  return {
      {topic,
       "cancel-beforehand-means-nothing",
       "A key that does not run is not cancelled in advance.",
       eight,
       {Need::kChange},
       &CancelBeforehandMeansNothing},
      {topic,
       "cancel-afterwards-means-nothing",
       "What is done stays done.",
       eight,
       {Need::kChange},
       &CancelAfterwardsMeansNothing},
      {topic,
       "cancel-of-another-key-means-nothing",
       "Cancelling one key leaves the others alone.",
       eight,
       {Need::kChange},
       &CancelOfAnotherKeyMeansNothing},
      {topic,
       "cancelled-change-tells-the-truth",
       "Cancelled at any moment it ends with a result that is so, and can be sent again.",
       eight,
       {Need::kChange},
       &CancelledChangeTellsTheTruth},
      {topic,
       "cancel-at-the-first-word-tells-the-truth",
       "Cancelled while it works it ends with a result that is so.",
       eight,
       {Need::kChange},
       &CancelAtTheFirstWordTellsTheTruth},
      {topic,
       "progress-is-words",
       "Progress lines are printable and not empty.",
       "provider.proto Progress",
       {Need::kChange},
       &ProgressIsWords},
  };
}

}  // namespace poolshift::conformance
