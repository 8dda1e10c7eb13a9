// World files: strict reading with places, writing back, edits by hand, fault rules, the scenario
// worlds.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "providers/sim/world/edit.h"
#include "providers/sim/world/yaml_tree.h"
#include "tests/sim_world/two_sites.h"

namespace poolshift::sim {
namespace {

using testing::HasSubstr;

class WorldFileTest : public WorldTest {
 protected:
  std::string Faults(std::string_view text) const {
    Diagnostics faults;
    EXPECT_FALSE(ReadWorld(text, "world.yaml", now, faults).has_value());
    std::string out;
    for (const Diagnostic& fault : faults.items())
      out += ToString(fault) + '\n';
    return out;
  }
  static std::string ExampleWorld(const std::string& name) {
    const std::string path =
        std::string(POOLSHIFT_SOURCE_DIR) + "/manifests/" + name + "/world.sim";
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_TRUE(file.good()) << path;
    return text.str();
  }
  static std::string ManyKeys(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += "key" + std::to_string(i) + ": {a: b}\n";
    return text;
  }
  // What everything shows, from everywhere.
  std::string Everything(const World& seen_world, absl::Time at) const {
    std::string out;
    const auto add = [&](const ResourceId& id, std::string_view vantage = "") {
      const Observation seen = Observe(seen_world, {id, std::string(vantage)}, at);
      out += ToString(id) + ' ' + std::to_string(static_cast<int>(seen.presence)) +
             CanonicalText(seen.properties) + '\n';
    };
    add(kinds::Topology("contoso"));
    add(kinds::CentralStore("contoso"));
    add(kinds::AccessConfig("contoso"));
    add(kinds::XmppPartner("fabrikam.com"));
    for (const auto& [name, site] : seen_world.sites)
      add(kinds::SiteRoute(name));
    for (const auto& [name, pool] : seen_world.front_end_pools)
      add(kinds::EdgeAssociation(name));
    for (const auto& [name, pool] : seen_world.front_end_pools)
      add(kinds::PoolFailover(name));
    for (const auto& [name, server] : seen_world.front_end_servers)
      add(kinds::Replica(name));
    for (const auto& [key, set] : seen_world.dns.records)
      add({"DnsRecordSet", key});
    for (const auto& [key, set] : seen_world.dns.records)
      add({"DnsRecordSet", key}, "vantage-a");
    for (const auto& [name, server] : seen_world.edge_servers) {
      for (const std::string_view role : kinds::kRoles)
        add(kinds::EdgeService(name, role));
      for (const std::string_view protocol : {"sip", "xmpp"})
        add(kinds::Streams(name, protocol));
      add(kinds::EdgeComponents(name));
      add(kinds::Replica(name));
      add(kinds::Certificate(name, "accessEdgeExternal"));
      for (const int port : {443, 5061, 5269})
        add(kinds::Reachability(server.addresses[0], port), "vantage-a");
      for (const int port : {443, 5061, 5269})
        add(kinds::Fence(server.addresses[0], port));
      for (const int port : {4443, 5061, 23456})
        add(kinds::Reachability(name, port), "fe1a.contoso.com");
    }
    return out;
  }
  World Again(const World& from) {
    Diagnostics faults;
    auto read = ReadWorld(YamlText(TreeOf(from)), "state", now, faults);
    for (const Diagnostic& fault : faults.items())
      ADD_FAILURE() << ToString(fault);
    return read.value_or(World());
  }
  absl::Status Edit(std::string_view path, Value value) {
    absl::StatusOr<World> edited = Edited(world, path, value, now);
    if (edited.ok()) world = *std::move(edited);
    return edited.status();
  }
};

struct BadFile {
  const char* name;
  const char* piece;
  const char* by;
  const char* fault;
};

class BadWorldFiles : public WorldFileTest, public testing::WithParamInterface<BadFile> {};

TEST_P(BadWorldFiles, AreRefusedWithTheirPlace) {
  EXPECT_THAT(Faults(Replaced(kTwoSites, GetParam().piece, GetParam().by)),
              HasSubstr(GetParam().fault));
}

INSTANTIATE_TEST_SUITE_P(
    All,
    BadWorldFiles,
    testing::Values(
        BadFile{"UnknownKey",
                "accessEdge: sip.",
                "acessEdge: sip.",
                "world.yaml:9:16: error: unknown key `acessEdge`; did you mean `accessEdge`?"},
        BadFile{"DuplicateKey",
                "    site: Site1\n",
                "    site: Site1\n    site: Site2\n",
                "world.yaml:9:5: error: duplicate key `site`"},
        BadFile{"WrongType",
                "federation: true",
                "federation: 5061",
                "`federation` must be true or false"},
        BadFile{"UnknownSite",
                "site: Site2\n    accessEdge",
                "site: Site3\n    accessEdge",
                "world.yaml:17:11: error: no site `Site3` in this world; did you mean `Site1`?"},
        BadFile{"UnknownNextHop",
                "nextHop: fe1.",
                "nextHop: fe9.",
                "no Front End pool or Director `fe9.contoso.com`"},
        BadFile{"UnknownRoute",
                "xmpp: edge1.contoso.com}\n  Site2",
                "xmpp: edge9.contoso.com}\n  Site2",
                "no Edge pool `edge9.contoso.com`"},
        BadFile{"BadAddress",
                "[203.0.113.11]}",
                "[203.0.113.311]}",
                "`203.0.113.311` is no IP address"},
        BadFile{"SharedAddress",
                "[198.51.100.22]}",
                "[198.51.100.21]}",
                "address 198.51.100.21 is on two servers"},
        BadFile{"UpperCaseHost",
                "e1a.contoso.com: {",
                "E1a.contoso.com: {",
                "`E1a.contoso.com` is no host name"},
        BadFile{
            "UnknownRole", "xmppProxy: stopped", "xmpProxy: stopped", "did you mean `xmppProxy`?"},
        BadFile{"UnknownState",
                "xmppProxy: stopped",
                "xmppProxy: asleep",
                "`asleep` is none of running, stopped"},
        BadFile{
            "BadDuration", "lag: 10s", "lag: soon", "`soon` is no duration; write 200ms, 5s or 2m"},
        BadFile{"BadRecord", "0 0 5269 xmpp", "0 0 xmpp", "is no SRV record"},
        BadFile{
            "BadRecordKey", "sip2.contoso.com/A", "sip2.contoso.com/MX", "<A|AAAA|SRV|TXT|CNAME>"},
        BadFile{
            "OtherFormat", "poolshift/v1", "poolshift/v9", "begin it with `world: poolshift/v1`"},
        BadFile{"NoOrganization", "organization: contoso\n", "", "`organization` is missing"},
        BadFile{"Alias",
                "organization: contoso",
                "organization: *contoso",
                "aliases are not part of world files"},
        BadFile{"Anchor",
                "organization: contoso",
                "organization: &c contoso",
                "anchors are not part of world files"},
        BadFile{"Tag",
                "organization: contoso",
                "organization: !!str contoso",
                "tags are not part of world files"},
        BadFile{"OpenQuote",
                "organization: contoso",
                "organization: \"contoso",
                "not readable as YAML"},
        BadFile{"NotUtf8", "contoso", "cont\xff", "not readable as YAML"},
        BadFile{"TwoDocuments", "sites:", "---\nsites:", "more than one document"}),
    [](const auto& row) { return row.param.name; });

// What stands in quotes with an escape is left to the whole parser, and with it the whole text.
TEST_F(WorldFileTest, APlainTextMeansWhatItMeansToTheWholeParser) {
  Diagnostics faults;
  const std::string texts[] = {
      "a: {b: [], c: {}, d: [1, -2, 007, 1.5, yes, true, null]}\n_x._tcp: ~\n",
      "list:\n- one\n- two: 2\n  three: \"3\"\n-  'four'\nmap:\n  servers:\n    a.b: {c: d}\n",
      ExampleWorld("failback"),
      ExampleWorld("xmpp-failover"),
      ManyKeys(1000)};
  for (const std::string& text : texts) {
    Value escaped = ParseYaml(text + "zzz: \"\\x41\"\n", "world.yaml", faults);
    ASSERT_TRUE(escaped.is_map()) << text;
    ASSERT_EQ(escaped.Find("zzz")->string(), "A");
    Value plain = ParseYaml(text + "zzz: A\n", "world.yaml", faults);
    EXPECT_EQ(CanonicalText(plain), CanonicalText(escaped)) << text;
  }
  EXPECT_TRUE(faults.items().empty());
}

TEST_F(WorldFileTest, AKeyGivenTwiceIsSeenAmongMany) {
  EXPECT_THAT(Faults(ManyKeys(1000) + "key500: x\n"), HasSubstr("world.yaml:1001:1"));
}

TEST_F(WorldFileTest, AllFaultsAreReportedAtOnce) {
  const std::string text = Replaced(
      Replaced(kTwoSites, "lag: 10s", "lag: soon"), "xmppProxy: stopped", "xmppProxy: asleep");
  EXPECT_THAT(Faults(text), testing::AllOf(HasSubstr("soon"), HasSubstr("asleep")));
}

TEST_F(WorldFileTest, DeepNestingIsRefused) {
  EXPECT_THAT(Faults("a: " + std::string(100, '[') + std::string(100, ']')),
              HasSubstr("nested more than 32 deep"));
  EXPECT_THAT(Faults(""), HasSubstr("begin it with"));
  EXPECT_THAT(Faults("[]"), HasSubstr("must be a map"));
}

TEST_F(WorldFileTest, YamlTextReadsBack) {
  const Value tree = Value::Map{
      {"plain", "a b"},
      {"number", "12"},
      {"word", "true"},
      {"empty", ""},
      {"quote", "say \"x\": #1\n\ttab"},
      {"list", Value::List{1, "two", Value::Map{{"k", Value::List{Value::Map{{"deep", true}}}}}}},
      {"none", Value()},
      {"emptyList", Value::List()},
      {"emptyMap", Value::Map()},
      {"long", std::string(300, 'x')},
      {"slash/A", Value::Map{{"a", Value::List{"1.2.3.4"}}}}};
  Diagnostics faults;
  EXPECT_EQ(ParseYaml(YamlText(tree), "t", faults), tree) << YamlText(tree);
}

TEST_F(WorldFileTest, WrittenWorldReadsBackTheSame) {
  Settle(world, now);
  EXPECT_EQ(TreeOf(Again(world)), TreeOf(world));
  EXPECT_EQ(Everything(Again(world), now), Everything(world, now));
}

TEST_F(WorldFileTest, WorldInMotionReadsBackTheSame) {
  Must(kinds::Topology("contoso"), Flags("edge2.contoso.com", Value::Map{{"federation", true}}));
  SetService("e1b.contoso.com", "replica", "stopped");
  Pass(absl::Seconds(4));
  Must(kinds::Topology("contoso"), Flags("edge1.contoso.com", Value::Map{{"federation", false}}));
  SetRecords("xmpp.contoso.com", "A", {"198.51.100.21"}, 60);
  Must(kinds::Fence("203.0.113.11", 5061), Value::Map{{"mode", "reset"}});
  SetService("e1a.contoso.com", "xmppProxy", "stopped");
  SetService("e1b.contoso.com", "xmppProxy", "stopped");
  SetService("e2a.contoso.com", "xmppProxy", "running");
  Power("e3a.contoso.com", false);
  Settle(world, now);
  const World again = Again(world);
  EXPECT_EQ(TreeOf(again), TreeOf(world));
  for (const int seconds : {0, 5, 9, 11, 60, 301, 4000}) {
    const absl::Time at = now + absl::Seconds(seconds);
    EXPECT_EQ(Everything(again, at), Everything(world, at)) << seconds << " s later";
  }
}

TEST_F(WorldFileTest, ObservingChangesNothing) {
  const Value before = TreeOf(world);
  const std::string first = Everything(world, now + absl::Hours(1));
  EXPECT_EQ(Everything(world, now + absl::Hours(1)), first);
  EXPECT_EQ(TreeOf(world), before);
}

TEST_F(WorldFileTest, EveryObservationFitsItsSchema) {
  for (const ResourceId& id : {kinds::Topology("contoso"),
                               kinds::SiteRoute("Site1"),
                               kinds::EdgeService("e1a.contoso.com", "xmppProxy"),
                               kinds::EdgeComponents("e1a.contoso.com"),
                               kinds::Replica("e1a.contoso.com"),
                               kinds::Streams("e1a.contoso.com", "sip"),
                               kinds::Fence("203.0.113.11", 5061),
                               kinds::EdgeAssociation("fe1.contoso.com"),
                               kinds::PoolFailover("fe1.contoso.com"),
                               kinds::CentralStore("contoso"),
                               kinds::AccessConfig("contoso"),
                               kinds::XmppPartner("fabrikam.com"),
                               kinds::Certificate("e1a.contoso.com", "internal"),
                               kinds::DnsRecordSet("xmpp.contoso.com", "A"),
                               kinds::Reachability("203.0.113.11", 5061)}) {
    const Observation seen = Look(id);
    ASSERT_EQ(seen.presence, Presence::kPresent) << ToString(id);
    EXPECT_EQ(Violations(*kinds::FindKindSchema(id.kind), seen.properties),
              std::vector<std::string>())
        << ToString(id);
  }
}

// ---- edits by hand ----

TEST_F(WorldFileTest, PowerOfWholePoolIsEdited) {
  ASSERT_TRUE(Edit("edgePools/edge1.contoso.com/power", "off").ok());
  EXPECT_EQ(See(kinds::EdgeComponents("e1a.contoso.com"), "xmpp"), "unreachable");
  EXPECT_EQ(See(kinds::EdgeComponents("e1b.contoso.com"), "xmpp"), "unreachable");
  EXPECT_EQ(See(kinds::Reachability("203.0.113.11", 443), "state", "vantage-a"), R"("filtered")");
}

TEST_F(WorldFileTest, WayInsideOfWholePoolIsEdited) {
  ASSERT_TRUE(Edit("edgePools/edge1.contoso.com/waysInside", 2).ok());
  ASSERT_TRUE(Edit("edgePools/edge1.contoso.com/servers/e1b.contoso.com/waysInside", 0).ok());
  EXPECT_EQ(See(kinds::EdgeService("e1a.contoso.com", "accessEdge"), "waysInside"), "2");
  EXPECT_EQ(See(kinds::EdgeService("e1b.contoso.com", "accessEdge"), "waysInside"), "0");
}

TEST_F(WorldFileTest, PowerOnStartsAutomaticServices) {
  const std::string server = "edgePools/edge1.contoso.com/servers/e1a.contoso.com/";
  ASSERT_TRUE(
      Edit(server + "services/webConf", Value::Map{{"state", "running"}, {"startMode", "manual"}})
          .ok());
  ASSERT_TRUE(Edit(server + "power", "off").ok());
  ASSERT_TRUE(Edit(server + "power", "on").ok());
  EXPECT_EQ(See(kinds::EdgeService("e1a.contoso.com", "accessEdge"), "state"), R"("running")");
  EXPECT_EQ(See(kinds::EdgeService("e1a.contoso.com", "webConf"), "state"), R"("stopped")");
  ASSERT_TRUE(Edit("onPowerOn", "stopped").ok());
  ASSERT_TRUE(Edit(server + "power", "off").ok());
  ASSERT_TRUE(Edit(server + "power", "on").ok());
  EXPECT_EQ(See(kinds::EdgeService("e1a.contoso.com", "accessEdge"), "state"), R"("stopped")");
}

TEST_F(WorldFileTest, EditedRouteIsAWrite) {
  ASSERT_TRUE(Edit("sites/Site1/xmpp", "edge2.contoso.com").ok());
  EXPECT_EQ(See(kinds::SiteRoute("Site1"), "xmpp"), R"("edge2.contoso.com")");
  EXPECT_EQ(See(kinds::SiteRoute("Site1"), "watermark"), "11");
  EXPECT_EQ(See(kinds::Replica("e1a.contoso.com"), "watermark"), "10");
  Pass(absl::Seconds(10));
  EXPECT_EQ(See(kinds::Replica("e1a.contoso.com"), "watermark"), "11");
}

TEST_F(WorldFileTest, EditedFlagReachesCopiesLater) {
  ASSERT_TRUE(Edit("edgePools/edge2.contoso.com/federation", true).ok());
  EXPECT_EQ(See(kinds::EdgeComponents("e2a.contoso.com"), "federation"), "false")
      << "components stay";
  EXPECT_THAT(WhyNot(kinds::EdgeComponents("e2a.contoso.com"), Value::Map{{"federation", true}}),
              HasSubstr("10 of 11"));
  Pass(absl::Seconds(10));
  Must(kinds::EdgeComponents("e2a.contoso.com"), Value::Map{{"federation", true}});
}

TEST_F(WorldFileTest, EditedRecordIsRemembered) {
  ASSERT_TRUE(Edit("dns/records/xmpp.contoso.com/A/records", Value::List{"198.51.100.21"}).ok());
  EXPECT_EQ(See(kinds::DnsRecordSet("xmpp.contoso.com", "A"), "records"), R"(["198.51.100.21"])");
  EXPECT_EQ(See(kinds::DnsRecordSet("xmpp.contoso.com", "A"), "records", "vantage-a"),
            R"(["203.0.113.11","203.0.113.12"])");
  ASSERT_TRUE(Edit("dns/records/new.contoso.com/A", Value::List{"192.0.2.1"}).ok());
  EXPECT_EQ(See(kinds::DnsRecordSet("new.contoso.com", "A"), "records"), R"(["192.0.2.1"])");
  ASSERT_TRUE(Edit("dns/records/new.contoso.com/A", Value()).ok());
  EXPECT_EQ(Look(kinds::DnsRecordSet("new.contoso.com", "A")).presence, Presence::kAbsent);
}

TEST_F(WorldFileTest, DeadStoreRefusesWritesAfterEdit) {
  ASSERT_TRUE(Edit("centralStore/alive", false).ok());
  EXPECT_EQ(See(kinds::CentralStore("contoso"), "alive"), "false");
  EXPECT_THAT(WhyNot(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", ""}}),
              HasSubstr("Could not connect"));
}

TEST_F(WorldFileTest, BadEditsSayWhy) {
  EXPECT_THAT(std::string(Edit("edgePools/edge9.contoso.com/power/x", Value()).message()),
              HasSubstr("did you mean"));
  EXPECT_THAT(std::string(Edit("edgePools/edge1.contoso.com/power", "maybe").message()),
              HasSubstr("`maybe` is neither on nor off"));
  EXPECT_THAT(std::string(Edit("sites/Site1/xmpp", "edge9.contoso.com").message()),
              HasSubstr("no Edge pool"));
  EXPECT_THAT(std::string(Edit("edgePools/edge1.contoso.com/colour", "red").message()),
              HasSubstr("unknown key `colour`"));
}

// ---- faults ----

TEST_F(WorldFileTest, FaultRulesCountCalls) {
  Load(std::string(kTwoSites) +
       "faults:\n"
       "  - {resource: \"SiteRoute/*\", fault: error, times: 2, message: no}\n"
       "  - {resource: \"*\", operation: observe, fault: latency, delay: 50ms, after: 1, times: "
       "1}\n");
  using Operation = FaultRule::Operation;
  FaultCounts counts;
  const auto strikes = [&](Operation operation, std::string_view resource) {
    return counts.Strike(world.faults, operation, resource) != nullptr;
  };
  EXPECT_TRUE(strikes(Operation::kApply, "SiteRoute/Site1"));
  EXPECT_FALSE(strikes(Operation::kApply, "Topology/contoso"));
  EXPECT_FALSE(strikes(Operation::kPreview, "SiteRoute/Site1"));
  FaultCounts restarted;
  restarted.Restore(counts.seen());
  EXPECT_NE(restarted.Strike(world.faults, Operation::kApply, "SiteRoute/Site2"), nullptr);
  EXPECT_EQ(restarted.Strike(world.faults, Operation::kApply, "SiteRoute/Site2"), nullptr)
      << "the third";
  EXPECT_FALSE(strikes(Operation::kObserve, "Replica/x")) << "lets one through";
  EXPECT_TRUE(strikes(Operation::kObserve, "Replica/x"));
  EXPECT_FALSE(strikes(Operation::kObserve, "Replica/x"));
}

struct Pattern {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST(MatchesTest, StarsStandForAnything) {
  for (const Pattern& row : {Pattern{"*", "", true},
                             Pattern{"*", "abc", true},
                             Pattern{"a*c", "abc", true},
                             Pattern{"a*c", "ab", false},
                             Pattern{"*b*", "abc", true},
                             Pattern{"abc", "abc", true},
                             Pattern{"abc", "abcd", false},
                             Pattern{"", "a", false},
                             Pattern{"a*b*c", "a-b-b-c", true}}) {
    EXPECT_EQ(Matches(row.pattern, row.text), row.matches) << row.pattern << " ~ " << row.text;
  }
}

// ---- worlds of the scenarios ----

class ScenarioWorlds : public WorldFileTest, public testing::WithParamInterface<const char*> {};

TEST_P(ScenarioWorlds, LoadInUnderEightyLines) {
  const std::string text = ExampleWorld(GetParam());
  Load(text);
  EXPECT_LE(std::ranges::count(text, '\n'), 80);
  EXPECT_EQ(See(kinds::CentralStore("contoso"), "alive"), "true");
  EXPECT_EQ(See(kinds::Replica("fe1a.contoso.com"), "watermark"),
            See(kinds::CentralStore("contoso"), "watermark"));
}

INSTANTIATE_TEST_SUITE_P(All,
                         ScenarioWorlds,
                         testing::Values("xmpp-failover",
                                         "federation-failover",
                                         "both-failover",
                                         "failback",
                                         "edge-dead-frontends-alive",
                                         "nothing-to-do",
                                         "second-pool-missing",
                                         "manual-zone",
                                         "xmpp-failover-documented",
                                         "quickstart"));

TEST_F(WorldFileTest, FailbackWorldIsStaleAndStopped) {
  Load(ExampleWorld("failback"));
  Pass(absl::Hours(1));
  EXPECT_EQ(See(kinds::Replica("edgeserver1a.contoso.com"), "watermark"), "7");
  EXPECT_EQ(See(kinds::EdgeComponents("edgeserver1a.contoso.com"), "federation"), "true");
  EXPECT_EQ(See(kinds::EdgeService("edgeserver1a.contoso.com", "replica"), "state"),
            R"("stopped")");
  EXPECT_EQ(See(kinds::Streams("edgeserver2a.contoso.com", "xmpp"), "count"), "1");
  EXPECT_EQ(See(kinds::Streams("edgeserver2a.contoso.com", "sip"), "count"), "1");
  SetService("edgeserver1a.contoso.com", "replica", "running");
  Pass(absl::Milliseconds(200));
  EXPECT_EQ(See(kinds::Replica("edgeserver1a.contoso.com"), "watermark"), "12");
}

}  // namespace
}  // namespace poolshift::sim
