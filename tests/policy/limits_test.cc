#include "controller/policy/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolshift {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Plan PlanOf(const std::vector<Verb>& verbs) {
  Plan plan;
  for (const Verb verb : verbs) {
    Action action;
    action.verb = verb;
    action.target = {"Thing", std::to_string(plan.actions.size())};
    action.id = "a" + std::to_string(plan.actions.size());
    action.title = "change it";
    if (verb == Verb::kGate) action.gate.emplace();
    plan.actions.push_back(std::move(action));
  }
  return plan;
}

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, absl::UTCTimeZone(), &time, &error)) << error;
  return time;
}

const absl::Time kSaturday = At("2026-11-21 12:00");

TEST(Limits, CountMutationsAndDeletions) {
  struct Row {
    std::string name;
    int max_actions, max_deletions;
    std::vector<Verb> verbs;
    std::size_t refusals;
  };
  const std::vector<Row> rows = {
      {"no limit", 0, 0, {Verb::kDelete, Verb::kDelete, Verb::kUpdate}, 0},
      {"just enough", 2, 1, {Verb::kDelete, Verb::kUpdate}, 0},
      {"one action too many", 1, 0, {Verb::kUpdate, Verb::kUpdate}, 1},
      {"gates are free", 1, 0, {Verb::kUpdate, Verb::kGate, Verb::kGate}, 0},
      {"one deletion too many", 0, 1, {Verb::kDelete, Verb::kDelete}, 1},
      {"both", 1, 1, {Verb::kDelete, Verb::kDelete}, 2},
  };
  for (const Row& row : rows) {
    Policy policy;
    policy.max_actions = row.max_actions;
    policy.max_deletions = row.max_deletions;
    // An override opens windows, it does not raise limits.
    EXPECT_THAT(CheckPolicy(policy, PlanOf(row.verbs), kSaturday, "fire"), SizeIs(row.refusals))
        << row.name;
  }
}

TEST(Limits, SayCountAndLimit) {
  Policy policy;
  policy.max_actions = 1;
  const auto refusals = CheckPolicy(policy, PlanOf({Verb::kUpdate, Verb::kStart}), kSaturday, "");
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_EQ(refusals[0].rule, "G14");
  EXPECT_EQ(refusals[0].text, "the plan has 2 actions, the policy allows 1");
  EXPECT_THAT(refusals[0].hint, HasSubstr("spec.maxActions"));
}

TEST(Windows, HoldInsideAndOutside) {
  using absl::Weekday;
  struct Row {
    std::string name;
    std::vector<Window> windows;
    std::string now;
    bool inside;
    std::string opening;  // "" = never
  };
  const Window weekend{{Weekday::saturday, Weekday::sunday}, 600, 660, {}};
  const Window night{{Weekday::friday}, 22 * 60, 2 * 60, {}};
  const std::vector<Row> rows = {
      {"no windows", {}, "2026-11-21 12:00", true, ""},
      {"first minute", {weekend}, "2026-11-21 10:00", true, "2026-11-22 10:00"},
      {"last minute", {weekend}, "2026-11-21 10:59", true, "2026-11-22 10:00"},
      {"too late", {weekend}, "2026-11-21 11:00", false, "2026-11-22 10:00"},
      {"wrong day", {weekend}, "2026-11-23 10:30", false, "2026-11-28 10:00"},
      {"before midnight", {night}, "2026-11-20 23:30", true, "2026-11-27 22:00"},
      {"after midnight", {night}, "2026-11-21 01:59", true, "2026-11-27 22:00"},
      {"night is over", {night}, "2026-11-21 02:00", false, "2026-11-27 22:00"},
      {"not yet", {night}, "2026-11-20 01:00", false, "2026-11-20 22:00"},
      {"either", {night, weekend}, "2026-11-21 10:30", true, "2026-11-22 10:00"},
      {"never", {Window{{}, 60, 60, {}}}, "2026-11-21 01:00", false, ""},
      {"every day", {Window{{}, 0, 24 * 60, {}}}, "2026-11-21 23:59", true, "2026-11-22 00:00"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(InsideWindow(row.windows, At(row.now)), row.inside) << row.name;
    const absl::Time opening = row.opening.empty() ? absl::InfiniteFuture() : At(row.opening);
    EXPECT_EQ(NextOpening(row.windows, At(row.now)), opening) << row.name;
  }
}

TEST(Windows, RefuseUnlessOverridden) {
  Policy policy;
  policy.windows = {Window{{absl::Weekday::monday}, 600, 660, {"policy.yaml", 7, 3}}};
  const Plan plan = PlanOf({Verb::kUpdate});
  const auto refusals = CheckPolicy(policy, plan, kSaturday, "");
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_THAT(refusals[0].text, HasSubstr("it is 2026-11-21 12:00 UTC"));
  EXPECT_THAT(refusals[0].hint, HasSubstr("opens 2026-11-23 10:00 UTC"));
  EXPECT_THAT(refusals[0].hint, HasSubstr("--override REASON"));
  EXPECT_EQ(refusals[0].origin.line, 7);
  EXPECT_THAT(CheckPolicy(policy, plan, kSaturday, "pool1 burns"), IsEmpty());
  EXPECT_THAT(CheckPolicy(policy, PlanOf({Verb::kGate}), kSaturday, ""), IsEmpty());
}

TEST(Approvals, NameTheExactFlag) {
  Plan plan = PlanOf({Verb::kUpdate, Verb::kUpdate});
  plan.actions[1].needs_approval = true;
  const auto refusals = CheckApprovals(plan, {"Thing/0"});
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_EQ(refusals[0].hint, "--approve Thing/1");
  EXPECT_THAT(CheckApprovals(plan, {"Thing/1"}), IsEmpty());
  EXPECT_THAT(CheckApprovals(plan, {"a1"}), IsEmpty());
}

}  // namespace
}  // namespace poolshift
