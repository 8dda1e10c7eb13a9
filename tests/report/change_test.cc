#include "controller/report/change.h"

#include "gtest/gtest.h"

namespace poolshift {
namespace {

std::string Texts(const Value& before, const Value& after) {
  std::string text;
  for (const Change& change : Changes(before, after))
    text += ToString(change) + "; ";
  return text;
}

TEST(ChangeTest, NamesOnlyWhatDiffers) {
  EXPECT_EQ(Texts(Value::Map{{"ttl", 60}, {"a", 1}}, Value::Map{{"ttl", 300}, {"a", 1}}),
            "ttl: 60 → 300; ");
}

TEST(ChangeTest, GoesIntoMaps) {
  const Value before = Value::Map{{"pools", Value::Map{{"p1", Value::Map{{"xmpp", true}}}}}};
  const Value after = Value::Map{{"pools", Value::Map{{"p1", Value::Map{{"xmpp", false}}}}}};
  EXPECT_EQ(Texts(before, after), "pools / p1 / xmpp: on → off; ");
}

TEST(ChangeTest, CreationShowsValuesAlone) {
  EXPECT_EQ(Texts({}, Value::Map{{"ttl", 60}}), "ttl: 60; ");
  EXPECT_EQ(Texts(Value::Map{{"ttl", 60}}, {}), "ttl: 60 → (none); ");
  EXPECT_EQ(Texts(Value::Map{{"x", Value::Map{}}}, {}), "x: (none) → (none); ");
}

TEST(ChangeTest, ShowsDurationsRoundedUp) {
  EXPECT_EQ(DurationText(absl::ZeroDuration()), "0s");
  EXPECT_EQ(DurationText(absl::Milliseconds(1)), "1s");
  EXPECT_EQ(DurationText(absl::Seconds(60)), "1m");
  EXPECT_EQ(DurationText(absl::Seconds(130)), "2m 10s");
  EXPECT_EQ(DurationText(absl::Seconds(3661)), "1h 1m");
  EXPECT_EQ(DurationText(absl::InfiniteDuration()), "forever");
}

TEST(ChangeTest, JoinsRunsOfNumbers) {
  const ActionNumbers numbers = {{"a", 1}, {"b", 2}, {"c", 3}, {"d", 5}, {"e", 6}};
  EXPECT_EQ(NumbersText({"c", "a", "b"}, numbers), "#1-#3");
  EXPECT_EQ(NumbersText({"a", "e", "d"}, numbers), "#1, #5, #6");
  EXPECT_EQ(NumbersText({"zzz", "b"}, numbers), "#2, zzz");
}

}  // namespace
}  // namespace poolshift
