#include "controller/apply/step.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/apply/action_key.h"
#include "controller/apply/backoff.h"
#include "controller/apply/expectation.h"
#include "controller/apply/settlement.h"
#include "controller/model/covers.h"
#include "tests/apply/simulated_world.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

RunState Ended(SimulatedWorld& world) {
  RunState state = world.Run();
  EXPECT_THAT(world.broken_promises(), IsEmpty());
  return state;
}

ActionEnd EndOf(const RunState& state, std::size_t i) { return state.actions[i].end; }

TEST(Step, StartsTheLongestChainFirst) {
  // 0 stands alone; 1 → 2 is the longer chain, so 1 goes first through the one place at the
  // provider.
  SimulatedWorld world(
      PlanOf({{}, {}, {1}}), {.provider_limit = 1, .backoff = {}, .observers = {}}, Script());
  Ended(world);
  EXPECT_THAT(world.starts(), ElementsAre(1, 0, 2));
}

TEST(Step, RunsIndependentActionsTogether) {
  SimulatedWorld world(PlanOf({{}, {}, {}, {}}), RunPolicy(), Script());
  Ended(world);
  EXPECT_EQ(world.most_at_once(), 4);
  EXPECT_LT(world.elapsed(), absl::Seconds(2));
}

TEST(Step, ProvidersHaveLimitsOfTheirOwn) {
  Plan plan = PlanOf({{}, {}, {}, {}, {}, {}});
  for (const std::size_t i : {3U, 4U, 5U})
    plan.actions[i].provider = "dns";
  RunPolicy policy;
  policy.provider_limits = {{"dns", 1}};
  SimulatedWorld world(plan, policy, Script());
  Ended(world);
  EXPECT_EQ(world.most_at_once(), 3) << "of the provider without a limit of its own";
  EXPECT_GT(world.elapsed(), absl::Seconds(3) - absl::Milliseconds(1));
}

TEST(Step, HoldsLocksAcrossProviders) {
  Plan plan = PlanOf({{}, {}, {}});
  for (Action& action : plan.actions)
    action.locks = {"cms"};
  plan.actions[1].provider = "dns";
  SimulatedWorld world(plan, RunPolicy(), Script());
  Ended(world);
  EXPECT_GT(world.elapsed(), absl::Seconds(3));
}

TEST(Step, PeopleDoNotBlockOthers) {
  Plan plan = PlanOf({{}, {}, {1}});
  plan.actions[0].human = true;
  Script script;
  script.latency = [](int i) { return i == 0 ? absl::Hours(5) : absl::Seconds(1); };
  SimulatedWorld world(plan, {.provider_limit = 1, .backoff = {}, .observers = {}}, script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kDone);
  EXPECT_LT(state.actions[2].ended, absl::UnixEpoch() + absl::Seconds(3));
}

TEST(Step, FailureStopsIndependentBranchesToo) {
  Plan plan = PlanOf({{}, {}, {1}, {0}});
  Script script;
  script.fault = [](int i, int) { return i == 0 ? Fault::kFinal : Fault::kNone; };
  script.latency = [](int i) { return i == 0 ? absl::Seconds(1) : absl::Seconds(3); };
  SimulatedWorld world(plan, RunPolicy(), script);
  const RunState state = Ended(world);
  EXPECT_EQ(EndOf(state, 1), ActionEnd::kDone);  // it ran, and may finish
  EXPECT_EQ(EndOf(state, 2), ActionEnd::kNotDone);
  EXPECT_THAT(state.actions[2].text,
              HasSubstr("not started: a100 (switch thing 0) failed: the platform is busy"));
  EXPECT_THAT(state.actions[3].text, HasSubstr("it needs a100 (switch thing 0), which is failed"));
}

TEST(Step, RetriesOnlyWhatTheProviderAllows) {
  Script script;
  script.fault = [](int i, int) { return i == 0 ? Fault::kRetryable : Fault::kFinal; };
  for (const auto& [place, calls] : std::vector<std::pair<int, int>>{{0, 5}, {1, 1}}) {
    Script mine = script;
    mine.fault = [place = place, script](int, int attempt) { return script.fault(place, attempt); };
    SimulatedWorld world(PlanOf({{}}), RunPolicy(), mine);
    EXPECT_EQ(Ended(world).end, RunEnd::kFailed);
    EXPECT_THAT(world.calls(), ElementsAre(calls));
  }
}

