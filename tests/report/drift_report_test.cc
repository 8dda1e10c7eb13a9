// Drift in every format: as reviewed, and with names that would be markup or move a cursor.
#include "controller/report/drift_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/drift_formats.h"
#include "controller/report/drift_history.h"
#include "tests/golden/golden_file.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Golden(const std::string& name) {
  return POOLSHIFT_SOURCE_DIR "/tests/report/golden/" + name;
}

constexpr std::int64_t kLookedAt = 1795230000;

absl::Time At(std::int64_t before) { return absl::FromUnixSeconds(kLookedAt - before); }

DriftEntry Route() {
  DriftEntry route;
  route.resource = {"SiteRoute", "Site1"};
  route.property = "xmpp";
  route.declared = "edgepool2.contoso.net";
  route.observed = "edgepool1.contoso.net";
  route.impact = "traffic is affected";
  route.text = "the XMPP route of Site1 leads to edgepool1, declared is edgepool2";
  route.rule = "I-5";
  route.origin = {"contoso.yaml", 5, 30};
  route.fingerprint = "f1f1f1f1f1f1f1f1";
  route.first_seen = At(10000);
  route.last_in_sync = At(10060);
  route.sights = {{"", "lync", Presence::kPresent, At(2), ""}};
  route.suggestion.actions = {
      {"a0000000000000001",
       Verb::kUpdate,
       "route XMPP of Site1 to edgepool2",
       "lync",
       false,
       false},
      {"a0000000000000002", Verb::kUpdate, "publish what was routed", "admin", true, true}};
  route.suggestion.first = 2;
  route.suggestion.designation = true;
  return route;
}

DriftEntry Service() {
  DriftEntry service = Route();
  service.resource = {"EdgeService", "edge1a.contoso.net/accessEdge"};
  service.property = "state";
  service.declared = "running";
  service.observed = {};
  service.impact = "redundancy is lost";
  service.text = "";
  service.fingerprint = "f2f2f2f2f2f2f2f2";
  service.first_seen = absl::InfinitePast();
  service.sights = {{"", "lync", Presence::kAbsent, At(3), ""}};
  service.suggestion = {};
  service.suggestion.none = "no action of Poolshift changes it: a person must look";
  return service;
}

DriftEntry Record() {
  DriftEntry record = Service();
  record.resource = {"DnsRecordSet", "xmpp.contoso.com/A"};
  record.vantage = "partner";
  record.property = "ttl";
  record.declared = 300;
  record.observed = 3600;
  record.impact = "cosmetic";
  record.rule = "";
  record.origin = {};
  record.fingerprint = "f3f3f3f3f3f3f3f3";
  record.acknowledged = {"alice", "change 4711", At(600), At(-86400)};
  return record;
}

DriftEntry Blind() {
  DriftEntry blind = Service();
  blind.resource = {"Reachability", "203.0.113.11/5061"};
  blind.looked = false;
  blind.impact = "unknown";
  blind.text = "could not look at 203.0.113.11:5061 of edgepool1: no agent answers";
  blind.fingerprint = "f4f4f4f4f4f4f4f4";
  blind.sights = {{"berlin", "probe", Presence::kUnreachable, At(1), "no agent answers"},
                  {"oslo", "probe", Presence::kUnreachable, absl::InfinitePast(), ""}};
  return blind;
}

DriftReport EveryDifference() {
  DriftReport report;
  report.organization = "contoso";
  report.looked_at = absl::FromUnixSeconds(kLookedAt);
  report.commit = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
  report.entries = {Route(), Service(), Record(), Blind()};
  DriftEntry before = Route();
  before.fingerprint = "f5f5f5f5f5f5f5f5";
  before.looked = false;
  before.observed = {};
  before.suggestion = {};
  before.suggestion.none = "nobody could look this time";
  report.not_looked = {before};
  return report;
}

// Every text of it comes from somebody who means ill.
constexpr char kHostile[] =
    "</style><script>alert(1)</script>\" onload='x' & \x1b[2J\u202E`code` **b** "
    "[l](https://e.example) "
    "| # h ]]> \xFF\xEF\xBF\xBE\r\nnext";

DriftReport Hostile() {
  DriftReport report = EveryDifference();
  report.organization = report.commit = kHostile;
  for (DriftEntry& entry : report.entries) {
    entry.resource = {kHostile, kHostile};
    entry.vantage = entry.property = entry.text = entry.rule = kHostile;
    entry.declared = entry.observed = kHostile;
    entry.origin.file = kHostile;
    for (DriftSight& sight : entry.sights)
      sight.vantage = sight.provider = sight.reason = kHostile;
    for (DriftSuggestion::Step& step : entry.suggestion.actions)
      step.title = step.provider = kHostile;
    entry.suggestion.none = kHostile;
    if (entry.acknowledged.has_value())
      entry.acknowledged->who = entry.acknowledged->reason = kHostile;
  }
  return report;
}

