// Preview: the exact commands, byte for byte.
#include "providers/sim/world/commands.h"

#include <gmock/gmock.h>

#include "tests/sim_world/two_sites.h"

namespace poolshift::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CommandsTest : public WorldTest {
 protected:
  std::vector<std::string> For(const ResourceId& target,
                               Value before,
                               Value after,
                               std::vector<std::string> modes = {}) const {
    Action action;
    action.modes = std::move(modes);
    action.target = target;
    action.before = std::move(before);
    action.after = std::move(after);
    return Commands(world, action);
  }
};

TEST_F(CommandsTest, BothRoutesInOneCommand) {
  EXPECT_THAT(
      For(kinds::SiteRoute("Site1"),
          Value::Map{{"federation", "edge1.contoso.com"}, {"xmpp", "edge1.contoso.com"}},
          Value::Map{{"federation", "edge2.contoso.com"}, {"xmpp", "edge2.contoso.com"}}),
      ElementsAre(R"(Set-CsSite -Identity "Site1" -FederationRoute "EdgeServer:edge2.contoso.com")"
                  R"( -XmppFederationRoute "EdgeServer:edge2.contoso.com")"));
}

TEST_F(CommandsTest, OnlyTheChangedRoute) {
  EXPECT_THAT(
      For(kinds::SiteRoute("Site1"),
          Value::Map{{"federation", "edge1.contoso.com"}, {"xmpp", "edge1.contoso.com"}},
          Value::Map{{"federation", "edge1.contoso.com"}, {"xmpp", "edge2.contoso.com"}}),
      ElementsAre(
          R"(Set-CsSite -Identity "Site1" -XmppFederationRoute "EdgeServer:edge2.contoso.com")"));
}

TEST_F(CommandsTest, UnsetAndDirectorRoutes) {
  EXPECT_THAT(For(kinds::SiteRoute("Site1"),
                  Value::Map{{"xmpp", "edge1.contoso.com"}},
                  Value::Map{{"xmpp", ""}}),
              ElementsAre(R"(Set-CsSite -Identity "Site1" -XmppFederationRoute $null)"));
  EXPECT_THAT(
      For(kinds::SiteRoute("Site1"), Value::Map{}, Value::Map{{"federation", "dir.contoso.com"}}),
      ElementsAre(R"(Set-CsSite -Identity "Site1" -FederationRoute "Director:dir.contoso.com")"));
}

TEST_F(CommandsTest, TopologySwapIsOnePublish) {
  const Value before =
      Value::Map{{"pools",
                  Value::Map{{"edge1.contoso.com", Value::Map{{"federation", true}}},
                             {"edge2.contoso.com", Value::Map{{"federation", false}}}}}};
  const Value after =
      Value::Map{{"pools",
                  Value::Map{{"edge1.contoso.com", Value::Map{{"federation", false}}},
                             {"edge2.contoso.com", Value::Map{{"federation", true}}}}}};
  EXPECT_THAT(
      For(kinds::Topology("contoso"), before, after),
      ElementsAre(
          "(Get-CsTopology -AsXml).ToString() | Set-Content -Path topology-before.xml -Encoding "
          "UTF8",
          "Copy-Item -Path topology-before.xml -Destination topology.xml",
          R"x(# edit topology.xml, EdgeServer:edge1.contoso.com: "Enable federation (Port 5061)" on -> off)x",
          R"x(# edit topology.xml, EdgeServer:edge2.contoso.com: "Enable federation (Port 5061)" off -> on)x",
          "Publish-CsTopology -FileName topology.xml -BackupFileName topology-published-before.xml",
          "Enable-CsTopology",
          "# the same in Topology Builder: Edge pool > Edit Properties > General, then Publish "
          "Topology"));
}

TEST_F(CommandsTest, NextHopHasACmdlet) {
  EXPECT_THAT(
      For(kinds::Topology("contoso"),
          Flags("edge1.contoso.com", Value::Map{{"nextHop", "fe1.contoso.com"}}),
          Flags("edge1.contoso.com", Value::Map{{"nextHop", "fe2.contoso.com"}})),
      ElementsAre(
          R"(Set-CsEdgeServer -Identity "EdgeServer:edge1.contoso.com" -Registrar "Registrar:fe2.contoso.com")",
          "Enable-CsTopology"));
}