TEST(Step, ConflictSaysTheWorldChanged) {
  Script script;
  script.fault = [](int, int) { return Fault::kOutsider; };
  SimulatedWorld world(PlanOf({{}, {0}}), RunPolicy(), script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kConflict);
  EXPECT_THAT(state.text, HasSubstr("the world changed: the revision is another"));
}

TEST(Step, ForeignChangeAfterLostAnswerFails) {
  Script script;
  // The call is lost without effect; by the time of the look somebody else has changed the target.
  script.fault = [](int, int) { return Fault::kLostBefore; };
  Plan plan = PlanOf({{}});
  plan.actions[0].before = Value::Map{{"state", "elsewhere"}};
  SimulatedWorld world(plan, RunPolicy(), script);
  EXPECT_EQ(Ended(world).end,
            RunEnd::kFailed);  // before = after the first look: called twice, then given up
  EXPECT_THAT(world.calls(), ElementsAre(2));
  Observation seen;
  seen.presence = Presence::kPresent;
  seen.properties = Value::Map{{"state", "third"}};
  EXPECT_EQ(Judge(plan.actions[0], seen), Verdict::kElsewhere);
}

TEST(Step, WhatTheProviderDoesNotKnowTheTargetTells) {
  Script script;
  script.fault = [](int, int) { return Fault::kLostAfter; };
  script.remembers = [] { return false; };
  SimulatedWorld world(PlanOf({{}}), RunPolicy(), script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kDone) << state.actions[0].text;
}

TEST(Step, SecondChangeOfATargetIsRechecked) {
  Plan plan = PlanOf({{}, {0}});
  plan.actions[1].target = plan.actions[0].target;
  plan.actions[1].before = plan.actions[0].after;
  plan.actions[1].after = Value::Map{{"state", "off"}};
  plan.actions[1].precondition_revision = "what the plan could not know";
  SimulatedWorld world(plan, RunPolicy(), Script());
  EXPECT_EQ(Ended(world).end, RunEnd::kDone);
}

TEST(Step, SecondChangeOfWhatSomebodyChangedIsNotMade) {
  Plan plan = PlanOf({{}, {0}});
  plan.actions[1].target = plan.actions[0].target;
  plan.actions[1].before = Value::Map{{"state", "what nobody left there"}};
  SimulatedWorld world(plan, RunPolicy(), Script());
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kConflict);
  EXPECT_THAT(state.actions[1].text, HasSubstr("the plan expected"));
  EXPECT_THAT(world.calls(), ElementsAre(1, 0));
}

TEST(Step, GateNamesWhatLagged) {
  Plan plan = PlanOf({{}, {0}, {1}});
  MakeGate(plan, 1);
  plan.actions[1].gate->expectations.push_back(
      {{{"Thing", "1"}, "nowhere"}, "state", Expectation::Compare::kEquals, "on"});
  plan.actions[1].gate->expectations.push_back(
      {{{"Thing", "1"}, ""}, "watermark", Expectation::Compare::kAtLeastProduced, Value()});
  plan.actions[1].gate->produced_by = {"a100"};
  Script script;
  script.opens_after = [](int) { return -1; };
  SimulatedWorld world(plan, RunPolicy(), script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kGateTimeout);
  EXPECT_EQ(state.actions[1].text,
            "did not open within 20s: Thing/1 state is off, wanted on; could not look at Thing/1 "
            "(seen from nowhere): "
            "no route; Thing/1 watermark is 0, wanted at least 1");
  EXPECT_THAT(world.calls(), ElementsAre(1, 0, 0));
}

