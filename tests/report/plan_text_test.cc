#include "controller/report/plan_text.h"

#include <algorithm>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/safe_text.h"
#include "controller/report/timetable.h"
#include "tests/golden/golden_file.h"
#include "tests/report/plan_samples.h"

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct GoldenCase {
  const char* name;
  Plan (*plan)();
  Style style;
};

class PlanTextGolden : public ::testing::TestWithParam<GoldenCase> {};

TEST_P(PlanTextGolden, IsByteForByteAsReviewed) {
  const GoldenCase& sample = GetParam();
  ExpectGolden(std::string(POOLSHIFT_SOURCE_DIR "/tests/report/golden/") + sample.name + ".txt",
               PlanText(sample.plan(), sample.style));
}

INSTANTIATE_TEST_SUITE_P(
    Plans,
    PlanTextGolden,
    ::testing::Values(GoldenCase{"every_symbol", EverySymbolPlan, {}},
                      GoldenCase{"every_symbol_80", EverySymbolPlan, {.width = 80}},
                      GoldenCase{"every_symbol_color", EverySymbolPlan, {.color = true}},
                      GoldenCase{"refused", RefusedPlan, {}},
                      GoldenCase{"empty", EmptyPlan, {}},
                      GoldenCase{"hostile", HostilePlan, {}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(PlanTextTest, BeginsWithTheCounts) {
  EXPECT_THAT(PlanText(EverySymbolPlan(), {}), StartsWith("Plan: 8 actions, 3 gates\n"));
  EXPECT_THAT(PlanText(EmptyPlan(), {}), StartsWith("Plan: 0 actions, 0 gates\nNothing to do: "));
  EXPECT_THAT(PlanText(HostilePlan(), {}), StartsWith("Plan: 1 action, 0 gates\n"));
}

TEST(PlanTextTest, TellsDangerBeforeActions) {
  const std::string text = PlanText(EverySymbolPlan(), {});
  EXPECT_LT(text.find("--approve PoolFailover/fe1.contoso.net"), text.find("\nActions"));
  EXPECT_LT(text.find("deletes DnsRecordSet/stray.contoso.com/A"), text.find("\nActions"));
}

TEST(PlanTextTest, KeepsWithinTheWidth) {
  const std::string text = PlanText(EverySymbolPlan(), {.width = 80});
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = text.find('\n', start);
    const std::string line = text.substr(start, end - start);
    start = end + 1;
    const bool command = line.find("-Cs") != std::string::npos ||
                         line.find("runs") != std::string::npos ||
                         line.find(" do ") != std::string::npos;
    if (command) continue;
    EXPECT_LE(Columns(line), 80) << line;
  }
}

TEST(PlanTextTest, NeverEmitsControlBytes) {
  const std::string text = PlanText(HostilePlan(), {});
  for (const char* unsafe : {"\x1b", "\x07", "\r", "\u202E", "\u200B", "\u2066", "\xFF"}) {
    EXPECT_THAT(text, Not(HasSubstr(unsafe)));
  }
}

// Before what is dangerous and what is done; and at the end nobody is told that all is done.
TEST(PlanTextTest, SaysFirstWhatIsLeftOut) {
  Plan plan = EverySymbolPlan();
  plan.situations[1].name = "unknown";
  plan.left_out = {{"XMPP federation", {"I-9", "cannot look at it", "mend it", "I-9", {}, {}}}};
  const std::string text = PlanText(plan, {});
  const std::size_t at = text.find("Left out: XMPP federation, left as it is");
  ASSERT_NE(at, std::string::npos);
  EXPECT_LT(at, text.find("Danger"));
  EXPECT_THAT(text, HasSubstr("cannot look at it"));
  EXPECT_THAT(text, HasSubstr("mend it"));
  EXPECT_THAT(text, Not(HasSubstr("XMPP federation of contoso is hosted by")));
  EXPECT_THAT(text, Not(HasSubstr("Another look finds nothing to do")));
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

TEST(PlanTextTest, BreaksNeitherIdsNorCode) {
  const Plan plan = EverySymbolPlan();
  for (int width = 60; width <= 120; ++width) {
    for (const std::string& line : LinesOf(PlanText(plan, {.width = width}))) {
      EXPECT_FALSE(line.ends_with(" id")) << width << ": " << line;
      EXPECT_EQ(std::count(line.begin(), line.end(), '`') % 2, 0) << width << ": " << line;
      EXPECT_LE(Columns(line.find(", id ") == std::string::npos ? "" : line), width) << line;
    }
  }
}

TEST(PlanTextTest, BreaksCodeThatIsWiderThanTheLine) {
  Plan plan = RefusedPlan();
  plan.refusals.front().text = "say `" + std::string(30, 'a') + ' ' + std::string(30, 'b') + '`';
  for (const std::string& line : LinesOf(PlanText(plan, {.width = 60})))
    EXPECT_LE(Columns(line), 60) << line;
}

// One action that may or may not be taken back.
Plan OneAction(const char* kind, const char* property, const char* before, const char* after) {
  Plan plan;
  plan.organization = "contoso";
  plan.situations = {{"sip", "failover", "edgepool1", "edgepool2", ""}};
  plan.actions.resize(1);
  plan.actions[0].id = "a1";
  plan.actions[0].target = {kind, "x"};
  plan.actions[0].before = Value::Map{{property, before}};
  plan.actions[0].after = Value::Map{{property, after}};
  plan.certificate = {.actions = 1, .lower_bound = 1, .method = "bound"};
  return plan;
}

struct WayBackCase {
  const char* name;
  Plan plan;
  const char* says;
  const char* says_not;
};

class WayBackCases : public ::testing::TestWithParam<WayBackCase> {};

TEST_P(WayBackCases, SaysFromWhereThereIsOne) {
  const std::string text = PlanText(GetParam().plan, {.width = 400});
  EXPECT_THAT(text, HasSubstr(GetParam().says));
  EXPECT_THAT(text.substr(text.find("Back-out: ")), Not(HasSubstr(GetParam().says_not)));
}

INSTANTIATE_TEST_SUITE_P(
    Plans,
    WayBackCases,
    ::testing::Values(
        WayBackCase{
            "everywhere",
            OneAction("SiteRoute", "xmpp", "edgepool1", "edgepool2"),
            "Back-out: from every step there is a way back, once edgepool1 and any other "
            "dead pool that it leads to can answer again (`poolshift plan --back-out`).\nAfter:",
            "point of no return"},
        WayBackCase{"nothing_brings_it_back",
                    OneAction("PoolFailover", "servedBy", "home", "backup"),
                    "Back-out: until #1 begins there is a way back, once edgepool1 and any other "
                    "dead pool that it leads to can answer again (`poolshift plan --back-out`).\n  "
                    "* what #1 does cannot be taken back",
                    "from every step"},
        WayBackCase{"the_way_back_loses",
                    OneAction("PoolFailover", "servedBy", "backup", "home"),
                    "once #1 is done, the way back has a point of no return itself: what users "
                    "wrote since the backup pool last copied them is lost",
                    "cannot be taken back;"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(PlanTextTest, OfAWayBackLeadsForward) {
  const Plan plan = OneAction("SiteRoute", "xmpp", "edgepool2", "edgepool1");
  const std::string text = PlanText(plan, {}, "", Walk::kBack);
  EXPECT_THAT(text, Not(HasSubstr("--back-out")));
  EXPECT_THAT(text, HasSubstr("Forward again: "));
  EXPECT_THAT(text, HasSubstr("With the former declaration, another look finds nothing to do."));
}

TEST(PlanTextTest, OfARefusedPlanTellsNoDanger) {
  Plan plan = RefusedPlan();
  plan.warnings.Warning({}, "traffic is lost while it runs");
  const std::string text = PlanText(plan, {});
  EXPECT_THAT(text, Not(HasSubstr("\nDanger")));
  EXPECT_THAT(text, HasSubstr("\nIf it were not refused\n  * traffic is lost while it runs\n"));
}

TEST(PlanTextTest, SaysOneThingAboutTheLeastTime) {
  Plan plan = OneAction("SiteRoute", "xmpp", "edgepool1", "edgepool2");
  plan.actions[0].duration = absl::Seconds(90);
  plan.certificate.critical_path = plan.certificate.makespan_bound = absl::Seconds(60);
  plan.certificate.makespan = absl::Seconds(90);
  const char* of_the_order = "no order of these actions takes less than 1m: so long is";
  EXPECT_THAT(PlanText(plan, {}), HasSubstr(of_the_order));
  plan.certificate.time_method = "search";
  plan.certificate.least_time = absl::Seconds(90);
  const std::string text = PlanText(plan, {});
  EXPECT_THAT(text, HasSubstr("Fastest: 1m 30s by declared estimates, no safe plan takes less"));
  EXPECT_THAT(text, Not(HasSubstr("no order of these actions")));
}

TEST(PlanTextTest, SaysNothingOfDeclaredTimesBesideMeasuredOnes) {
  Plan plan = OneAction("SiteRoute", "xmpp", "edgepool1", "edgepool2");
  plan.certificate.critical_path = plan.certificate.makespan_bound = absl::Seconds(60);
  EXPECT_THAT(PlanText(plan, {}), HasSubstr("no order of these actions is faster"));
  EXPECT_THAT(PlanText(plan, {}, "SiteRoute update 5s"), Not(HasSubstr("no order of these")));
}

TEST(PlanTextTest, TheTimeFollowsTheNeeds) {
  Plan plan;
  plan.actions.resize(3);
  plan.actions[0].id = "a1";
  plan.actions[1].id = "a2";
  plan.actions[2].id = "a3";
  plan.actions[1].duration = absl::Seconds(60);
  plan.actions[2].needs = {"a1"};
  EXPECT_EQ(TimetableOf(plan).total, absl::Seconds(60));
  plan.actions[2].needs = {"a1", "a2"};
  EXPECT_EQ(TimetableOf(plan).total, absl::Seconds(65));
}

}  // namespace
}  // namespace poolshift
