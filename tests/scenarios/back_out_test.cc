// Back-out: from every point of every scenario's plan a safe way leads back, or the point of no
// return is named.
#include "controller/engine/back_out.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/engine/planning.h"
#include "controller/federation/no_return.h"
#include "controller/federation/prospect.h"
#include "controller/report/plan_text.h"
#include "controller/report/runbook.h"
#include "tests/scenarios/scenario.h"

namespace poolshift {
namespace {

// Sets of actions that can be done at some moment, up to `most` of them, each in the plan's order.
std::vector<std::vector<Action>> Ideals(const Plan& plan, std::size_t most) {
  std::set<std::vector<bool>> seen{std::vector<bool>(plan.actions.size())};
  std::vector<std::vector<bool>> found(seen.begin(), seen.end());
  std::map<ActionId, std::size_t> place;
  for (const Action& action : plan.actions)
    place.emplace(action.id, place.size());
  for (std::size_t at = 0; at < found.size() && found.size() < most; ++at) {
    for (std::size_t i = 0; i < plan.actions.size() && found.size() < most; ++i) {
      std::vector<bool> next = found[at];
      const auto& needs = plan.actions[i].needs;
      const bool ready = std::all_of(
          needs.begin(), needs.end(), [&](const ActionId& need) { return next[place.at(need)]; });
      if (next[i] || !ready) continue;
      next[i] = true;
      if (seen.insert(next).second) found.push_back(std::move(next));
    }
  }
  std::vector<std::vector<Action>> ideals;
  for (const std::vector<bool>& members : found) {
    std::vector<Action>& ideal = ideals.emplace_back();
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (members[i]) ideal.push_back(plan.actions[i]);
    }
  }
  return ideals;
}

std::string Told(const std::vector<Action>& done) {
  std::string text = "after";
  for (const Action& action : done)
    text += "\n  " + action.title;
  return text;
}

bool IsAmong(const std::vector<Action>& actions, std::string (*reason)(const Action&)) {
  return std::any_of(actions.begin(), actions.end(), [reason](const Action& action) {
    return !reason(action).empty();
  });
}

// What the plan says about its way back, from "Back-out:" on.
std::string SaidOfTheWayBack(const Plan& plan) {
  const std::string text = PlanText(plan, Style{false, 400});
  const std::size_t from = text.find("\nBack-out: ");
  return from == std::string::npos ? "" : text.substr(from, text.find("\nAfter: ", from) - from);
}

class BackOutTest : public ScenarioTest {
 protected:
  // The plan says where something is lost for good, and where the way back loses something itself.
  static void ExpectWhatThePlanSays(const WayBack& back, const std::vector<Action>& done) {
    EXPECT_EQ(!back.lost.empty(), IsAmong(done, NoReturn)) << Told(done);
    if (!back.lost.empty()) return;
    EXPECT_EQ(IsAmong(back.plan.actions, NoReturn), IsAmong(done, ReturnLoses)) << Told(done);
  }

  // The way back exists, passes the checker (MakePlanWithoutCommands does not give it otherwise),
  // and where it ends nothing is left to do for the former declaration.
  void ExpectAWayBack(const PlanGround& ground, const std::vector<Action>& done) {
    const auto back = MakeBackOut(ground, done);
    ASSERT_TRUE(back.ok()) << back.status() << Told(done);
    ExpectWhatThePlanSays(*back, done);
    if (!back->lost.empty()) return;
    for (const Refusal& refusal : back->plan.refusals)
      ADD_FAILURE() << refusal.rule << ": " << refusal.text << '\n' << Told(done);
    if (done.empty()) return;
    ObservedState reached = SupposeAnswering(ground.former.organization,
                                             AfterActions(ground.declared, ground.observed, done),
                                             ground.observed,
                                             ground.former.restored);
    reached = AfterActions(ground.former.organization, std::move(reached), back->plan.actions);
    const auto rest =
        MakePlanWithoutCommands(ground.former.organization, reached, ground.assignment);
    ASSERT_TRUE(rest.ok()) << rest.status();
    // What was left out is not seen from there either, and then it is all that there is to say.
    if (back->plan.left_out.empty()) {
      EXPECT_TRUE(rest->refusals.empty()) << rest->refusals.front().text << '\n' << Told(done);
    }
    for (const Action& action : rest->actions)
      EXPECT_EQ(action.verb, Verb::kGate) << "left to do: " << action.title << '\n' << Told(done);
  }
};

TEST_P(BackOutTest, LeadsBackFromEveryPoint) {
  constexpr std::size_t kFew = 120;  // of a larger plan only its prefixes
  const Plan plan = MakePlan();
  if (workspace_ == nullptr || plan.actions.empty()) return;
  const FormerDeclaration former = FormerDeclarationOf(workspace_->organization(), observed_);
  const PlanGround ground{workspace_->organization(), observed_, workspace_->assignment(), former};
  for (std::size_t i = 0; i <= plan.actions.size(); ++i) {
    ExpectAWayBack(ground, {plan.actions.begin(), plan.actions.begin() + static_cast<long>(i)});
    if (HasFailure()) return;
  }
  for (const std::vector<Action>& ideal : Ideals(plan, kFew)) {
    ExpectAWayBack(ground, ideal);
    if (HasFailure()) return;
  }
}

TEST_P(BackOutTest, IsWhatThePlanSaysOfIt) {
  const Plan plan = MakePlan();
  if (workspace_ == nullptr || plan.mutations() == 0 || !plan.refusals.empty()) return;
  const std::string said = SaidOfTheWayBack(plan);
  const bool whole = !IsAmong(plan.actions, NoReturn);
  EXPECT_EQ(said.find("from every step") != std::string::npos, whole) << said;
  EXPECT_EQ(said.find("point of no return") != std::string::npos,
            IsAmong(plan.actions, ReturnLoses))
      << said;
  const FormerDeclaration former = FormerDeclarationOf(workspace_->organization(), observed_);
  const PlanGround ground{workspace_->organization(), observed_, workspace_->assignment(), former};
  const auto ways = MakeBackOuts(ground, plan.actions, plan.actions.size() + 1);
  ASSERT_TRUE(ways.ok()) << ways.status();
  const std::string runbook = Runbook(workspace_->organization(), plan, *ways);
  for (const WayBack& way : *ways) {
    for (const Action& action : way.plan.actions)
      EXPECT_THAT(runbook, testing::HasSubstr(action.title));
    if (way.changes_nothing()) continue;
    for (const std::string& pool : way.restored)
      EXPECT_THAT(said, testing::HasSubstr("can answer again"))
          << "the way back waits for " << pool;
  }
}

INSTANTIATE_TEST_SUITE_P(Folders, BackOutTest, testing::ValuesIn(ScenarioNames()), TestNameOf);

}  // namespace
}  // namespace poolshift
