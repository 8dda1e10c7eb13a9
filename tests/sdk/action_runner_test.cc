// What the SDK does around a service's Apply, on a world of switches.
#include "providers/sdk/action_runner.h"

#include <future>

#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/model/digest.h"
#include "controller/wire/provider_messages.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift::sdk {
namespace {

using testing::HasSubstr;

const ResourceId kHall{"Switch", "hall"};
const ResourceId kAttic{"Switch", "attic"};

Value Is(const char* value) { return Value::Map{{"value", value}}; }

// Switches that can be set, and a service that can be told to fail.
class Switches final : public Service {
 public:
  std::map<ResourceId, std::string> world = {{kHall, "on"}, {kAttic, "on"}};
  int applied = 0;
  bool unreachable = false;
  bool has_effect = true;
  bool shows_result = true;
  Outcome outcome = Outcome::kDone;
  std::function<void(Call&)> during = [](Call&) {};
  std::optional<Result> lookup;
  absl::Duration late;
  std::function<void()> looked;

  absl::Duration late_effects() const override { return late; }
  std::vector<std::string> Configure(const Configuration&) override { return {}; }
  Description Describe() override {
    PropertySchema value{"value", PropertySchema::Type::kString, true, false, ""};
    PropertySchema since{"since", PropertySchema::Type::kString, false, true, ""};
    PropertySchema mark{"mark", PropertySchema::Type::kString, false, true, ""};
    return {
        .type = "switch",
        .version = "1",
        .kinds = {{"Switch", true, "", "", {value, since, mark}}, {"Lamp", false, "", "", {value}}},
        .remarks = {},
        .settable = {"Switch.mark"}};
  }
  std::vector<Observation> Observe(const std::vector<ObservationKey>& keys, absl::Time) override {
    std::vector<Observation> all;
    for (const ObservationKey& key : keys)
      all.push_back(Look(key.id));
    return all;
  }
  std::vector<std::string> Preview(const Action&) override { return {}; }
  Result Apply(const Action& action, std::string_view, std::int64_t, Call& call) override {
    ++applied;
    const auto act = during;  // it may replace itself
    act(call);
    Result result;
    result.outcome = outcome;
    if (has_effect) world[action.target] = action.after.StringOr("value", "");
    if (outcome == Outcome::kDone && shows_result) result.observation = Look(action.target);
    return result;
  }
  std::optional<Result> Lookup(std::string_view) override { return lookup; }

 private:
  Observation Look(const ResourceId& id) {
    if (looked) looked();
    Observation seen;
    if (unreachable) {
      seen.reason = "cable";
    } else if (world.count(id) == 0) {
      seen.presence = Presence::kAbsent;
    } else {
      seen.presence = Presence::kPresent;
      seen.properties = Is(world[id].c_str());
    }
    return seen;
  }
};

class TestCall final : public CancellableCall {
 public:
  void Progress(std::string_view) override {}
  absl::Time deadline() const override { return absl::Now() + absl::Seconds(30); }
};

class ActionRunnerTest : public testing::Test {
 protected:
  ActionRunnerTest() { Restart(); }

  // As after a crash: only the world and the ledger's file remain.
  void Restart() {
    ledger_ = *Ledger::Open(scratch_.Path("ledger"), Ledger::Mode::kWriting);
    runner_ = std::make_unique<ActionRunner>(service_, witness_, *ledger_);
  }
  static Order OrderFor(const ResourceId& id,
                        const char* from,
                        const char* to,
                        std::string key = "k",
                        std::int64_t token = 1) {
    Order order;
    order.key = std::move(key);
    order.token = token;
    order.action.target = id;
    order.action.before = Is(from);
    order.action.after = Is(to);
    order.action.precondition_revision = RevisionOf(Is(from));
    return order;
  }
  Result Run(const Order& order) {
    TestCall call;
    return runner_->Run(order, call);
  }
  // Writes down what a program that died during `order` had written.
  void Interrupt(const Order& order) {
    provider::v1::LedgerRecord record;
    record.set_key(order.key);
    record.set_token(order.token);
    ASSERT_TRUE(wire::EncodeAction(order.action, *record.mutable_action()).ok());
    ASSERT_TRUE(ledger_->Append(record).ok());
    Restart();
  }
  absl::StatusOr<ActionRunner::Found> Lookup(const std::string& key) {
    return runner_->Lookup(key, absl::Now() + absl::Seconds(30));
  }

