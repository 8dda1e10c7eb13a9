#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/manifest/load.h"

namespace poolshift {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

struct Hostile {
  std::string name;
  std::string text;
  std::string expected;  // the first finding
};

std::string Repeat(std::string_view part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    text += part;
  return text;
}

// Nine lists of nine aliases each: 387 million nodes.
std::string AliasBomb() {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char letter = 'b'; letter <= 'i'; ++letter) {
    const std::string alias = std::string("*") + static_cast<char>(letter - 1);
    text +=
        std::string(1, letter) + ": &" + letter + " [" + Repeat(alias + ", ", 8) + alias + "]\n";
  }
  return text;
}

// Sixty levels that an alias adds to sixty others.
std::string DeepAliases() {
  return "a: &a " + Repeat("[", 60) + Repeat("]", 60) + "\nb: " + Repeat("[", 5) + "*a" +
         Repeat("]", 5) + "\n";
}

std::vector<Hostile> HostileTexts() {
  const std::string deep = "m.yaml:1:67: error: nested deeper than 64 levels";
  return {
      {"lists a thousand deep", "a: " + Repeat("[", 1000) + Repeat("]", 1000), deep},
      {"lists left open a million deep",
       Repeat("[", 1'000'000),
       "m.yaml:1:65: error: nested deeper than 64 levels"},
      {"maps left open a million deep",
       Repeat("{", 1'000'000),
       "m.yaml:1:65: error: nested deeper than 64 levels"},
      {"maps with keys a hundred thousand deep",
       "a: " + Repeat("{a: ", 100'000),
       "m.yaml:1:256: error: nested deeper"},
      {"items a million deep", Repeat("- ", 1'000'000), "m.yaml:1:129: error: nested deeper"},
      {"explicit keys a million deep",
       Repeat("? ", 1'000'000),
       "m.yaml:1:129: error: nested deeper than 64 levels"},
      {"indented maps a thousand deep",
       [] {
         std::string text;
         for (std::size_t i = 0; i < 1000; ++i)
           text += std::string(i, ' ') + "a:\n";
         return text;
       }(),
       "m.yaml:65:65: error: nested deeper than 64 levels"},
      {"alias bomb", AliasBomb(), "m.yaml:6:8: error: aliases stand for more than 100000 nodes"},
      {"aliases that add levels",
       DeepAliases(),
       "m.yaml:2:9: error: nested deeper than 64 levels through aliases"},
      {"a comma that yaml-cpp never gets past", ",1 [2 :a\n", "m.yaml:1:1: error: not YAML"},
      {"a column behind letters of two bytes",
       "\xC3\xA9\xC3\xA9: \"\\q\"",
       "m.yaml:1:8: error: not YAML: while parsing a quoted scalar"},
      {"cycle in a list",
       "&a [*a]",
       "m.yaml:1:5: error: an alias inside the node that it stands for"},
      {"cycle in a map", "a: &a {b: *a}", "m.yaml:1:11: error: an alias inside the node"},
      {"one byte too much",
       Repeat("# filler\n", (4U << 20U) / 9 + 1),
       "m.yaml: error: larger than 4 MiB"},
      {"two gigabytes would stop as early",
       std::string((4U << 20U) + 1, 'x'),
       "m.yaml: error: larger than 4 MiB"},
      {"one huge line", std::string(4U << 20U, 'x'), "m.yaml:1:1: error: a document must be a map"},
      {"a key of a megabyte",
       std::string(1U << 20U, 'k') + ": 1\n",
       "m.yaml:1:1048577: error: not YAML"},
      {"a million documents", Repeat("---\n", 1'000'000), ""},
      {"a hundred thousand bad documents",
       Repeat("--- a\n", 100'000),
       "m.yaml:1:5: error: a document must be a map"},
      {"a hundred thousand equal keys",
       Repeat("a: 1\n", 100'000),
       "m.yaml:1:1: error: unknown key `a`"},
      {"quotes left open", Repeat("\"\n", 99'999), "m.yaml:3:1: error: not YAML"},
      {"anchors only", Repeat("- &a\n", 100'000), "m.yaml:1:1: error: a document must be a map"},
      {"NUL", std::string("a: b\0c\n", 7), "m.yaml:1:5: error: a NUL character; remove it"},
      {"escape character", "a: \x1B[2J\n", "m.yaml:1:4: error: a control character (U+001B)"},
      {"lone carriage return", "a: b\rc: d\n", "m.yaml:1:5: error: a control character (U+000D)"},
      {"next line character", "a: \xC2\x85 b\n", "m.yaml:1:4: error: a control character (U+0085)"},
      {"tab", "a:\n\tb: c\n", "m.yaml:2:1: error: a tab; indent and separate with spaces"},
      {"hidden direction",
       "a: \xE2\x80\xAE b\n",
       "m.yaml:1:4: error: a bidirectional control character (U+202E)"},
      {"line separator",
       "a: \xE2\x80\xA8 b\n",
       "m.yaml:1:4: error: an invisible character (U+2028)"},
      {"no-break of no width",
       "a: x\xEF\xBB\xBF\n",
       "m.yaml:1:5: error: an invisible character (U+FEFF)"},
      {"no character",
       "a: \xEF\xBF\xBF\n",
       "m.yaml:1:4: error: a code that is no character (U+FFFF)"},
      {"Latin-1", "a: caf\xE9\n", "m.yaml:1:7: error: invalid UTF-8; save the file as UTF-8"},
      {"overlong", "a: \xC0\xAF\n", "m.yaml:1:4: error: invalid UTF-8"},
      {"surrogate", "a: \xED\xA0\x80\n", "m.yaml:1:4: error: invalid UTF-8"},
      {"cut character", "a: \xE2\x82", "m.yaml:1:4: error: invalid UTF-8"},
      {"UTF-16 little",
       std::string("\xFF\xFE"
                   "a\0:\0",
                   6),
       "m.yaml:1:1: error: the file is UTF-16, not UTF-8"},
      {"UTF-16 big",
       std::string("\xFE\xFF\0a\0:", 6),
       "m.yaml:1:1: error: the file is UTF-16, not UTF-8"},
      {"UTF-32 big",
       std::string("\0\0\xFE\xFF\0\0\0a", 8),
       "m.yaml:1:1: error: the file is UTF-32, not UTF-8"},
      {"UTF-16 without a mark", std::string("a\0:\0", 4), "m.yaml:1:2: error: a NUL character"},
  };
}

TEST(Limits, HostileTextsGiveErrors) {
  for (const Hostile& row : HostileTexts()) {
    SCOPED_TRACE(row.name);
    const ParsedFile file = ParseManifest("m.yaml", row.text);
    const std::string printed = Print(file.diagnostics());
    EXPECT_EQ(printed.substr(0, row.expected.size()), row.expected);
    if (row.expected.empty()) {
      EXPECT_EQ(printed, "");
    }
    EXPECT_LE(file.diagnostics().items().size(), 1001U);
  }
}

TEST(Limits, ByteOrderMarkAndCarriageReturnsAreFine) {
  std::string text = ReadFile(TestFile("good/base.yaml"));
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
    text.insert(at, "\r");
  const auto loaded = LoadText("\xEF\xBB\xBF" + text);
  EXPECT_EQ(Print(loaded.diagnostics), "");
  EXPECT_EQ(loaded.organization.edge_pools.size(), 2U);
}

TEST(Limits, SixtyFourLevelsAreFine) {
  const std::string text =
      "apiVersion: poolshift/v1\nkind: Provider\nmetadata: {name: a}\nspec: {type: sim, config: "
      "{a: " +
      Repeat("[", 61) + Repeat("]", 61) + "}}\n";
  EXPECT_EQ(Print(ParseManifest("m.yaml", text).diagnostics()), "");
  const std::string deeper =
      "apiVersion: poolshift/v1\nkind: Provider\nmetadata: {name: a}\nspec: {type: sim, config: "
      "{a: " +
      Repeat("[", 62) + Repeat("]", 62) + "}}\n";
  EXPECT_THAT(Print(ParseManifest("m.yaml", deeper).diagnostics()), HasSubstr("nested deeper"));
}

TEST(Limits, TooManyFiles) {
  std::vector<ParsedFile> files;
  for (int i = 0; i <= 20'000; ++i)
    files.push_back(ParseManifest(std::to_string(i) + ".yaml", ""));
  EXPECT_THAT(Print(AssembleOrganization(std::move(files)).diagnostics),
              HasSubstr("error: more than 20000 manifest files"));
}

TEST(Limits, TooManyBytesTogether) {
  const std::string zeros(4U << 20U, '\0');  // refused at once, but counted
  std::vector<ParsedFile> files;
  for (int i = 0; i < 17; ++i)
    files.push_back(ParseManifest("m.yaml", zeros));
  EXPECT_THAT(Print(AssembleOrganization(std::move(files)).diagnostics),
              HasSubstr("error: the manifests are larger than 64 MiB together"));
}

TEST(Limits, TooManyAliasesTogether) {
  const std::string settings =
      "apiVersion: poolshift/v1\nkind: Provider\nmetadata: {name: a}\nspec: {type: sim, config: "
      "{a: &a [" +
      Repeat("x, ", 999) + "x], b: [" + Repeat("*a, ", 59) + "*a]}}\n";
  std::vector<ParsedFile> files;
  files.push_back(ParseManifest("a.yaml", settings));
  files.push_back(ParseManifest("b.yaml", settings));
  EXPECT_EQ(Print(files[0].diagnostics()), "");
  EXPECT_THAT(Print(AssembleOrganization(std::move(files)).diagnostics),
              HasSubstr("error: aliases of all files stand for more than 100000 nodes"));
}

TEST(Limits, ManyDanglingReferencesStayCheap) {
  std::string text = ReadFile(TestFile("good/base.yaml"));
  for (int i = 0; i < 20'000; ++i) {
    text += "---\n{apiVersion: poolshift/v1, kind: Site, metadata: {name: s" + std::to_string(i) +
            "}, spec: {hosts: {xmpp: edgx}}}\n";
  }
  const auto loaded = LoadText(text);
  EXPECT_GT(loaded.diagnostics.items().size(), 9'000U);
  EXPECT_THAT(Print(loaded.diagnostics), EndsWith("error: more findings are not shown\n"));
}

TEST(Limits, OnlyYamlFilesAreManifests) {
  for (const char* name : {"a.yaml", "a.yml", "folder/b.yaml", ".hidden/c.yml"})
    EXPECT_TRUE(IsManifestName(name)) << name;
  for (const char* name : {"", "a", "a.json", ".yaml", ".a.yaml", "x/.a.yml", "a.yaml~", "yaml"})
    EXPECT_FALSE(IsManifestName(name)) << name;
}

}  // namespace
}  // namespace poolshift