TEST(Step, GateDoesNotWaitForTheDead) {
  Plan plan = PlanOf({{}, {0}});
  MakeGate(plan, 0);
  int looks = 0;
  Script script;
  script.opens_after = [](int) { return -1; };
  script.gone = [&] { return ++looks > 2; };
  SimulatedWorld world(plan, RunPolicy(), script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kFailed);
  EXPECT_EQ(state.actions[0].text,
            "cannot be found out any more: could not look at Thing/0: it was killed");
  EXPECT_LT(world.elapsed(), plan.actions[0].gate->timeout);
}

TEST(Step, LostAnswerOfTheDeadStaysInDoubt) {
  Script script;
  script.fault = [](int, int) { return Fault::kLostAfter; };
  script.gone = [] { return true; };
  SimulatedWorld world(PlanOf({{}}), RunPolicy(), script);
  const RunState state = Ended(world);
  EXPECT_EQ(EndOf(state, 0), ActionEnd::kInDoubt);
  EXPECT_THAT(state.actions[0].text, HasSubstr("could not look: it was killed"));
  EXPECT_LT(world.elapsed(), absl::Seconds(2)) << "asked again";
}

// Gate 0 opens at once; the change 2 waits for the lock that 1 holds until what the gate saw is
// old.
struct Aged {
  Plan plan = PlanOf({{}, {}, {0}});
  Script script;

  Aged() {
    MakeGate(plan, 0);
    plan.actions[0].gate->evidence = absl::Seconds(10);
    plan.actions[0].gate->consecutive = 3;
    plan.actions[2].relies = {plan.actions[0].id};
    for (const std::size_t i : {1U, 2U})
      plan.actions[i].locks = {"cms"};
    script.latency = [](int i) { return i == 1 ? absl::Seconds(30) : absl::Seconds(1); };
  }
};

TEST(Step, OldEvidenceIsSeenAnewBeforeTheCall) {
  Aged aged;
  std::vector<int> looks;
  aged.script.wavers = [&](int, int look) {
    looks.push_back(look);
    return false;
  };
  SimulatedWorld world(aged.plan, RunPolicy(), aged.script);
  EXPECT_EQ(Ended(world).end, RunEnd::kDone);
  EXPECT_THAT(looks, ElementsAre(1, 2, 3, 4)) << "three in a row, and one more before the call";
  EXPECT_THAT(world.trace(), HasSubstr("was seen 27.9s ago; looking once more"));
}

TEST(Step, FreshEvidenceIsNotSeenAnew) {
  Aged aged;
  aged.script.latency = [](int) { return absl::Seconds(5); };
  SimulatedWorld world(aged.plan, RunPolicy(), aged.script);
  EXPECT_EQ(Ended(world).end, RunEnd::kDone);
  EXPECT_THAT(world.trace(), Not(HasSubstr("looking once more")));
}

TEST(Step, WhatIsNoLongerSoIsWaitedFor) {
  Aged aged;
  int looks = 0;
  aged.script.wavers = [&](int, int look) {
    looks = look;
    return look == 4 || look == 6;
  };
  SimulatedWorld world(aged.plan, RunPolicy(), aged.script);
  EXPECT_EQ(Ended(world).end, RunEnd::kDone);
  EXPECT_EQ(looks, 9) << "after one that failed, three in a row";
}

TEST(Step, WhatIsNoLongerSoStopsTheRun) {
  Aged aged;
  aged.script.wavers = [](int, int look) { return look > 3; };
  SimulatedWorld world(aged.plan, RunPolicy(), aged.script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kGateTimeout);
  EXPECT_EQ(EndOf(state, 2), ActionEnd::kNotDone);
  EXPECT_EQ(state.actions[2].text,
            "what it relies on is no longer so: Thing/0 state is off, wanted on");
  EXPECT_THAT(world.calls(), ElementsAre(0, 1, 0));
}

