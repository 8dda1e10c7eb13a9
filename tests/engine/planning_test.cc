// The pure middle: equal inputs give equal bytes, whatever the order in which they were written.
#include "controller/engine/planning.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/engine/load.h"
#include "controller/report/plan_json.h"
#include "tests/conformance/kit/scratch.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

OfferedKinds Everything() {
  OfferedKinds offered;
  for (const KindSchema& schema : kinds::KindSchemas())
    offered["world"].push_back(schema.kind);
  return offered;
}

std::vector<std::string> DocumentsOf(const std::string& scenario) {
  std::ifstream file(std::string(POOLSHIFT_SOURCE_DIR) + "/manifests/" + scenario +
                     "/contoso.yaml");
  std::vector<std::string> documents(1);
  for (std::string line; std::getline(file, line);) {
    if (line == "---") {
      documents.emplace_back();
    } else {
      documents.back() += line + '\n';
    }
  }
  return documents;
}

Organization Load(const std::vector<std::string>& documents) {
  const conformance::Scratch scratch;
  for (std::size_t i = 0; i < documents.size(); ++i)
    scratch.Write(std::to_string(i) + ".yaml", documents[i]);
  RealFiles files;
  auto loaded = LoadManifests(files, {scratch.path()});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  if (!loaded.ok()) return {};
  EXPECT_FALSE(loaded->diagnostics.has_errors());
  return std::move(loaded->organization);
}

std::string PlanOf(const Organization& organization) {
  Rehearsal world = HealthyWorld(organization);
  CutPower(organization.edge_pools.at("edgepool1"), world);
  const ObservedState observed = world.ObserveAll();
  const Assignment assignment(organization, Everything());
  const auto plan = MakePlanWithoutCommands(organization, observed, assignment);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? PlanJson(*plan) : "";
}

TEST(PlanningTest, OrderOfDocumentsDecidesNothing) {
  std::vector<std::string> documents = DocumentsOf("both-failover");
  const std::string plan = PlanOf(Load(documents));
  EXPECT_THAT(plan, testing::HasSubstr("edgepool2"));
  std::mt19937 engine(4);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(documents.begin(), documents.end(), engine);
    ASSERT_EQ(PlanOf(Load(documents)), plan);
  }
}

TEST(PlanningTest, OrderOfServersDecidesNothing) {
  Organization organization = Load(DocumentsOf("both-failover"));
  const std::string plan = PlanOf(organization);
  std::vector<std::string> documents = DocumentsOf("both-failover");
  for (std::string& document : documents) {
    const auto first = document.find("    - {fqdn: edgeserver");
    if (first == std::string::npos) continue;
    const auto second = document.find("    - {fqdn", first + 1);
    const auto end = document.find('\n', second) + 1;
    const std::string one = document.substr(first, second - first);
    document.replace(first, end - first, document.substr(second, end - second) + one);
  }
  EXPECT_EQ(PlanOf(Load(documents)), plan);
}

TEST(PlanningTest, RefusedPlanHasNoActions) {
  Organization organization = TwoSites();
  DeclareHost(organization, Protocol::kXmpp, "edgepool2");
  Rehearsal world = HealthyWorld(organization);
  CutPower(organization.edge_pools.at("edgepool1"), world);
  const ObservedState observed = world.ObserveAll();
  const Assignment assignment(organization, Everything());
  const auto plan = MakePlanWithoutCommands(organization, observed, assignment);
  ASSERT_TRUE(plan.ok());
  EXPECT_FALSE(plan->refusals.empty());
  EXPECT_TRUE(plan->actions.empty());
  EXPECT_TRUE(plan->basis.empty());
}

TEST(PlanningTest, NobodyResponsibleIsRefused) {
  Organization organization = TwoSites();
  DeclareHost(organization, Protocol::kXmpp, "edgepool2");
  const Rehearsal world = HealthyWorld(organization);
  OfferedKinds offered = Everything();
  auto& kinds = offered["world"];
  kinds.erase(std::find(kinds.begin(), kinds.end(), "SiteRoute"));
  const ObservedState observed = world.ObserveAll();
  const Assignment assignment(organization, offered);
  const auto plan = MakePlanWithoutCommands(organization, observed, assignment);
  ASSERT_TRUE(plan.ok());
  ASSERT_FALSE(plan->refusals.empty());
  EXPECT_THAT(plan->refusals.front().text,
              testing::HasSubstr("no provider is responsible for SiteRoute/Site1"));
  EXPECT_THAT(plan->refusals.front().hint, testing::HasSubstr("serves the kind SiteRoute"));
}

TEST(PlanningTest, BasisIsWhatThePlanReliesOn) {
  Organization organization = TwoSites();
  DeclareHost(organization, Protocol::kXmpp, "edgepool2");
  const Rehearsal world = HealthyWorld(organization);
  const ObservedState observed = world.ObserveAll();
  const Assignment assignment(organization, Everything());
  const auto plan = MakePlanWithoutCommands(organization, observed, assignment);
  ASSERT_TRUE(plan.ok());
  std::set<std::string> names;
  for (const auto& [key, revision] : plan->basis) {
    names.insert(ToString(key.id));
    EXPECT_EQ(revision, observed.Find(key.id)->revision);
  }
  EXPECT_THAT(names,
              testing::IsSupersetOf({"Topology/contoso",
                                     "SiteRoute/Site1",
                                     "SiteRoute/Site2",
                                     "DnsRecordSet/xmpp.contoso.com/A",
                                     "EdgeService/edge1a.contoso.com/xmppProxy"}));
}

}  // namespace
}  // namespace poolshift
