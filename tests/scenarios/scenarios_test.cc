// Scenarios: a folder each, with an organisation, a world, and the plan that is expected of them as
// text and as JSON.
//
// tests/scenarios/NAME/ holds `why` (one sentence), `plan.txt`, `plan.json`; the organisation
// (*.yaml) and its world (world.sim) are beside them or, when they are samples for users too, in
// manifests/NAME/. The plan is made by the real engine with the real `sim` program.
// `POOLSHIFT_UPDATE=1 build/tests/scenarios_test` writes what was made; read the difference before
// you commit it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/engine/workspace.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;

/// Relative to the root of the tree, where the tests run: the paths of manifests are part of a
/// plan, and lines are folded by their length, so where the tree stands must not show.
const fs::path kScenarios = "tests/scenarios";
constexpr absl::Time kNow = absl::UnixEpoch();

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::vector<std::string> ScenarioNames() {
  fs::current_path(POOLSHIFT_SOURCE_DIR);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kScenarios)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

fs::path OrganizationOf(const std::string& name) {
  const fs::path own = kScenarios / name;
  return fs::exists(own / "contoso.yaml") ? own : fs::path("manifests") / name;
}

class ScenarioTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "scenario-XXXXXX";
    state_ = mkdtemp(name.data());
  }
  void TearDown() override { fs::remove_all(state_); }

  Plan MakePlan() {
    const World world{&clock_, &files_, &processes_};
    Workspace::Options options;
    options.paths = {OrganizationOf(GetParam()).string()};
    options.state_directory = state_ / "state";
    options.plugin_directory = POOLSHIFT_BIN_DIR;
    Diagnostics diagnostics;
    auto workspace = Workspace::Open(world, options, diagnostics);
    if (!workspace.ok()) {
      for (const Diagnostic& item : diagnostics.items())
        ADD_FAILURE() << ToString(item);
      ADD_FAILURE() << workspace.status();
      return {};
    }
    auto observed = (*workspace)->Observe();
    if (!observed.ok()) {
      ADD_FAILURE() << observed.status();
      return {};
    }
    auto plan = (*workspace)->MakePlan(*observed, kNow);
    if (!plan.ok()) {
      ADD_FAILURE() << plan.status();
      return {};
    }
    return *std::move(plan);
  }

  void ExpectFile(const std::string& file, const std::string& made) const {
    const fs::path path = kScenarios / GetParam() / file;
    if (std::getenv("POOLSHIFT_UPDATE") != nullptr) std::ofstream(path) << made;
    EXPECT_EQ(made, ReadFile(path))
        << "for an intended change: POOLSHIFT_UPDATE=1, then read the difference";
  }

 private:
  fs::path state_;
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
};

TEST_P(ScenarioTest, PlanIsAsExpected) {
  const Plan plan = MakePlan();
  ExpectFile("plan.txt", PlanText(plan, Style{false, 100}));
  ExpectFile("plan.json", PlanJson(plan));
}

TEST_P(ScenarioTest, SaysWhy) {
  const std::string why = ReadFile(kScenarios / GetParam() / "why");
  EXPECT_THAT(why, testing::EndsWith(".\n"));
  EXPECT_EQ(std::count(why.begin(), why.end(), '\n'), 1) << "one sentence on one line";
}

INSTANTIATE_TEST_SUITE_P(Folders,
                         ScenarioTest,
                         testing::ValuesIn(ScenarioNames()),
                         [](const auto& scenario) {
                           std::string name = scenario.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

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
