// Scenarios: a folder each, with an organisation, a world, and the plan that is expected of them as
// text and as JSON.
//
// tests/scenarios/NAME/ holds `why` (one sentence), `plan.txt`, `plan.json`; the organisation
// (*.yaml) and its world (world.sim) are beside them or, when they are samples for users too, in
// manifests/NAME/. The plan is made by the real engine with the real `sim` program.
// `POOLSHIFT_UPDATE=1 build/tests/scenarios_test` writes what was made; read the difference before
// you commit it.
//
// `seal` binds the two: digests of `why` and of what the plan does or refuses. Another plan with
// the same `why` fails, with POOLSHIFT_UPDATE too: say first what the folder proves now.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/check/checker.h"
#include "controller/model/digest.h"
#include "controller/plan/planner.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"
#include "controller/report/timetable.h"
#include "tests/scenarios/scenario.h"

namespace poolshift {
namespace {

void ExpectFile(const std::string& scenario, const std::string& file, const std::string& made) {
  const std::filesystem::path path = kScenarios / scenario / file;
  if (std::getenv("POOLSHIFT_UPDATE") != nullptr) std::ofstream(path) << made;
  EXPECT_EQ(made, ReadFile(path))
      << "for an intended change: POOLSHIFT_UPDATE=1, then read the difference";
}

TEST_P(ScenarioTest, PlanIsAsExpected) {
  const Plan plan = MakePlan();
  ExpectFile(GetParam(), "plan.txt", PlanText(plan, Style{false, 100}));
  ExpectFile(GetParam(), "plan.json", PlanJson(plan));
  EXPECT_EQ(TimetableOf(plan).total, plan.certificate.makespan) << "two sources of one figure";
}

TEST_P(ScenarioTest, SaysWhy) {
  const std::string why = ReadFile(kScenarios / GetParam() / "why");
  EXPECT_THAT(why, testing::EndsWith(".\n"));
  EXPECT_EQ(std::count(why.begin(), why.end(), '\n'), 1) << "one sentence on one line";
}

// A refusal of the planner names the manifest line behind each rule and goal.
TEST_P(ScenarioTest, EveryRuleAndGoalHasItsLine) {
  const Lowered lowered = LowerIt();
  for (const Clause& clause : lowered.problem.clauses)
    EXPECT_GT(clause.origin.line, 0) << clause.reason.rule << ": " << clause.reason.text;
  for (const Variable& variable : lowered.problem.variables)
    EXPECT_GT(variable.origin.line, 0) << variable.name;
}

// No edge of the order can be dropped, and there are few; with either objective.
TEST_P(ScenarioTest, EveryEdgeIsNeeded) {
  const Lowered lowered = LowerIt();
  std::map<Objective, Certificate> certificates;
  for (const Objective objective : {Objective::kFewestActions, Objective::kLeastTime}) {
    plan::Budget budget;
    budget.objective = objective;
    const auto solved = plan::Solve(lowered.problem, budget);
    const auto* solution = std::get_if<plan::Solution>(&solved);
    if (solution == nullptr) return;
    const check::Findings findings =
        check::CheckOrder(lowered.problem, solution->steps, solution->needs);
    EXPECT_THAT(findings.faults, testing::IsEmpty());
    EXPECT_THAT(findings.idle, testing::IsEmpty());
    EXPECT_LE(findings.edges, 4 * static_cast<std::int64_t>(solution->steps.size()));
    EXPECT_THAT(check::CheckCertificate(
                    lowered.problem, solution->steps, solution->needs, solution->certificate),
                testing::IsEmpty());
    certificates[objective] = solution->certificate;
  }
  const Certificate& few = certificates[Objective::kFewestActions];
  const Certificate& quick = certificates[Objective::kLeastTime];
  EXPECT_LE(quick.makespan, few.makespan);
  EXPECT_GE(quick.actions, few.actions);
}

// What refuses a goal says with what it cannot hold, or that it cannot look.
TEST_P(ScenarioTest, RefusalsNameBothSides) {
  for (const Refusal& refusal : MakePlan().refusals) {
    const bool blind = refusal.text.find("cannot look at") != std::string::npos;
    const bool phase = refusal.rule == "D18";  // against an option of the command, no line
    if (blind || phase) continue;
    EXPECT_GE(refusal.demands.size(), 2U) << refusal.text;
    for (const Demand& demand : refusal.demands)
      EXPECT_GT(demand.origin.line, 0) << demand.rule.text;
  }
}

// Something is left out only of a plan that does something, for want of a look, and stays as it is.
TEST_P(ScenarioTest, LeavesOutWhatItCannotSee) {
  const Plan plan = MakePlan();
  if (plan.left_out.empty()) return;
  EXPECT_GT(plan.mutations(), 0);
  EXPECT_THAT(plan.refusals, testing::IsEmpty());
  for (const LeftOut& each : plan.left_out) {
    EXPECT_THAT(
        each.because.text,
        testing::AnyOf(testing::HasSubstr("cannot look at"), testing::HasSubstr("could not look")));
    EXPECT_FALSE(each.because.hint.empty());
    EXPECT_GE(each.because.demands.size(), 2U) << each.because.text;
  }
}

INSTANTIATE_TEST_SUITE_P(Folders, ScenarioTest, testing::ValuesIn(ScenarioNames()), TestNameOf);

std::string TextOf(const Action& action) {
  std::string text(action.human ? "! " : "");
  text += std::string(Name(action.verb)) + ' ' + ToString(action.target) + ' ' +
          CanonicalText(action.after);
  for (const JointChange& change : action.also)
    text += ' ' + ToString(change.target) + ' ' + CanonicalText(change.after);
  return text;
}

std::string Sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines)
    all += line + '\n';
  return all;
}

