// What is published from the tables: JSON Schema, reference page, starter files.
#include <cstdlib>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/manifest/json_schema.h"
#include "controller/manifest/reference_page.h"
#include "controller/manifest/schema.h"
#include "controller/manifest/starter.h"
#include "tests/manifest/load.h"

namespace poolshift {
namespace {

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

TEST(Published, SchemaAgreesWithTheLoader) {
  const std::string schema = testing::TempDir() + "poolshift-manifest-schema.json";
  WriteFile(schema, ManifestJsonSchema());
  const std::string program = TestFile("check_schema.py");
  const std::string command =
      "python3 '" + program + "' '" + schema + "' '" + POOLSHIFT_SOURCE_DIR + "' 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT: the arguments are ours
}

TEST(Published, ReferencePageIsCurrent) {
  const std::string path = std::string(POOLSHIFT_SOURCE_DIR) + "/docs/manifest-reference.md";
  if (std::getenv("POOLSHIFT_UPDATE") != nullptr) WriteFile(path, ManifestReferencePage());
  EXPECT_TRUE(ReadFile(path) == ManifestReferencePage())
      << "run this test once with POOLSHIFT_UPDATE=1 in the environment";
}

TEST(Published, ExamplesFitTheirKinds) {
  for (const manifest::KindTable& table : manifest::KindTables()) {
    const ParsedFile file = ParseManifest("example", table.example);
    EXPECT_EQ(Print(file.diagnostics()), "") << table.kind;
  }
}

TEST(Published, ExamplesTogetherAreAnOrganization) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const manifest::KindTable& table : manifest::KindTables()) {
    texts.emplace_back(std::string(table.kind), std::string(table.example));
  }
  const std::string findings = Print(LoadTexts(texts).diagnostics);
  EXPECT_THAT(findings, testing::HasSubstr("no EdgePool is named `edgepool2`"));
  EXPECT_THAT(findings, testing::Not(testing::HasSubstr("named `edgepool1`")));
}

TEST(Published, StarterFilesLoadWithoutFindings) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& [name, text] : StarterManifests()) {
    EXPECT_TRUE(IsManifestName(name));
    texts.emplace_back(name, text);
  }
  const auto loaded = LoadTexts(texts);
  EXPECT_EQ(Print(loaded.diagnostics), "");
  EXPECT_EQ(loaded.organization.name, "contoso");
  EXPECT_EQ(loaded.organization.edge_pools.at("edgepool1").servers.size(), 2U);
}

}  // namespace
}  // namespace poolshift
