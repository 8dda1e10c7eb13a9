// Every variable of a problem is told in words; so is every name of one that people may meet.
#include "controller/federation/state_words.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

#include "controller/federation/lowering.h"
#include "tests/federation/random_world.h"

namespace poolshift {
namespace {

struct Row {
  const char* name;
  const char* state;
  const char* words;
};

constexpr Row kRows[] = {
    {"flag", "Topology.federation is edgepool1", "the pool that has the SIP flag is edgepool1"},
    {"rest",
     "Topology.other is as observed",
     "the rest of the topology (XMPP flags, next hops) is as observed"},
    {"route", "SiteRoute/Site1.xmpp is edgepool2", "the XMPP route of Site1 is edgepool2"},
    {"service", "EdgeService/e.a.com/xmppProxy is stopped", "xmppProxy on e.a.com is stopped"},
    {"record", "DnsRecordSet/x.a.com/A is as observed", "the A record x.a.com is as observed"},
    {"probe",
     "probe xmpp edgepool2 is not seen",
     "edgepool2, seen from outside for XMPP, is not seen"},
    {"allow_list", "allow list of a.com is with it", "the allow list of a.com is with it"},
    {"unknown", "something new is red", "something new is red"},
};

class StateWordsTest : public testing::TestWithParam<Row> {};

TEST_P(StateWordsTest, IsSaid) { EXPECT_EQ(StateInWords(GetParam().state), GetParam().words); }

INSTANTIATE_TEST_SUITE_P(Rows, StateWordsTest, testing::ValuesIn(kRows), [](const auto& row) {
  return std::string(row.param.name);
});

TEST(StateWordsTest, EveryVariableOfAProblemHasWords) {
  std::set<std::string> bare;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    Organization organization = RandomOrganization(dice);
    const Rehearsal world = RandomWorld(organization, dice);
    const Lowered lowered =
        Lower(organization, world.ObserveAll(), Assignment(organization, EveryKind(organization)));
    for (const Variable& variable : lowered.problem.variables)
      if (VariableInWords(variable.name) == variable.name) bare.insert(variable.name);
  }
  EXPECT_EQ(bare, std::set<std::string>());
}

}  // namespace
}  // namespace poolshift
