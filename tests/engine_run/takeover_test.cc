// Taking over from a controller that may still have a write on its way.
#include "controller/engine/takeover.h"

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/store/store.h"
#include "tests/engine_run/fake_platform.h"

namespace poolshift {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Code = RunOutcome::Code;

class Listener final : public RunObserver {
 public:
  void Remark(std::string_view text) override { remarks.emplace_back(text); }
  std::vector<std::string> remarks;
};

// A controller with a state directory of its own.
class Controller {
 public:
  Controller(std::string who, FakePlatform& platform) : providers_{{"lab", &platform}} {
    std::string pattern = testing::TempDir() + "/poolshift-takeover-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(directory_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    options.organization = "contoso";
    options.holder = ThisProcess(std::move(who));
    options.settle_patience = absl::Milliseconds(200);
  }
  ~Controller() { std::filesystem::remove_all(directory_); }

  RunContext context() { return {providers_, *store_, listener, interruption_}; }
  absl::Status TakeOver() { return poolshift::TakeOver(options, context(), "host1 is dark"); }
  RunOutcome Run(const Plan& plan) { return RunPlan(plan, options, context()); }
  Store& store() { return *store_; }

  RunOptions options;
  Listener listener;

 private:
  std::string directory_;
  std::unique_ptr<Store> store_;
  const std::map<std::string, Provider*> providers_;
  Interruption interruption_;
};

class TakeoverTest : public testing::Test {
 protected:
  TakeoverTest() {
    for (const char* thing : {"a", "b"})
      platform_.Set(thing, "off");
  }
  FakePlatform platform_;
  Controller first_{"alice", platform_}, second_{"bob", platform_};
};

TEST_F(TakeoverTest, APausedControllerIsFencedBeforeTheOtherWrites) {
  // The first is paused in the middle of its run; the second takes over and writes nothing.
  platform_.on_call = [this](const std::string&) {
    platform_.on_call = nullptr;
    const absl::Status taken = second_.TakeOver();
    EXPECT_TRUE(taken.ok()) << taken;
  };
  const RunOutcome outcome = first_.Run(ChainOf({"a", "b"}));
  EXPECT_EQ(outcome.code, Code::kFenced);
  EXPECT_EQ(platform_.effects(), 0);
  ASSERT_EQ(second_.store().LeaseBreaks("contoso")->size(), 1U);
  EXPECT_EQ(second_.store().LeaseBreaks("contoso")->front().reason, "host1 is dark");
  EXPECT_EQ(second_.Run(ChainOf({"a", "b"})).code, Code::kDone);
}

// A cold controller whose clock is far behind: the providers tell how far it must go.
TEST_F(TakeoverTest, TokenIsGreaterThanAllThatWereSeen) {
  const std::int64_t ahead = absl::ToUnixMillis(absl::Now() + absl::Hours(24 * 365));
  ASSERT_TRUE(platform_.Fence({ahead}, absl::Seconds(1)).ok());
  const RunOutcome fenced = second_.Run(ChainOf({"a"}));
  EXPECT_EQ(fenced.code, Code::kFenced);
  ASSERT_TRUE(second_.TakeOver().ok());
  EXPECT_GT(platform_.Fence({0}, absl::Seconds(1))->greatest, ahead);
  EXPECT_EQ(second_.Run(ChainOf({"a"})).code, Code::kDone);
}

// Two stores count on their own: where they come to the same token, it is of the one that raised
// the fence to it.
TEST_F(TakeoverTest, ATokenThatAnotherHasChangesNothing) {
  const std::int64_t ahead = absl::ToUnixMillis(absl::Now() + absl::Hours(24 * 365));
  for (Controller* each : {&first_, &second_})
    ASSERT_TRUE(each->store().BreakLease("contoso", {}, ahead).ok());
  ASSERT_EQ(first_.Run(ChainOf({"a"})).code, Code::kDone);
  const RunOutcome same = second_.Run(ChainOf({"b"}));
  EXPECT_EQ(same.code, Code::kFenced);
  EXPECT_THAT(same.text, HasSubstr("two controllers came to the same one"));
  EXPECT_EQ(platform_.Get("b"), "off");
  EXPECT_EQ(second_.Run(ChainOf({"b"})).code, Code::kDone);
}

// Two names in a manifest may lead to one target: in a rehearsal all do.
TEST_F(TakeoverTest, OneTargetUnderTwoNamesIsNoOtherController) {
  const std::map<std::string, Provider*> twice = {{"lab", &platform_}, {"twin", &platform_}};
  ASSERT_TRUE(first_.store().BreakLease("contoso", {}, 0).ok()) << "so that all fences are raised";
  RunContext context = first_.context();
  const RunContext both{twice, context.store, context.observer, context.interruption};
  const RunOutcome outcome = RunPlan(ChainOf({"a"}), first_.options, both);
  EXPECT_EQ(outcome.code, Code::kDone) << outcome.text;
}

TEST_F(TakeoverTest, WhoseLeaseWasBrokenBeginsNothingMore) {
  platform_.on_call = [this](const std::string&) {
    platform_.on_call = nullptr;
    EXPECT_TRUE(first_.store().BreakLease("contoso", {}, 0).ok());
  };
  const RunOutcome outcome = first_.Run(ChainOf({"a", "b"}));
  EXPECT_EQ(outcome.code, Code::kFenced);
  EXPECT_THAT(outcome.text, HasSubstr("broken"));
  EXPECT_EQ(platform_.Get("b"), "off");
  // The next one raises the fence before it looks.
  const std::int64_t before = platform_.Fence({0}, absl::Seconds(1))->greatest;
  Plan nothing = ChainOf({});
  EXPECT_EQ(first_.Run(nothing).code, Code::kDone);
  EXPECT_GT(platform_.Fence({0}, absl::Seconds(1))->greatest, before);
}

TEST_F(TakeoverTest, NoFenceNoWrite) {
  platform_.fence_fault = absl::UnavailableError("it does not answer");
  const absl::Status taken = second_.TakeOver();
  EXPECT_TRUE(absl::IsUnavailable(taken)) << taken;
  EXPECT_THAT(std::string(taken.message()), HasSubstr("provider `lab`"));
  EXPECT_THAT(std::string(taken.message()), HasSubstr("nothing was changed"));

  // Also when the lease has been broken by hand: until the fence is raised, again and again.
  ASSERT_TRUE(second_.store().BreakLease("contoso", {}, 0).ok());
  for (int round = 0; round < 2; ++round) {
    const RunOutcome outcome = second_.Run(ChainOf({"a"}));
    EXPECT_EQ(outcome.code, Code::kError);
    EXPECT_THAT(outcome.text, HasSubstr("it does not answer"));
  }
  EXPECT_EQ(platform_.calls(), 0);
  platform_.fence_fault = absl::OkStatus();
  EXPECT_EQ(second_.Run(ChainOf({"a"})).code, Code::kDone);
}

TEST_F(TakeoverTest, ATargetOutOfOurReachIsRemarked) {
  platform_.fence_fault = absl::PermissionDeniedError("REFUSED");
  ASSERT_TRUE(second_.TakeOver().ok());
  EXPECT_THAT(second_.listener.remarks, ElementsAre("provider `lab` is unfenced: REFUSED"));
}

}  // namespace
}  // namespace poolshift
