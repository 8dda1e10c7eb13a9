// What a run before left in doubt is settled before anything is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine_run/run_fixture.h"
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

using Code = RunOutcome::Code;
using SettleTest = EngineRunTest;

TEST_F(SettleTest, KilledRunIsSettledBeforeTheNext) {
  struct Row {
    std::string name;
    Mishap mishap;
    std::string settled;            // how the action at which it died is found to be
    std::vector<std::string> left;  // what a new plan has to do
  };
  for (const Row& row : {Row{"before the effect", Mishap::kKillBefore, "not done", {"b", "c"}},
                         Row{"after the effect", Mishap::kKillAfter, "done", {"c"}}}) {
    const std::string file = directory_ + "/world-" + std::to_string(static_cast<int>(row.mishap));
    for (const char* thing : {"a", "b", "c"})
      FakePlatform(file).Set(thing, "off");
    store_.reset();  // no connection is carried across the fork
    const pid_t child = fork();
    if (child == 0) {
      OpenStore();
      options_.holder = ThisProcess("alice");
      FakePlatform platform(file);
      platform.mishaps["b"] = {row.mishap};
      Run(ChainOf({"a", "b", "c"}), platform);
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << row.name;

    OpenStore();
    const std::int64_t killed = store_->UnfinishedRuns("contoso")->at(0).id;
    FakePlatform platform(file);
    const RunOutcome old_plan = Run(ChainOf({"a", "b", "c"}), platform);
    EXPECT_EQ(old_plan.code, Code::kStale)
        << row.name << old_plan.text;  // it began, so it no longer fits
    EXPECT_THAT(*store_->UnfinishedRuns("contoso"), IsEmpty()) << row.name;
    EXPECT_EQ(store_->Results("contoso", killed)->back().outcome, row.settled) << row.name;
    const RunOutcome outcome = Run(ChainOf(row.left), platform);
    EXPECT_EQ(outcome.code, Code::kDone) << row.name << ": " << outcome.text;
    EXPECT_EQ(platform.effects(), 3) << row.name;
    for (const char* thing : {"a", "b", "c"})
      EXPECT_EQ(platform.Get(thing), "on") << row.name;
  }
}

TEST_F(SettleTest, UnsettledIntentForbidsWriting) {
  LeaveInDoubt("a");
  const int calls = platform_.calls();
  const RunOutcome second = Run(ChainOf({"b"}));
  EXPECT_EQ(second.code, Code::kError);
  EXPECT_THAT(
      second.text,
      HasSubstr("cannot be found out: could not look: no route to host; nothing was changed"));
  EXPECT_EQ(platform_.calls(), calls);
  platform_.unreachable.clear();
  EXPECT_EQ(Run(ChainOf({"a", "b"})).code, Code::kDone);
}

TEST_F(SettleTest, DoesNotWaitForTheDead) {
  platform_.mishaps["a"] = {Mishap::kLostBefore};
  platform_.on_call = [&](const std::string&) { platform_.gone = true; };
  EXPECT_EQ(Run(ChainOf({"a"})).actions[0].end, ActionEnd::kInDoubt);
  platform_.looks = 0;
  options_.settle_patience = absl::Seconds(20);
  const RunOutcome second = Run(ChainOf({"b"}));
  EXPECT_EQ(second.code, Code::kError);
  EXPECT_THAT(second.text,
              HasSubstr("cannot be found out: could not look: the plugin was killed; nothing was"));
  EXPECT_EQ(platform_.looks, 1) << "asked again";
  platform_.on_call = nullptr;
  platform_.gone = false;
  EXPECT_EQ(Run(ChainOf({"a", "b"})).code, Code::kDone);
}

// The provider will never know more, so the target decides; otherwise no run could begin again.
TEST_F(SettleTest, DoubtOfProviderIsSettledByLooking) {
  for (const char* state : {"off", "on", "dimmed"}) {
    SCOPED_TRACE(state);
    platform_.Set("a", "off");
    platform_.Set("b", "off");
    LeaveInDoubt("a");
    FindTheWayAgain();
    platform_.doubts = true;
    platform_.Set("a", state);
    EXPECT_EQ(Run(ChainOf({"b"})).code, Code::kDone);
    EXPECT_EQ(platform_.Get("a"), state);
    platform_.doubts = false;
  }
}

// What the target shows proves nothing while the provider has the key of the intent in hand.
TEST_F(SettleTest, WhatStillRunsForbidsWriting) {
  LeaveInDoubt("a");
  FindTheWayAgain();
  platform_.works_on = "a";
  const int calls = platform_.calls();
  const RunOutcome second = Run(ChainOf({"b"}));
  EXPECT_EQ(second.code, Code::kError);
  EXPECT_THAT(second.text, HasSubstr("still works on it"));
  EXPECT_EQ(platform_.calls(), calls);
  platform_.works_on.clear();
  EXPECT_EQ(Run(ChainOf({"b"})).code, Code::kDone);
}

}  // namespace
}  // namespace poolshift