// The declared thing that a place in a manifest is of, and what stands on its line: "EdgePool/
// edgepool1 condition: outOfService". Not its number, which a comment changes.
std::string LineAt(const Origin& origin) {
  if (origin.line == 0) return "no line";
  std::istringstream file(ReadFile(kScenarios.parent_path().parent_path() / origin.file));
  std::string kind, name, line;
  const auto after = [](const std::string& text, std::string_view key) {
    const std::size_t at = text.find(key);
    if (at == std::string::npos) return std::string();
    const std::size_t begin = at + key.size();
    return text.substr(begin, text.find_first_of(",}", begin) - begin);
  };
  for (int number = 1; number <= origin.line && std::getline(file, line); ++number) {
    if (line.starts_with("kind: ")) kind = after(line, "kind: ");
    if (line.starts_with("metadata:")) name = after(line, "name: ");
  }
  return kind + '/' + name + ' ' + line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

// Rule, resource and line of each side, and what a goal asks for; what is refused to an option of
// the command stands against no line, and its words are all there is.
std::string TextOf(const Refusal& refusal) {
  std::string text = "refused " + refusal.rule + ' ' + LineAt(refusal.origin);
  for (const Demand& demand : refusal.demands)
    text += " | " + demand.rule.rule + ' ' + LineAt(demand.origin) +
            (demand.rule.rule == "goal" ? ' ' + demand.rule.text : "");
  if (refusal.demands.empty()) text += ' ' + refusal.text;
  return text;
}

// What the plan changes, refuses or leaves out, without its words: order, waits, ids and texts may
// become better while the folder still proves the same.
std::string Essence(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Action& action : plan.actions) {
    if (action.verb != Verb::kGate || action.human) lines.push_back(TextOf(action));
  }
  for (const Refusal& refusal : plan.refusals)
    lines.push_back(TextOf(refusal));
  for (const LeftOut& each : plan.left_out)
    lines.push_back("left out: " + each.part + ": " + TextOf(each.because));
  return Sorted(std::move(lines));
}

TEST_P(ScenarioTest, ChangesWithItsWhy) {
  const std::string why = Digest(ReadFile(kScenarios / GetParam() / "why"));
  const std::string essence = Digest(Essence(MakePlan()));
  const std::string seal = "why " + why + "\nplan " + essence + '\n';
  const std::string sealed = ReadFile(kScenarios / GetParam() / "seal");
  const bool same_why = sealed.find("why " + why) != std::string::npos;
  const bool same_plan = sealed.find("plan " + essence) != std::string::npos;
  if (std::getenv("POOLSHIFT_UPDATE") != nullptr && (!same_why || same_plan))
    std::ofstream(kScenarios / GetParam() / "seal") << seal;
  EXPECT_TRUE(!same_why || same_plan)
      << "the plan does something else than when `why` was written: say in `why` what the folder "
         "proves now";
  EXPECT_EQ(seal, ReadFile(kScenarios / GetParam() / "seal")) << "POOLSHIFT_UPDATE=1 writes it";
}

// Two folders with the same actions and refusals prove the same thing twice. One folder alone has
// neither.
class DifferentTest : public ScenarioTest {};

std::map<std::string, std::string>& Seen() {
  static std::map<std::string, std::string> seen;  // plan -> folder
  return seen;
}

TEST_P(DifferentTest, NoOtherDoesTheSame) {
  const auto [first, is_new] = Seen().emplace(Essence(MakePlan()), GetParam());
  EXPECT_TRUE(is_new) << GetParam() << " does what " << first->second << " does";
}

INSTANTIATE_TEST_SUITE_P(Folders, DifferentTest, testing::ValuesIn(ScenarioNames()), TestNameOf);

TEST(ScenariosTest, ThereAreEnough) { EXPECT_GE(ScenarioNames().size(), 150U); }

// README.md: which folder shows which procedure, fault and refusal.
TEST(ScenariosTest, TheTableNamesEach) {
  const std::string table = ReadFile(kScenarios / "README.md");
  for (const std::string& name : ScenarioNames())
    EXPECT_NE(table.find('`' + name + '`'), std::string::npos) << name << " is in no row";
  const std::vector<std::string> names = ScenarioNames();
  for (std::size_t at = table.find('`'); at != std::string::npos;) {
    const std::size_t end = table.find('`', at + 1);
    ASSERT_NE(end, std::string::npos);
    const std::string word = table.substr(at + 1, end - at - 1);
    const bool is_name =
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos &&
        word.find('-') != std::string::npos;
    if (is_name) {
      EXPECT_EQ(std::count(names.begin(), names.end(), word), 1) << word;
    }
    at = table.find('`', end + 1);
  }
}

}  // namespace
}  // namespace poolshift
