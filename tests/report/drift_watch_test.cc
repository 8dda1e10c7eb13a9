#include "controller/report/drift_watch.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

DriftEntry Entry(const std::string& name, const std::string& observed) {
  DriftEntry entry;
  entry.resource = {"SiteRoute", name};
  entry.property = "xmpp";
  entry.observed = observed;
  entry.impact = "traffic is affected";
  entry.text = name + " leads to " + observed;
  entry.fingerprint = name;
  return entry;
}

DriftReport Report(std::vector<DriftEntry> entries) {
  DriftReport report;
  report.organization = "contoso";
  report.looked_at = absl::FromUnixSeconds(1795230000);
  report.entries = std::move(entries);
  return report;
}

std::vector<std::string> Names(const std::vector<DriftEntry>& entries) {
  std::vector<std::string> names;
  for (const DriftEntry& entry : entries)
    names.push_back(entry.fingerprint);
  return names;
}

TEST(DriftWatchTest, FirstLookTellsEverything) {
  const DriftTick tick = CompareDrift(nullptr, Report({Entry("a", "1"), Entry("b", "1")}));
  EXPECT_THAT(Names(tick.appeared), ElementsAre("a", "b"));
  EXPECT_FALSE(tick.in_sync);
  EXPECT_TRUE(CompareDrift(nullptr, Report({})).in_sync);
}

TEST(DriftWatchTest, OnlyWhatChangedIsTold) {
  const DriftReport before = Report({Entry("a", "1"), Entry("b", "1"), Entry("c", "1")});
  const DriftTick tick =
      CompareDrift(&before, Report({Entry("a", "1"), Entry("b", "2"), Entry("d", "1")}));
  EXPECT_THAT(Names(tick.appeared), ElementsAre("d"));
  EXPECT_THAT(Names(tick.changed), ElementsAre("b"));
  EXPECT_THAT(Names(tick.gone), ElementsAre("c"));
  EXPECT_EQ(DriftTickText(tick, {}),
            "2026-11-21 03:00:00Z + traffic is affected: d leads to 1 [d]\n"
            "2026-11-21 03:00:00Z ~ traffic is affected: b leads to 2 [b]\n"
            "2026-11-21 03:00:00Z - traffic is affected: c leads to 1 [c]\n");
}

TEST(DriftWatchTest, SameDriftIsSilent) {
  const DriftReport before = Report({Entry("a", "1")});
  EXPECT_THAT(DriftTickText(CompareDrift(&before, before), {}), IsEmpty());
  EXPECT_THAT(DriftTickJson(CompareDrift(&before, before)), IsEmpty());
  const DriftReport none = Report({});
  EXPECT_THAT(DriftTickText(CompareDrift(&none, none), {}), IsEmpty());
}

TEST(DriftWatchTest, LastOneGoneIsNoDrift) {
  const DriftReport before = Report({Entry("a", "1")});
  const DriftTick tick = CompareDrift(&before, Report({}));
  EXPECT_TRUE(tick.in_sync);
  EXPECT_THAT(DriftTickText(tick, {}), HasSubstr("= No drift."));
}

// "Could not look" is never "gone".
TEST(DriftWatchTest, BlindnessIsNoEnd) {
  const DriftReport before = Report({Entry("a", "1")});
  DriftReport blind = Report({});
  blind.not_looked = {Entry("a", "1")};
  blind.not_looked[0].looked = false;
  const DriftTick tick = CompareDrift(&before, blind);
  EXPECT_THAT(tick.gone, IsEmpty());
  EXPECT_FALSE(tick.in_sync);
  EXPECT_THAT(Names(tick.changed), ElementsAre("a"));
  EXPECT_THAT(DriftTickText(tick, {}), HasSubstr("nobody could look now"));
}

TEST(DriftWatchTest, AcknowledgementIsAChange) {
  const DriftReport before = Report({Entry("a", "1")});
  DriftReport known = before;
  known.entries[0].acknowledged = DriftAcknowledgement{"alice", "known", {}, {}};
  EXPECT_THAT(Names(CompareDrift(&before, known).changed), ElementsAre("a"));
}

TEST(DriftWatchTest, FailedLookIsTold) {
  const DriftTick tick = FailedLook(absl::FromUnixSeconds(1795230000), "dns lied\x1b[2J");
  EXPECT_EQ(DriftTickText(tick, {}), "2026-11-21 03:00:00Z ? could not look: dns lied\\u{1B}[2J\n");
  const auto event = nlohmann::json::parse(DriftTickJson(tick));
  EXPECT_EQ(event["event"], "could_not_look");
  EXPECT_EQ(event["at"], "2026-11-21T03:00:00Z");
}

TEST(DriftWatchTest, EveryEventIsALineOfJson) {
  const DriftReport before = Report({Entry("b", "1"), Entry("c", "1")});
  const std::string text =
      DriftTickJson(CompareDrift(&before, Report({Entry("a", "1"), Entry("b", "2")})));
  std::istringstream lines(text);
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    events.push_back(event["event"].get<std::string>() + ' ' +
                     event["drift"]["fingerprint"].get<std::string>());
  }
  EXPECT_THAT(events, ElementsAre("appeared a", "changed b", "gone c"));
}

}  // namespace
}  // namespace poolshift
