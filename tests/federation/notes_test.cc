// Every step of a source page that fits the situation is accounted for (D2, domain.md e).
#include "controller/federation/notes.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

using Kind = Move::Kind;

class NotesTest : public testing::Test {
 protected:
  NotesTest() : organization_(TwoSites()) {}

  std::vector<Move> Moves(Kind sip, Kind xmpp) const {
    const EdgePool* from = &organization_.edge_pools.at("edgepool1");
    const EdgePool* to = &organization_.edge_pools.at("edgepool2");
    return {{Protocol::kSip, sip, from, to, ""}, {Protocol::kXmpp, xmpp, from, to, ""}};
  }

  std::vector<Note> Account(Kind sip, Kind xmpp, const std::vector<Action>& actions = {}) const {
    return AccountForPages(organization_, Moves(sip, xmpp), actions);
  }

  static std::set<std::string> Steps(const std::vector<Note>& notes) {
    std::set<std::string> steps;
    for (const Note& note : notes)
      steps.insert(note.document + ' ' + note.step);
    return steps;
  }

  static const Note& Find(const std::vector<Note>& notes, const std::string& step) {
    for (const Note& note : notes) {
      if (note.document + ' ' + note.step == step) return note;
    }
    ADD_FAILURE() << "no note on " << step;
    return notes.front();
  }

  static Action Answering(const std::string& id, const std::string& source) {
    Action action;
    action.id = id;
    action.sources = {source};
    return action;
  }

  Organization organization_;
};

TEST_F(NotesTest, XmppFailoverHasSevenSteps) {
  EXPECT_THAT(Steps(Account(Kind::kSteady, Kind::kFailover)),
              IsSupersetOf({"004 1", "004 2", "004 3", "004 4", "004 5", "004 6", "004 7"}));
}

TEST_F(NotesTest, FailbackHasFiveSteps) {
  const auto steps = Steps(Account(Kind::kFailback, Kind::kFailback));
  EXPECT_THAT(steps,
              IsSupersetOf({"000 1",
                            "000 2a-e",
                            "000 2f",
                            "000 2g",
                            "000 3a",
                            "000 3b",
                            "000 3c",
                            "000 3d",
                            "000 4",
                            "000 5"}));
  EXPECT_EQ(steps.count("004 3"), 0U) << "another page";
}

TEST_F(NotesTest, OnlyTheMovingProtocolIsAccounted) {
  EXPECT_EQ(Steps(Account(Kind::kFailover, Kind::kSteady)).count("004 3"), 0U);
  EXPECT_EQ(Steps(Account(Kind::kSteady, Kind::kFailover)).count("P1 2"), 0U);
  EXPECT_TRUE(Account(Kind::kSteady, Kind::kSteady).empty());
}

TEST_F(NotesTest, FaultsAreCitedWhenCorrected) {
  const auto notes = Account(Kind::kSteady,
                             Kind::kPlanned,
                             {Answering("a1", "004 step 3"),
                              Answering("a2", "004 step 3"),
                              Answering("a3", "004 step 4")});
  const Note& routes = Find(notes, "004 3");
  EXPECT_EQ(routes.treatment, Note::Treatment::kCorrected);
  EXPECT_EQ(routes.fault, "F1 F5 F26");
  EXPECT_THAT(routes.actions, UnorderedElementsAre("a1", "a2"));
  EXPECT_EQ(Find(notes, "004 4").fault, "F6 F11");
  const Note& service = Find(notes, "004 7");
  EXPECT_EQ(service.treatment, Note::Treatment::kNotNeeded);
  EXPECT_EQ(service.fault, "") << "a fault that was not met is not cited";
  EXPECT_FALSE(service.text.empty());
}

TEST_F(NotesTest, ReplicationWaitIsTheGate) {
  Action gate;
  gate.id = "g1";
  gate.verb = Verb::kGate;
  gate.target = {"Replica", "contoso"};
  gate.gate = Gate{};
  gate.gate->expectations.resize(2);
  const auto notes = Account(Kind::kFailover, Kind::kSteady, {gate});
  EXPECT_EQ(Find(notes, "P1 (wait)").fault, "F12");
  EXPECT_THAT(Find(notes, "P1 (wait)").actions, UnorderedElementsAre("g1"));
}

TEST_F(NotesTest, DeadPoolMustNotReturn) {
  const auto notes = Account(Kind::kFailover, Kind::kFailover);
  int follow_ups = 0;
  for (const Note& note : notes)
    follow_ups += note.treatment == Note::Treatment::kFollowUp ? 1 : 0;
  EXPECT_EQ(follow_ups, 1) << "one pool, one sentence";
  const Note note = Find(notes, "D12 prevent return");
  EXPECT_THAT(note.text, testing::HasSubstr("edge1a.contoso.com, edge1b.contoso.com"));
  EXPECT_THAT(note.text, testing::Not(testing::HasSubstr("Get-Cs")))
      << "what is typed is a command";
  EXPECT_THAT(note.commands, testing::ElementsAre(testing::HasSubstr("Get-CsWindowsService | ")));
}

TEST_F(NotesTest, EdgeDeadPageNeedsADeadPool) {
  const std::vector<Action> actions = {Answering("a1", "001 step 4")};
  EXPECT_EQ(Steps(Account(Kind::kSteady, Kind::kSteady, actions)).count("001 last section"), 0U);
  DeclareDead(organization_.edge_pools.at("edgepool1"));
  const auto notes = Account(Kind::kSteady, Kind::kSteady, actions);
  EXPECT_EQ(Find(notes, "001 last section").fault, "F17");
  EXPECT_EQ(Find(notes, "001 Remote access").treatment, Note::Treatment::kNotNeeded);
}

TEST_F(NotesTest, NothingIsLeftWithoutWords) {
  for (const Kind kind : {Kind::kFailover, Kind::kPlanned, Kind::kFailback}) {
    for (const Note& note : Account(kind, kind)) {
      EXPECT_FALSE(note.text.empty()) << note.document << ' ' << note.step;
      EXPECT_FALSE(note.step.empty());
    }
  }
}

}  // namespace
}  // namespace poolshift
