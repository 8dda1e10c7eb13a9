// The lines themselves are run by tests/lync/emulator_test.py, from the golden files that are
// written here.

#include "controller/report/topology_by_hand.h"

#include "gtest/gtest.h"

#include "controller/federation/kinds.h"
#include "tests/golden/golden_file.h"

namespace poolshift {
namespace {

Value Flags(bool first, bool second) {
  return Value::Map{
      {"pools",
       Value::Map{{"edgepool1.contoso.com", Value::Map{{"federation", first}, {"xmpp", first}}},
                  {"edgepool2.contoso.com", Value::Map{{"federation", second}, {"xmpp", true}}}}}};
}

Action Publication(Value before, Value after) {
  Action action;
  action.target = kinds::Topology("contoso");
  action.before = std::move(before);
  action.after = std::move(after);
  action.id = MakeActionId(action.verb, action.target, action.before, action.after);
  action.commands = {"Copy-Item -Path topology-before.xml -Destination topology.xml",
                     "Publish-CsTopology -FileName topology.xml",
                     "Enable-CsTopology"};
  return action;
}

std::string Text(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += line + '\n';
  return text;
}

void ExpectScript(const std::string& name, const std::vector<std::string>& lines) {
  ExpectGolden(POOLSHIFT_SOURCE_DIR "/tests/report/golden/topology_" + name + ".ps1", Text(lines));
}

TEST(TopologyByHandTest, WritesTheEditOut) {
  ExpectScript("swap", ByHand(Publication(Flags(true, false), Flags(false, true))));
  ExpectScript("back", ByHand(Publication(Flags(false, true), Flags(true, false))));
  ExpectScript("former", RepublishFormer(Publication(Flags(true, false), Flags(false, true))));
}

TEST(TopologyByHandTest, KeepsWhatFollowsThePublication) {
  Action action = Publication(Flags(true, false), Flags(false, true));
  action.commands = {"jump> (Get-CsTopology -AsXml).ToString()",
                     "jump> Publish-CsTopology -FileName topology.xml",
                     "jump> Set-CsEdgeServer -Registrar x",
                     "jump> Enable-CsTopology"};
  const std::vector<std::string> lines = ByHand(action);
  EXPECT_EQ(lines.front(), "# all of it on jump");
  EXPECT_EQ(lines[lines.size() - 2], "Set-CsEdgeServer -Registrar x");
  EXPECT_EQ(lines.back(), "Enable-CsTopology");
}

TEST(TopologyByHandTest, NamesTheBoxesOfTopologyBuilder) {
  EXPECT_EQ(InTopologyBuilder(Publication(Flags(true, false), Flags(false, true))),
            "Edge pools > edgepool1.contoso.com > Edit Properties > General: clear \"Enable "
            "federation (Port 5061)\"; Edge pools > edgepool1.contoso.com > Edit Properties > "
            "General: clear \"Enable XMPP federation (port 5269)\"; Edge pools > "
            "edgepool2.contoso.com > Edit Properties > General: select \"Enable federation (Port "
            "5061)\"; then Action > Topology > Publish, once");
}

TEST(TopologyByHandTest, LeavesOtherActionsAsTheyAre) {
  Action by_a_person = Publication(Flags(true, false), Flags(false, true));
  by_a_person.human = true;
  Action next_hop = Publication(Value::Map{}, Value::Map{});
  Action route = Publication(Flags(true, false), Flags(false, true));
  route.target = kinds::SiteRoute("Site1");
  for (const Action& action : {by_a_person, next_hop, route}) {
    EXPECT_EQ(ByHand(action), action.commands);
    EXPECT_EQ(InTopologyBuilder(action), "");
    EXPECT_TRUE(RepublishFormer(action).empty());
  }
}

TEST(TopologyByHandTest, SavesEachPublicationInAFolderOfItsOwn) {
  const Action forth = Publication(Flags(true, false), Flags(false, true));
  const Action back = Publication(Flags(false, true), Flags(true, false));
  EXPECT_NE(RepublishFormer(forth).front(), RepublishFormer(back).front());
}

}  // namespace
}  // namespace poolshift
