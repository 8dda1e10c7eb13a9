#include "controller/apply/outlook.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/apply/step.h"
#include "tests/apply/simulated_world.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OutlookTest : public testing::Test {
 protected:
  // 0 → 1 → 2, and 3 alone; one call at a time.
  OutlookTest() {
    RunPolicy policy;
    policy.provider_limit = 1;
    state_ = *StartRun(std::make_shared<const Plan>(PlanOf({{}, {0}, {1}, {}})), policy);
    Feed(event::Begin{});
  }
  void Feed(const Event& event) {
    effects_.list.clear();
    state_ = Step(std::move(state_), event, now_, effects_);
  }
  // The action that runs ends as wished.
  void Finish() {
    Feed(event::IntentRecorded{state_.last_ticket, "key"});
    CallResult result;
    result.observation.presence = Presence::kPresent;
    Feed(event::CallEnded{state_.last_ticket, result});
    Feed(event::ResultRecorded{state_.last_ticket});
  }
  Outlook Look() const { return OutlookOf(state_, now_); }

  absl::Time now_ = absl::UnixEpoch();
  RunState state_;
  Effects effects_;
};

TEST_F(OutlookTest, SaysWhatRunsAndSinceWhen) {
  now_ += absl::Seconds(2);
  const Outlook outlook = Look();
  ASSERT_EQ(outlook.running.size(), 1U);
  EXPECT_EQ(outlook.running[0].action, 0);
  EXPECT_EQ(outlook.running[0].since, absl::Seconds(2));
  EXPECT_EQ(outlook.running[0].expected, Expected(state_.plan->actions[0]));
}

TEST_F(OutlookTest, MostUrgentComesNext) {
  EXPECT_THAT(Look().next, ElementsAre(1, 3)) << "2 waits for more than what runs";
  Finish();
  EXPECT_THAT(Look().next, ElementsAre(2, 3));
}

TEST_F(OutlookTest, TellsWhatEachStillTakes) {
  const absl::Duration whole = Expected(state_.plan->actions[0]);
  now_ += whole / 4;
  EXPECT_THAT(Look().left, ElementsAre(whole - whole / 4, whole, whole, whole));
  now_ += whole;
  EXPECT_EQ(Look().left[0], absl::ZeroDuration()) << "late, and not less than nothing";
  Finish();
  EXPECT_THAT(Look().left[0], absl::ZeroDuration());
}

TEST_F(OutlookTest, NothingIsNextAfterAStop) {
  Feed(event::Cancel{});
  EXPECT_THAT(Look().next, IsEmpty());
}

}  // namespace
}  // namespace poolshift
