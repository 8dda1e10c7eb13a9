// A way back to a pool that was dead: nothing is written before it is seen alive (P3.0).
#include <set>

#include <gtest/gtest.h>

#include "controller/engine/planning.h"
#include "tests/federation/random_world.h"

namespace poolshift {
namespace {

// All that an action waits for, directly or not.
std::set<ActionId> Before(const Plan& plan, const Action& action) {
  std::set<ActionId> before(action.needs.begin(), action.needs.end());
  for (auto at = plan.actions.rbegin(); at != plan.actions.rend(); ++at) {
    if (before.contains(at->id)) before.insert(at->needs.begin(), at->needs.end());
  }
  return before;
}

TEST(ReturnTest, NothingIsWrittenBeforeThePoolIsSeenAlive) {
  int plans = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Dice dice(seed);
    Organization organization = RandomOrganization(dice);
    const Rehearsal world = RandomWorld(organization, dice);
    Preparation preparation;
    preparation.supposed_alive = {organization.edge_pools.begin()->first};
    const auto plan = MakePlanWithoutCommands(organization,
                                              world.ObserveAll(),
                                              Assignment(organization, EveryKind(organization)),
                                              nullptr,
                                              preparation);
    ASSERT_TRUE(plan.ok()) << plan.status();
    ActionId alive;
    for (const Action& action : plan->actions) {
      if (action.why.front().rule == "P3.0") alive = action.id;
    }
    for (const Action& action : plan->actions) {
      if (action.verb == Verb::kGate && !action.human) continue;
      EXPECT_TRUE(Before(*plan, action).contains(alive)) << "seed " << seed << ": " << action.title;
      plans += alive.empty() ? 0 : 1;
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(plans, 100) << "actions behind the gate";
}

}  // namespace
}  // namespace poolshift
