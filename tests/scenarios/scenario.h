// ScenarioTest: a folder of tests/scenarios with the real engine and the real `sim` program on its
// world.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "controller/engine/workspace.h"
#include "controller/federation/lowering.h"
#include "controller/model/plan.h"

namespace poolshift {

// Relative to the root of the tree, where the tests run: the paths of manifests are part of a
// plan, and lines are folded by their length, so where the tree stands must not show.
inline const std::filesystem::path kScenarios = "tests/scenarios";

// The content, "" when there is none.
std::string ReadFile(const std::filesystem::path& path);

// Every folder, sorted. Goes to the root of the tree.
std::vector<std::string> ScenarioNames();

// The folder with its manifests and its world, which may be one of manifests/.
std::filesystem::path OrganizationOf(const std::string& name);

// What the folder's `phase` and `lowered` say.
Preparation PreparationOf(const std::string& name);

// "both-failover" as a name of a test.
std::string TestNameOf(const testing::TestParamInfo<std::string>& scenario);

class ScenarioTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Opens the folder's organisation and looks at its world; failures are added to the test, and
  // the workspace is null then.
  void Open();
  // The same of another folder, without looking.
  void OpenAt(const std::filesystem::path& folder);
  // Gone after the test.
  const std::filesystem::path& scratch() const { return state_; }
  const Clock& clock() const { return clock_; }
  World world() { return {&clock_, &files_, &processes_}; }
  Plan MakePlan(Objective objective = Objective::kFewestActions);
  // What the planner gets for it.
  Lowered LowerIt();

  std::unique_ptr<Workspace> workspace_;
  ObservedState observed_;

 private:
  std::filesystem::path state_;
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
};

}  // namespace poolshift
