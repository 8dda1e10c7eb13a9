// `sip` on a real Kamailio with a real peer's TLS connection.
#include "gmock/gmock.h"

#include "tests/hosts/plugin.h"

namespace poolshift::testing_hosts {
namespace {

const ResourceId kStreams = {"Streams", std::string(kEdge) + "/sip"};
const ResourceId kService = {"EdgeService", std::string(kEdge) + "/accessEdge"};
const Value kClosed = Value::Map{{"state", "closed"}};
const Value kRunning = Value::Map{{"state", "running"}, {"startMode", "manual"}};

class Sip : public PluginOnMachine {
 protected:
  Sip() {
    machine_.Must("systemctl disable kamailio; systemctl start kamailio");
    machine_.Await("kamcmd -s unix:/run/kamailio/kamailio_ctl core.uptime");
  }
  ~Sip() override { machine_.Do("systemctl stop peer"); }

  void OpenConnection() const {
    machine_.Do("systemctl stop peer; systemctl reset-failed peer");
    machine_.Must(
        "systemd-run --quiet --unit=peer sh -c 'sleep 1000 | openssl s_client -connect "
        "127.0.0.11:5061 -cert /etc/kamailio/edge1.pem -key /etc/kamailio/edge1.key -CAfile "
        "/etc/kamailio/ca.pem'");
    machine_.Await("kamcmd -s unix:/run/kamailio/kamailio_ctl tls.list | grep -q established");
  }

  // Clients of our own, on another port, are no peers: `Edge` counts 5061 alone.
  static Value Edge(const std::string& close = "kill") {
    return Value::Map{
        {"close", close},
        {"certificates", Value::Map{{"accessEdgeExternal", "/etc/kamailio/edge1.pem"}}}};
  }
  const Machine& machine_ = Machine::Get();
};

TEST_F(Sip, KeepsEveryPromise) {
  conformance::Fixture fixture =
      FixtureOf("sip", Configuration(Edge(), Value::Map{{"settle", "300ms"}}));
  fixture.reset = [&] {
    OpenConnection();
    EmptyState();
  };
  fixture.keys = {{kStreams, ""},
                  {kService, ""},
                  {{"Certificate", std::string(kEdge) + "/accessEdgeExternal"}, ""}};
  fixture.target = kStreams;
  fixture.after = kClosed;
  fixture.way_back = false;
  fixture.unreachable = ObservationKey{{"Streams", std::string(kAway) + "/sip"}, ""};
  using conformance::Need;
  fixture.without.insert({{Need::kWayBack, "a connection is opened by its peer"},
                          {Need::kAbsent, "a server has streams or none; that is not absence"},
                          {Need::kHand, "streams are open or closed: there is no third"},
                          {Need::kWeakAccount, "who may ask the server may close its streams"}});
  // What the program shares with `host` is held there.
  fixture.topics = {"observing",
                    "absence",
                    "changing",
                    "idempotency",
                    "preconditions",
                    "refusal",
                    "lost-replies",
                    "cancellation",
                    "secrets",
                    "list-and-export"};
  EXPECT_GE(conformance::RunConformance(fixture).ran, 60);
}

TEST_F(Sip, ListsItsMachines) {
  auto provider = Start("sip", Configuration(Edge()), /*read_only=*/true);
  ASSERT_TRUE(provider.ok()) << provider.status();
  const auto listed = ListedBy(**provider);
  EXPECT_EQ(listed.at("EdgeServer/edge1.contoso.test"),
            R"({"addresses":[],"products":["kamailio"]})")
      << "only those of the machine itself, which nobody reaches it at";
  EXPECT_EQ(listed.at("EdgeServer/edge2.contoso.test"), R"({"products":["kamailio"]})")
      << "could not be asked";
  machine_.Must("pkill -STOP -x sshd");
  const auto silent = ListedBy(**provider, absl::Seconds(8));
  machine_.Must("pkill -CONT -x sshd");
  EXPECT_EQ(silent.at("EdgeServer/edge1.contoso.test"), R"({"products":["kamailio"]})")
      << "listed with what the settings say";
}

TEST_F(Sip, ClosesByTheKernelOrByStartingAnew) {
  for (const char* close : {"kill", "restart"}) {
    SCOPED_TRACE(close);
    auto provider = Start("sip", Configuration(Edge(close)));
    ASSERT_TRUE(provider.ok()) << provider.status();
    OpenConnection();
    EXPECT_EQ(DisplayText(Look(**provider, kStreams).properties), "count=1 state=open");
    const ApplyResult result = Change(**provider, kStreams, kClosed);
    ASSERT_TRUE(result.status.ok()) << result.status;
    machine_.Await("! pgrep -x openssl");
    EXPECT_EQ(DisplayText(Look(**provider, kStreams).properties), "count=0 state=closed");
    EXPECT_EQ(Look(**provider, kService).properties.BooleanOr("listening", false), true);
  }
}

// What a machine was told runs on when nobody waits for it any more.
TEST_F(Sip, ClosingThatComesLateIsNotDenied) {
  const std::string slow = "/usr/local/bin/ss";
  machine_.Must("printf '#!/bin/sh\\n[ \"$1\" != -K ] || sleep 1\\nexec /usr/bin/ss \"$@\"\\n' > " +
                slow + "; chmod 755 " + slow);
  auto provider = Start("sip", Configuration(Edge(), Value::Map{{"settle", "10s"}}));
  ASSERT_TRUE(provider.ok()) << provider.status();
  OpenConnection();
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = kStreams;
  fixture.after = kClosed;
  ApplyRequest request = conformance::RequestFrom(fixture, Look(**provider, kStreams), "late", 1);
  request.deadline = absl::Milliseconds(700);
  EXPECT_FALSE((*provider)->Apply(request, nullptr).status.ok());
  absl::StatusOr<ApplyResult> found = absl::UnknownError("not asked");
  do {
    found = (*provider)->Lookup("late", absl::Seconds(20));
  } while (found.ok() && found->effect_unknown && found->retryable);
  machine_.Must("rm " + slow);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->status.ok()) << found->status;
  EXPECT_EQ(DisplayText(Look(**provider, kStreams).properties), "count=0 state=closed");
}

TEST_F(Sip, StopsAndStarts) {
  auto provider = Start("sip", Configuration(Edge()));
  ASSERT_TRUE(provider.ok()) << provider.status();
  OpenConnection();
  const ApplyResult stopped =
      Change(**provider, kService, Value::Map{{"state", "stopped"}, {"startMode", "manual"}});
  ASSERT_TRUE(stopped.status.ok()) << stopped.status;
  EXPECT_EQ(DisplayText(Look(**provider, kStreams).properties), "count=0 state=closed");
  const ApplyResult started = Change(**provider, kService, kRunning);
  ASSERT_TRUE(started.status.ok()) << started.status;
  machine_.Await("ss -Hltn 'sport = :5061' | grep -q 127.0.0.11");
  EXPECT_EQ(DisplayText(Look(**provider, kService).properties),
            "listening=on startMode=manual state=running");
}

TEST_F(Sip, SilentServerIsUnreachable) {
  auto provider = Start("sip", Configuration(Edge()));
  ASSERT_TRUE(provider.ok()) << provider.status();
  machine_.Must("pkill -STOP -x kamailio");
  const auto seen = (*provider)->Observe({{kStreams, ""}}, absl::Seconds(3));
  machine_.Must("pkill -CONT -x kamailio");
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->front().presence, Presence::kUnreachable);
}

}  // namespace
}  // namespace poolshift::testing_hosts