// The look before a call that is repeated: what was seen before the first is old by then.
TEST(Step, RepeatedCallRestsOnFreshEvidence) {
  Plan plan = PlanOf({{}, {0}});
  MakeGate(plan, 0);
  plan.actions[0].gate->evidence = absl::Seconds(10);
  plan.actions[1].relies = {plan.actions[0].id};
  Script script;
  script.latency = [](int) { return absl::Seconds(20); };
  script.fault = [](int, int attempt) { return attempt < 3 ? Fault::kRetryable : Fault::kNone; };
  int looks = 0;
  script.wavers = [&](int, int look) {
    looks = look;
    return false;
  };
  SimulatedWorld world(plan, RunPolicy(), script);
  EXPECT_EQ(Ended(world).end, RunEnd::kDone);
  EXPECT_EQ(looks, 3);
}

// An answer that comes late tells of the time at which it was asked for.
TEST(Step, SlowLooksDoNotMakeEvidenceYoung) {
  Aged aged;
  aged.script.latency = [](int) { return absl::Seconds(1); };
  bool slow = false;
  aged.script.look_takes = [&] { return slow ? absl::Seconds(12) : absl::Milliseconds(1); };
  aged.script.wavers = [&](int, int look) {
    slow = look == 3;
    return false;
  };
  SimulatedWorld world(aged.plan, RunPolicy(), aged.script);
  EXPECT_EQ(Ended(world).end, RunEnd::kDone);
  EXPECT_THAT(world.trace(), HasSubstr("was seen 12s ago; looking once more"));
}

TEST(Step, WhatTakesLongerToSeeThanItCountsIsNotLookedAtForEver) {
  Aged aged;
  aged.script.look_takes = [] { return absl::Seconds(11); };
  aged.plan.actions[0].gate->timeout = absl::Minutes(2);
  SimulatedWorld world(aged.plan, RunPolicy(), aged.script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kGateTimeout);
  EXPECT_THAT(state.actions[2].text, HasSubstr("what it relies on is no longer so: "));
  EXPECT_THAT(world.calls(), ElementsAre(0, 1, 0));
}

TEST(Step, WhatNobodyCanSeeAnyMoreIsNotTakenForGone) {
  Aged aged;
  int looks = 0;
  aged.script.wavers = [&](int, int look) {
    looks = look;
    return false;
  };
  aged.script.gone = [&] { return looks > 3; };
  SimulatedWorld world(aged.plan, RunPolicy(), aged.script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kFailed) << "no gate that timed out: nothing to go back for";
  EXPECT_THAT(state.actions[2].text, HasSubstr("cannot be found out any more: could not look"));
}

TEST(Step, ReliesOnGatesThatLookOnly) {
  for (const bool looks : {true, false}) {
    Plan plan = PlanOf({{}, {0}});
    MakeGate(plan, 0);
    if (!looks) plan.actions[0].gate->expectations.clear();
    plan.actions[1].relies = {plan.actions[0].id};
    EXPECT_EQ(StartRun(std::make_shared<const Plan>(plan), RunPolicy()).ok(), looks);
  }
}

TEST(Step, LookingAgainIsGivenUpWhenAskedToStop) {
  for (const bool twice : {false, true}) {
    Aged aged;
    aged.script.wavers = [](int, int look) { return look > 3; };
    aged.script.cancels = {absl::Seconds(35)};
    if (twice) aged.script.cancels.push_back(absl::Seconds(35));
    SimulatedWorld world(aged.plan, RunPolicy(), aged.script);
    const RunState state = Ended(world);
    EXPECT_EQ(state.end, RunEnd::kInterrupted);
    EXPECT_EQ(EndOf(state, 2), ActionEnd::kNotDone);
    EXPECT_LT(world.elapsed(), absl::Seconds(36));
  }
}

TEST(Step, QuorumOpensDespiteOneVantage) {
  for (const auto& [quorum, end] :
       std::vector<std::pair<int, RunEnd>>{{1, RunEnd::kDone}, {0, RunEnd::kGateTimeout}}) {
    Plan plan = PlanOf({{}});
    MakeGate(plan, 0);
    plan.actions[0].gate->expectations.push_back(
        {{{"Thing", "0"}, "nowhere"}, "state", Expectation::Compare::kEquals, "on"});
    plan.actions[0].gate->quorum = quorum;
    SimulatedWorld world(plan, RunPolicy(), Script());
    EXPECT_EQ(Ended(world).end, end) << quorum;
  }
}

