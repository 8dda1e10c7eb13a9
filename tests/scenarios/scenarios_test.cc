// Scenarios: a folder each, with an organisation, a world, and the plan that is expected of them as
// text and as JSON.
//
// tests/scenarios/NAME/ holds `why` (one sentence), `plan.txt`, `plan.json`; the organisation
// (*.yaml) and its world (world.sim) are beside them or, when they are samples for users too, in
// manifests/NAME/. The plan is made by the real engine with the real `sim` program.
// `POOLSHIFT_UPDATE=1 build/tests/scenarios_test` writes what was made; read the difference before
// you commit it.
#include <cstdlib>
#include <fstream>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"
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
}

TEST_P(ScenarioTest, SaysWhy) {
  const std::string why = ReadFile(kScenarios / GetParam() / "why");
  EXPECT_THAT(why, testing::EndsWith(".\n"));
  EXPECT_EQ(std::count(why.begin(), why.end(), '\n'), 1) << "one sentence on one line";
}

INSTANTIATE_TEST_SUITE_P(Folders, ScenarioTest, testing::ValuesIn(ScenarioNames()), TestNameOf);

// Two folders with the same plan prove the same thing twice, refusals and empty plans included. A
// place in the folder's own manifest makes no difference.
TEST(ScenariosTest, EachIsDifferent) {
  std::map<std::string, std::string> seen;  // plan -> folder
  for (const std::string& name : ScenarioNames()) {
    std::string plan = ReadFile(kScenarios / name / "plan.txt");
    for (std::size_t at = plan.find('/' + name + '/'); at != std::string::npos;
         at = plan.find('/' + name + '/')) {
      plan.replace(at, name.size() + 2, "/");
    }
    const auto [first, is_new] = seen.emplace(std::move(plan), name);
    EXPECT_TRUE(is_new) << name << " has the plan of " << first->second;
  }
}

}  // namespace
}  // namespace poolshift