  Switches service_;
  Witness witness_{service_, service_.Describe()};
  conformance::Scratch scratch_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<ActionRunner> runner_;
  int looks_ = 0;
};

TEST_F(ActionRunnerTest, DoneShowsTheChange) {
  const Result result = Run(OrderFor(kHall, "on", "off"));
  EXPECT_EQ(result.outcome, Outcome::kDone);
  EXPECT_EQ(result.observation.revision, RevisionOf(Is("off")));
}

TEST_F(ActionRunnerTest, ChangeAgainstTheSchemaIsRefused) {
  Order order = OrderFor(kHall, "on", "off");
  for (const Value& after : {Value("off"),
                             Value(Value::Map{{"value", 7}}),
                             Value(Value::Map{{"value", "off"}, {"colour", "red"}}),
                             Value(Value::Map{{"value", "off"}, {"since", "noon"}}),
                             Value(Value::Map{{"value", "off"}, {"mark", 7}})}) {
    order.action.after = after;
    const Result result = Run(order);
    EXPECT_EQ(result.outcome, Outcome::kFailed);
    EXPECT_THAT(result.message, HasSubstr("no such change of Switch/hall can be made"));
  }
  order.action.verb = Verb::kCreate;
  order.action.after = Value::Map{};
  EXPECT_THAT(Run(order).message, HasSubstr("required property `value` is missing"));
  EXPECT_EQ(service_.applied, 0);
}

TEST_F(ActionRunnerTest, SettablePropertyReachesTheProvider) {
  Order order = OrderFor(kHall, "on", "off");
  order.action.after = Value::Map{{"mark", "ours"}};
  Run(order);
  EXPECT_EQ(service_.applied, 1);
}

TEST_F(ActionRunnerTest, RepeatedKeyIsCarriedOutOnce) {
  const Order order = OrderFor(kHall, "on", "off");
  const Result first = Run(order);
  Restart();
  const Result second = Run(order);
  EXPECT_EQ(service_.applied, 1);
  EXPECT_EQ(second.outcome, Outcome::kDone);
  EXPECT_EQ(second.observation.revision, first.observation.revision);
}

TEST_F(ActionRunnerTest, RepeatedKeyNeverUndoesOthers) {
  const Order order = OrderFor(kHall, "on", "off");
  Run(order);
  service_.world[kHall] = "dimmed";
  EXPECT_EQ(Run(order).outcome, Outcome::kDone) << "what was done under this key, not what is";
  EXPECT_EQ(service_.world[kHall], "dimmed");
}

// Keys come from content: a failover, its failback and the next failover have two keys between
// them.
TEST_F(ActionRunnerTest, LaterRunMayWantTheSameAgain) {
  Run(OrderFor(kHall, "on", "off", "there", 1));
  Run(OrderFor(kHall, "off", "on", "back", 2));
  ASSERT_EQ(service_.world[kHall], "on");
  EXPECT_EQ(Run(OrderFor(kHall, "on", "off", "there", 3)).outcome, Outcome::kDone);
  EXPECT_EQ(service_.world[kHall], "off");
  EXPECT_EQ(service_.applied, 3);
}

TEST_F(ActionRunnerTest, LateCopyOfARequestIsNotCarriedOut) {
  Run(OrderFor(kHall, "on", "off", "there", 1));
  service_.world[kHall] = "on";  // somebody put it back, in the same run
  Run(OrderFor(kHall, "on", "off", "there", 1));
  EXPECT_EQ(service_.applied, 1);
}

TEST_F(ActionRunnerTest, StalePreconditionChangesNothing) {
  const Result result = Run(OrderFor(kHall, "dimmed", "off"));
  EXPECT_EQ(result.outcome, Outcome::kConflict);
  EXPECT_THAT(result.message, HasSubstr("Switch/hall is not as the plan saw it"));
  EXPECT_EQ(service_.applied, 0);
}

TEST_F(ActionRunnerTest, CreationNeedsAbsence) {
  Order order = OrderFor(kHall, "on", "off");
  order.action.before = Value();
  order.action.precondition_revision = "";
  EXPECT_EQ(Run(order).outcome, Outcome::kConflict);
  service_.world.erase(kHall);
  order.key = "other";
  EXPECT_EQ(Run(order).outcome, Outcome::kDone);
}

TEST_F(ActionRunnerTest, UnreachableIsNotAbsent) {
  service_.unreachable = true;
  Order order = OrderFor(kHall, "on", "off");
  order.action.precondition_revision = "";
  const Result result = Run(order);
  EXPECT_EQ(result.outcome, Outcome::kFailed);
  EXPECT_TRUE(result.retryable);
  EXPECT_THAT(result.message, HasSubstr("cable"));
  EXPECT_EQ(service_.applied, 0);
}

TEST_F(ActionRunnerTest, SmallerTokenIsFenced) {
  Run(OrderFor(kHall, "on", "off", "a", 5));
  Restart();
  EXPECT_EQ(Run(OrderFor(kAttic, "on", "off", "b", 4)).outcome, Outcome::kFenced);
  EXPECT_EQ(service_.world[kAttic], "on");
}

TEST_F(ActionRunnerTest, FailureThatChangedNothingIsTriedAgain) {
  service_.outcome = Outcome::kFailed;
  service_.has_effect = false;
  EXPECT_EQ(Run(OrderFor(kHall, "on", "off")).outcome, Outcome::kFailed);
  service_.outcome = Outcome::kDone;
  service_.has_effect = true;
  EXPECT_EQ(Run(OrderFor(kHall, "on", "off")).outcome, Outcome::kDone);
}

TEST_F(ActionRunnerTest, MissingObservationIsLookedUp) {
  service_.shows_result = false;
  const Result result = Run(OrderFor(kHall, "on", "off"));
  EXPECT_EQ(result.outcome, Outcome::kDone);
  EXPECT_EQ(result.observation.properties, Is("off"));
}

TEST_F(ActionRunnerTest, SuccessWithoutEffectIsDoubted) {
  service_.has_effect = false;
  const Result result = Run(OrderFor(kHall, "on", "off"));
  EXPECT_EQ(result.outcome, Outcome::kEffectUnknown);
  EXPECT_THAT(result.message, HasSubstr("does not show the change"));
}

TEST_F(ActionRunnerTest, InterruptedAndDoneIsSettledBySight) {
  const Order order = OrderFor(kHall, "on", "off");
  Interrupt(order);
  service_.world[kHall] = "off";
  const auto found = Lookup("k");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->result.outcome, Outcome::kDone);
  EXPECT_EQ(found->target, kHall);
  EXPECT_EQ(Run(order).outcome, Outcome::kDone);
  EXPECT_EQ(service_.applied, 0);
}

