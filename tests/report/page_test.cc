#include "controller/report/page.h"

#include "gtest/gtest.h"

namespace poolshift {
namespace {

struct Broken {
  const char* name;
  const char* text;
  const char* lines;  // at most 20 columns each
};

class BrokenTexts : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenTexts, BreaksWhereTheLastWordFits) {
  Page page({.color = false, .width = 20});
  page.Add("", GetParam().text);
  EXPECT_EQ(page.text(), GetParam().lines);
}

INSTANTIATE_TEST_SUITE_P(
    Page,
    BrokenTexts,
    ::testing::Values(
        Broken{"Fits", "aaaa bbbb cccc ddddd", "aaaa bbbb cccc ddddd\n"},
        Broken{"ShortOfTheEdge", "aaaa bbbb cccc dddd eeee", "aaaa bbbb cccc dddd\neeee\n"},
        Broken{"AtTheEdge", "aaaa bbbb cccc ddddd eeee", "aaaa bbbb cccc ddddd\neeee\n"},
        Broken{"OverTheEdge", "aaaa bbbb cccc dddddd eeee", "aaaa bbbb cccc\ndddddd eeee\n"},
        Broken{"TwoSpaces", "aaaa bbbb cccc dddd  eeee", "aaaa bbbb cccc dddd\neeee\n"},
        Broken{"LongWord", "aaaaaaaaaaaaaaaaaaaaaaaaa b", "aaaaaaaaaaaaaaaaaaaaaaaaa\nb\n"},
        Broken{"Arrow", "aaaa → bbbb cccc ddd eeee", "aaaa → bbbb cccc ddd\neeee\n"},
        Broken{"ArrowAtTheEdge", "aaaa bbbb cccc dddd→ eeee", "aaaa bbbb cccc dddd→\neeee\n"},
        Broken{"WideLetters", "aaaa bbbb cccc 池池池 e", "aaaa bbbb cccc\n池池池 e\n"},
        Broken{"Backticks", "run `aaaa bbbb cccc d` now", "run\n`aaaa bbbb cccc d`\nnow\n"},
        Broken{"Joined", "aaaa bbbb cccc id\u00A0eeee", "aaaa bbbb cccc\nid eeee\n"}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace poolshift
