// Every scenario's plan is carried out by the real executor on a likeness of its world, steps of
// people included: it ends, and no state on the way breaks a rule that was not broken before.
#include "controller/engine/rehearsal.h"

#include <map>

#include "gmock/gmock.h"

#include "controller/report/rehearsal_report.h"
#include "tests/scenarios/scenario.h"

namespace poolshift {
namespace {

// Plans that wait for what nobody in the likeness makes so, and the gate at which they stop.
const std::map<std::string, std::string> kHeld = {
    {"linux-no-way-inside", "a server of edgepool2 has a way inside for what partners send"},
    {"next-hop-unseen", "a server of frontend2, the next hop of edgepool2, is seen"},
    // Streams end when their partners have nothing more to say; here nobody ends them.
    {"unseen-keeps-roles", "no sip stream is left on edgepool1"},
};

struct FirstFailure final : RunObserver {
  void ActionEnded(const Action& action,
                   ActionEnd end,
                   std::string_view why,
                   absl::Duration) override {
    if (end != ActionEnd::kFailed || !title.empty()) return;
    title = action.title;
    reason = why;
  }
  std::string title, reason;
};

class RehearsedScenarioTest : public ScenarioTest {};

TEST_P(RehearsedScenarioTest, EndsAndKeepsTheRules) {
  Open();
  if (workspace_ == nullptr) return;
  // Fences expire, so the plan is of the day on which it is rehearsed.
  Preparation preparation = PreparationOf(GetParam());
  for (auto& [record, lowered] : preparation.lowered)
    lowered.at += clock().Now() - preparation.now;
  preparation.now = clock().Now();
  const auto made = workspace_->MakePlan(observed_, preparation.now, preparation);
  ASSERT_TRUE(made.ok()) << made.status();
  const Plan& plan = *made;
  if (!plan.refusals.empty() || plan.actions.empty()) return;
  const std::vector<ObservationKey> more =
      RehearsalToObserve(workspace_->organization(), observed_, plan);
  ASSERT_TRUE(workspace_->ObserveMore(more, observed_).ok());
  RehearsalOptions options;
  options.directory = (scratch() / "stage").string();
  std::filesystem::create_directories(options.directory);
  std::filesystem::permissions(options.directory, std::filesystem::perms::owner_all);
  options.plugin_directory = POOLSHIFT_BIN_DIR;
  options.holder.who = "alice";
  FirstFailure failure;
  const auto outcome =
      RehearsePlan(world(), *workspace_, observed_, plan, options, failure, Interruption());
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(RulesHeld(outcome->states)) << StatesText(plan, outcome->states, {});
  const auto held = kHeld.find(GetParam());
  if (held != kHeld.end()) {
    EXPECT_EQ(failure.title, held->second);
  } else {
    EXPECT_EQ(outcome->run.code, RunOutcome::Code::kDone)
        << failure.title << ": " << failure.reason << outcome->run.text;
  }
}

INSTANTIATE_TEST_SUITE_P(Every,
                         RehearsedScenarioTest,
                         testing::ValuesIn(ScenarioNames()),
                         TestNameOf);

}  // namespace
}  // namespace poolshift
