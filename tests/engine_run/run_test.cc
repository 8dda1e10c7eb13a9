#include "controller/engine/run.h"

#include <latch>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/engine/run_plan_file.h"
#include "tests/engine_run/run_fixture.h"
#include <sys/stat.h>

namespace poolshift {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Code = RunOutcome::Code;

using RunTest = EngineRunTest;

std::vector<ActionEnd> EndsOf(const RunOutcome& outcome) {
  std::vector<ActionEnd> ends;
  for (const ActionOutcome& action : outcome.actions)
    ends.push_back(action.end);
  return ends;
}

constexpr ActionEnd kDone = ActionEnd::kDone;
constexpr ActionEnd kNotDone = ActionEnd::kNotDone;

TEST_F(RunTest, CarriesAPlanOutAndRecordsIt) {
  options_.override_reason = "fire";
  const RunOutcome outcome = Run(ChainOf({"a", "b"}));
  EXPECT_EQ(outcome.code, Code::kDone) << outcome.text;
  EXPECT_EQ(outcome.ExitStatus(), 0);
  EXPECT_THAT(notebook_.lines,
              ElementsAre("run",
                          "start a",
                          "line switching a",
                          "end a done",
                          "start b",
                          "line switching b",
                          "end b done"));
  EXPECT_EQ(platform_.Get("b"), "on");
  const RunRecord run = store_->Runs("contoso", 1)->at(0);
  EXPECT_EQ(run.outcome, "done");
  EXPECT_EQ(run.override_reason, "fire");
  EXPECT_EQ(DecodePlanFile(run.plan_file, "run")->plan.actions.size(), 2U);
  const auto results = *store_->Results("contoso", run.id);
  ASSERT_THAT(results, SizeIs(2));
  EXPECT_EQ(results[1].outcome, "done");
  EXPECT_THAT(*store_->UnfinishedRuns("contoso"), IsEmpty());
  EXPECT_TRUE(
      store_->AcquireLease("contoso", ThisProcess("bob"), absl::Now()).ok());  // it was given back
}

TEST_F(RunTest, IndependentActionsOverlap) {
  Plan plan = ChainOf({"a", "b", "c"});
  for (Action& action : plan.actions)
    action.needs.clear();
  std::latch all_inside(3);  // each call waits for the others: one after another would never end
  platform_.on_call = [&](const std::string&) { all_inside.arrive_and_wait(); };
  EXPECT_EQ(Run(plan).code, Code::kDone);
}

TEST_F(RunTest, LostAnswersDoNotRepeatEffects) {
  for (const auto& [name, mishap] : std::vector<std::pair<std::string, Mishap>>{
           {"a", Mishap::kLostAfter}, {"b", Mishap::kLostBefore}, {"c", Mishap::kBusy}}) {
    platform_.mishaps[name] = {mishap};
  }
  platform_.failing_lookups = 2;  // the plugin crashed and is being started again
  const RunOutcome outcome = Run(ChainOf({"a", "b", "c"}));
  EXPECT_EQ(outcome.code, Code::kDone) << outcome.text;
  EXPECT_EQ(platform_.effects(), 3);
  EXPECT_EQ(platform_.calls(), 5);
}

TEST_F(RunTest, FailureStopsAndTells) {
  platform_.mishaps["b"] = {Mishap::kRefused};
  const RunOutcome outcome = Run(ChainOf({"a", "b", "c"}));
  EXPECT_EQ(outcome.ExitStatus(), 1);
  EXPECT_THAT(EndsOf(outcome), ElementsAre(kDone, ActionEnd::kFailed, kNotDone));
  EXPECT_THAT(outcome.text, HasSubstr("(switch b on) failed: not allowed"));
  EXPECT_EQ(store_->Runs("contoso", 1)->at(0).outcome, "failed");
}

TEST_F(RunTest, MovedWorldIsRefusedUntouched) {
  platform_.Set("b", "sideways");
  const RunOutcome outcome = Run(ChainOf({"a", "b"}));
  EXPECT_EQ(outcome.code, Code::kStale);
  EXPECT_EQ(outcome.ExitStatus(), 13);
  EXPECT_THAT(outcome.text, HasSubstr("Thing/b: state=off → state=sideways"));
  EXPECT_THAT(outcome.text, testing::Not(HasSubstr("Thing/a")));
  EXPECT_EQ(platform_.calls(), 0);
  EXPECT_THAT(*store_->Runs("contoso", 1), IsEmpty());
}

TEST_F(RunTest, OnlyTargetsAreCheckedAgain) {
  Plan plan = ChainOf({"a"});
  plan.basis.push_back({{{"Thing", "c"}, ""}, "read while planning, and different now"});
  EXPECT_EQ(Run(plan).code, Code::kDone);
}

TEST_F(RunTest, UnseenTargetStopsEverything) {
  platform_.unreachable = "b";
  const RunOutcome outcome = Run(ChainOf({"a", "b"}));
  EXPECT_EQ(outcome.code, Code::kError);
  EXPECT_THAT(outcome.text,
              HasSubstr("could not look at Thing/b: no route to host; nothing was changed"));
  EXPECT_EQ(platform_.calls(), 0);
}

TEST_F(RunTest, ASavedPlanRunsOnce) {
  options_.single_use = "file1";
  EXPECT_EQ(Run(ChainOf({"a"})).code, Code::kDone);
  const RunOutcome again = Run(ChainOf({"a"}));
  EXPECT_EQ(again.code, Code::kConsumed);
  EXPECT_EQ(again.ExitStatus(), 13);
  EXPECT_THAT(again.text, HasSubstr("was used by run 1"));
  platform_.Set("a", "off");  // even where it would fit again
  EXPECT_EQ(Run(ChainOf({"a"})).code, Code::kConsumed);
  options_.single_use.clear();
  EXPECT_EQ(Run(ChainOf({"a"})).code, Code::kDone);  // a plan just made may look the same
}

TEST_F(RunTest, RulesAreCheckedBeforeAnything) {
  Plan risky = ChainOf({"a"});
  risky.actions[0].needs_approval = true;
  const RunOutcome unapproved = Run(risky);
  EXPECT_EQ(unapproved.ExitStatus(), 12);
  EXPECT_THAT(unapproved.text, HasSubstr("--approve Thing/a"));
  Plan foreign = ChainOf({"a"});
  foreign.organization = "fabrikam";
  EXPECT_THAT(Run(foreign).text,
              HasSubstr("the plan is for fabrikam, these manifests declare contoso"));
  options_.policy.max_actions = 1;
  EXPECT_EQ(Run(ChainOf({"a", "b"})).code, Code::kRefused);
  EXPECT_EQ(platform_.calls(), 0);
  options_.approvals = {"Thing/a"};
  EXPECT_EQ(Run(risky).code, Code::kDone);
}

TEST_F(RunTest, InterruptionEndsAtASafePoint) {
  platform_.on_call = [&](const std::string&) { interruption_.Raise(); };
  const RunOutcome outcome = Run(ChainOf({"a", "b"}));
  EXPECT_EQ(outcome.ExitStatus(), 130);
  EXPECT_THAT(EndsOf(outcome), ElementsAre(kDone, kNotDone));
  EXPECT_THAT(*store_->UnfinishedRuns("contoso"), IsEmpty());
}

TEST_F(RunTest, SecondInterruptionLeavesTheJournal) {
  std::latch release(1), left(1);
  platform_.on_call = [&](const std::string&) {
    interruption_.Raise();
    interruption_.Raise();
    release.wait();
    left.count_down();
  };
  const RunOutcome outcome = Run(ChainOf({"a", "b"}));
  EXPECT_EQ(outcome.ExitStatus(), 130);
  EXPECT_EQ(outcome.calls_left, 1);
  EXPECT_EQ(outcome.actions[0].end, ActionEnd::kInDoubt);
  EXPECT_THAT(*store_->InDoubt("contoso", outcome.run), SizeIs(1));
  release.count_down();
  left.wait();
  while (platform_.effects() == 0)
    usleep(1000);  // the call that was left to itself ends

  // The next run finds out that it did take effect.
  platform_.on_call = nullptr;
  Interruption calm;
  const std::map<std::string, Provider*> providers = {{"lab", &platform_}};
  const RunOutcome next = RunPlan(ChainOf({"b"}), options_, {providers, *store_, notebook_, calm});
  EXPECT_EQ(next.code, Code::kDone) << next.text;
  EXPECT_EQ(store_->Results("contoso", outcome.run)->at(0).outcome, "done");
}

TEST_F(RunTest, GateThatLagsEndsWithItsOwnStatus) {
  Plan plan = ChainOf({"a", "b"});
  Action& gate = plan.actions[0];
  gate.verb = Verb::kGate;
  gate.gate.emplace();
  gate.gate->expectations = {{{{"Thing", "a"}, ""}, "state", Expectation::Compare::kEquals, "on"}};
  gate.gate->interval = absl::Milliseconds(1);
  gate.gate->timeout = absl::Milliseconds(20);
  const RunOutcome outcome = Run(plan);
  EXPECT_EQ(outcome.ExitStatus(), 14);
  EXPECT_THAT(outcome.text, HasSubstr("Thing/a state is off, wanted on"));
  EXPECT_THAT(notebook_.lines, Contains("waits Thing/a state is off, wanted on"));
}

TEST_F(RunTest, NoRecordNoWrite) {
  Execute(
      "CREATE TRIGGER full BEFORE INSERT ON intents WHEN new.seq = 2 BEGIN SELECT RAISE(ABORT, "
      "'disk full'); END");
  const RunOutcome outcome = Run(ChainOf({"a", "b", "c"}));
  EXPECT_EQ(outcome.code, Code::kError);
  EXPECT_THAT(outcome.text, HasSubstr("disk full"));
  EXPECT_THAT(EndsOf(outcome), ElementsAre(kDone, kNotDone, kNotDone));
  EXPECT_EQ(platform_.calls(), 1);
}

TEST_F(RunTest, ALostLeaseStopsTheRun) {
  platform_.on_call = [&](const std::string&) { Execute("UPDATE leases SET token = token + 1"); };
  const RunOutcome outcome = Run(ChainOf({"a", "b"}));
  EXPECT_EQ(outcome.code, Code::kFenced);
  EXPECT_EQ(outcome.ExitStatus(), 13);
  EXPECT_THAT(EndsOf(outcome), ElementsAre(kDone, kNotDone));
}

TEST_F(RunTest, AHeldLeaseKeepsOthersOut) {
  ASSERT_TRUE(store_->AcquireLease("contoso", ThisProcess("bob"), absl::Now()).ok());
  const RunOutcome outcome = Run(ChainOf({"a"}));
  EXPECT_EQ(outcome.code, Code::kError);
  EXPECT_THAT(outcome.text, HasSubstr("is being changed by bob on "));
  EXPECT_EQ(platform_.calls(), 0);
}

TEST_F(RunTest, AwayBackAndAwayAgainTakesEffect) {
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(Run(ChainOf({"a"})).code, Code::kDone);
    EXPECT_EQ(platform_.Get("a"), "on") << round;
    Plan back = ChainOf({});
    back.actions = {Switch("a", "on", "off")};
    ASSERT_EQ(Run(back).code, Code::kDone);
    EXPECT_EQ(platform_.Get("a"), "off") << round;
  }
}

TEST_F(RunTest, PlanFilesArePrivateAndWhole) {
  RealFiles files;
  const std::string path = directory_ + "/move.plan";
  PlanFile file;
  file.plan = ChainOf({"a"});
  ASSERT_TRUE(WritePlanFile(files, path, file).ok());
  struct stat found {};
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  const absl::StatusOr<PlanFile> read = ReadPlanFile(files, path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(PlanDigest(read->plan), PlanDigest(file.plan));
  EXPECT_THAT(std::string(ReadPlanFile(files, directory_ + "/none").status().message()),
              HasSubstr("/none"));
}

}  // namespace
}  // namespace poolshift
