// What a run says, as a table of its steps.
#include "controller/gitops/run_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolshift {
namespace {

using testing::SizeIs;

class HandClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixSeconds(1795230000) + elapsed; }
  absl::Duration Elapsed() const override { return elapsed; }
  void Sleep(absl::Duration duration) override { elapsed += duration; }
  absl::Duration elapsed = absl::ZeroDuration();
};

class ProgressTest : public testing::Test {
 protected:
  ProgressTest() {
    for (const char* id : {"a", "b"}) {
      Action action;
      action.id = id;
      action.title = std::string("step ") + id;
      plan_.actions.push_back(action);
    }
    keeper_ = std::make_unique<ProgressKeeper>(
        clock_, plan_, people_, [this](auto progress) { seen_.push_back(std::move(progress)); });
  }

  HandClock clock_;
  Plan plan_;
  RunObserver people_;
  std::vector<std::shared_ptr<const RunProgress>> seen_;
  std::unique_ptr<ProgressKeeper> keeper_;
};

TEST_F(ProgressTest, StepsGoFromWaitingToTheirEnd) {
  keeper_->RunStarted(7, absl::Minutes(2));
  ASSERT_THAT(seen_, SizeIs(1));
  EXPECT_EQ(seen_[0]->run, 7);
  EXPECT_EQ(seen_[0]->expected_end, clock_.Now() + absl::Minutes(2));
  EXPECT_EQ(seen_[0]->steps[0].state, "waits");
  clock_.Sleep(absl::Seconds(1));
  keeper_->ActionStarted(plan_.actions[0], absl::Minutes(1));
  clock_.Sleep(absl::Seconds(1));
  keeper_->GateWaiting(plan_.actions[0], "replica of fe1", absl::Minutes(1));
  clock_.Sleep(absl::Seconds(1));
  ASSERT_THAT(seen_, SizeIs(3));
  EXPECT_EQ(seen_[2]->steps[0].state, "runs");
  EXPECT_EQ(seen_[2]->steps[0].words, "replica of fe1");
  keeper_->ActionEnded(plan_.actions[0], ActionEnd::kDone, "", absl::Minutes(1));
  clock_.Sleep(absl::Seconds(1));
  keeper_->ActionEnded(
      plan_.actions[1], ActionEnd::kInDoubt, "no answer", absl::InfiniteDuration());
  const RunProgress& last = *seen_.back();
  EXPECT_EQ(last.steps[0].state, "done");
  EXPECT_EQ(last.steps[0].words, "");
  EXPECT_EQ(last.steps[1].state, "in doubt");
  EXPECT_EQ(last.steps[1].words, "no answer");
  EXPECT_EQ(last.ended(), 2U);
  EXPECT_EQ(last.expected_end, absl::InfiniteFuture());
}

TEST_F(ProgressTest, AStormIsHandedOnAFewTimesASecond) {
  for (int i = 0; i < 1000; ++i) {
    keeper_->ActionStarted(plan_.actions[0], absl::Minutes(1));
    clock_.Sleep(absl::Milliseconds(1));
  }
  EXPECT_EQ(seen_.size(), 5U);
  keeper_->ActionProgress(plan_.actions[0], "last words");
  keeper_->Flush();
  EXPECT_EQ(seen_.back()->steps[0].words, "last words");
  const std::size_t before = seen_.size();
  keeper_->Flush();
  EXPECT_THAT(seen_, SizeIs(before)) << "nothing new is not handed on";
}

}  // namespace
}  // namespace poolshift