// What a look of three vantages at one resource and of one at another comes to.
std::vector<bool> Looked(int required, const std::map<std::string, std::string>& states) {
  Gate gate;
  gate.vantages_required = required;
  std::map<ObservationKey, Observation> seen;
  for (const auto& [vantage, state] : states) {
    const ObservationKey key{{"Lamp", "hall"}, vantage};
    gate.expectations.push_back({key, "state", Expectation::Compare::kEquals, "on"});
    gate.expectations.push_back({key, "colour", Expectation::Compare::kEquals, "red"});
    if (state.empty()) continue;  // could not look
    seen[key].presence = Presence::kPresent;
    seen[key].properties = Value::Map{{"state", state}, {"colour", "red"}};
  }
  return WhatHolds(gate, std::vector<std::int64_t>(gate.expectations.size()), seen);
}

TEST(Step, EnoughVantagesSeeAResource) {
  const std::vector<bool> all(6, true), none(6, false);
  EXPECT_EQ(Looked(2, {{"a", "on"}, {"b", "on"}, {"c", "off"}}), all);
  EXPECT_EQ(Looked(2, {{"a", "on"}, {"b", "on"}, {"c", ""}}), all);
  EXPECT_EQ(Looked(2, {{"a", "on"}, {"b", "off"}, {"c", ""}}), none);
  EXPECT_EQ(Looked(3, {{"a", "on"}, {"b", "on"}, {"c", ""}}), none);
  EXPECT_EQ(Looked(1, {{"a", ""}, {"b", ""}, {"c", ""}}), none);
  // Without a number everyone is asked, and more than there are is everyone.
  EXPECT_EQ(Looked(0, {{"a", "on"}, {"b", "off"}}), (std::vector<bool>{true, true, false, true}));
  EXPECT_EQ(Looked(5, {{"a", "on"}}), (std::vector<bool>{true, true}));
}

// A vantage that sees one half and another that sees the other half are no vantage that sees it.
TEST(Step, OneVantageMustSeeAllOfAResource) {
  Gate gate;
  gate.vantages_required = 1;
  std::map<ObservationKey, Observation> seen;
  for (const char* vantage : {"a", "b"}) {
    const ObservationKey key{{"Lamp", "hall"}, vantage};
    gate.expectations.push_back({key, "state", Expectation::Compare::kEquals, "on"});
    gate.expectations.push_back({key, "colour", Expectation::Compare::kEquals, "red"});
    seen[key].presence = Presence::kPresent;
    const bool first = std::string_view(vantage) == "a";
    seen[key].properties =
        Value::Map{{"state", first ? "on" : "off"}, {"colour", first ? "blue" : "red"}};
  }
  EXPECT_EQ(WhatHolds(gate, {0, 0, 0, 0}, seen), std::vector<bool>(4, false));
}

TEST(Step, AmongAsksForNothingElseAndForSomething) {
  const Expectation among{
      {{"Name", "x"}, ""}, "records", Expectation::Compare::kAmong, Value::List{"1", "2"}};
  Observation seen;
  seen.presence = Presence::kPresent;
  for (const auto& [records, holds] : std::vector<std::pair<Value::List, bool>>{
           {{"2"}, true}, {{"1", "2"}, true}, {{"1", "3"}, false}, {{}, false}}) {
    seen.properties = Value::Map{{"records", records}};
    EXPECT_EQ(Holds(among, 0, seen), holds) << DisplayText(records);
  }
  for (const auto& [text, holds] :
       std::vector<std::pair<std::string, bool>>{{"2", true}, {"3", false}, {"", false}}) {
    seen.properties = Value::Map{{"records", text}};
    EXPECT_EQ(Holds(among, 0, seen), holds) << "the text " << text;
  }
  seen.presence = Presence::kUnreachable;
  EXPECT_FALSE(Holds(among, 0, seen));
  EXPECT_THAT(Lag(among, 0, nullptr), HasSubstr("has not been seen yet"));
}

