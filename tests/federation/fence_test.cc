// How long fences stand (D15).
#include "controller/federation/fence.h"

#include "gtest/gtest.h"

namespace poolshift {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'000'000'000);  // 2001-09-09 01:46:40 UTC

struct Row {
  const char* name;
  const char* mode;
  absl::Duration left;  // until it expires; InfiniteDuration: never
  bool ran_out, to_be_renewed;
};

class FenceTest : public testing::TestWithParam<Row> {};

TEST_P(FenceTest, IsRenewedInTime) {
  const bool ends = GetParam().left != absl::InfiniteDuration();
  const Value fence = Value::Map{
      {"mode", GetParam().mode},
      {"expires",
       ends ? absl::FormatTime(absl::RFC3339_full, kNow + GetParam().left, absl::UTCTimeZone())
            : std::string()}};
  EXPECT_EQ(FenceExpiry(fence).has_value(), ends);
  EXPECT_EQ(HasRunOut(fence, kNow), GetParam().ran_out);
  EXPECT_EQ(IsToBeRenewed(fence, kNow, Policy()), GetParam().to_be_renewed);
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    FenceTest,
    testing::Values(Row{"no_fence", "none", absl::InfiniteDuration(), false, false},
                    Row{"by_hand_without_an_end", "drop", absl::InfiniteDuration(), false, false},
                    Row{"new", "reset", absl::Hours(7 * 24), false, false},
                    Row{"a_quarter_left", "reset", absl::Hours(42), false, false},
                    Row{"less_than_a_quarter_left", "reset", absl::Hours(41), false, true},
                    Row{"over_and_gone", "none", -absl::Hours(1), true, true},
                    Row{"over_and_still_there", "drop", -absl::Hours(1), true, true}),
    [](const auto& row) { return row.param.name; });

TEST(FenceExpiryTest, EndsOnTheFullHour) {
  const Policy policy;
  EXPECT_EQ(ExpiryFrom(kNow, policy), "2001-09-16T02:00:00+00:00");
  EXPECT_EQ(ExpiryFrom(kNow + absl::Minutes(10), policy), ExpiryFrom(kNow, policy))
      << "a plan made again is the same";
  EXPECT_EQ(ExpiryFrom(absl::InfinitePast(), policy), "") << "nobody knows what time it is";
  EXPECT_EQ(ExpiryText(absl::FromUnixSeconds(0)), "1970-01-01 00:00 UTC");
}

}  // namespace
}  // namespace poolshift
