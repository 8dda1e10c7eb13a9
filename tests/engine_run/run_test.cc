#include "controller/engine/run.h"

#include <filesystem>
#include <latch>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/engine/run_plan_file.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"
#include "tests/engine_run/fake_platform.h"
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Code = RunOutcome::Code;

// What the observer was told, as lines.
class Notebook final : public RunObserver {
 public:
  void Remark(std::string_view text) override { lines.push_back("remark " + std::string(text)); }
  void RunStarted(std::int64_t, absl::Duration) override { lines.push_back("run"); }
  void ActionStarted(const Action& action, absl::Duration) override {
    lines.push_back("start " + action.target.name);
  }
  void ActionProgress(const Action&, std::string_view line) override {
    lines.push_back("line " + std::string(line));
  }
  void GateWaiting(const Action&, std::string_view lagging, absl::Duration) override {
    lines.push_back("waits " + std::string(lagging));
  }
  void ActionEnded(const Action& action, ActionEnd end, std::string_view, absl::Duration) override {
    lines.push_back("end " + action.target.name + ' ' + std::string(Name(end)));
  }
  std::vector<std::string> lines;
};

class RunTest : public testing::Test {
 protected:
  RunTest() {
    std::string pattern = testing::TempDir() + "/poolshift-run-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    OpenStore();
    options_.organization = "contoso";
    options_.holder = ThisProcess("alice");
    options_.executor.backoff = {absl::Milliseconds(1), absl::Milliseconds(5), 1};
    options_.settle_patience = absl::Milliseconds(200);
    for (const char* thing : {"a", "b", "c"})
      platform_.Set(thing, "off");
  }
  ~RunTest() override { std::filesystem::remove_all(directory_); }

  void OpenStore() {
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(directory_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  RunOutcome Run(const Plan& plan, FakePlatform& platform) {
    const std::map<std::string, Provider*> providers = {{"lab", &platform}};
    return RunPlan(plan, options_, {providers, *store_, notebook_, interruption_});
  }
  RunOutcome Run(const Plan& plan) { return Run(plan, platform_); }

  // From another connection, as another process would.
  void Execute(const std::string& sql) {
    const absl::StatusOr<std::unique_ptr<Database>> other = Database::Open(store_->path());
    ASSERT_TRUE(other.ok()) << other.status();
    const absl::Status executed = (*other)->Execute(sql);
    EXPECT_TRUE(executed.ok()) << executed;
  }

  std::string directory_;
  std::unique_ptr<Store> store_;
  RunOptions options_;
  FakePlatform platform_;
  Notebook notebook_;
  Interruption interruption_;
};

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

TEST_F(RunTest, KilledRunIsSettledBeforeTheNext) {
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

TEST_F(RunTest, UnsettledIntentForbidsWriting) {
  platform_.mishaps["a"] = {Mishap::kLostBefore};
  platform_.failing_lookups = 1000;
  platform_.on_call = [&](const std::string&) {
    platform_.unreachable = "a";
  };  // the whole way to it is lost
  const RunOutcome first = Run(ChainOf({"a"}));
  EXPECT_EQ(first.actions[0].end, ActionEnd::kInDoubt) << first.text;
  const int calls = platform_.calls();
  const RunOutcome second = Run(ChainOf({"b"}));
  EXPECT_EQ(second.code, Code::kError);
  EXPECT_THAT(
      second.text,
      HasSubstr("cannot be found out: could not look: no route to host; nothing was changed"));
  EXPECT_EQ(platform_.calls(), calls);
  platform_.on_call = nullptr;
  platform_.unreachable.clear();
  EXPECT_EQ(Run(ChainOf({"a", "b"})).code, Code::kDone);
}

// The provider will never know more, so the target decides; otherwise no run could begin again.
TEST_F(RunTest, DoubtOfProviderIsSettledByLooking) {
  for (const char* state : {"off", "on", "dimmed"}) {
    SCOPED_TRACE(state);
    platform_.Set("a", "off");
    platform_.Set("b", "off");
    platform_.mishaps["a"] = {Mishap::kLostBefore};
    platform_.failing_lookups = 1000;
    platform_.on_call = [&](const std::string&) { platform_.unreachable = "a"; };
    ASSERT_EQ(Run(ChainOf({"a"})).actions[0].end, ActionEnd::kInDoubt);
    platform_.on_call = nullptr;
    platform_.unreachable.clear();
    platform_.failing_lookups = 0;
    platform_.doubts = true;
    platform_.Set("a", state);
    EXPECT_EQ(Run(ChainOf({"b"})).code, Code::kDone);
    EXPECT_EQ(platform_.Get("a"), state);
    platform_.doubts = false;
  }
}

// What the target shows proves nothing while the provider has the key of the intent in hand.
TEST_F(RunTest, WhatStillRunsForbidsWriting) {
  platform_.mishaps["a"] = {Mishap::kLostBefore};
  platform_.failing_lookups = 1000;
  platform_.on_call = [&](const std::string&) { platform_.unreachable = "a"; };
  ASSERT_EQ(Run(ChainOf({"a"})).actions[0].end, ActionEnd::kInDoubt);
  platform_.on_call = nullptr;
  platform_.unreachable.clear();
  platform_.failing_lookups = 0;
  platform_.works_on = "a";
  const int calls = platform_.calls();
  const RunOutcome second = Run(ChainOf({"b"}));
  EXPECT_EQ(second.code, Code::kError);
  EXPECT_THAT(second.text, HasSubstr("still works on it"));
  EXPECT_EQ(platform_.calls(), calls);
  platform_.works_on.clear();
  EXPECT_EQ(Run(ChainOf({"b"})).code, Code::kDone);
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
