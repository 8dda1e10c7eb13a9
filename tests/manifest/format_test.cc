#include "controller/manifest/format.h"

#include "gtest/gtest.h"

#include "controller/manifest/starter.h"
#include "tests/manifest/cases.h"

namespace poolshift {
namespace {

// "expected" is the formatted text; a case named "refused: ..." must be left as it is.
TEST(Format, CasesGiveExactlyThese) {
  const auto cases = ReadCases(TestFile("format.cases"), "");
  ASSERT_GT(cases.size(), 10U);
  for (const Case& item : cases) {
    SCOPED_TRACE(item.name);
    const FormatResult result = FormatManifest(item.text);
    EXPECT_EQ(result.text, item.expected);
    EXPECT_EQ(result.changed, item.text != item.expected);
    EXPECT_EQ(!result.refusal.empty(), item.name.rfind("refused", 0) == 0) << result.refusal;
  }
}

TEST(Format, TwiceIsOnce) {
  for (const Case& item : ReadCases(TestFile("format.cases"), "")) {
    const std::string once = FormatManifest(item.text).text;
    EXPECT_EQ(FormatManifest(once).text, once) << item.name;
  }
}

TEST(Format, InvisibleThingsGo) {
  EXPECT_EQ(FormatManifest("\xEF\xBB\xBF"
                           "a: 1  \r\n\r\n\r\n\r\nb: 2")
                .text,
            "a: 1\n\nb: 2\n");
  EXPECT_EQ(FormatManifest("").text, "");
}

TEST(Format, UnreadableTextStays) {
  const FormatResult result = FormatManifest("a: [\n");
  EXPECT_EQ(result.text, "a: [\n");
  EXPECT_FALSE(result.changed);
  EXPECT_EQ(result.refusal,
            ":2:1: error: not YAML: while parsing a flow node: did not find expected node content");
}

TEST(Format, StarterFilesAreFormatted) {
  for (const auto& [name, text] : StarterManifests())
    EXPECT_EQ(FormatManifest(text).text, text) << name;
}

}  // namespace
}  // namespace poolshift
