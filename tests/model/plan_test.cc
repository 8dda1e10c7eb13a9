#include "controller/model/plan.h"

#include <functional>
#include <map>
#include <set>

#include "gtest/gtest.h"

namespace poolshift {
namespace {

const Value kBefore = Value::Map{{"xmpp", "edgepool1.contoso.com"}};
const Value kAfter = Value::Map{{"xmpp", "edgepool2.contoso.com"}};

TEST(ActionIdTest, FollowsFromContentOnly) {
  const ResourceId target{"SiteRoute", "Site1"};
  const ActionId id = MakeActionId(Verb::kUpdate, target, kBefore, kAfter);
  EXPECT_EQ(id.size(), 17U);
  EXPECT_EQ(id.front(), 'a');
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << id;
  EXPECT_EQ(MakeActionId(Verb::kUpdate, target, kBefore, kAfter), id);
  EXPECT_EQ(MakeActionId(Verb::kGate, target, kBefore, kAfter).front(), 'g');
}

TEST(ActionIdTest, EveryPartOfTheContentCounts) {
  const ResourceId target{"SiteRoute", "Site1"};
  const std::set<ActionId> ids = {
      MakeActionId(Verb::kUpdate, target, kBefore, kAfter),
      MakeActionId(Verb::kCreate, target, kBefore, kAfter),
      MakeActionId(Verb::kUpdate, {"SiteRoute", "Site2"}, kBefore, kAfter),
      MakeActionId(Verb::kUpdate, {"Fence", "Site1"}, kBefore, kAfter),
      MakeActionId(Verb::kUpdate, target, kAfter, kBefore),
      MakeActionId(Verb::kUpdate, target, Value(), kAfter),
      MakeActionId(Verb::kUpdate, target, kBefore, Value()),
  };
  EXPECT_EQ(ids.size(), 7U);
}

// At this size, eight digits are not enough: two of these sites would share an id.
TEST(ActionIdTest, AHundredThousandActionsHaveAsManyIds) {
  constexpr int kActions = 100'000;
  constexpr std::size_t kEightDigits = 9;
  std::set<ActionId> ids;
  std::set<std::string> beginnings;
  for (int site = 0; site < kActions; ++site) {
    const ResourceId target{"SiteRoute", "Branch" + std::to_string(site)};
    const ActionId id = MakeActionId(Verb::kUpdate, target, kBefore, kAfter);
    beginnings.insert(id.substr(0, kEightDigits));
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100'000U);
  EXPECT_LT(beginnings.size(), 100'000U);
}

TEST(VerbTest, SymbolsAndNamesAreDistinct) {
  std::set<char> symbols;
  std::set<std::string_view> names;
  for (const Verb verb :
       {Verb::kCreate, Verb::kUpdate, Verb::kDelete, Verb::kStart, Verb::kStop, Verb::kGate}) {
    symbols.insert(Symbol(verb));
    names.insert(Name(verb));
  }
  EXPECT_EQ(symbols, (std::set<char>{'+', '~', '-', '>', '.', '?'}));
  EXPECT_EQ(names,
            (std::set<std::string_view>{"create", "update", "delete", "start", "stop", "gate"}));
}

TEST(NoteTest, TreatmentsHaveNames) {
  using enum Note::Treatment;
  EXPECT_EQ(Name(kDone), "done");
  EXPECT_EQ(Name(kMoved), "moved");
  EXPECT_EQ(Name(kNotNeeded), "not needed");
  EXPECT_EQ(Name(kCorrected), "corrected");
  EXPECT_EQ(Name(kFollowUp), "follow-up");
}

// A plan with a value in every field that the digest covers.
Plan Sample() {
  Action route;
  route.id = "a0000001";
  route.target = {"SiteRoute", "Site1"};
  route.provider = "lync";
  route.before = kBefore;
  route.after = kAfter;
  route.precondition_revision = "r1";
  route.commands = {"Set-CsSite Site1", "Enable-CsTopology"};
  route.locks = {"cms"};
  Action gate;
  gate.id = "g0000002";
  gate.verb = Verb::kGate;
  gate.target = {"Replica", "edge3.contoso.com"};
  gate.provider = "lync";
  gate.needs = {"a0000001"};
  gate.gate = Gate{.expectations = {{.subject = {{"Replica", "edge3.contoso.com"}, "internet"},
                                     .property = "watermark",
                                     .compare = Expectation::Compare::kAtLeastProduced,
                                     .value = 7}},
                   .produced_by = {"a0000001"}};
  Plan plan;
  plan.organization = "contoso";
  plan.actions = {route, gate};
  plan.basis = {{{{"SiteRoute", "Site1"}, ""}, "r1"}};
  return plan;
}

struct ChangeRow {
  const char* name;
  std::function<void(Plan&)> change;
};

Expectation& FirstExpectation(Plan& plan) { return plan.actions[1].gate->expectations[0]; }

const std::vector<ChangeRow>& DecidingChanges() {
  static const std::vector<ChangeRow> rows = {
      {"nothing", [](Plan&) {}},
      {"organization", [](Plan& p) { p.organization = "fabrikam"; }},
      {"no_actions", [](Plan& p) { p.actions.clear(); }},
      {"action_dropped", [](Plan& p) { p.actions.pop_back(); }},
      {"order", [](Plan& p) { std::swap(p.actions[0], p.actions[1]); }},
      {"id", [](Plan& p) { p.actions[0].id = "a0000003"; }},
      {"verb", [](Plan& p) { p.actions[0].verb = Verb::kCreate; }},
      {"kind", [](Plan& p) { p.actions[0].target.kind = "Fence"; }},
      {"name", [](Plan& p) { p.actions[0].target.name = "Site2"; }},
      {"provider", [](Plan& p) { p.actions[0].provider = "other"; }},
      {"human", [](Plan& p) { p.actions[0].human = true; }},
      {"approval", [](Plan& p) { p.actions[0].needs_approval = true; }},
      {"before", [](Plan& p) { p.actions[0].before = Value(); }},
      {"after", [](Plan& p) { p.actions[0].after = kBefore; }},
      {"precondition", [](Plan& p) { p.actions[0].precondition_revision = "r2"; }},
      {"needs", [](Plan& p) { p.actions[1].needs.clear(); }},
      {"command", [](Plan& p) { p.actions[0].commands[0] += " -Force"; }},
      {"command_order",
       [](Plan& p) { std::swap(p.actions[0].commands[0], p.actions[0].commands[1]); }},
      {"commands_joined",
       [](Plan& p) { p.actions[0].commands = {"Set-CsSite Site1Enable-CsTopology"}; }},
      {"command_with_separator",
       [](Plan& p) {
         p.actions[0].commands = {
             "Set-CsSite Site1\x1f"
             "Enable-CsTopology"};
       }},
      {"command_made_a_lock",
       [](Plan& p) {
         p.actions[0].commands = {"Set-CsSite Site1"};
         p.actions[0].locks = {"Enable-CsTopology", "cms"};
       }},
      {"need_made_a_command",
       [](Plan& p) {
         p.actions[1].needs.clear();
         p.actions[1].commands = {"a0000001"};
       }},
      {"lock", [](Plan& p) { p.actions[0].locks = {"zone:contoso.com"}; }},
      {"no_gate", [](Plan& p) { p.actions[1].gate.reset(); }},
      {"empty_gate", [](Plan& p) { p.actions[1].gate = Gate{}; }},
      {"gate_subject_kind", [](Plan& p) { FirstExpectation(p).subject.id.kind = "CentralStore"; }},
      {"gate_subject_name", [](Plan& p) { FirstExpectation(p).subject.id.name = "edge4"; }},
      {"gate_vantage", [](Plan& p) { FirstExpectation(p).subject.vantage = "branch"; }},
      {"gate_property", [](Plan& p) { FirstExpectation(p).property = "serial"; }},
      {"gate_compare",
       [](Plan& p) { FirstExpectation(p).compare = Expectation::Compare::kEquals; }},
      {"gate_value", [](Plan& p) { FirstExpectation(p).value = 8; }},
      {"gate_value_kind", [](Plan& p) { FirstExpectation(p).value = "7"; }},
      {"gate_produced_by", [](Plan& p) { p.actions[1].gate->produced_by.clear(); }},
      {"gate_quorum", [](Plan& p) { p.actions[1].gate->quorum = 1; }},
      {"gate_vantages", [](Plan& p) { p.actions[1].gate->vantages_required = 2; }},
      {"gate_evidence", [](Plan& p) { p.actions[1].gate->evidence = absl::Seconds(10); }},
      {"phase", [](Plan& p) { p.phase = "prepare"; }},
      {"gate_consecutive", [](Plan& p) { p.actions[1].gate->consecutive = 3; }},
      {"gate_hold", [](Plan& p) { p.actions[1].gate->hold = absl::Seconds(300); }},
      {"gate_timeout", [](Plan& p) { p.actions[1].gate->timeout = absl::Minutes(1); }},
      {"gate_interval", [](Plan& p) { p.actions[1].gate->interval = absl::Seconds(9); }},
      {"basis_revision", [](Plan& p) { p.basis[0].second = "r2"; }},
      {"basis_absent", [](Plan& p) { p.basis[0].second = ""; }},
      {"basis_resource", [](Plan& p) { p.basis[0].first.id.name = "Site2"; }},
      {"basis_vantage", [](Plan& p) { p.basis[0].first.vantage = "internet"; }},
      {"no_basis", [](Plan& p) { p.basis.clear(); }},
      {"left_out",
       [](Plan& p) {
         p.left_out = {{"XMPP federation", {"I-9", "cannot look", "", "", {}}}};
       }},
      {"left_out_part",
       [](Plan& p) {
         p.left_out = {{"SIP federation", {"I-9", "cannot look", "", "", {}}}};
       }},
      {"left_out_rule",
       [](Plan& p) {
         p.left_out = {{"XMPP federation", {"I-19", "cannot look", "", "", {}}}};
       }},
  };
  return rows;
}

TEST(PlanDigestTest, EveryDecidingFieldCounts) {
  std::map<std::string, std::string> first_with;
  for (const ChangeRow& row : DecidingChanges()) {
    Plan plan = Sample();
    row.change(plan);
    const auto [place, is_fresh] = first_with.emplace(PlanDigest(plan), row.name);
    EXPECT_TRUE(is_fresh) << row.name << " has the digest of " << place->second;
  }
}

TEST(PlanDigestTest, WordsForPeopleDoNotCount) {
  const std::vector<ChangeRow> rows = {
      {"title", [](Plan& p) { p.actions[0].title = "route XMPP"; }},
      {"why",
       [](Plan& p) {
         p.actions[0].why = {{"I-5", "sentence", "004 step 3"}};
       }},
      {"sources", [](Plan& p) { p.actions[0].sources = {"004 step 3"}; }},
      {"duration", [](Plan& p) { p.actions[0].duration = absl::Minutes(9); }},
      {"note", [](Plan& p) { p.notes.emplace_back(); }},
      {"warning", [](Plan& p) { p.warnings.Warning({}, "look here"); }},
      {"situation", [](Plan& p) { p.situations.emplace_back(); }},
      {"certificate", [](Plan& p) { p.certificate.states = 9; }},
  };
  const std::string digest = PlanDigest(Sample());
  for (const ChangeRow& row : rows) {
    Plan plan = Sample();
    row.change(plan);
    EXPECT_EQ(PlanDigest(plan), digest) << row.name;
  }
}

// A reason may name another time at each look, and an approval must outlive that.
TEST(PlanDigestTest, WhyItCouldNotLookDoesNotCount) {
  Plan plan = Sample(), later = Sample();
  plan.left_out = {{"XMPP federation", {"I-9", "timed out after 31 s", "mend it", "I-9", {}}}};
  later.left_out = {{"XMPP federation", {"I-9", "timed out after 32 s", "", "", {}}}};
  EXPECT_EQ(PlanDigest(plan), PlanDigest(later));
}

TEST(PlanTest, CountsGatesApart) {
  const Plan plan = Sample();
  EXPECT_EQ(plan.mutations(), 1);
  EXPECT_EQ(plan.gates(), 1);
}

TEST(PlanTest, RefusalIsNotEmpty) {
  Plan plan;
  EXPECT_TRUE(plan.empty());
  plan.refusals.emplace_back();
  EXPECT_FALSE(plan.empty());
  EXPECT_FALSE(Sample().empty());
}

}  // namespace
}  // namespace poolshift
