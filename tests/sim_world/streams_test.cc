// Where partners are connected, the world's DNS and what resolvers remember of it.
#include <gmock/gmock.h>

#include "tests/sim_world/two_sites.h"

namespace poolshift::sim {
namespace {

using testing::HasSubstr;

class StreamsTest : public WorldTest {
 protected:
  std::string Count(std::string_view server, std::string_view protocol = "xmpp") const {
    return See(kinds::Streams(server, protocol), "count");
  }
  void PointXmppToPool2() {
    SetRecords("xmpp.contoso.com", "A", {"198.51.100.21", "198.51.100.22"});
  }
  void StartPool2() {
    SetService("e2a.contoso.com", "xmppProxy", "running");
    SetService("e2b.contoso.com", "xmppProxy", "running");
  }
  void Close(std::string_view server, std::string_view protocol = "xmpp") {
    Must(kinds::Streams(server, protocol), Value::Map{{"state", "closed"}});
  }
};

TEST_F(StreamsTest, PartnersAreWhereDnsLeads) {
  EXPECT_EQ(Count("e1a.contoso.com"), "1");
  EXPECT_EQ(Count("e1b.contoso.com"), "1");
  EXPECT_EQ(Count("e1a.contoso.com", "sip"), "1");
  EXPECT_EQ(Count("e2a.contoso.com"), "0");
  EXPECT_EQ(See(kinds::Streams("e1a.contoso.com", "sip"), "oldestSeconds"), "3600");
  EXPECT_EQ(See({"Streams", "e1a.contoso.com/xmpp/fabrikam.com"}, "count"), "1");
  EXPECT_EQ(See({"Streams", "e1a.contoso.com/xmpp/litware.com"}, "count"), "absent");
}

TEST_F(StreamsTest, EstablishedStreamsIgnoreDns) {
  StartPool2();
  PointXmppToPool2();
  Pass(absl::Hours(5));
  EXPECT_EQ(Count("e1a.contoso.com"), "1") << "a record change alone moves nothing (lab.md 4)";
  EXPECT_EQ(Count("e2a.contoso.com"), "0");
}

TEST_F(StreamsTest, ClosedStreamsFollowRememberedDns) {
  StartPool2();
  PointXmppToPool2();
  Pass(absl::Seconds(100));
  Close("e1a.contoso.com");
  EXPECT_EQ(Count("e1a.contoso.com"), "0");
  Close("e1b.contoso.com");
  Pass(absl::Hours(1));
  EXPECT_EQ(Count("e1a.contoso.com"), "1")
      << "resolvers still knew the old addresses when it came back";
  EXPECT_EQ(Count("e2a.contoso.com"), "0");
}

TEST_F(StreamsTest, AfterTheTtlStreamsMove) {
  StartPool2();
  PointXmppToPool2();
  Pass(absl::Seconds(300));
  Close("e1a.contoso.com");
  Close("e1b.contoso.com");
  EXPECT_EQ(Count("e2a.contoso.com"), "0") << "the partner waits before it connects again";
  Pass(absl::Seconds(1));
  EXPECT_EQ(Count("e1a.contoso.com"), "0");
  EXPECT_EQ(Count("e2a.contoso.com"), "1");
  EXPECT_EQ(Count("e2b.contoso.com"), "1");
}

TEST_F(StreamsTest, PartnerStaysWhileOneStreamIsLeft) {
  StartPool2();
  PointXmppToPool2();
  Pass(absl::Seconds(300));
  Close("e1a.contoso.com");
  Pass(absl::Hours(1));
  EXPECT_EQ(Count("e1b.contoso.com"), "1");
  EXPECT_EQ(Count("e2a.contoso.com"), "0");
}

TEST_F(StreamsTest, StoppedRoleClosesItsStreams) {
  SetService("e1a.contoso.com", "xmppProxy", "stopped");
  SetService("e1b.contoso.com", "xmppProxy", "stopped");
  Pass(absl::Hours(1));
  EXPECT_EQ(Count("e1a.contoso.com"), "0") << "nobody listens there any more";
  EXPECT_EQ(Count("e1a.contoso.com", "sip"), "1") << "only the moved protocol's role was stopped";
}

TEST_F(StreamsTest, ListenersAreTriedAgainAfterForgetting) {
  StartPool2();
  PointXmppToPool2();
  SetService("e1a.contoso.com", "xmppProxy", "stopped");
  SetService("e1b.contoso.com", "xmppProxy", "stopped");
  Pass(absl::Seconds(299));
  EXPECT_EQ(Count("e2a.contoso.com"), "0");
  Pass(absl::Seconds(1));
  EXPECT_EQ(Count("e2a.contoso.com"), "1");
}

TEST_F(StreamsTest, DeadServersLoseTheirStreams) {
  StartPool2();
  PointXmppToPool2();
  Pass(absl::Seconds(300));
  Power("e1a.contoso.com", false);
  Power("e1b.contoso.com", false);
  Pass(absl::Seconds(1));
  EXPECT_EQ(Count("e2a.contoso.com"), "1");
}

TEST_F(StreamsTest, ResetFenceClosesSilenceDoesNot) {
  Must(kinds::Fence("203.0.113.11", 5269), Value::Map{{"mode", "drop"}});
  EXPECT_EQ(Count("e1a.contoso.com"), "1")
      << "a silent drop leaves the stream open for as long as TCP hopes";
  Must(kinds::Fence("203.0.113.11", 5269), Value::Map{{"mode", "reset"}});
  EXPECT_EQ(Count("e1a.contoso.com"), "0");
  EXPECT_EQ(Count("e1a.contoso.com", "sip"), "1");
}

TEST_F(StreamsTest, RemovedComponentsCloseSipStreams) {
  Must(kinds::Topology("contoso"), Flags("edge1.contoso.com", Value::Map{{"federation", false}}));
  Pass(absl::Seconds(10));
  EXPECT_EQ(Count("e1a.contoso.com", "sip"), "1");
  Must(kinds::EdgeComponents("e1a.contoso.com"), Value::Map{{"federation", false}});
  EXPECT_EQ(Count("e1a.contoso.com", "sip"), "0");
}

TEST_F(StreamsTest, SipTakesTheBestRecordOnly) {
  Load(Replaced(kTwoSites,
                "/SRV: 0 0 5061 sip.contoso.com",
                "/SRV: [0 0 5061 nowhere.contoso.com, 10 0 5061 sip.contoso.com]"));
  EXPECT_EQ(Count("e1a.contoso.com", "sip"), "0")
      << "an Access Edge picks one record and stops (F8)";
  Load(Replaced(kTwoSites,
                "/SRV: 0 0 5269 xmpp.contoso.com",
                "/SRV: [0 0 5269 nowhere.contoso.com, 10 0 5269 xmpp.contoso.com]"));
  EXPECT_EQ(Count("e1a.contoso.com", "xmpp"), "1") << "XMPP tries the next priority";
}

TEST_F(StreamsTest, WithoutDnsTheRouteDecides) {
  std::string text(kTwoSites);
  text.resize(text.find("dns:\n"));
  Load(text);
  EXPECT_EQ(Count("e1a.contoso.com"), "1");
  StartPool2();
  Must(kinds::SiteRoute("Site1"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  Must(kinds::SiteRoute("Site2"), Value::Map{{"xmpp", "edge2.contoso.com"}});
  Pass(absl::Hours(1));
  EXPECT_EQ(Count("e1a.contoso.com"), "1");
  Close("e1a.contoso.com");
  Close("e1b.contoso.com");
  Pass(absl::Seconds(1));
  EXPECT_EQ(Count("e2a.contoso.com"), "1");
}

TEST_F(StreamsTest, StreamsCanOnlyBeClosed) {
  EXPECT_THAT(WhyNot(kinds::Streams("e2a.contoso.com", "xmpp"), Value::Map{{"state", "open"}}),
              HasSubstr("can only be closed"));
}

// ---- DNS ----

TEST_F(StreamsTest, RecordSetsShowWhatIsServed) {
  const Observation seen = Look(kinds::DnsRecordSet("xmpp.contoso.com", "A"));
  EXPECT_EQ(
      CanonicalText(seen.properties),
      R"({"disagreement":"","owner":"contoso","records":["203.0.113.11","203.0.113.12"],"serial":1,"ttl":300})");
}

TEST_F(StreamsTest, ResolversForgetAfterTheTtl) {
  const ResourceId id = kinds::DnsRecordSet("xmpp.contoso.com", "A");
  SetRecords("xmpp.contoso.com", "A", {"198.51.100.22", "198.51.100.21"}, 60);
  EXPECT_EQ(See(id, "records"), R"(["198.51.100.21","198.51.100.22"])") << "sorted";
  EXPECT_EQ(See(id, "serial"), "2");
  Pass(absl::Seconds(299));
  EXPECT_EQ(See(id, "records", "vantage-a"), R"(["203.0.113.11","203.0.113.12"])");
  Pass(absl::Seconds(1));
  EXPECT_EQ(See(id, "records", "vantage-a"), R"(["198.51.100.21","198.51.100.22"])");
}

TEST_F(StreamsTest, TwoChangesInOneTtlRemember) {
  const ResourceId id = kinds::DnsRecordSet("xmpp.contoso.com", "A");
  SetRecords("xmpp.contoso.com", "A", {"198.51.100.21"}, 10);
  Pass(absl::Seconds(20));
  SetRecords("xmpp.contoso.com", "A", {"198.51.100.22"}, 10);
  Pass(absl::Seconds(200));
  EXPECT_EQ(See(id, "records", "vantage-a"), R"(["203.0.113.11","203.0.113.12"])");
  Pass(absl::Seconds(80));
  EXPECT_EQ(See(id, "records", "vantage-a"), R"(["198.51.100.22"])");
}

TEST_F(StreamsTest, RecordSetsAreComparedAndSet) {
  Action action;
  action.target = kinds::DnsRecordSet("xmpp.contoso.com", "A");
  action.after = Value::Map{{"records", Value::List{"198.51.100.21"}}, {"ttl", 300}};
  EXPECT_EQ(Apply(world, action, now).verdict, ChangeResult::Verdict::kConflict)
      << "it was not absent";
  action.before = Value::Map{{"records", Value::List{"203.0.113.11"}}, {"ttl", 300}};
  EXPECT_EQ(Apply(world, action, now).verdict, ChangeResult::Verdict::kConflict);
  action.before =
      Value::Map{{"records", Value::List{"203.0.113.11", "203.0.113.12"}}, {"ttl", 300}};
  EXPECT_EQ(Apply(world, action, now).verdict, ChangeResult::Verdict::kDone);
}

TEST_F(StreamsTest, OwnerOfARecordSetIsSetAlone) {
  const ResourceId id = kinds::DnsRecordSet("xmpp.contoso.com", "A");
  RecordSet& set = world.dns.records.at("xmpp.contoso.com/A");
  set.owner = "";
  Action action;
  action.target = id;
  action.before =
      Value::Map{{"records", Value::List{"203.0.113.11", "203.0.113.12"}}, {"ttl", 300}};
  action.after = action.before;
  action.before.Set("owner", "");
  action.after.Set("owner", "fabrikam");
  EXPECT_EQ(Apply(world, action, now).verdict, ChangeResult::Verdict::kFailed);
  action.after.Set("owner", "contoso");
  action.after.Set("ttl", 60);
  EXPECT_EQ(Apply(world, action, now).verdict, ChangeResult::Verdict::kFailed);
  EXPECT_EQ(See(id, "owner"), R"("")");
  action.after.Set("ttl", 300);
  EXPECT_EQ(Apply(world, action, now).verdict, ChangeResult::Verdict::kDone);
  EXPECT_EQ(See(id, "owner"), R"("contoso")");
  EXPECT_EQ(See(id, "serial"), "1") << "no record has changed";
  set.owner = "fabrikam";
  const ChangeResult foreign = Apply(world, action, now);
  EXPECT_EQ(foreign.verdict, ChangeResult::Verdict::kFailed);
  EXPECT_THAT(foreign.message, HasSubstr("organisation `fabrikam`"));
}

TEST_F(StreamsTest, RecordSetsAreCreatedAndDeleted) {
  const ResourceId id = kinds::DnsRecordSet("new.contoso.com", "TXT");
  SetRecords("new.contoso.com", "TXT", {"hello"}, 60);
  EXPECT_EQ(See(id, "owner"), R"("contoso")");
  EXPECT_EQ(See(id, "records", "vantage-a"), "absent") << "resolvers remember that there was none";
  Pass(absl::Seconds(60));
  EXPECT_EQ(See(id, "records", "vantage-a"), R"(["hello"])");
  Must(id, Value(), Value::Map{{"records", Value::List{"hello"}}, {"ttl", 60}});
  EXPECT_EQ(Look(id).presence, Presence::kAbsent);
  Settle(world, now + absl::Hours(1));
  EXPECT_FALSE(world.dns.records.contains("new.contoso.com/TXT"));
}

struct BadRecords {
  const char* name;
  const char* owner;
  const char* type;
  const char* record;
  const char* reason;
};

class BadRecordSets : public StreamsTest, public testing::WithParamInterface<BadRecords> {};

TEST_P(BadRecordSets, AreRefused) {
  const BadRecords& bad = GetParam();
  EXPECT_THAT(WhyNot(kinds::DnsRecordSet(bad.owner, bad.type),
                     Value::Map{{"records", Value::List{bad.record}}, {"ttl", 60}}),
              HasSubstr(bad.reason));
}

INSTANTIATE_TEST_SUITE_P(
    All,
    BadRecordSets,
    testing::Values(
        BadRecords{"HostInA", "x.contoso.com", "A", "sip.contoso.com", "no A record"},
        BadRecords{
            "FullLengthAaaa", "x.contoso.com", "AAAA", "2001:db8:0:0:0:0:0:1", "no AAAA record"},
        BadRecords{
            "SrvWithoutPort", "_x._tcp.contoso.com", "SRV", "0 0 sip.contoso.com", "no SRV record"},
        BadRecords{"SrvTrailingDot",
                   "_x._tcp.contoso.com",
                   "SRV",
                   "0 0 5061 sip.contoso.com.",
                   "no SRV record"},
        BadRecords{"UpperCaseOwner", "X.contoso.com", "A", "192.0.2.1", "no owner name"},
        BadRecords{
            "UnknownType", "x.contoso.com", "MX", "10 mail.contoso.com", "<A|AAAA|SRV|TXT|CNAME>"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace poolshift::sim
