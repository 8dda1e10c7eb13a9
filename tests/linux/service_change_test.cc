// What a change of a unit says of itself when a step, or the look after it, goes wrong.
#include "providers/linux/service_change.h"

#include <optional>

#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolshift::linux_host {
namespace {

using sdk::Outcome;

// Answers no command: whoever wants to know what listens there is not told.
class SilentHost final : public ssh::Host {
 public:
  const std::string& name() const override { return name_; }
  absl::StatusOr<ssh::Output> Run(const ssh::Command&, absl::Time) override {
    return absl::UnavailableError("no answer");
  }
  absl::StatusOr<std::string> Forward(const ssh::Remote&, absl::Time) override {
    return absl::UnavailableError("no answer");
  }

 private:
  const std::string name_ = "edge1";
};

// One unit. After `blind_after` steps nobody can look at it any more.
class OneUnit final : public Systemd {
 public:
  std::string state = "inactive";
  int steps = 0;
  std::optional<int> blind_after;
  absl::Status start;

  absl::StatusOr<Unit> Show(const std::string&, absl::Time) override {
    if (blind_after.has_value() && steps >= *blind_after)
      return absl::UnavailableError("no time to look");
    Unit unit;
    unit.load_state = "loaded";
    unit.active_state = state;
    unit.sub_state = state == "active" ? "running" : "dead";
    unit.file_state = "disabled";
    return unit;
  }
  absl::Status Start(const std::string&, absl::Time) override {
    if (!start.ok()) return start;
    ++steps;
    state = "active";
    return absl::OkStatus();
  }
  absl::Status Stop(const std::string&, absl::Time) override {
    ++steps;
    state = "inactive";
    return absl::OkStatus();
  }
  absl::Status Restart(const std::string&, absl::Time) override { return start; }
  absl::Status SetStartMode(const std::string&, std::string_view, absl::Time) override {
    ++steps;
    return absl::OkStatus();
  }
};

class QuietCall final : public sdk::Call {
 public:
  void Progress(std::string_view) override {}
  bool cancelled() const override { return false; }
  absl::Time deadline() const override { return until_; }

 private:
  const absl::Time until_ = absl::Now() + absl::Seconds(20);
};

class ServiceChangeTest : public testing::Test {
 protected:
  ServiceChangeTest() : server_{Machine(host_, false), std::make_unique<OneUnit>(), {}, {}} {
    server_.services["xmppProxy"] = {"prosody.service", 5269};
  }
  OneUnit& unit() { return static_cast<OneUnit&>(*server_.systemd); }
  sdk::Result Change(const Value& after) {
    Action action;
    action.target = {"EdgeService", "edge1/xmppProxy"};
    action.before = Value::Map{{"state", "stopped"}, {"startMode", "manual"}};
    action.after = after;
    QuietCall call;
    return ServiceChange(server_, server_.services.at("xmppProxy"), absl::Milliseconds(1))
        .Apply(action, call);
  }

  SilentHost host_;
  Server server_;
};

TEST_F(ServiceChangeTest, StartsAndHolds) {
  EXPECT_EQ(Change(Value::Map{{"state", "running"}}).outcome, Outcome::kDone);
  EXPECT_EQ(unit().state, "active");
}

TEST_F(ServiceChangeTest, StartedAndNotSeenIsUnknown) {
  unit().blind_after = 1;
  const sdk::Result result = Change(Value::Map{{"state", "running"}});
  EXPECT_EQ(result.outcome, Outcome::kEffectUnknown) << result.message;
}

TEST_F(ServiceChangeTest, WhatWasNotBegunChangedNothing) {
  unit().start = absl::UnavailableError("no answer");
  unit().blind_after = 0;
  const sdk::Result result = Change(Value::Map{{"state", "running"}});
  EXPECT_EQ(result.outcome, Outcome::kFailed) << result.message;
  EXPECT_TRUE(result.retryable);
}

TEST_F(ServiceChangeTest, WordsThatMeanNothingChangeNothing) {
  for (const Value& after : {Value(Value::Map{{"state", "running"}, {"startMode", "now"}}),
                             Value(Value::Map{{"state", "stopping"}})}) {
    EXPECT_EQ(Change(after).outcome, Outcome::kFailed) << DisplayText(after);
    EXPECT_EQ(unit().steps, 0);
  }
}

}  // namespace
}  // namespace poolshift::linux_host
