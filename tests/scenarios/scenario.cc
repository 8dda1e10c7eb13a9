#include "tests/scenarios/scenario.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "controller/federation/kinds.h"

namespace poolshift {

namespace fs = std::filesystem;

namespace {

constexpr absl::Time kNow = absl::UnixEpoch();

}  // namespace

fs::path OrganizationOf(const std::string& name) {
  const fs::path own = kScenarios / name;
  return fs::exists(own / "contoso.yaml") ? own : fs::path("manifests") / name;
}

// `phase` (one word) and `lowered` (lines "RECORDSET FORMER-TTL SECONDS-AGO": what runs on record
// did).
Preparation PreparationOf(const std::string& name) {
  Preparation preparation;
  preparation.now = kNow;
  std::string word;
  std::istringstream(ReadFile(kScenarios / name / "phase")) >> word;
  for (const MovePhase phase : {MovePhase::kPrepare, MovePhase::kCutOver})
    if (word == Name(phase)) preparation.phase = phase;
  std::istringstream lines(ReadFile(kScenarios / name / "lowered"));
  std::int64_t former = 0, ago = 0;
  while (lines >> word >> former >> ago) {
    preparation.lowered[{std::string(kinds::kDnsRecordSet), word}] = {kNow - absl::Seconds(ago),
                                                                      former};
  }
  return preparation;
}

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

std::string TestNameOf(const testing::TestParamInfo<std::string>& scenario) {
  std::string name = scenario.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

void ScenarioTest::SetUp() {
  std::string name = testing::TempDir() + "scenario-XXXXXX";
  state_ = mkdtemp(name.data());
}

void ScenarioTest::TearDown() {
  workspace_.reset();
  fs::remove_all(state_);
}

void ScenarioTest::Open() {
  OpenAt(OrganizationOf(GetParam()));
  if (workspace_ == nullptr) return;
  auto observed = workspace_->Observe();
  ASSERT_TRUE(observed.ok()) << observed.status();
  observed_ = *std::move(observed);
}

void ScenarioTest::OpenAt(const fs::path& folder) {
  workspace_.reset();
  Workspace::Options options;
  options.paths = {folder.string()};
  options.state_directory = state_ / folder.filename();
  options.plugin_directory = POOLSHIFT_BIN_DIR;
  Diagnostics diagnostics;
  auto workspace = Workspace::Open(world(), options, diagnostics);
  for (const Diagnostic& item : diagnostics.items())
    EXPECT_TRUE(workspace.ok()) << ToString(item);
  ASSERT_TRUE(workspace.ok()) << workspace.status();
  workspace_ = *std::move(workspace);
}

Plan ScenarioTest::MakePlan(Objective objective) {
  Open();
  if (workspace_ == nullptr) return {};
  auto plan = workspace_->MakePlan(observed_, kNow, PreparationOf(GetParam()), objective);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? *std::move(plan) : Plan{};
}

Lowered ScenarioTest::LowerIt() {
  Open();
  if (workspace_ == nullptr) return {};
  return Lower(
      workspace_->organization(), observed_, workspace_->assignment(), PreparationOf(GetParam()));
}

}  // namespace poolshift
