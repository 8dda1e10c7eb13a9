// Random plans in a world where everything goes wrong, by seed. A failing seed prints itself.
#include <random>

#include <gtest/gtest.h>

#include "controller/model/digest.h"
#include "tests/apply/simulated_world.h"

namespace poolshift {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  // From 0 to `sides` - 1. Not a standard distribution: those differ between libraries.
  int Roll(int sides) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(sides)); }
  bool Percent(int percent) { return Roll(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

// Action i changes the target of the earlier `i - 1` further: the same thing is touched twice in
// one run.
void Continue(Plan& plan, int i) {
  Action& action = plan.actions[static_cast<std::size_t>(i)];
  const Action& earlier = plan.actions[static_cast<std::size_t>(i - 1)];
  action.target = earlier.target;
  action.before = earlier.after;
  action.after = Value::Map{{"state", "on" + std::to_string(i)}};
  action.precondition_revision = RevisionOf(action.before);
  if (std::find(action.needs.begin(), action.needs.end(), earlier.id) == action.needs.end()) {
    action.needs.push_back(earlier.id);
    std::sort(action.needs.begin(), action.needs.end());
  }
}

void Watch(Plan& plan, int i, Dice& dice) {
  MakeGate(plan, i);
  Gate& gate = *plan.actions[static_cast<std::size_t>(i)].gate;
  gate.consecutive = 1 + dice.Roll(3);
  gate.hold = absl::Seconds(dice.Roll(3));
  if (dice.Percent(60)) gate.evidence = absl::Seconds(1 + dice.Roll(15));
  const auto& needs = plan.actions[static_cast<std::size_t>(i)].needs;
  if (!needs.empty() && dice.Percent(50)) {
    gate.expectations.push_back({gate.expectations[0].subject,
                                 "watermark",
                                 Expectation::Compare::kAtLeastProduced,
                                 Value()});
    gate.produced_by = needs;
  }
}

// Some of the gates before it, near and far.
void Rely(Plan& plan, int i, Dice& dice) {
  Action& action = plan.actions[static_cast<std::size_t>(i)];
  std::set<ActionId> before(action.needs.begin(), action.needs.end());
  for (int k = i - 1; k >= 0; --k) {
    const Action& earlier = plan.actions[static_cast<std::size_t>(k)];
    if (!before.contains(earlier.id)) continue;
    before.insert(earlier.needs.begin(), earlier.needs.end());
    if (earlier.gate.has_value() && dice.Percent(60)) action.relies.push_back(earlier.id);
  }
  std::sort(action.relies.begin(), action.relies.end());
}

Plan RandomPlan(Dice& dice) {
  const int count = 1 + dice.Roll(10);
  std::vector<std::vector<int>> needs(static_cast<std::size_t>(count));
  for (int i = 1; i < count; ++i) {
    for (int k = 0; k < i; ++k) {
      if (dice.Percent(25)) needs[static_cast<std::size_t>(i)].push_back(k);
    }
  }
  Plan plan = PlanOf(needs);
  for (int i = 0; i < count; ++i) {
    Action& action = plan.actions[static_cast<std::size_t>(i)];
    action.duration = absl::Seconds(1 + dice.Roll(20));
    if (dice.Percent(25)) action.locks.push_back(dice.Percent(50) ? "cms" : "zone:contoso.com");
    if (dice.Percent(40)) action.provider = "dns";
    if (dice.Percent(30)) action.target.kind = "Record";
    action.human = dice.Percent(10);
    const int shape = dice.Roll(10);
    if (shape < 2) Watch(plan, i, dice);
    const bool follows =
        shape == 2 && i > 0 && !plan.actions[static_cast<std::size_t>(i - 1)].gate.has_value();
    if (follows) Continue(plan, i);
    if (!action.gate.has_value()) Rely(plan, i, dice);
  }
  return plan;
}

Script RandomScript(Dice& dice) {
  Script script;
  const int fault_percent = dice.Percent(30) ? 0 : dice.Roll(50);
  const int read_percent = dice.Percent(50) ? 0 : dice.Roll(40);
  const int record_percent = dice.Percent(90) ? 0 : 5;
  script.fault = [&dice, fault_percent](int, int) {
    if (!dice.Percent(fault_percent)) return Fault::kNone;
    // Errors that can be survived are more frequent, so that runs come far.
    return static_cast<Fault>(
        dice.Percent(30) ? dice.Roll(9)
                         : std::vector<int>{1, 5, 6, 7, 8}[static_cast<std::size_t>(dice.Roll(5))]);
  };
  script.latency = [&dice](int) { return absl::Milliseconds(1 + dice.Roll(20000)); };
  script.read_fails = [&dice, read_percent] { return dice.Percent(read_percent); };
  script.record_fails = [&dice, record_percent] { return dice.Percent(record_percent); };
  script.opens_after = [&dice](int gate) { return gate % 7 == 6 ? -1 : dice.Roll(4); };
  const int waver_percent = dice.Percent(70) ? 0 : dice.Roll(40);
  const int slow_percent = dice.Percent(70) ? 0 : dice.Roll(30);
  script.look_takes = [&dice, slow_percent] {
    return absl::Milliseconds(dice.Percent(slow_percent) ? 1 + dice.Roll(20000) : 1);
  };
  script.wavers = [&dice, waver_percent](int, int) { return dice.Percent(waver_percent); };
  if (dice.Percent(15)) script.cancels.push_back(absl::Milliseconds(dice.Roll(40000)));
  if (!script.cancels.empty() && dice.Percent(40)) {
    script.cancels.push_back(script.cancels[0] + absl::Milliseconds(dice.Roll(10000)));
  }
  return script;
}

struct Played {
  std::string trace;
  std::vector<std::string> broken;
  RunEnd end = RunEnd::kNone;
  std::set<ActionEnd> ends;
};

Played Play(std::uint64_t seed) {
  Dice dice(seed);
  Plan plan = RandomPlan(dice);
  RunPolicy policy;
  policy.provider_limit = 1 + dice.Roll(3);
  policy.backoff.seed = seed;
  const int limit = policy.provider_limit;
  SimulatedWorld world(std::move(plan), policy, RandomScript(dice));
  const RunState state = world.Run();
  Played played{world.trace(), world.broken_promises(), state.end, {}};
  for (const ActionProgress& progress : state.actions)
    played.ends.insert(progress.end);
  if (world.most_at_once() > 2 * limit) played.broken.push_back("too many calls at a time");
  return played;
}

TEST(Simulation, KeepsEveryPromiseOnEverySeed) {
  constexpr std::uint64_t kSeeds = 10000;
  std::map<RunEnd, int> ends;
  std::map<ActionEnd, int> action_ends;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Played played = Play(seed);
    ASSERT_TRUE(played.broken.empty()) << "seed " << seed << ": " << played.broken[0] << "\n"
                                       << played.trace;
    if (seed % 50 == 0) {
      ASSERT_EQ(Play(seed).trace, played.trace) << "seed " << seed << " differs from itself";
    }
    ++ends[played.end];
    for (const ActionEnd end : played.ends)
      ++action_ends[end];
  }
  // Every way to end was met: a simulation that never fails proves nothing.
  for (const RunEnd end : {RunEnd::kDone,
                           RunEnd::kFailed,
                           RunEnd::kGateTimeout,
                           RunEnd::kConflict,
                           RunEnd::kFenced,
                           RunEnd::kUnrecorded,
                           RunEnd::kInterrupted}) {
    EXPECT_GT(ends[end], 20) << static_cast<int>(end);
  }
  EXPECT_EQ(action_ends.size(), 4U);
}

}  // namespace
}  // namespace poolshift
