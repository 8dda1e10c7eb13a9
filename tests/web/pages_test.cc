// The pages as text: what they say, and that nothing from outside becomes markup.
#include "controller/web/pages.h"

#include <fstream>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/web/plan_picture.h"

namespace poolshift {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
constexpr char kHostile[] = "<script>alert('x')</script>\"&\x1b[31m";

Snapshot Sample(const std::string& word) {
  Snapshot snapshot;
  auto organization = std::make_shared<Organization>();
  organization->name = word;
  Site& site = organization->sites[word];
  site.name = word;
  site.hosts.xmpp = word;
  EdgePool& pool = organization->edge_pools[word];
  pool.name = pool.site = pool.reason = pool.access_edge_fqdn = word;
  pool.fqdn = "edge1.contoso.net";
  pool.condition = EdgePool::Condition::kOutOfService;
  FrontEndPool& front = organization->front_end_pools[word];
  front.name = front.site = front.fqdn = front.conferencing = word;
  snapshot.organization = organization;
  snapshot.source = snapshot.commit = snapshot.title = snapshot.author = word;
  snapshot.refused = snapshot.faults = snapshot.unreachable = word;
  snapshot.looked_at = kNow;
  auto plan = std::make_shared<Plan>();
  Action action;
  action.id = "a1";
  action.target = {"SiteRoute", word};
  action.title = word;
  action.commands = {word};
  action.why = {{"I-5", word, word}};
  plan->actions.push_back(action);
  snapshot.plan = plan;
  snapshot.digest = "5f0c1234567890ab";
  snapshot.ruling.kind = Ruling::Kind::kApproval;
  snapshot.ruling.reasons = {word};
  snapshot.voices.pauses = {{word, word, word, word, kNow, kNow + absl::Hours(1)}};
  snapshot.voices.openings = {{word, word, kNow, kNow + absl::Hours(1)}};
  auto drift = std::make_shared<DriftReport>();
  DriftEntry entry;
  entry.resource = {"EdgeService", "edge1.contoso.net/" + word};
  entry.impact = "traffic is affected";
  entry.text = entry.rule = word;
  entry.origin.file = word;
  drift->entries.push_back(entry);
  snapshot.drift = drift;
  DriftPast past;
  past.resource = past.property = past.impact = past.text = word;
  past.periods = {{kNow - absl::Hours(30), kNow - absl::Hours(29), kNow - absl::Hours(28), kNow},
                  {kNow - absl::Hours(2), kNow, absl::InfiniteFuture(), kNow - absl::Hours(3)}};
  snapshot.past = {past};
  RunEntry run;
  run.run = 3;
  run.outcome = run.who = run.commit = word;
  run.started = kNow;
  snapshot.runs.push_back(run);
  auto drill = std::make_shared<DrillReport>();
  DrillRow row;
  row.dead.name = word;
  row.shortfalls = {{false, word, word, word, "", {}}};
  row.plan.refusals = {{"", word, "", "", {}}};
  drill->rows.push_back(row);
  snapshot.drill = drill;
  auto changes = std::make_shared<DrillChanges>();
  changes->compared_with = kNow - absl::Hours(24);
  changes->changes = {{DrillChange::Way::kLost, "site", word, false, {word}, {word}}};
  snapshot.drill_changes = changes;
  auto progress = std::make_shared<RunProgress>();
  progress->run = 3;
  progress->expected_end = kNow + absl::Minutes(3);
  progress->steps = {{1, word, "done", "", kNow},
                     {2, word, "failed", word, kNow},
                     {3, word, "waits", "", absl::InfinitePast()}};
  snapshot.progress = progress;
  return snapshot;
}

// Without the one script that is ours.
std::string Unscripted(std::string page) {
  constexpr std::string_view kOurs = "<script src=\"/live.js\" defer></script>";
  const std::size_t at = page.find(kOurs);
  return at == std::string::npos ? page : page.erase(at, kOurs.size());
}

TEST(PagesTest, NothingFromOutsideIsMarkup) {
  const Snapshot snapshot = Sample(kHostile);
  for (const std::string& page : {OverviewPage(snapshot),
                                  PlanPage(snapshot),
                                  DriftPage(snapshot),
                                  RunsPage(snapshot),
                                  ReadinessPage(snapshot)}) {
    EXPECT_THAT(Unscripted(page),
                AllOf(Not(HasSubstr("<script")), Not(HasSubstr("\x1b")), Not(HasSubstr("\"&\""))));
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  }
}

TEST(PagesTest, OverviewSaysWhatMatters) {
  const std::string page = OverviewPage(Sample("word"));
  for (const char* text : {"Not as declared: 1 action",
                           "poolshift approve 5f0c12345678",
                           "XMPP federation",
                           "out of service",
                           "1 difference",
                           "traffic is affected",
                           "Paused",
                           "Glass broken"})
    EXPECT_THAT(page, HasSubstr(text)) << text;
}

TEST(PagesTest, ARunUnderWayIsShownWhatFailedFirst) {
  Snapshot snapshot = Sample("word");
  snapshot.running = true;
  const std::string page = PlanPage(snapshot);
  EXPECT_THAT(page, HasSubstr("Run 3 is under way"));
  EXPECT_THAT(page, HasSubstr("max=\"3\" value=\"2\""));
  EXPECT_THAT(page, HasSubstr("2 of 3 steps have ended"));
  EXPECT_LT(page.find(">failed<"), page.find(">waits<"));
  EXPECT_LT(page.find(">waits<"), page.find(">done<"));
}

TEST(PagesTest, ReadinessSaysWhatIsMissingAndWhatChanged) {
  const std::string page = ReadinessPage(Sample("word"));
  for (const char* text : {"pool word",
                           "not ready",
                           "no plan",
                           "Since the drill of",
                           "not ready any more",
                           "mended: word"})
    EXPECT_THAT(page, HasSubstr(text)) << text;
  EXPECT_THAT(ReadinessPage(Snapshot()), HasSubstr("No drill was held"));
}

std::size_t CountOf(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

TEST(PagesTest, DriftIsShownOverTime) {
  Snapshot snapshot = Sample("word");
  const std::string page = DriftPage(snapshot);
  EXPECT_EQ(CountOf(page, "<rect"), 2U) << "a bar each time";
  EXPECT_THAT(page, HasSubstr(" until now<br>"));
  EXPECT_THAT(page, HasSubstr(" (2h)"));
  DriftPast& past = snapshot.past.front();
  past.periods.assign(5, past.periods.front());
  EXPECT_THAT(DriftPage(snapshot), HasSubstr("and 2 times before"));
  past.earlier = 10;
  EXPECT_THAT(DriftPage(snapshot), HasSubstr("and 12 times before"));
  past.periods = {{kNow - absl::Hours(24 * 90), kNow, kNow - absl::Hours(24 * 80), kNow}};
  EXPECT_EQ(CountOf(DriftPage(snapshot), "<rect"), 0U) << "longer ago than the picture goes back";
  EXPECT_THAT(DriftPage(Snapshot()), HasSubstr("No difference is on record."));
}

// A thousand sites on their worst day.
Snapshot Large() {
  constexpr int kSites = 1000;
  Snapshot snapshot = Sample("word");
  auto organization = std::make_shared<Organization>(*snapshot.organization);
  auto drift = std::make_shared<DriftReport>(*snapshot.drift);
  auto plan = std::make_shared<Plan>(*snapshot.plan);
  auto progress = std::make_shared<RunProgress>(*snapshot.progress);
  for (int i = 0; i < kSites; ++i) {
    const std::string number = std::to_string(i);
    Site& site = organization->sites["Site" + number];
    site.name = "Site" + number;
    EdgePool& pool = organization->edge_pools["edgepool" + number];
    pool.name = "edgepool" + number;
    pool.site = site.name;
    pool.fqdn = pool.access_edge_fqdn = "edgepool" + number + ".contoso.com";
    FrontEndPool& front = organization->front_end_pools["frontend" + number];
    front.name = "frontend" + number;
    front.site = site.name;
    for (int each = 0; each < 3; ++each) {
      DriftEntry entry = drift->entries.front();
      entry.text = "the XMPP route of Site" + number + " leads to edgepool1, declared is edgepool2";
      drift->entries.push_back(entry);
      Action action = plan->actions.front();
      action.title = "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"";  // grows when it is escaped
      action.id += number + '-' + std::to_string(each);
      plan->actions.push_back(action);
      progress->steps.push_back(progress->steps.back());
    }
  }
  organization->sites["Site999"].hosts.xmpp = "edgepool999";
  auto drill = std::make_shared<DrillReport>(*snapshot.drill);
  drill->rows.front().shortfalls.resize(200, drill->rows.front().shortfalls.front());
  drill->rows.resize(3 * kSites, drill->rows.front());
  snapshot.drill = drill;
  auto changes = std::make_shared<DrillChanges>(*snapshot.drill_changes);
  changes->changes.front().appeared.resize(200, "a reason that appeared");
  changes->changes.resize(3 * kSites, changes->changes.front());
  snapshot.drill_changes = changes;
  for (int i = 0; i < 10 * kSites; ++i)
    snapshot.faults += "organization.yaml:" + std::to_string(i) + ": \"quoted\" & <wrong>\n";
  snapshot.past.resize(40, snapshot.past.front());
  snapshot.organization = organization;
  snapshot.drift = drift;
  snapshot.plan = plan;
  snapshot.progress = progress;
  snapshot.running = true;
  return snapshot;
}

TEST(PagesTest, ALargeOrganisationIsNoLargePage) {
  const Snapshot snapshot = Large();
  for (const std::string& page : {OverviewPage(snapshot),
                                  PlanPage(snapshot),
                                  DriftPage(snapshot),
                                  RunsPage(snapshot),
                                  ReadinessPage(snapshot)})
    EXPECT_LT(page.size(), 300'000U) << page.substr(page.find("<h1>"), 100);
  const std::string overview = OverviewPage(snapshot);
  EXPECT_THAT(overview, HasSubstr("60 of 1001 sites"));
  EXPECT_THAT(overview, HasSubstr("<strong>edgepool999</strong>")) << "who hosts comes first";
  EXPECT_THAT(overview, HasSubstr("The first 30 of 3001;"));
  EXPECT_THAT(ReadinessPage(snapshot), HasSubstr("150 of 3000"));
  EXPECT_THAT(PlanPage(snapshot), HasSubstr("<a href=\"/plan.txt\">All of it</a>"));
  EXPECT_GT(WholePlan(snapshot).size(), 300'000U);
  EXPECT_THAT(PlanPage(Sample("word")), Not(HasSubstr("/plan.txt")));
}

TEST(PagesTest, NoPageAsksForAnythingElse) {
  const Snapshot snapshot = Sample("word");
  for (const std::string& page : {OverviewPage(snapshot), PlanPage(snapshot)}) {
    EXPECT_THAT(Unscripted(page),
                AllOf(Not(HasSubstr("http:")), Not(HasSubstr("https:")), Not(HasSubstr("src="))));
  }
}

TEST(PagesTest, EmptyBoardIsAPage) {
  EXPECT_THAT(OverviewPage(Snapshot()), HasSubstr("Nothing was looked at yet."));
  EXPECT_THAT(PlanPage(Snapshot()), HasSubstr("</html>"));
}

TEST(PictureTest, EachActionStandsAfterWhatItNeeds) {
  Plan plan;
  for (const char* id : {"a", "b", "c"}) {
    Action action;
    action.id = id;
    action.title = std::string("step ") + id;
    plan.actions.push_back(action);
  }
  plan.actions[2].needs = {"a", "b"};
  const std::string picture = web::PlanPicture(plan);
  EXPECT_THAT(picture, AllOf(HasSubstr("step a"), HasSubstr("step b"), HasSubstr("step c")));
  EXPECT_EQ(CountOf(picture, "<path"), 2U);
}

TEST(PictureTest, WhatNobodyCouldReadIsNotDrawn) {
  Plan plan;
  EXPECT_EQ(web::PlanPicture(plan), "");
  plan.actions.resize(web::kMostDrawn + 1);
  EXPECT_EQ(web::PlanPicture(plan), "");
}

TEST(MetricsTest, EachLineIsAMetric) {
  Snapshot snapshot = Sample("word");
  snapshot.look_took = absl::Milliseconds(1250);
  snapshot.providers["zone"] = {kNow, 2};
  snapshot.providers["a\"b\\c\nd"] = {};
  RunProgress progress = *snapshot.progress;
  progress.steps[0].is_gate = progress.steps[1].is_gate = progress.steps[2].is_gate = true;
  progress.steps[1].state = "runs";
  progress.steps[1].since = kNow + absl::Seconds(60);
  progress.steps[2].state = "runs";
  progress.steps[2].since = kNow;
  snapshot.progress = std::make_shared<const RunProgress>(progress);
  snapshot.running = true;
  const std::string text = MetricsText(snapshot, {3, 40, 5, 1}, kNow + absl::Seconds(90));
  for (const char* line : {"poolshift_look_age_seconds 90",
                           "poolshift_look_seconds 1.25",
                           "poolshift_drift{severity=\"traffic is affected\"} 1",
                           "poolshift_declaration_ok 0",
                           "poolshift_plan_actions 1",
                           "poolshift_provider_answer_age_seconds{provider=\"zone\"} 90",
                           "poolshift_provider_answer_age_seconds{provider=\"a\\\"b\\\\c\\nd\"} -1",
                           "poolshift_provider_unreachable{provider=\"zone\"} 2",
                           "poolshift_gate_wait_seconds 90",
                           "poolshift_last_run_seconds 90",
                           "poolshift_notifications_waiting 3",
                           "poolshift_notifications_dropped_total 5",
                           "# TYPE poolshift_notifications_failed_total counter"})
    EXPECT_THAT(text, HasSubstr(std::string("\n") + line + '\n')) << line;
  EXPECT_THAT(MetricsText(Snapshot(), {}, kNow), HasSubstr("poolshift_look_age_seconds -1\n"));
}

// docs/metrics.md has each of them, and the rules beside it name no other.
TEST(MetricsTest, AreDocumentedAndRulesNameThem) {
  Snapshot snapshot = Sample("word");
  snapshot.providers["zone"] = {};
  const std::string text = MetricsText(snapshot, {}, kNow);
  const std::regex name("poolshift_[a-z_]+");
  const auto names_in = [&](const std::string& all) {
    std::set<std::string> names;
    for (std::sregex_iterator at(all.begin(), all.end(), name), end; at != end; ++at)
      names.insert(at->str());
    return names;
  };
  const auto file = [](const std::string& path) {
    std::ifstream stream(POOLSHIFT_SOURCE_DIR "/" + path);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  EXPECT_EQ(names_in(file("docs/metrics.md")), names_in(text));
  const std::set<std::string> ruled = names_in(file("docs/alert-rules.yaml"));
  EXPECT_GT(ruled.size(), 5U);
  for (const std::string& each : ruled)
    EXPECT_TRUE(names_in(text).contains(each)) << each;
}

}  // namespace
}  // namespace poolshift