TEST(Step, GateHoldsBeforeItLooks) {
  Plan plan = PlanOf({{}});
  MakeGate(plan, 0);
  plan.actions[0].gate->hold = absl::Hours(24);
  plan.actions[0].gate->consecutive = 3;
  SimulatedWorld world(plan, RunPolicy(), Script());
  EXPECT_EQ(Ended(world).end, RunEnd::kDone);
  EXPECT_GT(world.elapsed(), absl::Hours(24) + absl::Seconds(2));  // three looks are two pauses
  EXPECT_LT(world.elapsed(), absl::Hours(24) + absl::Seconds(3));
}

TEST(Step, GateOpensOnlyAfterLooksInARow) {
  Plan plan = PlanOf({{}});
  MakeGate(plan, 0);
  plan.actions[0].gate->consecutive = 2;
  int last = 0;
  Script script;
  script.wavers = [&](int, int look) {
    last = look;
    return look == 2;
  };
  SimulatedWorld world(plan, RunPolicy(), script);
  EXPECT_EQ(Ended(world).end, RunEnd::kDone);
  EXPECT_EQ(last, 4) << "true, not true, true, true";
}

TEST(Step, MissingWatermarkFailsTheGate) {
  Plan plan = PlanOf({{}, {0}});
  MakeGate(plan, 1);
  plan.actions[1].gate->expectations = {
      {{{"Thing", "1"}, ""}, "watermark", Expectation::Compare::kAtLeastProduced, Value()}};
  plan.actions[1].gate->produced_by = {"a999"};
  SimulatedWorld world(plan, RunPolicy(), Script());
  EXPECT_THAT(Ended(world).text,
              HasSubstr("no action of this run that it follows reported a watermark"));
}

TEST(Step, InterruptionLetsRunningOnesFinish) {
  Script script;
  script.latency = [](int) { return absl::Seconds(10); };
  script.cancels = {absl::Seconds(1)};
  SimulatedWorld world(PlanOf({{}, {0}}), RunPolicy(), script);
  const RunState state = Ended(world);
  EXPECT_EQ(state.end, RunEnd::kInterrupted);
  EXPECT_EQ(EndOf(state, 0), ActionEnd::kDone);
  EXPECT_EQ(EndOf(state, 1), ActionEnd::kNotDone);
}

TEST(Step, SecondInterruptionStopsWaiting) {
  Script script;
  script.latency = [](int) { return absl::Hours(10); };
  script.cancels = {absl::Seconds(1), absl::Seconds(2)};
  SimulatedWorld world(PlanOf({{}, {0}}), RunPolicy(), script);
  EXPECT_EQ(EndOf(Ended(world), 0), ActionEnd::kInDoubt);
  EXPECT_EQ(world.elapsed(), absl::Seconds(2));
}

TEST(Step, EstimatesTheTimeLeft) {
  Plan plan = PlanOf({{}, {0}, {}});
  plan.actions[1].duration = absl::Seconds(30);
  RunState state = *StartRun(std::make_shared<const Plan>(plan), RunPolicy());
  EXPECT_EQ(Remaining(state, absl::UnixEpoch()), absl::Seconds(31));
  Effects effects;
  state = Step(std::move(state), event::Begin{}, absl::UnixEpoch(), effects);
  EXPECT_EQ(Remaining(state, absl::UnixEpoch()), absl::Seconds(31));
  EXPECT_EQ(Remaining(state, absl::UnixEpoch() + absl::Seconds(9)),
            absl::Seconds(30));  // late: it cannot take less
}

TEST(StartRun, RefusesPlansThatCannotRun) {
  const std::vector<std::pair<std::string, std::function<void(Plan&)>>> faults = {
      {"does not come before it", [](Plan& plan) { std::swap(plan.actions[0], plan.actions[1]); }},
      {"in it twice", [](Plan& plan) { plan.actions[1].id = plan.actions[0].id; }},
      {"half a gate", [](Plan& plan) { plan.actions[0].verb = Verb::kGate; }},
      {"refused",
       [](Plan& plan) {
         plan.refusals.push_back({"I-1", "no", "", "", {}});
       }},
  };
  for (const auto& [text, spoil] : faults) {
    Plan plan = PlanOf({{}, {0}});
    spoil(plan);
    const auto state = StartRun(std::make_shared<const Plan>(plan), RunPolicy());
    EXPECT_THAT(std::string(state.status().message()), HasSubstr(text));
  }
}