TEST_F(CommandsTest, ServicesByTheirShortNames) {
  constexpr std::pair<const char*, const char*> kNames[] = {{"replica", "REPLICA"},
                                                            {"accessEdge", "RTCSRV"},
                                                            {"webConf", "RTCDATAPROXY"},
                                                            {"avAuth", "RTCMRAUTH"},
                                                            {"avRelay", "RTCMEDIARELAY"}};
  for (const auto& [role, name] : kNames) {
    EXPECT_THAT(
        For(kinds::EdgeService("e1a.contoso.com", role),
            Value::Map{{"state", "stopped"}},
            Value::Map{{"state", "running"}}),
        ElementsAre(std::string("Invoke-Command -ComputerName e1a.contoso.com -ScriptBlock { "
                                "Start-CsWindowsService -Name ") +
                    name + " }"));
  }
}

TEST_F(CommandsTest, XmppProxyByItsDisplayName) {
  EXPECT_THAT(
      For(kinds::EdgeService("e1a.contoso.com", "xmppProxy"),
          Value::Map{{"state", "running"}},
          Value::Map{{"state", "stopped"}}),
      ElementsAre(
          "Invoke-Command -ComputerName e1a.contoso.com -ScriptBlock { Get-Service -DisplayName "
          "\"*XMPP*Proxy*\" | ForEach-Object { Stop-CsWindowsService -Name $_.Name } }"));
}

TEST_F(CommandsTest, StartModeBeforeStart) {
  EXPECT_THAT(For(kinds::EdgeService("e1a.contoso.com", "accessEdge"),
                  Value::Map{{"state", "stopped"}, {"startMode", "disabled"}},
                  Value::Map{{"state", "running"}, {"startMode", "automatic"}}),
              ElementsAre(HasSubstr("Set-Service -Name RTCSRV -StartupType Automatic"),
                          HasSubstr("Start-CsWindowsService -Name RTCSRV")));
}

TEST_F(CommandsTest, BootstrapperUnderProgramFiles) {
  EXPECT_THAT(For(kinds::EdgeComponents("e2a.contoso.com"),
                  Value::Map{{"federation", false}},
                  Value::Map{{"federation", true}}),
              ElementsAre("Invoke-Command -ComputerName e2a.contoso.com -ScriptBlock { cmd /c "
                          "'\"%ProgramFiles%\\Microsoft Lync "
                          "Server 2013\\Deployment\\Bootstrapper.exe\"' }"));
}

TEST_F(CommandsTest, AssociationOnThreeServices) {
  EXPECT_THAT(
      For(kinds::EdgeAssociation("fe1.contoso.com"),
          Value::Map{{"edgePool", "edge1.contoso.com"}},
          Value::Map{{"edgePool", "edge2.contoso.com"}}),
      ElementsAre(
          R"(Set-CsConferenceServer -Identity "ConferencingServer:fe1.contoso.com" -EdgeServer "EdgeServer:edge2.contoso.com")",
          R"(Set-CsRegistrar -Identity "Registrar:fe1.contoso.com" -EdgeServer "EdgeServer:edge2.contoso.com")",
          R"(Set-CsMediationServer -Identity "MediationServer:fe1.contoso.com" -EdgeServer "EdgeServer:edge2.contoso.com")"));
}

TEST_F(CommandsTest, ClosingWritesEnableTheTopology) {
  const Value before = Value::Map{{"xmpp", "edge1.contoso.com"}},
              after = Value::Map{{"xmpp", "edge2.contoso.com"}};
  EXPECT_EQ(For(kinds::SiteRoute("Site1"), before, after, {"closing"}).back(), "Enable-CsTopology");
  EXPECT_EQ(For(kinds::SiteRoute("Site1"), before, after).size(), 1U);
}

