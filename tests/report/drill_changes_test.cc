#include "controller/report/drill_changes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Way = DrillChange::Way;

const absl::Time kThen = absl::FromUnixSeconds(1795230000);

DrillRow Row(const std::string& name, const std::vector<std::string>& faults) {
  DrillRow row;
  row.dead.kind = Supposition::Kind::kSite;
  row.dead.name = name;
  for (const std::string& text : faults) {
    Shortfall shortfall;
    shortfall.topic = "TTL";
    shortfall.text = text;
    row.shortfalls.push_back(shortfall);
  }
  return row;
}

DrillReport Report(std::vector<DrillRow> rows) {
  DrillReport report;
  report.organization = "contoso";
  report.looked_at = kThen + absl::Hours(24);
  report.rows = std::move(rows);
  return report;
}

DrillChanges Compare(std::vector<DrillRow> before, std::vector<DrillRow> now) {
  const auto changes =
      CompareDrills(DrillJson(Report(std::move(before))), kThen, Report(std::move(now)));
  EXPECT_TRUE(changes.ok()) << changes.status();
  return *changes;
}

struct Case {
  std::string name;
  std::vector<DrillRow> before, now;
  std::vector<Way> ways;
  bool lost;
};

TEST(DrillChangesTest, EveryWay) {
  for (const Case& each :
       std::vector<Case>{{"nothing", {Row("a", {"x"})}, {Row("a", {"x"})}, {}, false},
                         {"lost", {Row("a", {})}, {Row("a", {"x"})}, {Way::kLost}, true},
                         {"gained", {Row("a", {"x"})}, {Row("a", {})}, {Way::kGained}, false},
                         {"other", {Row("a", {"x"})}, {Row("a", {"y"})}, {Way::kOther}, false},
                         {"came, ready", {}, {Row("a", {})}, {Way::kCame}, false},
                         {"came, not ready", {}, {Row("a", {"x"})}, {Way::kCame}, true},
                         {"went", {Row("a", {})}, {}, {Way::kWent}, false},
                         {"lost first",
                          {Row("a", {"x"}), Row("b", {})},
                          {Row("a", {}), Row("b", {"x"})},
                          {Way::kLost, Way::kGained},
                          true}}) {
    const DrillChanges changes = Compare(each.before, each.now);
    std::vector<Way> ways;
    for (const DrillChange& change : changes.changes)
      ways.push_back(change.way);
    EXPECT_EQ(ways, each.ways) << each.name;
    EXPECT_EQ(changes.has_lost(), each.lost) << each.name;
  }
}

TEST(DrillChangesTest, TellsWhatAppearedAndWhatWasMended) {
  const DrillChanges changes = Compare({Row("a", {"x", "y"})}, {Row("a", {"y", "z\x1b[2J"})});
  ASSERT_EQ(changes.changes.size(), 1U);
  EXPECT_THAT(changes.changes[0].mended, ElementsAre("x"));
  EXPECT_EQ(DrillChangesText(changes, {}),
            "Changes: 1 death since 2026-11-21 03:00:00Z\n"
            "Not ready for other reasons\n"
            "  * site a\n"
            "      + z\\u{1B}[2J\n"
            "      - x\n");
}

TEST(DrillChangesTest, FirstDrillHasNothingToCompareWith) {
  const auto changes = CompareDrills("", absl::InfinitePast(), Report({Row("a", {})}));
  ASSERT_TRUE(changes.ok());
  EXPECT_THAT(changes->changes, IsEmpty());
  EXPECT_THAT(DrillChangesText(*changes, {}), HasSubstr("there was no earlier drill"));
  const auto json = nlohmann::json::parse(DrillJson(Report({Row("a", {})}), *changes));
  EXPECT_TRUE(json["changes"]["compared_with"].is_null());
  EXPECT_EQ(json["rows"].size(), 1U);
}

TEST(DrillChangesTest, UnreadableRecordIsNoDrill) {
  for (const char* text : {"{", "[]", "{}", "{\"rows\": 1}", "{\"rows\": [1]}"})
    EXPECT_FALSE(CompareDrills(text, kThen, Report({})).ok()) << text;
}

}  // namespace
}  // namespace poolshift