TEST_F(ActionRunnerTest, InterruptedAndNotDoneIsRepeated) {
  const Order order = OrderFor(kHall, "on", "off");
  Interrupt(order);
  const auto found = Lookup("k");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->result.outcome, Outcome::kFailed);
  EXPECT_TRUE(found->result.retryable);
  EXPECT_EQ(Run(order).outcome, Outcome::kDone);
  EXPECT_EQ(service_.applied, 1);
}

TEST_F(ActionRunnerTest, EffectThatComesLateIsWaitedFor) {
  service_.late = absl::Seconds(20);
  Interrupt(OrderFor(kHall, "on", "off"));
  service_.looked = [this] {
    if (++looks_ == 3) service_.world[kHall] = "off";
  };
  EXPECT_EQ(Lookup("k")->result.outcome, Outcome::kDone);
  EXPECT_EQ(looks_, 3);
}

TEST_F(ActionRunnerTest, EffectThatNeverCameIsDeniedOnlyWhenItsTimeIsOver) {
  service_.late = absl::Milliseconds(250);
  Interrupt(OrderFor(kHall, "on", "off"));
  service_.looked = [this] { ++looks_; };
  EXPECT_EQ(Lookup("k")->result.outcome, Outcome::kFailed);
  EXPECT_GE(looks_, 2);
}

TEST_F(ActionRunnerTest, EffectThatMayStillComeIsNotDenied) {
  service_.late = absl::Minutes(2);  // longer than the question may take
  Interrupt(OrderFor(kHall, "on", "off"));
  const auto found = Lookup("k");
  EXPECT_EQ(found->result.outcome, Outcome::kEffectUnknown);
  EXPECT_TRUE(found->result.retryable);
}

TEST_F(ActionRunnerTest, InterruptedHalfwayStaysUnknown) {
  const Order order = OrderFor(kHall, "on", "off");
  Interrupt(order);
  service_.world[kHall] = "dimmed";
  EXPECT_EQ(Lookup("k")->result.outcome, Outcome::kEffectUnknown);
  EXPECT_EQ(Run(order).outcome, Outcome::kEffectUnknown);
  EXPECT_EQ(service_.applied, 0);
}

TEST_F(ActionRunnerTest, InterruptedAndOutOfSightSaysWhy) {
  Interrupt(OrderFor(kHall, "on", "off"));
  service_.unreachable = true;
  const auto found = Lookup("k");
  EXPECT_EQ(found->result.outcome, Outcome::kEffectUnknown);
  EXPECT_THAT(found->result.message, HasSubstr("could not be looked at (cable)"));
}

TEST_F(ActionRunnerTest, TargetMaySettleAnInterruptedKey) {
  Interrupt(OrderFor(kHall, "on", "off"));
  service_.lookup = Result{Outcome::kPermission, "the target said no", false, {}};
  EXPECT_EQ(Lookup("k")->result.outcome, Outcome::kPermission);
}