TEST_F(CommandsTest, DirectorHasAnAssociationOfItsOwn) {
  EXPECT_THAT(
      For(kinds::EdgeAssociation("dir.contoso.com"),
          Value::Map{{"edgePool", "edge1.contoso.com"}},
          Value::Map{{"edgePool", "edge2.contoso.com"}},
          {"director"}),
      ElementsAre(
          R"(Set-CsDirector -Identity "Director:dir.contoso.com" -EdgeServer "EdgeServer:edge2.contoso.com")"));
}

TEST_F(CommandsTest, CentralStoreFailsOverByForceOnlyWhenItIsDead) {
  const Value before = Value::Map{{"activeMaster", ""}},
              after = Value::Map{{"activeMaster", "fe1.contoso.com"}};
  const ResourceId store = kinds::CentralStore("contoso");
  EXPECT_THAT(For(store, before, after, {"disaster"}),
              testing::Contains(HasSubstr("Invoke-CsManagementServerFailover -Force -Verbose")));
  EXPECT_THAT(For(store, before, after), testing::Not(testing::Contains(HasSubstr("-Force"))));
}

// The plan decides, from what is declared and seen; a provider never adds it by itself.
TEST_F(CommandsTest, DisasterModeOnlyWhereThePlanSaysSo) {
  const Value home = Value::Map{{"servedBy", "home"}}, backup = Value::Map{{"servedBy", "backup"}};
  const ResourceId pool = kinds::PoolFailover("fe1.contoso.com");
  Power("fe1a.contoso.com", false);
  EXPECT_THAT(For(pool, home, backup),
              ElementsAre(R"(Invoke-CsPoolFailOver -PoolFqdn "fe1.contoso.com" -Verbose)"));
  EXPECT_THAT(
      For(pool, home, backup, {"disaster"}),
      ElementsAre(R"(Invoke-CsPoolFailOver -PoolFqdn "fe1.contoso.com" -DisasterMode -Verbose)"));
  EXPECT_THAT(For(pool, backup, home),
              ElementsAre(R"(Invoke-CsPoolFailBack -PoolFqdn "fe1.contoso.com" -Verbose)"));
}

TEST_F(CommandsTest, RecordsAreAddedBeforeRemoved) {
  EXPECT_THAT(
      For(kinds::DnsRecordSet("xmpp.contoso.com", "A"),
          Value::Map{{"records", Value::List{"203.0.113.11", "203.0.113.12"}}, {"ttl", 300}},
          Value::Map{{"records", Value::List{"198.51.100.21", "203.0.113.12"}}, {"ttl", 300}}),
      ElementsAre("dnscmd . /RecordAdd contoso.com xmpp 300 A 198.51.100.21",
                  "dnscmd . /RecordDelete contoso.com xmpp A 203.0.113.11 /f"));
}

TEST_F(CommandsTest, TtlAloneAddsAgain) {
  EXPECT_THAT(For(kinds::DnsRecordSet("_sipfederationtls._tcp.contoso.com", "SRV"),
                  Value::Map{{"records", Value::List{"0 0 5061 sip.contoso.com"}}, {"ttl", 300}},
                  Value::Map{{"records", Value::List{"0 0 5061 sip.contoso.com"}}, {"ttl", 5}}),
              ElementsAre("dnscmd . /RecordAdd contoso.com _sipfederationtls._tcp 5 SRV 0 0 5061 "
                          "sip.contoso.com."));
}

TEST_F(CommandsTest, TheLongestDomainIsTheZone) {
  world.domains["emea.contoso.com"];
  const Value records = Value::Map{{"records", Value::List{"198.51.100.21"}}, {"ttl", 60}};
  const auto first = [&](std::string_view name) {
    return For(kinds::DnsRecordSet(name, "A"), Value(), records).front();
  };
  EXPECT_EQ(first("a.b.emea.contoso.com"),
            "dnscmd . /RecordAdd emea.contoso.com a.b 60 A 198.51.100.21");
  EXPECT_EQ(first("emea.contoso.com"), "dnscmd . /RecordAdd emea.contoso.com @ 60 A 198.51.100.21");
  EXPECT_EQ(first("xemea.contoso.com"), "dnscmd . /RecordAdd contoso.com xemea 60 A 198.51.100.21");
  EXPECT_EQ(first("a.fabrikam.com"), "dnscmd . /RecordAdd fabrikam.com a 60 A 198.51.100.21");
}

