// Workspaces with real provider programs: what becomes of a provider that is away, unknown or
// lying.
#include "controller/engine/workspace.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/federation/kinds.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

std::string ReadSample(const std::string& name) {
  std::ifstream file(std::string(POOLSHIFT_SOURCE_DIR) + "/manifests/nothing-to-do/" + name);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

class WorkspaceTest : public testing::Test {
 protected:
  void SetUp() override {
    scratch_.Write("org/contoso.yaml", ReadSample("contoso.yaml"));
    scratch_.Write("org/world.sim", ReadSample("world.sim"));
    fs::create_directories(scratch_.Path("plugins"));
    fs::create_symlink(POOLSHIFT_BIN_DIR "/poolshift-provider-sim",
                       scratch_.Path("plugins/poolshift-provider-sim"));
    fs::create_symlink(POOLSHIFT_TEST_DIR "/misbehaving-provider",
                       scratch_.Path("plugins/poolshift-provider-liar"));
  }

  void AddProvider(const std::string& type, const std::string& kind) {
    scratch_.Write("org/second.yaml",
                   "apiVersion: poolshift/v1\nkind: Provider\nmetadata: {name: second}\nspec:\n"
                   "  type: " +
                       type + "\n  serves:\n    - {kinds: [" + kind + "]}\n");
  }

  absl::StatusOr<std::unique_ptr<Workspace>> Open() {
    Workspace::Options options;
    options.paths = {scratch_.Path("org")};
    options.state_directory = scratch_.Path("state");
    options.plugin_directory = scratch_.Path("plugins");
    return Workspace::Open({&clock_, &files_, &processes_}, options, diagnostics_);
  }

  void AddToWorld(const std::string& text) {
    scratch_.Write("org/world.sim", ReadSample("world.sim") + text);
  }

  conformance::Scratch scratch_;
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  Diagnostics diagnostics_;
};

TEST_F(WorkspaceTest, ObservesAndPlans) {
  auto workspace = Open();
  ASSERT_TRUE(workspace.ok()) << workspace.status();
  EXPECT_EQ((*workspace)->organization().name, "contoso");
  const auto observed = (*workspace)->Observe();
  ASSERT_TRUE(observed.ok()) << observed.status();
  for (const auto& [key, seen] : observed->observations) {
    EXPECT_NE(seen.presence, Presence::kUnreachable) << ToString(key.id) << ": " << seen.reason;
    EXPECT_EQ(seen.provider, "world");
  }
  const auto plan = (*workspace)->MakePlan(*observed, clock_.Now());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_TRUE(plan->empty());
}

TEST_F(WorkspaceTest, FaultsOfManifestsAreDiagnostics) {
  scratch_.Write("org/contoso.yaml", ReadSample("contoso.yaml") + "---\nkind: Sitte\n");
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(diagnostics_.has_errors());
}

// What a partner has agreed to is seen when somebody has written it down, while the workspace runs.
TEST_F(WorkspaceTest, AllowListIsReadAnew) {
  const std::string sample = ReadSample("contoso.yaml");
  const auto declare = [&](const std::string& names) {
    std::string text = sample;
    const std::string dns = "  discovery: dns\n";
    text.replace(text.find(dns), dns.size(), dns + "  acceptsNames: [" + names + "]\n");
    scratch_.Write("org/contoso.yaml", text);
  };
  declare("xmpp.contoso.com, sip2.contoso.com");
  auto workspace = Open();
  ASSERT_TRUE(workspace.ok()) << workspace.status();
  const ResourceId id = kinds::PartnerAcceptance("fabrikam.com", "sip.contoso.com");
  const auto look = [&] { return *(*workspace)->Observe()->Find(id); };
  EXPECT_EQ(look().provider, kDeclarationEyes);
  EXPECT_EQ(look().properties, Value(Value::Map{{"accepted", false}}));
  const auto observed = (*workspace)->Observe();
  const auto plan = (*workspace)->MakePlan(*observed, clock_.Now());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_TRUE(plan->actions.empty()) << "nothing moves: drift says that the name is missing";
  declare("xmpp.contoso.com, sip.contoso.com, sip2.contoso.com");
  EXPECT_EQ(look().properties, Value(Value::Map{{"accepted", true}}));
  scratch_.Write("org/contoso.yaml", sample + "---\nkind: Sitte\n");
  EXPECT_EQ(look().presence, Presence::kUnreachable) << "faults say nothing of the partner";
  EXPECT_THAT(look().reason, HasSubstr("the newest declaration has faults"));
  scratch_.Write("org/contoso.yaml", sample);  // it keeps no list any more
  EXPECT_EQ(look().properties, Value(Value::Map{{"accepted", true}}));
}

TEST_F(WorkspaceTest, UnknownTypeNamesTheProgram) {
  AddProvider("bind", "DnsRecordSet");
  const auto workspace = Open();
  EXPECT_EQ(workspace.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(workspace.status().message()),
              AllOf(HasSubstr("type `bind`"),
                    HasSubstr(scratch_.Path("plugins/poolshift-provider-bind")),
                    HasSubstr("--plugin-dir")));
}

TEST_F(WorkspaceTest, DeadProviderIsUnreachableNotAbsent) {
  AddToWorld("faults:\n  - {resource: \"Topology/*\", operation: observe, fault: crash}\n");
  auto workspace = Open();
  ASSERT_TRUE(workspace.ok()) << workspace.status();
  const auto observed = (*workspace)->Observe();
  ASSERT_TRUE(observed.ok()) << observed.status();
  ASSERT_FALSE(observed->observations.empty());
  for (const auto& [key, seen] : observed->observations) {
    EXPECT_EQ(seen.presence, Presence::kUnreachable) << ToString(key.id);
    EXPECT_THAT(seen.reason, HasSubstr("world")) << "the provider is named";
    EXPECT_EQ(seen.reason.find('\n'), std::string::npos);
  }
  const auto plan = (*workspace)->MakePlan(*observed, clock_.Now());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_TRUE(plan->actions.empty());
  ASSERT_FALSE(plan->refusals.empty()) << "could not look is not absent";
  EXPECT_EQ(plan->refusals.front().rule, "D3");
}

TEST_F(WorkspaceTest, OneResourceMayBeUnreachable) {
  AddToWorld(
      "faults:\n  - {resource: \"SiteRoute/Site2\", operation: observe, fault: error, "
      "message: the disk is full}\n");
  auto workspace = Open();
  ASSERT_TRUE(workspace.ok()) << workspace.status();
  const auto observed = (*workspace)->Observe();
  ASSERT_TRUE(observed.ok()) << observed.status();
  const Observation* away = observed->Find({"SiteRoute", "Site2"});
  ASSERT_NE(away, nullptr);
  EXPECT_EQ(away->presence, Presence::kUnreachable);
  EXPECT_THAT(away->reason, HasSubstr("the disk is full"));
  EXPECT_EQ(observed->Find({"SiteRoute", "Site1"})->presence, Presence::kPresent);
}

TEST_F(WorkspaceTest, LyingProviderStops) {
  AddProvider("liar", "AccessConfig");
  auto workspace = Open();
  ASSERT_TRUE(workspace.ok()) << workspace.status();
  const auto observed = (*workspace)->Observe();
  ASSERT_FALSE(observed.ok()) << "what a liar says is never mixed with what others saw";
  EXPECT_THAT(std::string(observed.status().message()),
              AllOf(HasSubstr("provider `second`"), HasSubstr("someone-elses")));
}

TEST_F(WorkspaceTest, NobodyIsNeeded) {
  scratch_.Write("org/contoso.yaml",
                 "apiVersion: poolshift/v1\nkind: Organization\nmetadata: {name: contoso}\n");
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(diagnostics_.has_errors());
  EXPECT_THAT(ToString(diagnostics_.items().back()), HasSubstr("no Provider is declared"));
}

// Two organisations live side by side in one process; neither sees the other's state.
TEST_F(WorkspaceTest, TwoLiveSideBySide) {
  auto first = Open();
  ASSERT_TRUE(first.ok()) << first.status();
  std::string manifest = ReadSample("contoso.yaml");
  manifest.replace(manifest.find("{name: contoso}"), 15, "{name: fabrikam}");
  std::string world = ReadSample("world.sim");
  world.replace(world.find("organization: contoso"), 21, "organization: fabrikam");
  scratch_.Write("org/contoso.yaml", manifest);
  scratch_.Write("org/world.sim", world);
  auto second = Open();
  ASSERT_TRUE(second.ok()) << second.status();
  const auto mine = (*first)->Observe();
  const auto theirs = (*second)->Observe();
  ASSERT_TRUE(mine.ok() && theirs.ok());
  EXPECT_NE(mine->Properties({"Topology", "contoso"}), nullptr);
  EXPECT_EQ(mine->Find({"Topology", "fabrikam"}), nullptr);
  EXPECT_NE(theirs->Properties({"Topology", "fabrikam"}), nullptr);
}

}  // namespace
}  // namespace poolshift