TEST_F(ActionRunnerTest, RememberedSuccessNeedsItsEffect) {
  const Order order = OrderFor(kHall, "on", "off");
  Interrupt(order);
  service_.lookup = Result{Outcome::kDone, "", false, {}};
  const auto doubted = Lookup("k");
  EXPECT_EQ(doubted->result.outcome, Outcome::kEffectUnknown);
  EXPECT_THAT(doubted->result.message, HasSubstr("does not show the change"));
  EXPECT_EQ(Run(order).outcome, Outcome::kEffectUnknown);
  service_.world[kHall] = "off";
  EXPECT_EQ(Lookup("k")->result.outcome, Outcome::kDone);
  EXPECT_EQ(Lookup("k")->result.observation.revision, RevisionOf(Is("off")));
  EXPECT_EQ(service_.applied, 0);
}

TEST_F(ActionRunnerTest, UnknownKeyIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(Lookup("never").status()));
}

TEST_F(ActionRunnerTest, ObservedOnlyKindIsUnsupported) {
  EXPECT_EQ(Run(OrderFor({"Lamp", "l"}, "on", "off")).outcome, Outcome::kUnsupported);
  EXPECT_EQ(Run(OrderFor({"Door", "d"}, "on", "off")).outcome, Outcome::kUnsupported);
}

TEST_F(ActionRunnerTest, CancelReachesTheRunningCall) {
  service_.outcome = Outcome::kCancelled;
  service_.has_effect = false;
  bool was_cancelled = false;
  service_.during = [&](Call& call) {
    runner_->Cancel("other");
    EXPECT_FALSE(call.cancelled());
    runner_->Cancel("k");
    was_cancelled = call.cancelled();
  };
  EXPECT_EQ(Run(OrderFor(kHall, "on", "off")).outcome, Outcome::kCancelled);
  EXPECT_TRUE(was_cancelled);
}

TEST_F(ActionRunnerTest, RunningKeyIsNotStartedTwice) {
  Result second;
  absl::StatusOr<ActionRunner::Found> looked = absl::UnknownError("");
  service_.during = [&](Call&) {
    second = Run(OrderFor(kHall, "on", "off"));
    looked = Lookup("k");
  };
  EXPECT_EQ(Run(OrderFor(kHall, "on", "off")).outcome, Outcome::kDone);
  EXPECT_EQ(second.outcome, Outcome::kEffectUnknown);
  EXPECT_EQ(looked->result.outcome, Outcome::kEffectUnknown);
  EXPECT_EQ(service_.applied, 1);
}

// Between the comparison and the change of one resource, no other action may touch it.
TEST_F(ActionRunnerTest, ActionsOnOneResourceTakeTurns) {
  std::future<Result> second;
  service_.during = [&](Call&) {
    service_.during = [](Call&) {};
    second = std::async(std::launch::async,
                        [this] { return Run(OrderFor(kHall, "on", "dimmed", "second")); });
    EXPECT_EQ(Run(OrderFor(kAttic, "on", "off", "attic")).outcome, Outcome::kDone)
        << "others need not wait";
    EXPECT_EQ(second.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  };
  EXPECT_EQ(Run(OrderFor(kHall, "on", "off")).outcome, Outcome::kDone);
  EXPECT_EQ(second.get().outcome, Outcome::kConflict) << "it compared after the first had changed";
  EXPECT_EQ(service_.world[kHall], "off");
}

TEST(Witness, NamesWhatTheAuthorGotWrong) {
  class Sloppy : public Service {
   public:
    std::vector<Observation> answer;
    std::vector<std::string> Configure(const Configuration&) override { return {}; }
    Description Describe() override { return Switches().Describe(); }
    std::vector<Observation> Observe(const std::vector<ObservationKey>&, absl::Time) override {
      return answer;
    }
    std::vector<std::string> Preview(const Action&) override { return {}; }
    Result Apply(const Action&, std::string_view, std::int64_t, Call&) override { return {}; }
  };
  Sloppy service;
  const Witness witness(service, service.Describe());
  const auto look = [&] {
    return std::string(witness.Look(kHall, absl::InfiniteFuture()).status().message());
  };
  EXPECT_THAT(look(), HasSubstr("asked for 1 resources and answered 0"));
  service.answer = {Observation{}};
  service.answer[0].presence = Presence::kPresent;
  service.answer[0].properties = Value::Map{{"value", 7}};
  EXPECT_THAT(look(), HasSubstr("property `value` has the wrong type"));
  service.answer[0].properties = Value::Map{};
  EXPECT_THAT(look(), HasSubstr("required property `value` is missing"));
  service.answer[0].unknown = {"value"};
  EXPECT_EQ(look(), "") << "it says that it could not be read";
  service.answer[0].presence = Presence::kAbsent;
  EXPECT_THAT(look(), HasSubstr("has properties though it is not present"));
}

}  // namespace
}  // namespace poolshift::sdk
