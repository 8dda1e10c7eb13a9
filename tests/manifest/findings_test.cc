#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/manifest/cases.h"

namespace poolshift {
namespace {

// Faults of one document: printed after ParseManifest alone.
TEST(Findings, ShapeCasesGiveExactlyThese) {
  const auto cases = ReadCases(TestFile("shape.cases"), "");
  ASSERT_GT(cases.size(), 50U);
  for (const Case& item : cases) {
    SCOPED_TRACE(item.name);
    Diagnostics findings = ParseManifest("m.yaml", item.text).diagnostics();
    findings.Sort();
    EXPECT_EQ(Print(findings), item.expected);
  }
}

// Faults that only the whole organisation shows.
TEST(Findings, MeaningCasesGiveExactlyThese) {
  const auto cases = ReadCases(TestFile("meaning.cases"), ReadFile(TestFile("good/base.yaml")));
  ASSERT_GT(cases.size(), 60U);
  for (const Case& item : cases) {
    SCOPED_TRACE(item.name);
    EXPECT_EQ(Print(LoadText(item.text).diagnostics), item.expected);
  }
}

TEST(Findings, NothingIsDeclaredToReferTo) {
  const auto loaded = LoadText(
      "apiVersion: poolshift/v1\nkind: Organization\nmetadata: {name: a}\n"
      "spec: {hosts: {xmpp: edge1}}\n");
  EXPECT_THAT(
      Print(loaded.diagnostics),
      testing::HasSubstr("m.yaml:4:22: error: no EdgePool is named `edge1`; none is declared\n"));
}

TEST(Findings, FilesAreReportedInOrder) {
  const auto loaded =
      LoadTexts({{"b.yaml", "a: 1\n"}, {"a.yaml", "b: [\n"}, {"c.yaml", "c: \"x\n"}});
  EXPECT_EQ(
      Print(loaded.diagnostics),
      "a.yaml:2:1: error: not YAML: while parsing a flow node: did not find expected node content\n"
      "b.yaml:1:1: error: unknown key `a` in the document; it knows `apiVersion`, `kind`, "
      "`metadata` and `spec`\n"
      "b.yaml:1:1: error: the document lacks `apiVersion`; a document starts with `apiVersion: "
      "poolshift/v1`, `kind:` and `metadata: {name: …}`\n"
      "b.yaml:1:1: error: the document lacks `kind`; a document starts with `apiVersion: "
      "poolshift/v1`, `kind:` and `metadata: {name: …}`\n"
      "c.yaml:1:4: error: not YAML: while scanning a quoted scalar: found unexpected end of "
      "stream\n");
}

TEST(Findings, UnreadableFileSilencesReferences) {
  const auto loaded = LoadTexts({{"a.yaml", "b: [\n"},
                                 {"base.yaml", "---\n"},
                                 {"c.yaml",
                                  "apiVersion: poolshift/v1\nkind: Organization\nmetadata: {name: "
                                  "a}\nspec: {centralStore: x}\n"}});
  EXPECT_EQ(Print(loaded.diagnostics),
            "a.yaml:2:1: error: not YAML: while parsing a flow node: did not find expected node "
            "content\n");
}

TEST(Findings, TwoOrganizationsLoadIndependently) {
  const std::string base = ReadFile(TestFile("good/base.yaml"));
  std::string other = base;
  Replace("metadata: {name: contoso}", "metadata: {name: fabrikam}", other);
  Replace("federation: edge1", "federation: edge2", other);
  const auto first = LoadText(base);
  const auto second = LoadText(other);
  EXPECT_EQ(Print(second.diagnostics), "");
  EXPECT_EQ(first.organization.name, "contoso");
  EXPECT_EQ(first.organization.federation_host(), "edge1");
  EXPECT_EQ(second.organization.name, "fabrikam");
  EXPECT_EQ(second.organization.federation_host(), "edge2");
}

TEST(Findings, TwoOrganizationsInOneInput) {
  const std::string base = ReadFile(TestFile("good/base.yaml"));
  const auto loaded = LoadTexts(
      {{"a.yaml", base},
       {"b.yaml", "apiVersion: poolshift/v1\nkind: Organization\nmetadata: {name: fabrikam}\n"}});
  EXPECT_EQ(Print(loaded.diagnostics),
            "b.yaml:3:18: error: a second Organization `fabrikam`; the first is `contoso` at "
            "a.yaml:3:18; load each organisation on its own\n");
}

}  // namespace
}  // namespace poolshift
