// `poolshift drill` on every scenario: its JSON follows its schema, and nothing is changed.
#include <cstdlib>
#include <filesystem>

#include "gmock/gmock.h"

#include "tests/cli/home.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using DrillVerbTest = HomeTest;
using ::testing::HasSubstr;

TEST_F(DrillVerbTest, JsonOfEveryScenarioFollowsSchema) {
  for (const auto& entry : fs::directory_iterator(Scenario(""))) {
    if (!entry.is_directory()) continue;
    const ProgramRun drilled = Run({"drill", "--json", entry.path().string()});
    EXPECT_THAT(drilled.status, ::testing::AnyOf(0, 2)) << entry.path() << drilled.err;
    ASSERT_TRUE(nlohmann::json::accept(drilled.out)) << entry.path();
    WriteText(home_ / "drill.json", drilled.out);
    const std::string check = "python3 " POOLSHIFT_SOURCE_DIR
                              "/tests/report/check_schema.py " POOLSHIFT_SOURCE_DIR
                              "/docs/drill.schema.json " +
                              (home_ / "drill.json").string();
    EXPECT_EQ(std::system(check.c_str()), 0) << entry.path();
    const auto document = nlohmann::json::parse(drilled.out);
    EXPECT_FALSE(document["rows"].empty()) << entry.path();
    EXPECT_EQ(document["ready"].get<bool>(), drilled.status == 0) << entry.path();
  }
}

TEST_F(DrillVerbTest, PlanAfterTheDeathHasAsManyActions) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  const ProgramRun drilled = Run({"drill", "--json", "--pool", "edgepool1", "contoso"});
  const auto row = nlohmann::json::parse(drilled.out)["rows"][0];
  EXPECT_EQ(row["federation_to"], "edgepool2");

  // Now it dies, and a person commits what the drill has shown.
  const auto change = [this](const char* file, const std::string& from, const std::string& to) {
    std::string text = ReadText(home_ / "contoso" / file);
    ASSERT_THAT(text, HasSubstr(from));
    text.replace(text.find(from), from.size(), to);
    WriteText(home_ / "contoso" / file, text);
  };
  change("organization.yaml",
         "{federation: edgepool1, xmpp: edgepool1}",
         "{federation: edgepool2, xmpp: edgepool2}");
  change("site1.yaml", "condition: inService ", "condition: outOfService\n  reason: fire ");
  const std::string pool = "  edgepool1.contoso.net:\n";
  change("world.sim", pool, pool + "    power: off\n");
  const ProgramRun planned = Run({"plan", "--json", "contoso"});
  EXPECT_EQ(planned.status, 2) << planned.out << planned.err;
  const auto plan = nlohmann::json::parse(planned.out);
  EXPECT_EQ(plan["certificate"]["actions"], row["actions"]);
  EXPECT_EQ(plan["summary"]["gates"], row["gates"]);
}

TEST_F(DrillVerbTest, ChangesAreAgainstTheLastDrill) {
  CopyScenario("nothing-to-do");
  const auto drill = [this] {
    const ProgramRun run = Run({"drill", "--changes", "--json", "--pool", "edgepool1", "contoso"});
    EXPECT_THAT(run.status, ::testing::AnyOf(0, 2)) << run.err;
    return nlohmann::json::parse(run.out);
  };
  EXPECT_TRUE(drill()["changes"]["compared_with"].is_null());
  const nlohmann::json same = drill();
  EXPECT_FALSE(same["changes"]["compared_with"].is_null());
  EXPECT_TRUE(same["changes"]["deaths"].empty()) << same["changes"];
  // Its stand-in dies: readiness is lost, or there is one more reason why there is none.
  std::string world = ReadText(home_ / "contoso/world.sim");
  const std::string pool = "  edgepool2.contoso.com:\n";
  ASSERT_THAT(world, HasSubstr(pool));
  world.replace(world.find(pool, world.find("edgePools:")), pool.size(), pool + "    power: off\n");
  WriteText(home_ / "contoso/world.sim", world);
  const nlohmann::json worse = drill();
  ASSERT_EQ(worse["changes"]["deaths"].size(), 1U) << worse;
  EXPECT_FALSE(worse["changes"]["deaths"][0]["appeared"].empty());
  EXPECT_THAT(Run({"drill", "--changes", "--pool", "edgepool1", "contoso"}).out,
              HasSubstr("Changes: none since "));
  // Other deaths are not compared with these.
  EXPECT_THAT(Run({"drill", "--changes", "contoso"}).out, HasSubstr("there was no earlier drill"));
}

}  // namespace
}  // namespace poolshift
