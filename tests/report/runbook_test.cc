#include "controller/report/runbook.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/return_steps.h"
#include "controller/report/runbook_step.h"
#include "tests/report/plan_samples.h"

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct MarkdownCase {
  const char* name;
  const char* text;
  const char* shown;
};

class MarkdownCases : public ::testing::TestWithParam<MarkdownCase> {};

TEST_P(MarkdownCases, ShowsTheTextAsItIs) {
  EXPECT_EQ(MarkdownText(GetParam().text), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Texts,
    MarkdownCases,
    ::testing::Values(MarkdownCase{"words", "route Site1: a -> b", "route Site1: a -> b"},
                      MarkdownCase{"tag", "<b> or *b* or a\\b", "\\<b> or \\*b\\* or a\\\\b"},
                      MarkdownCase{
                          "code", "type `a | <b> *c* \\d` there", "type `a | <b> *c* \\d` there"},
                      MarkdownCase{"two_codes", "`<a>` < `<b>`", "`<a>` \\< `<b>`"},
                      MarkdownCase{"code_without_end", "a ` <b>", "a ` \\<b>"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(MarkdownTest, KeepsTheCellsOfATable) { EXPECT_EQ(MarkdownCell("a|b `c|d`"), "a\\|b `c\\|d`"); }

// A way back that takes these steps, each with its letter as command.
WayBack Way(std::size_t after, const std::string& letters) {
  WayBack way;
  way.after = after;
  for (const char letter : letters) {
    Action action;
    action.id = std::string("a") + letter;
    action.title = std::string("step ") + letter;
    action.commands = {std::string("do ") + letter};
    way.plan.actions.push_back(action);
  }
  return way;
}

std::string Letters(const ReturnSteps& steps) {
  std::string letters;
  for (const Action* action : steps.steps())
    letters += action->title.back();
  return letters;
}

TEST(ReturnStepsTest, HaveEachStepOnceInTheOrderOfTheLongest) {
  const std::vector<WayBack> ways = {Way(1, ""), Way(2, "XC"), Way(3, "BCY"), Way(4, "ABCD")};
  const ReturnSteps steps(ways);
  EXPECT_EQ(Letters(steps), "ABXCDY");
  EXPECT_EQ(steps.Listed(ways[0]), "");
  EXPECT_EQ(steps.Listed(ways[1]), "R3, R4");
  EXPECT_EQ(steps.Listed(ways[2]), "R2, R4, R6");
  EXPECT_EQ(steps.Listed(ways[3]), "R1, R2, R4, R5");
}

TEST(ReturnStepsTest, JoinRunsAndKeepAnotherOrder) {
  const std::vector<WayBack> ways = {Way(1, "ABCDE"), Way(2, "CABDD"), Way(3, "EDCB")};
  const ReturnSteps steps(ways);
  EXPECT_EQ(steps.Listed(ways[0]), "R1-R5");
  EXPECT_EQ(steps.Listed(ways[1]), "R3, R1, R2, R4, R4");
  EXPECT_EQ(steps.Listed(ways[2]), "R5, R4, R3, R2");
}

TEST(ReturnStepsTest, TellStepsOfOneTitleApartByTheirCommands) {
  std::vector<WayBack> ways = {Way(1, "AB"), Way(2, "AB")};
  ways[1].plan.actions[0].commands = {"do A otherwise"};
  const ReturnSteps steps(ways);
  EXPECT_EQ(Letters(steps), "AAB");
  EXPECT_NE(steps.Listed(ways[0]), steps.Listed(ways[1]));
}

TEST(RunbookTest, SaysForEachStepHowToGoBackFromThere) {
  Plan plan = Way(0, "abc").plan;
  std::vector<WayBack> ways = {Way(0, ""), Way(1, "A"), Way(2, "BA")};
  ways[1].restored = {"edgepool1"};
  ways[2].lost = {{"ab", "step b", "it is lost"}};
  const std::string book = Runbook({}, plan, ways);
  EXPECT_THAT(book,
              HasSubstr("- Back-out from here: R2 of [Back-out](#back-out), in this order (1 "
                        "change); only once edgepool1 answers again\n"));
  EXPECT_THAT(book,
              HasSubstr("- Back-out from here: **#2 cannot be taken back**; the rest: R1, R2 of "
                        "[Back-out](#back-out), in this order (2 changes)\n"));
  EXPECT_THAT(book,
              HasSubstr("- Back-out from here: not in this document; `poolshift plan --back-out "
                        "--after 3` prints it\n"));
  EXPECT_THAT(book, HasSubstr("### R1. step B\n\n- Do:\n\n  ```powershell\n  do B\n  ```\n"));
  EXPECT_THAT(book, HasSubstr("### R2. step A\n\n- Do:\n\n  ```powershell\n  do A\n  ```\n"));
}

TEST(RunbookTest, SaysWhyNoWayLeadsBack) {
  const Plan plan = Way(0, "a").plan;
  std::vector<WayBack> ways = {Way(1, "")};
  ways[0].plan.refusals = RefusedPlan().refusals;
  EXPECT_THAT(Runbook({}, plan, ways), HasSubstr("- Back-out from here: no way back, edgepool1 "));
}

TEST(RunbookTest, OfARefusedPlanHasNothingToFollow) {
  Plan plan = RefusedPlan();
  plan.warnings.Warning({}, "traffic is lost while it runs");
  const std::string book = Runbook({}, plan, {});
  EXPECT_THAT(book, HasSubstr("## Refused, do not begin\n\n- edgepool1 does not answer"));
  for (const char* heading : {"## Steps", "## Risk", "## Back-out", "## Sign-off"})
    EXPECT_THAT(book, Not(HasSubstr(heading)));
}

TEST(RunbookTest, ShowsCommandsAfterwardsAsCode) {
  Plan plan = Way(0, "a").plan;
  Note note;
  note.treatment = Note::Treatment::kFollowUp;
  note.text = "tidy up";
  note.commands = {"Get-It | Remove-It"};
  plan.notes = {note};
  EXPECT_THAT(Runbook({}, plan, {}),
              HasSubstr("- [ ] Afterwards: tidy up:\n\n  ```powershell\n  Get-It | Remove-It\n"));
}

}  // namespace
}  // namespace poolshift
