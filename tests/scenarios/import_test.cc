// Import from every scenario's world, with no more than names as seed: the result is valid, laid
// out, names what the scenario declares, and finds nothing to do where the world is at rest.
#include "controller/engine/import.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "gmock/gmock.h"

#include "controller/manifest/format.h"
#include "controller/manifest/print.h"
#include "tests/scenarios/scenario.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;

// Worlds in which nothing is broken or half done, whatever the scenario then declares.
constexpr std::array kAtRest = {
    "conferencing-elsewhere",
    "crossing-moves",
    "divergent-routes",
    "edge-dead-frontends-alive",
    "federation-planned",
    "front-end-is-next-hop",
    "half-dead-target-planned",
    "nothing-to-do",
    "one-server-to-four-servers",
    "override-of-one-route",
    "split-to-one",
    "static-srv-planned",
    "static-srv-standby-joins",
    "xmpp-partner-not-allowed",
    "xmpp-planned",
    "zombie-fenced-by-hand",
};

Organization SeedOf(const Organization& declared) {
  Organization seed;
  seed.name = declared.name;
  seed.providers = declared.providers;
  seed.policy = declared.policy;
  for (const auto& [name, domain] : declared.domains) {
    seed.domains[name].name = name;
    seed.domains[name].zone = domain.zone;
  }
  return seed;
}

class ImportTest : public ScenarioTest {
 protected:
  void Import() {
    Open();
    ASSERT_NE(workspace_, nullptr);
    declared_ = workspace_->organization();
    folder_ = scratch() / "seed";
    fs::create_directories(folder_);
    fs::copy_file(OrganizationOf(GetParam()) / "world.sim", folder_ / "world.sim");
    std::ofstream(folder_ / "seed.yaml") << PrintManifest(SeedOf(declared_));
    OpenAt(folder_);
    ASSERT_NE(workspace_, nullptr);
    auto imported = ImportManifests(*workspace_);
    ASSERT_TRUE(imported.ok()) << imported.status();
    imported_ = *std::move(imported);
  }

  Organization declared_;
  fs::path folder_;
  ImportedManifests imported_;
};

TEST_P(ImportTest, IsWhatIsThere) {
  ASSERT_NO_FATAL_FAILURE(Import());
  for (const Diagnostic& item : imported_.diagnostics.items())
    EXPECT_NE(item.severity, Diagnostic::Severity::kError) << ToString(item);
  std::size_t bytes = 0;
  for (const auto& [name, text] : imported_.files) {
    bytes += text.size();
    const FormatResult formatted = FormatManifest(text);
    EXPECT_EQ(formatted.refusal, "") << name;
    EXPECT_EQ(formatted.text, text) << name;
  }
  const std::string_view between = "---\n";
  EXPECT_EQ(imported_.text.size(), bytes + between.size() * (imported_.files.size() - 1));
  for (const auto& [name, pool] : declared_.edge_pools) {
    const auto found = imported_.organization.edge_pools.find(name);
    ASSERT_NE(found, imported_.organization.edge_pools.end()) << name;
    EXPECT_EQ(found->second.fqdn, pool.fqdn);
    EXPECT_EQ(found->second.site, pool.site);
    EXPECT_EQ(found->second.access_edge_fqdn, pool.access_edge_fqdn);
    EXPECT_EQ(found->second.addresses(), pool.addresses());
    EXPECT_FALSE(found->second.next_hop.empty());
  }
  for (const auto& [name, pool] : declared_.front_end_pools)
    EXPECT_TRUE(imported_.organization.front_end_pools.contains(name)) << name;
  if (std::find(kAtRest.begin(), kAtRest.end(), GetParam()) == kAtRest.end()) return;
  for (const Refusal& refusal : imported_.plan.refusals)
    ADD_FAILURE() << refusal.text;
  for (const Action& action : imported_.plan.actions)
    ADD_FAILURE() << action.title;
}

// `sim` lists a Lync organisation: what is declared outside any topology is not what it is.
std::vector<std::string> WithTopology() {
  std::vector<std::string> names = ScenarioNames();
  std::erase_if(names, [](const std::string& name) {
    // Nor can a next hop be found in a topology that nobody can look at.
    if (name == "unseen-topology") return true;
    return ReadFile(OrganizationOf(name) / "contoso.yaml").find("  product: ") !=
               std::string::npos &&
           ReadFile(OrganizationOf(name) / "contoso.yaml").find("  nextHop: ") == std::string::npos;
  });
  return names;
}

INSTANTIATE_TEST_SUITE_P(Worlds, ImportTest, testing::ValuesIn(WithTopology()), TestNameOf);

}  // namespace
}  // namespace poolshift
