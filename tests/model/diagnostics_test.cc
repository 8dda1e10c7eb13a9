#include "controller/model/diagnostics.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace poolshift {
namespace {

using testing::ElementsAre;

TEST(OriginTest, LeavesOutWhatIsUnknown) {
  EXPECT_EQ(ToString(Origin{}), "");
  EXPECT_EQ(ToString(Origin{"a.yaml", 0, 0}), "a.yaml");
  EXPECT_EQ(ToString(Origin{"a.yaml", 3, 0}), "a.yaml:3");
  EXPECT_EQ(ToString(Origin{"a.yaml", 3, 7}), "a.yaml:3:7");
  EXPECT_EQ(ToString(Origin{"a.yaml", 0, 7}), "a.yaml");
}

TEST(DiagnosticTest, SaysWhereWhatAndWhatNext) {
  const Origin origin{"a.yaml", 3, 7};
  using enum Diagnostic::Severity;
  EXPECT_EQ(ToString(Diagnostic{kError, origin, "no pool is called `edge`", ""}),
            "a.yaml:3:7: error: no pool is called `edge`");
  EXPECT_EQ(ToString(Diagnostic{kWarning, origin, "no contact", "add one"}),
            "a.yaml:3:7: warning: no contact; add one");
  EXPECT_EQ(ToString(Diagnostic{kNote, {}, "resolved", ""}), "note: resolved");
}

TEST(DiagnosticsTest, OnlyErrorsAreErrors) {
  Diagnostics found;
  EXPECT_FALSE(found.has_errors());
  found.Warning({}, "warning");
  found.Note({}, "note");
  EXPECT_FALSE(found.has_errors());
  found.Error({}, "error");
  EXPECT_TRUE(found.has_errors());
}

std::vector<std::string> Messages(const Diagnostics& found) {
  std::vector<std::string> messages;
  for (const Diagnostic& item : found.items())
    messages.push_back(item.message);
  return messages;
}

TEST(DiagnosticsTest, SortsByPlaceAndStaysStable) {
  Diagnostics found;
  found.Error({"b.yaml", 1, 1}, "b1");
  found.Error({"a.yaml", 10, 1}, "a10");
  found.Warning({"a.yaml", 9, 2}, "first at 9:2");
  found.Error({"a.yaml", 9, 2}, "second at 9:2");
  found.Error({"a.yaml", 9, 1}, "a9");
  found.Sort();
  EXPECT_THAT(Messages(found), ElementsAre("a9", "first at 9:2", "second at 9:2", "a10", "b1"));
}

TEST(DiagnosticsTest, AppendKeepsBoth) {
  Diagnostics found;
  found.Error({}, "one");
  Diagnostics more;
  more.Note({}, "two");
  found.Append(std::move(more));
  EXPECT_THAT(Messages(found), ElementsAre("one", "two"));
}

struct CloseRow {
  const char* name;
  const char* word;
  const char* closest;
};

class ClosestNameTest : public testing::TestWithParam<CloseRow> {};

TEST_P(ClosestNameTest, IsNearOrNothing) {
  const std::vector<std::string> candidates = {"edgepool1", "edgepool2", "federation", "xmpp", ""};
  EXPECT_EQ(ClosestName(GetParam().word, candidates), GetParam().closest);
}

const CloseRow kClose[] = {
    {"same", "edgepool2", "edgepool2"},
    {"other_case", "EdgePool2", "edgepool2"},
    {"letter_missing", "edgpool2", "edgepool2"},
    {"letter_more", "edgeppool2", "edgepool2"},
    {"letters_swapped", "egdepool2", "edgepool2"},
    {"letter_replaced", "xmqp", "xmpp"},
    {"first_of_equals", "edgepool9", "edgepool1"},
    {"a_third_differs", "fedxxxtion", "federation"},
    {"more_than_a_third", "fxxxxation", ""},
    {"two_swapped_is_one", "xpmp", "xmpp"},
    {"two_of_four", "xmab", ""},
    {"nothing_like_it", "certificate", ""},
};

INSTANTIATE_TEST_SUITE_P(Words, ClosestNameTest, testing::ValuesIn(kClose), [](const auto& row) {
  return std::string(row.param.name);
});

TEST(ClosestNameTest, IgnoresWordsOfAbsurdLength) {
  EXPECT_EQ(ClosestName(std::string(100'000, 'a'), {"a"}), "");
  EXPECT_EQ(ClosestName("a", {std::string(100'000, 'a')}), "");
  EXPECT_EQ(ClosestName("a", {}), "");
}

}  // namespace
}  // namespace poolshift
