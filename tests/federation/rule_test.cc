// The table of rules: complete, and the only source of orders.
#include "controller/federation/rule.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

#include "controller/federation/lowering.h"
#include "tests/federation/random_world.h"

namespace poolshift {
namespace {

using Clauses = Rule::Clauses;

TEST(RuleTest, EveryInvariantIsThere) {
  for (int number = 1; number <= 22; ++number)
    EXPECT_FALSE(RuleNamed("I-" + std::to_string(number)).text.empty());
}

TEST(RuleTest, RowsAreWhole) {
  std::set<std::string_view> ids;
  for (const Rule& rule : Rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id << " stands twice";
    EXPECT_FALSE(rule.text.empty() || rule.source.empty()) << rule.id;
    EXPECT_NE(rule.clauses, Clauses::kSwitchedOff) << rule.id << ": that is for tests";
    EXPECT_EQ(rule.kept.empty(), rule.clauses == Clauses::kMade)
        << rule.id << ": says by what it is kept exactly when that is no clause";
  }
}

// A row that makes clauses and never does is decoration; a clause in the name of no row cannot be.
TEST(RuleTest, RowsThatMakeClausesDo) {
  std::set<std::string> made;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    Dice dice(seed);
    Organization organization = RandomOrganization(dice);
    const Rehearsal world = RandomWorld(organization, dice);
    if (seed % 3 == 0) {
      Partner& partner = organization.partners["fabrikam.com"];
      partner.sip = partner.xmpp = true;
      partner.accepts_names = {"sip.contoso.com"};
    }
    Preparation preparation;
    if (seed % 5 == 0) preparation.supposed_alive = {organization.edge_pools.begin()->first};
    const Lowered lowered = Lower(organization,
                                  world.ObserveAll(),
                                  Assignment(organization, EveryKind(organization)),
                                  preparation);
    for (const Clause& clause : lowered.problem.clauses)
      made.insert(clause.reason.rule);
    for (const Operator& step : lowered.problem.operators) {
      if (step.action.verb == Verb::kGate) made.insert(step.action.why.front().rule);
    }
  }
  std::set<std::string> declared;
  for (const Rule& rule : Rules()) {
    if (rule.clauses == Clauses::kMade) declared.insert(std::string(rule.id));
  }
  EXPECT_EQ(made, declared);
}

// What `procedure` and `sipOrder` change: nothing but these rows.
TEST(RuleTest, ProceduresAndOrdersHoldTheirRules) {
  using Procedure = Policy::Procedure;
  const std::set<std::string_view> pages = {"004", "000"};
  for (const SipOrder order : {SipOrder::kAtomic,
                               SipOrder::kDetach,
                               SipOrder::kSwapThenRoute,
                               SipOrder::kMakeBeforeBreak}) {
    for (const Rule& rule : Rules()) {
      const bool eased = (rule.id == "I-1" && order == SipOrder::kMakeBeforeBreak) ||
                         (rule.id == "I-4" && order == SipOrder::kSwapThenRoute);
      EXPECT_EQ(Holds(rule.id, Procedure::kDocumented, order), !eased && rule.id != "D2")
          << rule.id;
      EXPECT_EQ(Holds(rule.id, Procedure::kServeFirst, order), !eased && !pages.contains(rule.id))
          << rule.id;
    }
  }
}

TEST(RuleDeathTest, ClausesAgainstTheTableEndTheProgram) {
  EXPECT_TRUE(MakesClauses("I-10"));
  EXPECT_DEATH(MakesClauses("I-22"), "");
  EXPECT_DEATH(MakesClauses("I-23"), "");
}

}  // namespace
}  // namespace poolshift