TEST(DriftReportTest, IsByteForByteAsReviewed) {
  ExpectGolden(Golden("drift.txt"), DriftText(EveryDifference(), {}));
  ExpectGolden(Golden("drift.json"), DriftJson(EveryDifference()));
  ExpectGolden(Golden("drift.html"), DriftHtml(EveryDifference()));
  ExpectGolden(Golden("drift.md"), DriftMarkdown(EveryDifference()));
  ExpectGolden(Golden("drift.junit.xml"), DriftJunit(EveryDifference()));
}

TEST(DriftReportTest, HostileNamesAreByteForByteAsReviewed) {
  ExpectGolden(Golden("drift_hostile.html"), DriftHtml(Hostile()));
  ExpectGolden(Golden("drift_hostile.md"), DriftMarkdown(Hostile()));
  ExpectGolden(Golden("drift_hostile.junit.xml"), DriftJunit(Hostile()));
}

TEST(DriftReportTest, HostileNamesAreNoMarkup) {
  for (const std::string& text : {DriftText(Hostile(), {}),
                                  DriftJson(Hostile()),
                                  DriftHtml(Hostile()),
                                  DriftMarkdown(Hostile()),
                                  DriftJunit(Hostile())}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\u202E")));
    EXPECT_THAT(text, Not(HasSubstr("\xFF")));
    EXPECT_THAT(text, Not(HasSubstr("\r")));
  }
  for (const std::string& text : {DriftHtml(Hostile()), DriftJunit(Hostile())}) {
    EXPECT_THAT(text, Not(HasSubstr("<script")));
    EXPECT_THAT(text, Not(HasSubstr("' onload")));
    EXPECT_THAT(text, Not(HasSubstr("\xEF\xBF\xBE")));
  }
  const std::string markdown = DriftMarkdown(Hostile());
  for (const char* mark : {"><script", " `code", " **b", " [l]", "https://", "| # "})
    EXPECT_THAT(markdown, Not(HasSubstr(mark)));
}

TEST(DriftReportTest, PageAsksForNothing) {
  const std::string page = DriftHtml(EveryDifference());
  for (const char* ask :
       {"http:", "https:", "url(", "@import", "src=", "href=", "<script", "<link"})
    EXPECT_THAT(page, Not(HasSubstr(ask)));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
}

TEST(DriftReportTest, SaysNoDriftWhenNothingDiffers) {
  EXPECT_EQ(DriftText({}, {}), "No drift.\n");
  EXPECT_THAT(DriftHtml({}), HasSubstr("Everything that is declared is as declared."));
  EXPECT_THAT(DriftMarkdown({}), HasSubstr("No drift."));
  EXPECT_THAT(DriftJunit({}), HasSubstr("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\""));
}

TEST(DriftReportTest, ClearOnlyWhenAllIsAcknowledged) {
  DriftReport report;
  EXPECT_TRUE(report.is_clear());
  report.entries = {Record()};
  EXPECT_TRUE(report.is_clear());
  report.entries.push_back(Route());
  EXPECT_FALSE(report.is_clear());
  report.entries.pop_back();
  report.not_looked = {Route()};
  EXPECT_FALSE(report.is_clear());
}

TEST(DriftHistoryTest, IsByteForByteAsReviewed) {
  DriftPast past{"f1f1f1f1f1f1f1f1",
                 "SiteRoute/Site1",
                 "xmpp",
                 "traffic is affected",
                 "the XMPP route of Site1 leads to edgepool1",
                 "edgepool2 (contoso.yaml:5:30)",
                 "edgepool1 \x1b[2J",
                 {{At(10000), At(9000), At(8940), At(10060)},
                  {At(600), At(0), absl::InfiniteFuture(), absl::InfinitePast()}},
                 DriftAcknowledgement{"alice", "change 4711", At(60), At(-86400)}};
  DriftPast over = past;
  over.fingerprint = "f2f2f2f2f2f2f2f2";
  over.text = "";
  over.periods.pop_back();
  over.acknowledged.reset();
  const DriftChronicle chronicle{"contoso", {past, over}};
  ExpectGolden(Golden("drift_history.txt"), DriftHistoryText(chronicle, {}));
  ExpectGolden(Golden("drift_history.json"), DriftHistoryJson(chronicle));
  EXPECT_EQ(DriftHistoryText({}, {}), "No drift is on record.\n");
}

}  // namespace
}  // namespace poolshift