TEST_F(CommandsTest, DeletedRecordSet) {
  EXPECT_THAT(For(kinds::DnsRecordSet("contoso.com", "TXT"),
                  Value::Map{{"records", Value::List{"a b"}}, {"ttl", 5}},
                  Value()),
              ElementsAre("dnscmd . /RecordDelete contoso.com @ TXT \"a b\" /f"));
}

TEST_F(CommandsTest, FencesAreElementsOfASet) {
  const ResourceId fence = kinds::Fence("203.0.113.11", 5269);
  const Value none = Value::Map{{"mode", "none"}, {"expires", ""}};
  const Value reset = Value::Map{{"mode", "reset"}, {"expires", "2026-11-21T12:00:00Z"}};
  EXPECT_THAT(For(fence, none, reset),
              ElementsAre("nft add element inet poolshift reset { 203.0.113.11 . 5269 }  # until "
                          "2026-11-21T12:00:00Z"));
  EXPECT_THAT(For(fence, reset, none),
              ElementsAre("nft delete element inet poolshift reset { 203.0.113.11 . 5269 }"));
}

TEST_F(CommandsTest, StreamsOfXmppRestartTheProxyOnly) {
  EXPECT_THAT(
      For(kinds::Streams("e1a.contoso.com", "xmpp"),
          Value::Map{{"state", "open"}},
          Value::Map{{"state", "closed"}}),
      ElementsAre(
          "Invoke-Command -ComputerName e1a.contoso.com -ScriptBlock { Get-Service -DisplayName "
          "\"*XMPP*Proxy*\" | Restart-Service }"));
  for (const std::string& line : For(kinds::Streams("e1a.contoso.com", "sip"),
                                     Value::Map{{"state", "open"}},
                                     Value::Map{{"state", "closed"}})) {
    EXPECT_THAT(line, testing::Not(HasSubstr("RTCSRV"))) << "it also carries 443 (D5)";
  }
}

TEST_F(CommandsTest, EveryWritableKindHasCommands) {
  const std::map<std::string, std::pair<ResourceId, Value>> changes = {
      {"Topology",
       {kinds::Topology("contoso"), Flags("edge1.contoso.com", Value::Map{{"xmpp", false}})}},
      {"SiteRoute", {kinds::SiteRoute("Site1"), Value::Map{{"xmpp", ""}}}},
      {"Enablement", {kinds::Enablement("contoso"), Value::Map{{"enabled", true}}}},
      {"EdgeService",
       {kinds::EdgeService("e1a.contoso.com", "replica"), Value::Map{{"state", "stopped"}}}},
      {"EdgeComponents", {kinds::EdgeComponents("e1a.contoso.com"), Value::Map{{"xmpp", false}}}},
      {"Streams", {kinds::Streams("e1a.contoso.com", "sip"), Value::Map{{"state", "closed"}}}},
      {"Fence", {kinds::Fence("203.0.113.11", 5061), Value::Map{{"mode", "drop"}}}},
      {"EdgeAssociation",
       {kinds::EdgeAssociation("fe1.contoso.com"), Value::Map{{"edgePool", ""}}}},
      {"PoolFailover",
       {kinds::PoolFailover("fe3.contoso.com"), Value::Map{{"servedBy", "backup"}}}},
      {"CentralStore",
       {kinds::CentralStore("contoso"), Value::Map{{"activeMaster", "fe1.contoso.com"}}}},
      {"DnsRecordSet",
       {kinds::DnsRecordSet("a.contoso.com", "A"),
        Value::Map{{"records", Value::List{"192.0.2.1"}}}}}};
  for (const KindSchema& schema : kinds::KindSchemas()) {
    if (!schema.writable) continue;
    ASSERT_TRUE(changes.contains(schema.kind)) << schema.kind;
    const auto& [target, after] = changes.at(schema.kind);
    const auto lines = For(target, Value(), after);
    EXPECT_FALSE(lines.empty()) << schema.kind;
    for (const std::string& line : lines)
      EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace poolshift::sim
