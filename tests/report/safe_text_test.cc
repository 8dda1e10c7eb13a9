#include "controller/report/safe_text.h"

#include "gtest/gtest.h"

namespace poolshift {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* safe;
};

class SafeTextCases : public ::testing::TestWithParam<Case> {};

TEST_P(SafeTextCases, EscapesWhatMovesOrHides) {
  EXPECT_EQ(SafeText(GetParam().text), GetParam().safe);
}

INSTANTIATE_TEST_SUITE_P(
    Texts,
    SafeTextCases,
    ::testing::Values(Case{"Plain", "edge1.contoso.net", "edge1.contoso.net"},
                      Case{"OtherScripts", "пул 池 풀 é", "пул 池 풀 é"},
                      Case{"Escape", "a\x1b[31mb", "a\\u{1B}[31mb"},
                      Case{"LineEnds", "a\r\nb\tc", "a\\u{D}\\u{A}b\\u{9}c"},
                      Case{"Delete", "\x7f", "\\u{7F}"},
                      Case{"NextLine", "\xc2\x85", "\\u{85}"},
                      Case{"RightToLeft", "\u202E\u2067", "\\u{202E}\\u{2067}"},
                      Case{"ZeroWidth", "a\u200Bb\uFEFF", "a\\u{200B}b\\u{FEFF}"},
                      Case{"Tags", "\U000E0041", "\\u{E0041}"},
                      Case{"StrayByte", "a\xff!", "a\\xFF!"},
                      Case{"CutSequence", "\xe2\x80", "\\xE2\\x80"},
                      Case{"OverlongSlash", "\xc0\xaf", "\\xC0\\xAF"},
                      Case{"OverlongThree", "\xe0\x80\xaf", "\\xE0\\x80\\xAF"},
                      Case{"Surrogate", "\xed\xa0\x80", "\\xED\\xA0\\x80"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(SafeTextTest, FindsEachByteWhereverItStands) {
  for (const char unsafe : {'\0', '\x1f', '\x7f', '\x80', '\xff'}) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, '~');
      text[at] = unsafe;
      EXPECT_EQ(PlainSize(text), at);
    }
  }
  EXPECT_EQ(PlainSize(" ~ edge1.contoso.net ~ "), 23U);
}

TEST(ColumnsTest, CountsWideLettersTwice) {
  EXPECT_EQ(Columns("edge"), 4);
  EXPECT_EQ(Columns("é→"), 2);
  EXPECT_EQ(Columns("池풀"), 4);
}

}  // namespace
}  // namespace poolshift