TEST(ActionKey, DependsOnEveryPart) {
  Action action = PlanOf({{}}).actions[0];
  std::set<std::string> keys = {ActionKey("contoso", action, "r1"),
                                ActionKey("fabrikam", action, "r1"),
                                ActionKey("contoso", action, "r2")};
  action.after = Value();
  keys.insert(ActionKey("contoso", action, "r1"));
  action.verb = Verb::kDelete;
  keys.insert(ActionKey("contoso", action, "r1"));
  action.target.name = "other";
  keys.insert(ActionKey("contoso", action, "r1"));
  EXPECT_EQ(keys.size(), 6U);
}

TEST(Backoff, GrowsToItsBoundAndRepeats) {
  const Backoff backoff{absl::Seconds(1), absl::Seconds(30), 7};
  for (int attempt = 1; attempt < 40; ++attempt) {
    const absl::Duration whole =
        std::min(absl::Seconds(30), absl::Seconds(1) * (1LL << std::min(attempt - 1, 10)));
    const absl::Duration wait = WaitAfter(backoff, 3, attempt);
    EXPECT_GE(wait, whole / 2);
    EXPECT_LE(wait, whole);
    EXPECT_EQ(wait, WaitAfter(backoff, 3, attempt));
  }
  EXPECT_NE(WaitAfter(backoff, 3, 1), WaitAfter(backoff, 4, 1));
}

TEST(Settlement, TheTargetDecides) {
  Action action;
  action.before = Value::Map{{"pools", Value::Map{{"edge1", Value::Map{{"sip", true}}}}}};
  action.after = Value::Map{{"pools", Value::Map{{"edge1", Value::Map{{"sip", false}}}}}};
  Observation seen;
  EXPECT_EQ(Judge(action, seen), Verdict::kUnknown);
  seen.presence = Presence::kAbsent;
  EXPECT_EQ(Judge(action, seen), Verdict::kElsewhere);
  seen.presence = Presence::kPresent;
  // What the action does not speak of is free.
  const auto pool = [](bool sip) {
    return Value::Map{{"edge1", Value::Map{{"sip", sip}, {"xmpp", true}}}};
  };
  seen.properties = Value::Map{{"pools", pool(true)}};
  EXPECT_EQ(Judge(action, seen), Verdict::kNotBegun);
  seen.properties = Value::Map{{"pools", pool(false)}};
  EXPECT_EQ(Judge(action, seen), Verdict::kDone);
  EXPECT_EQ(Describe(action, seen), DisplayText(seen.properties));
}

TEST(Expectation, UnreadPropertyNeverHolds) {
  Expectation expectation{{{"Thing", "1"}, ""}, "state", Expectation::Compare::kEquals, Value()};
  Observation seen;
  seen.presence = Presence::kPresent;
  seen.properties = Value::Map{};
  EXPECT_TRUE(Holds(expectation, 0, seen));
  seen.unknown = {"state"};
  EXPECT_FALSE(Holds(expectation, 0, seen));
  EXPECT_THAT(Lag(expectation, 0, &seen), HasSubstr("Thing/1 state could not be read"));
  EXPECT_THAT(Lag(expectation, 0, nullptr), HasSubstr("has not been seen yet"));
}

// Nothing is expected of the property, and nothing was seen: that is no agreement.
TEST(Expectation, WhatCouldNotBeLookedAtNeverHolds) {
  const Expectation expectation{
      {{"Thing", "1"}, ""}, "state", Expectation::Compare::kEquals, Value()};
  Observation seen;
  seen.presence = Presence::kAbsent;
  EXPECT_TRUE(Holds(expectation, 0, seen));
  seen.presence = Presence::kUnreachable;
  EXPECT_FALSE(Holds(expectation, 0, seen));
}

}  // namespace
}  // namespace poolshift
