#include "controller/policy/automation.h"

#include <cctype>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/federation/kinds.h"

namespace poolshift {
namespace {

using testing::HasSubstr;
using Kind = Ruling::Kind;
using Mode = Automation::Mode;

const absl::Time kNow = absl::FromUnixSeconds(1'795'953'600);  // 2026-11-29 12:00 UTC, a Sunday
constexpr char kDigest[] = "5f0c";

// Two sites with a pool each, and one plan; a test changes what it is about.
struct Case {
  Organization organization;
  Plan plan;
  Cause cause;
  Voices voices;
  std::string failed;
  absl::TimeZone zone = absl::UTCTimeZone();
  bool zone_known = true;

  Case() {
    organization.name = "contoso";
    for (const char* number : {"1", "2"}) {
      const std::string site = std::string("Site") + number;
      organization.sites[site].name = site;
      EdgePool& pool = organization.edge_pools[std::string("edge") + number];
      pool.site = site;
      pool.fqdn = "edge" + std::string(number) + ".contoso.net";
      pool.access_edge_fqdn = "sip" + std::string(number) + ".contoso.com";
      pool.servers = {
          {"e" + std::string(number) + ".contoso.net", {"192.0.2." + std::string(number)}}};
    }
    automation().mode = Mode::kAuto;
  }
  Automation& automation() { return organization.policy.automation; }

  Action& Add(std::string_view kind, const std::string& name) {
    Action action;
    action.verb = Verb::kUpdate;
    action.target = {std::string(kind), name};
    action.id = "a" + std::to_string(plan.actions.size());
    action.title = "change " + name;
    plan.actions.push_back(action);
    return plan.actions.back();
  }
  Case& Service(const std::string& server = "e1.contoso.net") {
    Add(kinds::kEdgeService, server + "/xmppProxy");
    return *this;
  }
  Case& Says(const std::string& who, bool agrees, absl::Duration ago = absl::ZeroDuration()) {
    Word word;
    word.digest = kDigest;
    word.who = who;
    word.agrees = agrees;
    word.at = kNow - ago;
    voices.words.push_back(word);
    return *this;
  }

  Ruling Judged() const {
    return Judge({.organization = organization,
                  .plan = plan,
                  .digest = kDigest,
                  .cause = cause,
                  .voices = voices,
                  .now = kNow,
                  .failed = failed,
                  .zone = zone_known ? &zone : nullptr});
  }
};

struct Row {
  std::string name;
  std::function<void(Case&)> change;
  Kind kind;
  std::string reason = "";  // part of one of the reasons
};

void Drifted(Case& it) { it.cause.drift_only = true; }
void Approve(Case& it) { it.automation().mode = Mode::kApprove; }

const std::vector<Row>& Rows() {
  static const auto* const rows = new std::vector<Row>{
      {"nothing planned", [](Case& it) { it.plan.actions.clear(); }, Kind::kNothing},
      {"gates alone are nothing",
       [](Case& it) {
         it.plan.actions[0].verb = Verb::kGate;
         it.plan.actions[0].gate.emplace();
       },
       Kind::kNothing},
      {"a refusal stays one",
       [](Case& it) {
         it.plan.refusals.push_back({"I-5", "no second pool", "", "", {}});
       },
       Kind::kRefused,
       "no second pool"},
      {"auto goes", [](Case&) {}, Kind::kGo},
      {"report is the default", [](Case& it) { it.automation() = {}; }, Kind::kReport},
      {"approve waits", Approve, Kind::kApproval},
      {"the strictest action counts",
       [](Case& it) {
         it.Service("e2.contoso.net");
         it.automation().rules = {{{"Site2"}, {}, Mode::kReport, {}}};
       },
       Kind::kReport},
      {"a rule for another site does not",
       [](Case& it) {
         it.automation().rules = {{{"Site2"}, {}, Mode::kReport, {}}};
       },
       Kind::kGo},
      {"a rule for the kind does",
       [](Case& it) {
         it.automation().rules = {{{}, {"EdgeService"}, Mode::kApprove, {}}};
       },
       Kind::kApproval},
      {"the last rule that fits counts",
       [](Case& it) {
         it.automation().rules = {{{}, {"EdgeService"}, Mode::kReport, {}},
                                  {{"Site1"}, {}, Mode::kAuto, {}}};
       },
       Kind::kGo},
      {"what may lose data needs people",
       [](Case& it) { it.plan.actions[0].needs_approval = true; },
       Kind::kApproval,
       "loses data"},
      {"a person's step needs people",
       [](Case& it) { it.plan.actions[0].human = true; },
       Kind::kApproval,
       "a person's work"},
      {"failback needs people",
       [](Case& it) {
         it.plan.situations.push_back({"xmpp", "failback", "a", "b", ""});
       },
       Kind::kApproval,
       "failback of xmpp"},
      {"what is left out needs people",
       [](Case& it) {
         it.plan.left_out.push_back({"XMPP federation", {"I-9", "cannot look at it", "", "", {}}});
       },
       Kind::kApproval,
       "leaves out XMPP federation: cannot look at it"},
      {"failover does not",
       [](Case& it) {
         it.plan.situations.push_back({"xmpp", "failover", "a", "b", ""});
       },
       Kind::kGo},
      {"drift is not healed undeclared", Drifted, Kind::kApproval, "not in `heal`"},
      {"drift is healed when declared",
       [](Case& it) {
         Drifted(it);
         it.automation().heal = {"EdgeService"};
       },
       Kind::kGo},
      {"hosting is never changed back",
       [](Case& it) {
         Drifted(it);
         it.automation().heal = {"*"};
         it.Add(kinds::kSiteRoute, "Site1");
       },
       Kind::kApproval,
       "SiteRoute/Site1 was changed beside the declaration"},
      {"a record that leads to another pool is hosting",
       [](Case& it) {
         Drifted(it);
         it.automation().heal = {"*"};
         Action& record = it.Add(kinds::kDnsRecordSet, "xmpp.contoso.com/A");
         record.before = Value::Map{{"records", Value::List{"192.0.2.2"}}};
         record.after = Value::Map{{"records", Value::List{"192.0.2.1"}}};
       },
       Kind::kApproval,
       "D13"},
      {"a service record too",
       [](Case& it) {
         Drifted(it);
         it.automation().heal = {"*"};
         Action& record = it.Add(kinds::kDnsRecordSet, "_xmpp-server._tcp.contoso.com/SRV");
         record.before = Value::Map{{"records", Value::List{"0 0 5269 sip2.contoso.com"}}};
         record.after = Value::Map{{"records", Value::List{"0 0 5269 sip1.contoso.com"}}};
       },
       Kind::kApproval,
       "D13"},
      {"a record that leads nowhere is healed",
       [](Case& it) {
         Drifted(it);
         it.automation().heal = {"*"};
         Action& record = it.Add(kinds::kDnsRecordSet, "xmpp.contoso.com/A");
         record.before = Value::Map{{"records", Value::List{"203.0.113.99"}}};
         record.after = Value::Map{{"records", Value::List{"192.0.2.1"}}};
       },
       Kind::kGo},
      {"drift beside a commit is still drift",
       [](Case& it) {
         it.cause.drifted.insert({"EdgeService", "e1.contoso.net/xmppProxy"});
       },
       Kind::kApproval,
       "not in `heal`"},
      {"drift of something else is none of it",
       [](Case& it) {
         it.cause.drifted.insert({"EdgeService", "e2.contoso.net/xmppProxy"});
       },
       Kind::kGo},
      {"too many actions need people",
       [](Case& it) {
         it.Service("e2.contoso.net");
         it.automation().max_actions = 1;
       },
       Kind::kApproval,
       "allows 1"},
      {"too many pools need people",
       [](Case& it) {
         it.Service("e2.contoso.net");
         it.automation().max_pools = 1;
       },
       Kind::kApproval,
       "2 pools"},
      {"pools of a topology count",
       [](Case& it) {
         Action& topology = it.Add(kinds::kTopology, "contoso");
         topology.after = Value::Map{{"pools", Value::Map{{"edge2.contoso.net", Value::Map{}}}}};
         it.automation().max_pools = 1;
       },
       Kind::kApproval,
       "2 pools"},
      {"a failed run is not repeated by itself",
       [](Case& it) { it.failed = "run 7"; },
       Kind::kApproval,
       "run 7 of this very plan failed"},
      {"one yes is enough",
       [](Case& it) {
         Approve(it);
         it.Says("alice", true);
       },
       Kind::kGo},
      {"two are asked for",
       [](Case& it) {
         Approve(it);
         it.automation().approvals = 2;
         it.Says("alice", true).Says("alice", true);
       },
       Kind::kApproval},
      {"two came",
       [](Case& it) {
         Approve(it);
         it.automation().approvals = 2;
         it.Says("alice", true).Says("bob", true);
       },
       Kind::kGo},
      {"a yes to another plan counts nothing",
       [](Case& it) {
         Approve(it);
         it.Says("alice", true);
         it.voices.words[0].digest = "0000";
       },
       Kind::kApproval},
      {"a yes expires",
       [](Case& it) {
         Approve(it);
         it.Says("alice", true, absl::Hours(4));
       },
       Kind::kApproval},
      {"a no holds against a yes",
       [](Case& it) {
         Approve(it);
         it.Says("alice", true).Says("bob", false);
       },
       Kind::kRejected,
       "bob said no"},
      {"a no holds in auto", [](Case& it) { it.Says("bob", false); }, Kind::kRejected},
      {"data loss needs its own yes",
       [](Case& it) {
         it.plan.actions[0].needs_approval = true;
         it.Says("alice", true);
       },
       Kind::kApproval,
       "--also EdgeService/e1.contoso.net/xmppProxy"},
      {"and got it",
       [](Case& it) {
         it.plan.actions[0].needs_approval = true;
         it.Says("alice", true);
         it.voices.words[0].also = {"EdgeService/e1.contoso.net/xmppProxy"};
       },
       Kind::kGo},
      {"everything is paused",
       [](Case& it) {
         it.voices.pauses = {{"p1", "", "eve", "power", kNow, kNow + absl::Hours(1)}};
       },
       Kind::kPaused,
       "paused until 2026-11-29 13:00 UTC by eve: power"},
      {"the site is paused",
       [](Case& it) {
         it.voices.pauses = {{"p1", "Site1", "eve", "power", kNow, kNow + absl::Hours(1)}};
       },
       Kind::kPaused},
      {"another site is paused",
       [](Case& it) {
         it.voices.pauses = {{"p1", "Site2", "eve", "power", kNow, kNow + absl::Hours(1)}};
       },
       Kind::kGo},
      {"the kind is paused",
       [](Case& it) {
         it.voices.pauses = {{"p1", "EdgeService", "eve", "", kNow, kNow + absl::Hours(1)}};
       },
       Kind::kPaused},
      {"the pause is over",
       [](Case& it) {
         it.voices.pauses = {{"p1", "", "eve", "power", kNow - absl::Hours(1), kNow}};
       },
       Kind::kGo},
      {"no window is open",
       [](Case& it) {
         it.organization.policy.windows = {{{absl::Weekday::monday}, 0, 60, {}}};
       },
       Kind::kTime,
       "the next opens 2026-11-30 00:00 UTC"},
      {"frozen",
       [](Case& it) {
         it.automation().freezes = {{absl::CivilMinute(2026, 11, 29, 0, 0),
                                     absl::CivilMinute(2026, 12, 1, 0, 0),
                                     "sales",
                                     {}}};
       },
       Kind::kTime,
       "sales"},
      {"the freeze begins later",
       [](Case& it) {
         it.automation().freezes = {{absl::CivilMinute(2026, 11, 29, 12, 1),
                                     absl::CivilMinute(2026, 12, 1, 0, 0),
                                     "sales",
                                     {}}};
       },
       Kind::kGo},
      {"it has begun where the clock is ahead",
       [](Case& it) {
         it.zone = absl::FixedTimeZone(3600);
         it.automation().freezes = {{absl::CivilMinute(2026, 11, 29, 12, 1),
                                     absl::CivilMinute(2026, 12, 1, 0, 0),
                                     "sales",
                                     {}}};
       },
       Kind::kTime},
      {"an unknown zone freezes",
       [](Case& it) {
         it.zone_known = false;
         it.automation().freezes = {{absl::CivilMinute(2027, 1, 1, 0, 0),
                                     absl::CivilMinute(2027, 1, 2, 0, 0),
                                     "sales",
                                     {}}};
       },
       Kind::kTime,
       "is not known here"},
      {"the glass is broken",
       [](Case& it) {
         it.organization.policy.windows = {{{absl::Weekday::monday}, 0, 60, {}}};
         it.voices.openings = {{"eve", "fire", kNow, kNow + absl::Hours(1)}};
       },
       Kind::kGo},
      {"broken glass is no approval",
       [](Case& it) {
         Approve(it);
         it.voices.openings = {{"eve", "fire", kNow, kNow + absl::Hours(1)}};
       },
       Kind::kApproval},
  };
  return *rows;
}

class AutomationTest : public testing::TestWithParam<Row> {};

TEST_P(AutomationTest, IsJudged) {
  Case it;
  it.Service();
  GetParam().change(it);
  const Ruling ruling = it.Judged();
  EXPECT_EQ(Name(ruling.kind), Name(GetParam().kind));
  if (!GetParam().reason.empty()) {
    EXPECT_THAT(ruling.reasons, testing::Contains(HasSubstr(GetParam().reason)));
  }
}

INSTANTIATE_TEST_SUITE_P(Rows,
                         AutomationTest,
                         testing::ValuesIn(Rows()),
                         [](const testing::TestParamInfo<Row>& row) {
                           std::string name = row.param.name;
                           for (char& letter : name)
                             if (std::isalnum(static_cast<unsigned char>(letter)) == 0)
                               letter = '_';
                           return name;
                         });

TEST(AutomationTest, WaitsForTheLatestOfWindowAndFreeze) {
  Case it;
  it.Service();
  it.organization.policy.windows = {{{absl::Weekday::monday}, 0, 60, {}}};
  it.automation().freezes = {
      {absl::CivilMinute(2026, 11, 29, 0, 0), absl::CivilMinute(2026, 12, 5, 0, 0), "sales", {}}};
  EXPECT_EQ(it.Judged().not_before, absl::FromUnixSeconds(1'796'428'800));
}

TEST(AutomationTest, LaterYesTakesNoBack) {
  Case it;
  it.Service();
  it.automation().mode = Mode::kApprove;
  it.Says("alice", false, absl::Minutes(2)).Says("alice", true);
  // What was said last counts.
  EXPECT_EQ(it.Judged().kind, Kind::kGo);
  EXPECT_THAT(it.Judged().agreed, testing::SizeIs(1));
}

}  // namespace
}  // namespace poolshift
