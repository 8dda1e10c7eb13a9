// Whether a resource is as an action wanted it.
#include "controller/model/covers.h"

#include <gtest/gtest.h>

namespace poolshift {
namespace {

struct CoversCase {
  const char* name;
  Value whole, part;
  bool covered;
};

class CoversTest : public testing::TestWithParam<CoversCase> {};

TEST_P(CoversTest, ComparesWhatIsWanted) {
  EXPECT_EQ(Covers(GetParam().whole, GetParam().part), GetParam().covered);
}

INSTANTIATE_TEST_SUITE_P(
    Values,
    CoversTest,
    testing::Values(
        CoversCase{"Equal", Value::Map{{"a", 1}}, Value::Map{{"a", 1}}, true},
        CoversCase{"MoreMembers", Value::Map{{"a", 1}, {"b", 2}}, Value::Map{{"a", 1}}, true},
        CoversCase{"OtherMember", Value::Map{{"a", 2}}, Value::Map{{"a", 1}}, false},
        CoversCase{"MissingMember", Value::Map{{"b", 1}}, Value::Map{{"a", 1}}, false},
        CoversCase{"DeepMember",
                   Value::Map{{"p", Value::Map{{"x", true}, {"y", 1}}}},
                   Value::Map{{"p", Value::Map{{"x", true}}}},
                   true},
        CoversCase{"DeepOther",
                   Value::Map{{"p", Value::Map{{"x", false}, {"y", 1}}}},
                   Value::Map{{"p", Value::Map{{"x", true}}}},
                   false},
        CoversCase{"LongerList",
                   Value::Map{{"r", Value::List{"1", "2"}}},
                   Value::Map{{"r", Value::List{"1"}}},
                   false},
        CoversCase{"MapForText", Value::Map{{"r", Value::Map{}}}, Value::Map{{"r", ""}}, false}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Shows, UnreachableShowsNothing) {
  Observation seen;
  EXPECT_FALSE(Shows(seen, Value()));
  EXPECT_FALSE(Shows(seen, Value::Map{}));
}

TEST(Shows, AbsentShowsDeletionOnly) {
  Observation seen;
  seen.presence = Presence::kAbsent;
  EXPECT_TRUE(Shows(seen, Value()));
  EXPECT_FALSE(Shows(seen, Value::Map{}));
}

}  // namespace
}  // namespace poolshift
