// A store, a pretended platform and a notebook for each test that runs a plan.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "controller/engine/run.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"
#include "tests/engine_run/fake_platform.h"

namespace poolshift {

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

class EngineRunTest : public testing::Test {
 protected:
  EngineRunTest() {
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
  ~EngineRunTest() override { std::filesystem::remove_all(directory_); }

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

  // The call is lost, and with it the whole way to the thing.
  void LeaveInDoubt(const std::string& thing) {
    platform_.mishaps[thing] = {Mishap::kLostBefore};
    platform_.failing_lookups = 1000;
    platform_.on_call = [&](const std::string&) { platform_.unreachable = thing; };
    const RunOutcome outcome = Run(ChainOf({thing}));
    ASSERT_EQ(outcome.actions[0].end, ActionEnd::kInDoubt) << outcome.text;
    platform_.on_call = nullptr;
  }
  void FindTheWayAgain() {
    platform_.unreachable.clear();
    platform_.failing_lookups = 0;
  }

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

}  // namespace poolshift
