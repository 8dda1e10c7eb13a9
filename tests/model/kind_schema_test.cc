#include "controller/model/kind_schema.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/model/digest.h"
#include "controller/model/revision.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

KindSchema Lamp() {
  using enum PropertySchema::Type;
  return {.kind = "Lamp",
          .writable = true,
          .name_form = "<room>",
          .meaning = "a lamp",
          .properties = {{"on", kBoolean, true, false, ""},
                         {"brightness", kInteger, false, false, ""},
                         {"colour", kString, false, false, ""},
                         {"rooms", kList, false, false, ""},
                         {"labels", kMap, false, false, ""},
                         {"hours", kInteger, true, true, ""}}};
}

TEST(KindSchemaTest, AcceptsWhatConforms) {
  EXPECT_THAT(Violations(Lamp(), Value::Map{{"on", true}, {"hours", 3}}), IsEmpty());
  EXPECT_THAT(Violations(Lamp(),
                         Value::Map{{"on", true},
                                    {"brightness", 9},
                                    {"colour", "red"},
                                    {"rooms", Value::List{}},
                                    {"labels", Value::Map{}},
                                    {"hours", 3}}),
              IsEmpty());
}

struct WrongRow {
  const char* name;
  Value value;
  const char* property;
  const char* fault;
};

class WrongValue : public testing::TestWithParam<WrongRow> {};

TEST_P(WrongValue, IsNamedWithItsProperty) {
  Value value = Value::Map{{"on", true}, {"hours", 3}};
  value.Set(GetParam().property, GetParam().value);
  EXPECT_THAT(Violations(Lamp(), value),
              ElementsAre(testing::AllOf(HasSubstr("Lamp"),
                                         HasSubstr(std::string("`") + GetParam().property + "`"),
                                         HasSubstr(GetParam().fault))));
}

const WrongRow kWrong[] = {
    {"integer_for_boolean", 1, "on", "wrong type"},
    {"null_for_boolean", Value(), "on", "wrong type"},
    {"text_for_integer", "9", "brightness", "wrong type"},
    {"boolean_for_integer", true, "brightness", "wrong type"},
    {"integer_for_text", 5, "colour", "wrong type"},
    {"map_for_list", Value::Map{}, "rooms", "wrong type"},
    {"list_for_map", Value::List{}, "labels", "wrong type"},
    {"unknown", 1, "wattage", "not in the schema"},
    {"other_case", true, "On", "not in the schema"},
};

INSTANTIATE_TEST_SUITE_P(Values, WrongValue, testing::ValuesIn(kWrong), [](const auto& row) {
  return std::string(row.param.name);
});

TEST(KindSchemaTest, NamesEveryViolation) {
  EXPECT_THAT(Violations(Lamp(), Value::Map{{"brightness", "9"}, {"wattage", 1}}),
              ElementsAre(HasSubstr("`on` is missing"),
                          HasSubstr("`brightness` has the wrong type"),
                          HasSubstr("`hours` is missing"),
                          HasSubstr("`wattage` is not in the schema")));
}

TEST(KindSchemaTest, PropertiesAreOneMap) {
  EXPECT_THAT(Violations(Lamp(), Value("on")), ElementsAre(HasSubstr("no map")));
  EXPECT_THAT(Violations(Lamp(), Value()), ElementsAre(HasSubstr("no map")));
}

TEST(WritablePartTest, LeavesOutComputedAndUnknown) {
  const Value observed = Value::Map{{"on", true}, {"colour", "red"}, {"hours", 3}, {"wattage", 60}};
  EXPECT_EQ(WritablePart(Lamp(), observed), Value(Value::Map{{"on", true}, {"colour", "red"}}));
}

TEST(WritablePartTest, HasTheRevisionOfTheWhole) {
  for (const Value& seen : {Value(Value::Map{{"on", true}, {"colour", "r\"d"}, {"hours", 3}}),
                            Value(Value::Map{{"labels", Value::Map{{"a", 1}}}, {"wattage", 60}}),
                            Value(Value::Map{{"rooms", Value::List{"hall", "attic"}}}),
                            Value(Value::Map{{"hours", 3}}),
                            Value()}) {
    EXPECT_EQ(RevisionOf(Lamp(), seen), RevisionOf(WritablePart(Lamp(), seen)))
        << CanonicalText(seen);
  }
}

TEST(WritablePartTest, OfNothingIsEmpty) {
  EXPECT_EQ(WritablePart(Lamp(), Value()), Value(Value::Map{}));
}

}  // namespace
}  // namespace poolshift
