#include "controller/yaml/plain_reader.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "gtest/gtest.h"

#include "tests/manifest/load.h"
#include "tests/manifest/same_tree.h"

namespace poolshift::manifest {
namespace {

struct Row {
  std::string name;
  std::string text;
  Ways expected;
};

std::string ManyKeys(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "k" + std::to_string(i) + ": a\n";
  return text;
}

TEST(PlainReader, ReadsWhatManifestsAreWrittenIn) {
  const std::vector<Row> rows = {
      {"a map", "a: b\nc: d\n", Ways::kSame},
      {"a key that is no word", "_x._tcp.a.b/SRV: [c]\n", Ways::kSame},
      {"many keys", ManyKeys(100), Ways::kSame},
      {"no end of the last line", "a: b", Ways::kSame},
      {"spaces around values", "a:   b  \nc: d   # why\n", Ways::kSame},
      {"comments and empty lines", "# é\n\na: b\n   # c\nc: d\n", Ways::kSame},
      {"documents", "---\na: b\n---  \nc: d\n", Ways::kSame},
      {"a map in a map", "a:\n  b:\n    c: d\n  e: f\ng: h\n", Ways::kSame},
      {"a list in a map", "a:\n  - b\n  - c\nd: e\n", Ways::kSame},
      {"a list right below its key", "a:\n- b\n- c\nd: e\n", Ways::kSame},
      {"maps in a list", "a:\n  - b: c\n    d: e\n  -   f: g\n      h: i\n", Ways::kSame},
      {"lists in maps in a list", "a:\n- b:\n  - c\n  d: e\n- f: g\n", Ways::kSame},
      {"brackets", "a: {b: c, d: [e, {f: g}], h: []}\ni: {}  # none\n", Ways::kSame},
      {"brackets in a list", "a:\n  - {b: c}\n  - [d, e]\n", Ways::kSame},
      {"words with signs", "a: ../b-c_d.e f, g {h} [i] & *j | k\n", Ways::kSame},
      {"colons within words", "a: 22:30\nb: {c: d:443, e: [2001:db8:1]}\n", Ways::kSame},
      {"a hash within a word", "a: b#c\n", Ways::kSame},
      {"quotes", "a: \"b # c: d\"\ne: 'f'\ng: [\"\", 'h: i']\n", Ways::kSame},
      {"quotes within a word", "a: it's \"so\"\n", Ways::kSame},
      {"a comment below a key", "a:  # b\n  c: d\n", Ways::kSame},
      {"no document", "# a\n", Ways::kOnlyLong},
      {"no value", "a:\nb: c\n", Ways::kOnlyLong},
      {"no value at the end", "a: b\nc:\n", Ways::kOnlyLong},
      {"no value in brackets", "a: {b: , c: d}\n", Ways::kOnlyLong},
      {"null", "a: null\n", Ways::kOnlyLong},
      {"null in brackets", "a: [NULL]\n", Ways::kOnlyLong},
      {"null by its sign", "a: ~\n", Ways::kOnlyLong},
      {"null as a key", "null: a\n", Ways::kOnlyLong},
      {"an empty item", "a:\n  -\n  - b\n", Ways::kOnlyLong},
      {"an empty document", "---\n---\na: b\n", Ways::kOnlyLong},
      {"a text over two lines", "a: b\n  c\n", Ways::kOnlyLong},
      {"brackets over two lines", "a: [b,\n  c]\n", Ways::kOnlyLong},
      {"quotes over two lines", "a: \"b\n  c\"\n", Ways::kOnlyLong},
      {"an escape", R"(a: "b\n")", Ways::kOnlyLong},
      {"an escape of single quotes", "a: 'it''s'\n", Ways::kOnlyLong},
      {"a block of text", "a: |\n  b\n", Ways::kOnlyLong},
      {"an anchor", "a: &b c\n", Ways::kOnlyLong},
      {"an alias", "a: *b\n", Ways::kOnlyLong},
      {"a tag", "a: !b c\n", Ways::kOnlyLong},
      {"a merge key", "<<: {a: b}\n", Ways::kOnlyLong},
      {"an explicit key", "? a\n: b\n", Ways::kOnlyLong},
      {"a directive", "%YAML 1.2\n---\na: b\n", Ways::kOnlyLong},
      {"an end of a document", "a: b\n...\n", Ways::kOnlyLong},
      {"another letter", "a: é\n", Ways::kOnlyLong},
      {"line ends of another system", "a: b\r\n", Ways::kOnlyLong},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "a: b\n",
       Ways::kOnlyLong},
      {"a key twice", "a: b\na: c\n", Ways::kOnlyLong},
      {"a key twice among many", ManyKeys(100) + "k1: b\n", Ways::kOnlyLong},
      {"a key twice in brackets", "a: {b: c, b: d}\n", Ways::kOnlyLong},
      {"a value twice", "a: b: c\n", Ways::kOnlyLong},
      {"a comma too much", "a: [b, ]\n", Ways::kOnlyLong},
      {"a bracket too much", "a: [b]]\n", Ways::kOnlyLong},
      {"less indentation than any map", "a:\n    b: c\n  d: e\n", Ways::kOnlyLong},
      {"more indentation than the map", "a: b\n  c: d\n", Ways::kOnlyLong},
      {"an item after a map", "a: b\n- c\n", Ways::kOnlyLong},
      {"an entry after a list", "a:\n  - b\n  c: d\n", Ways::kOnlyLong},
      {"a document that is a list", "- a\n", Ways::kOnlyLong},
      {"a document in brackets", "{a: b}\n", Ways::kOnlyLong},
      {"a document beside its mark", "--- {a: b}\n", Ways::kOnlyLong},
      {"an indented document", "  a: b\n", Ways::kOnlyLong},
      {"a comment without a space", "a: {b: c}#d\n", Ways::kOnlyLong},
      {"a long line", "a: " + std::string(1000, 'b') + "\n", Ways::kOnlyLong},
      {"many brackets", "a: " + std::string(40, '[') + std::string(40, ']'), Ways::kOnlyLong},
  };
  for (const Row& row : rows)
    EXPECT_EQ(CompareWays(row.text), row.expected) << row.name;
}

std::vector<std::string> Samples() {
  std::vector<std::string> texts;
  for (const char* folder : {"/manifests", "/tests/manifest/good", "/tests/scenarios"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(POOLSHIFT_SOURCE_DIR + std::string(folder)))
      if (entry.path().extension() == ".yaml") texts.push_back(ReadFile(entry.path().string()));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

TEST(PlainReader, ReadsAllSamplesAsParsersDo) {
  std::size_t plain = 0;
  const std::vector<std::string> texts = Samples();
  for (const std::string& text : texts) {
    const Ways ways = CompareWays(text);
    EXPECT_NE(ways, Ways::kDiffer) << text;
    plain += ways == Ways::kSame ? 1 : 0;
  }
  EXPECT_GT(plain * 2, texts.size());  // otherwise the short way is not worth having
}

// Puts signs of YAML, or parts of the text itself, where they may or may not belong.
std::string Edited(std::string text, std::mt19937_64& random) {
  constexpr std::array<std::string_view, 34> kSigns = {
      " ",  "  ", "\n", "\n  ", "- ",  "-",    ":",  ": ",  "#", " #",  "{",  "}",
      "[",  "]",  ",",  ", ",   "&",   "*",    "!",  "|",   "'", "\"",  "\\", "---\n",
      "? ", "~",  "%",  "a",    "a: ", "null", "<<", "...", "é", "\r\n"};
  const auto below = [&random](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  for (std::size_t i = 1 + below(2); i > 0; --i) {
    const std::size_t at = below(text.size() + 1);
    switch (below(3)) {
      case 0:
        text.erase(at, 1 + below(4));
        break;
      case 1:
        text.insert(at, text.substr(below(text.size()), below(30)));
        break;
      default:
        text.insert(at, kSigns[below(kSigns.size())]);
    }
  }
  return text;
}

TEST(PlainReader, ReadsEditedTextsAsParsersDo) {
  constexpr std::size_t kLongest = 1'500;
  const char* wanted = std::getenv("POOLSHIFT_EDITS");
  const std::size_t edits = wanted == nullptr ? 20'000 : std::stoul(wanted);
  const std::vector<std::string> texts = Samples();
  std::mt19937_64 random(7);
  std::size_t plain = 0;
  for (std::size_t i = 0; i < edits; ++i) {
    const std::string& sample = texts[i % texts.size()];
    const std::string text = Edited(sample.substr(0, kLongest), random);
    const Ways ways = CompareWays(text);
    ASSERT_NE(ways, Ways::kDiffer) << text;
    plain += ways == Ways::kSame ? 1 : 0;
  }
  EXPECT_GT(plain, edits / 30);
}

}  // namespace
}  // namespace poolshift::manifest
