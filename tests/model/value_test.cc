#include "controller/model/value.h"

#include "gtest/gtest.h"

namespace poolshift {
namespace {

struct TextRow {
  const char* name;
  Value value;
  const char* canonical;
  const char* display;
};

class ValueText : public testing::TestWithParam<TextRow> {};

TEST_P(ValueText, IsCanonicalAndReadable) {
  EXPECT_EQ(CanonicalText(GetParam().value), GetParam().canonical);
  EXPECT_EQ(DisplayText(GetParam().value), GetParam().display);
}

const TextRow kTexts[] = {
    {"null", Value(), "null", "(none)"},
    {"yes", true, "true", "on"},
    {"no", false, "false", "off"},
    {"zero", 0, "0", "0"},
    {"smallest", INT64_MIN, "-9223372036854775808", "-9223372036854775808"},
    {"largest", INT64_MAX, "9223372036854775807", "9223372036854775807"},
    {"text", "edge1", R"("edge1")", "edge1"},
    {"no_text", "", R"("")", "(empty)"},
    {"quotes", R"(a"b\c)", R"("a\"b\\c")", R"(a"b\c)"},
    {"line_ends", "a\nb\tc\rd", R"("a\nb\tc\rd")", "a\nb\tc\rd"},
    {"control_bytes", "\x01\x1f\x7f", R"("\u0001\u001f\u007f")", "\x01\x1f\x7f"},
    {"umlaut", "bücher", "\"bücher\"", "bücher"},
    {"no_list", Value::List{}, "[]", "(none)"},
    {"list", Value::List{"a", 1, true}, R"(["a",1,true])", "a, 1, on"},
    {"no_map", Value::Map{}, "{}", "(none)"},
    {"keys_sorted", Value::Map{{"b", 2}, {"a", 1}}, R"({"a":1,"b":2})", "a=1 b=2"},
    {"nested",
     Value::Map{{"p", Value::Map{{"xmpp", true}}}},
     R"({"p":{"xmpp":true}})",
     "p={xmpp=on}"},
    {"key_with_quote", Value::Map{{"a\"", Value()}}, R"({"a\"":null})", "a\"=(none)"},
};

INSTANTIATE_TEST_SUITE_P(Texts, ValueText, testing::ValuesIn(kTexts), [](const auto& row) {
  return std::string(row.param.name);
});

// In ascending order: kinds first, then content.
const std::vector<Value>& Ascending() {
  static const std::vector<Value> values = {
      Value(),
      false,
      true,
      -1,
      0,
      7,
      "",
      "a",
      "aa",
      "b",
      Value::List{},
      Value::List{1},
      Value::List{1, 0},
      Value::List{2},
      Value::Map{},
      Value::Map{{"a", 1}},
      Value::Map{{"a", 1}, {"b", 0}},
      Value::Map{{"a", 2}},
      Value::Map{{"b", 0}},
  };
  return values;
}

TEST(ValueOrder, IsTotal) {
  const std::vector<Value>& values = Ascending();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      SCOPED_TRACE(CanonicalText(values[i]) + " and " + CanonicalText(values[j]));
      EXPECT_EQ(values[i] < values[j], i < j);
      EXPECT_EQ(values[i] == values[j], i == j);
    }
  }
}

TEST(ValueOrder, DifferentValuesHaveDifferentTexts) {
  const std::vector<Value>& values = Ascending();
  for (std::size_t i = 1; i < values.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(CanonicalText(values[i]), CanonicalText(values[j]));
    }
  }
}

TEST(ValueTest, StringLiteralIsNoBoolean) { EXPECT_TRUE(Value("running").is_string()); }

TEST(ValueTest, EachKindIsExactlyOne) {
  for (const Value& value : Ascending()) {
    const int kinds = value.is_null() + value.is_bool() + value.is_integer() + value.is_string() +
                      value.is_list() + value.is_map();
    EXPECT_EQ(kinds, 1) << CanonicalText(value);
  }
}

TEST(ValueTest, FindLooksOnlyIntoMaps) {
  const Value map = Value::Map{{"ttl", 300}};
  ASSERT_NE(map.Find("ttl"), nullptr);
  EXPECT_EQ(map.Find("ttl")->integer(), 300);
  EXPECT_EQ(map.Find("TTL"), nullptr);
  EXPECT_EQ(Value("ttl").Find("ttl"), nullptr);
  EXPECT_EQ(Value().Find("ttl"), nullptr);
}

TEST(ValueTest, FallbackServesMissingAndOtherKinds) {
  const Value value = Value::Map{{"text", "a"}, {"number", 5}, {"flag", true}};
  EXPECT_EQ(value.StringOr("text", "x"), "a");
  EXPECT_EQ(value.StringOr("number", "x"), "x");
  EXPECT_EQ(value.StringOr("none", "x"), "x");
  EXPECT_EQ(value.IntegerOr("number", 9), 5);
  EXPECT_EQ(value.IntegerOr("flag", 9), 9);
  EXPECT_TRUE(value.BooleanOr("flag", false));
  EXPECT_TRUE(value.BooleanOr("text", true));
}

TEST(ValueTest, SetReplacesAndAdds) {
  Value value;
  value.Set("a", 1);
  value.Set("b", 2);
  value.Set("a", 3);
  EXPECT_EQ(CanonicalText(value), R"({"a":3,"b":2})");
}

TEST(ValueDeathTest, WrongKindTerminates) {
  EXPECT_DEATH(static_cast<void>(Value(1).string()), "");
  EXPECT_DEATH(Value("text").Set("key", 1), "");
}

}  // namespace
}  // namespace poolshift
