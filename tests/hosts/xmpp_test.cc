// `xmpp` on a real Prosody and a real ejabberd, with a real partner's stream.
#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "tests/hosts/plugin.h"

namespace poolshift::testing_hosts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

const ResourceId kStreams = {"Streams", std::string(kEdge) + "/xmpp"};
const ResourceId kProxy = {"EdgeService", std::string(kEdge) + "/xmppProxy"};
const Value kClosed = Value::Map{{"state", "closed"}};

// The partner's Prosody opens a stream to whoever serves contoso.test.
void OpenStream(const Machine& machine) {
  machine.Await(
      "prosodyctl --config /etc/partner/prosody.cfg.lua shell "
      "\"xmpp:ping('fabrikam.test','contoso.test')\"");
}

class Xmpp : public PluginOnMachine, public ::testing::WithParamInterface<const char*> {
 protected:
  Xmpp() {
    const std::string other = software() == "prosody" ? "ejabberd" : "prosody";
    machine_.Must("systemctl stop " + other + "; systemctl start partner " + software());
    machine_.Await(
        "ss -Hltn 'sport = :5269' | grep -q 127.0.0.11 && "
        "ss -Hltn 'sport = :5269' | grep -q 127.0.0.12");
  }

  static std::string software() { return GetParam(); }
  void Signal(const std::string& signal) const {
    machine_.Must(software() == "ejabberd"
                      ? "pkill -" + signal + " -x beam.smp"
                      : "kill -" + signal + " $(systemctl show --value -p MainPID prosody)");
  }
  static Value Edge() { return Value::Map{{"software", software()}}; }
  const Machine& machine_ = Machine::Get();
};
INSTANTIATE_TEST_SUITE_P(Software,
                         Xmpp,
                         ::testing::Values("prosody", "ejabberd"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(Xmpp, KeepsEveryPromise) {
  const bool whole = software() == "prosody";
  conformance::Fixture fixture =
      FixtureOf("xmpp", Configuration(Edge(), Value::Map{{"settle", "50ms"}}));
  fixture.reset = [&] {
    OpenStream(machine_);
    EmptyState();
  };
  fixture.keys = {{kStreams, ""}, {kProxy, ""}};
  fixture.target = kStreams;
  fixture.after = kClosed;
  fixture.way_back = false;
  fixture.unreachable = ObservationKey{{"Streams", std::string(kAway) + "/xmpp"}, ""};
  using conformance::Need;
  fixture.without.insert({{Need::kWayBack, "a stream is opened by messages"},
                          {Need::kAbsent, "a server has streams or none; that is not absence"},
                          {Need::kHand, "streams are open or closed: there is no third"},
                          {Need::kWeakAccount, "who may ask the server may close its streams"}});
  // What the program shares with `host` is held there, what the two softwares share with one.
  fixture.topics = {"changing", "preconditions", "cancellation"};
  if (whole)
    fixture.topics.insert({"observing",
                           "absence",
                           "idempotency",
                           "refusal",
                           "lost-replies",
                           "secrets",
                           "list-and-export"});
  EXPECT_GE(conformance::RunConformance(fixture).ran, whole ? 60 : 15);
}

TEST_P(Xmpp, CountsAndClosesStreams) {
  auto provider = Start("xmpp", Configuration(Edge()));
  ASSERT_TRUE(provider.ok()) << provider.status();
  OpenStream(machine_);
  const Observation seen = Look(**provider, kStreams);
  // Both servers are on this machine: each stream has one end whose peer is port 5269.
  const std::string count =
      machine_.Must("ss -Htn state established 'dport = :5269' | wc -l | tr -d '\\n'");
  EXPECT_NE(count, "0");
  EXPECT_EQ(DisplayText(seen.properties), "count=" + count + " state=open") << seen.reason;
  const ApplyResult result = Change(**provider, kStreams, kClosed);
  ASSERT_TRUE(result.status.ok()) << result.status;
  machine_.Await("! ss -Htn 'sport = :5269' | grep -q 127.0.0.11:5269");
  EXPECT_EQ(DisplayText(Look(**provider, kStreams).properties), "count=0 state=closed");
  EXPECT_EQ(Look(**provider, kProxy).properties.StringOr("state", ""), "running") << "drained";
}

TEST_P(Xmpp, AStoppedServerHasNoStreamsAndASilentOneIsUnreachable) {
  auto provider = Start("xmpp", Configuration(Edge()));
  ASSERT_TRUE(provider.ok()) << provider.status();
  const ApplyResult result =
      Change(**provider, kProxy, Value::Map{{"state", "stopped"}, {"startMode", "manual"}});
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(DisplayText(Look(**provider, kStreams).properties), "count=0 state=closed");
  machine_.Must("systemctl start " + software());
  machine_.Await("ss -Hltn 'sport = :5269' | grep -q 127.0.0.11");
  Signal("STOP");
  const auto seen = (*provider)->Observe({{kStreams, ""}}, absl::Seconds(3));
  Signal("CONT");
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->front().presence, Presence::kUnreachable);
}

TEST_P(Xmpp, ListsMachinesWithTheirAddressesAndDomains) {
  machine_.Must("ip address replace 203.0.113.11/32 dev lo scope global");
  Value edge = Edge();
  edge.Set("pool", "edge1");
  edge.Set("site", "Site1");
  auto provider = Start("xmpp", Configuration(edge), /*read_only=*/true);
  ASSERT_TRUE(provider.ok()) << provider.status();
  const std::string named =
      R"(,"pool":"edge1","products":[")" + software() + R"("],"site":"Site1"})";
  EXPECT_THAT(
      ListedBy(**provider),
      ElementsAre(Pair("EdgeServer/edge1.contoso.test",
                       R"({"addresses":["203.0.113.11"],"domains":["contoso.test"])" + named),
                  // Nobody could ask it.
                  Pair("EdgeServer/edge2.contoso.test", "{" + named.substr(1))));
  machine_.Must("systemctl stop " + software());
  EXPECT_THAT(ListedBy(**provider).at("EdgeServer/edge1.contoso.test"), Not(HasSubstr("domains")))
      << "who does not run cannot tell";
  machine_.Must("ip address del 203.0.113.11/32 dev lo");
}

TEST_P(Xmpp, NamesEveryFaultOfItsConfiguration) {
  const auto provider =
      Start("xmpp",
            Configuration(Value::Map{{"software", "openfire"},
                                     {"services", Value::Map{{"xmpp", "x.service"}}}}));
  ASSERT_FALSE(provider.ok());
  const std::string text(provider.status().message());
  EXPECT_THAT(text, HasSubstr("servers.edge1.contoso.test.software` is `openfire`"));
  EXPECT_THAT(text, HasSubstr("services.xmpp` is unknown"));
}

}  // namespace
}  // namespace poolshift::testing_hosts
