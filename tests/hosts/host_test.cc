// `host` on a real systemd: every promise by both ways to it, and units that go wrong.
#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "tests/hosts/plugin.h"

namespace poolshift::testing_hosts {
namespace {

using ::testing::HasSubstr;

const Value kRunning = Value::Map{{"state", "running"}, {"startMode", "automatic"}};

ResourceId Role(const std::string& role) {
  return {"EdgeService", std::string(kEdge) + '/' + role};
}

Value Units(const std::string& unit) {
  return Value::Map{
      {"services", Value::Map{{"xmppProxy", unit}}},
      {"certificates", Value::Map{{"accessEdgeExternal", "/etc/prosody/certs/edge1.pem"}}}};
}

class HostProvider : public PluginOnMachine, public ::testing::WithParamInterface<const char*> {
 protected:
  HostProvider() {
    machine_.Must(
        "systemctl unmask prosody dies loops clings; systemctl stop prosody dies loops thief; "
        "pkill -KILL -f '^/bin/sleep 1000'; systemctl disable prosody dies loops clings; "
        "systemctl reset-failed; true");
  }
  std::unique_ptr<Provider> Started(const std::string& unit, Value more = Value::Map{}) {
    more.Set("systemd", GetParam());
    auto provider = Start("host", Configuration(Units(unit), more));
    EXPECT_TRUE(provider.ok()) << provider.status();
    return provider.ok() ? *std::move(provider) : nullptr;
  }
  const Machine& machine_ = Machine::Get();
};
INSTANTIATE_TEST_SUITE_P(Ways,
                         HostProvider,
                         ::testing::Values("bus", "systemctl"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(HostProvider, KeepsEveryPromise) {
  const bool whole = std::string(GetParam()) == "bus";
  const Value more = Value::Map{{"systemd", GetParam()}, {"settle", "50ms"}};
  Value watched = Units("prosody.service");
  watched.Set("ssh", machine_.Ssh("watcher"));
  const Value weak = Configuration(watched, more);
  conformance::Fixture fixture = FixtureOf("host", Configuration(Units("prosody.service"), more));
  fixture.reset = [&] {
    // Only where it is not so already: systemd takes its time to reload.
    machine_.Must(
        "[ \"$(systemctl is-enabled prosody)\" = disabled ] || "
        "{ systemctl unmask prosody; systemctl disable prosody; }; "
        "! systemctl --quiet is-active prosody || systemctl stop prosody");
    EmptyState();
  };
  fixture.target = Role("xmppProxy");
  fixture.after = kRunning;
  fixture.keys = {{fixture.target, ""},
                  {{"Certificate", std::string(kEdge) + "/accessEdgeExternal"}, ""}};
  fixture.unreachable = ObservationKey{{"EdgeService", std::string(kAway) + "/xmppProxy"}, ""};
  fixture.witness = [&] {
    return machine_.Do("systemctl is-active prosody; systemctl is-enabled prosody").out;
  };
  fixture.by_hand = [&] { machine_.Must("systemctl mask prosody"); };
  fixture.weak_account = [&](PluginConfiguration& told) { told.configuration = weak; };
  fixture.without.emplace(conformance::Need::kAbsent, "a unit that is not there has a test below");
  if (!whole) fixture.topics = {"changing", "preconditions", "refusal"};
  EXPECT_GE(conformance::RunConformance(fixture).ran, whole ? 60 : 15);
  machine_.Must("systemctl unmask prosody");
}

TEST_P(HostProvider, ShowsWhatSystemdShows) {
  const auto provider = Started("prosody.service");
  machine_.Must("systemctl enable prosody; systemctl start prosody");
  machine_.Await("ss -Hltn 'sport = :5269' | grep -q 127.0.0.11");
  Observation seen = Look(*provider, Role("xmppProxy"));
  EXPECT_EQ(DisplayText(seen.properties), "listening=on startMode=automatic state=running");
  machine_.Must("systemctl stop prosody; systemctl mask prosody");
  seen = Look(*provider, Role("xmppProxy"));
  EXPECT_EQ(DisplayText(seen.properties), "listening=off startMode=disabled state=stopped");
  machine_.Must("systemctl unmask prosody; systemctl disable prosody");
  seen = Look(*provider, Role("xmppProxy"));
  EXPECT_EQ(DisplayText(seen.properties), "listening=off startMode=manual state=stopped");
}

TEST_P(HostProvider, AbsentIsWhatIsNotThere) {
  const auto provider = Started("nosuch.service");
  Observation seen = Look(*provider, Role("xmppProxy"));
  EXPECT_EQ(seen.presence, Presence::kAbsent);
  EXPECT_THAT(seen.reason, HasSubstr("has no unit nosuch.service"));
  EXPECT_EQ(Look(*provider, Role("webConf")).presence, Presence::kUnreachable) << "not declared";
  seen = Look(*provider, {"EdgeService", "edge9.contoso.test/xmppProxy"});
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_THAT(seen.reason, HasSubstr("not declared"));
}

TEST_P(HostProvider, StopsAndDisablesForGood) {
  const auto provider = Started("prosody.service");
  machine_.Must("systemctl enable prosody; systemctl start prosody");
  const Value away = Value::Map{{"state", "stopped"}, {"startMode", "disabled"}};
  ApplyResult result = Change(*provider, Role("xmppProxy"), away);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_NE(machine_.Do("systemctl start prosody").status, 0) << "masked: nobody starts it";
  result = Change(*provider, Role("xmppProxy"), kRunning);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(machine_.Must("systemctl is-enabled prosody"), "enabled\n");
}

TEST_P(HostProvider, AUnitThatDiesAfterItsStartHasNotStarted) {
  const auto provider = Started("dies.service", Value::Map{{"settle", "2s"}});
  const ApplyResult result = Change(*provider, Role("xmppProxy"), kRunning);
  EXPECT_FALSE(result.status.ok());
  EXPECT_FALSE(result.effect_unknown) << result.status;
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("did not hold"));
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("exit-code, status 3"));
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("the tablespace is full"));
  EXPECT_EQ(Look(*provider, Role("xmppProxy")).properties.StringOr("startMode", ""), "manual");
}

TEST_P(HostProvider, AUnitThatSystemdStartsAgainAndAgainIsTakenBack) {
  const auto provider = Started("loops.service", Value::Map{{"settle", "2s"}});
  const ApplyResult result = Change(*provider, Role("xmppProxy"), kRunning);
  EXPECT_FALSE(result.status.ok());
  EXPECT_FALSE(result.effect_unknown) << result.status;
  EXPECT_EQ(machine_.Do("systemctl is-active loops").out, "inactive\n");
}

TEST_P(HostProvider, AMaskedUnitThatDiesIsMaskedAgain) {
  const auto provider = Started("dies.service", Value::Map{{"settle", "2s"}});
  machine_.Must("systemctl mask dies");
  const ApplyResult result = Change(*provider, Role("xmppProxy"), kRunning);
  EXPECT_FALSE(result.status.ok());
  EXPECT_FALSE(result.effect_unknown) << result.status;
  EXPECT_EQ(machine_.Do("systemctl is-enabled dies").out, "masked\n");
}

TEST_P(HostProvider, AUnitThatClingsToItsPlaceIsAnUnknownEffect) {
  const auto provider = Started("clings.service");
  machine_.Must("systemctl start clings");
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = Role("xmppProxy");
  fixture.after = Value::Map{{"state", "stopped"}, {"startMode", "manual"}};
  ApplyRequest request =
      conformance::RequestFrom(fixture, Look(*provider, fixture.target), "clings", 1);
  request.deadline = absl::Seconds(4);
  const ApplyResult result = provider->Apply(request, nullptr);
  EXPECT_FALSE(result.status.ok());
  EXPECT_TRUE(result.effect_unknown) << result.status;
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("did not end in time"));
  const Observation seen = Look(*provider, fixture.target);
  EXPECT_EQ(seen.properties.StringOr("state", ""), "stopping");
  EXPECT_THAT(seen.reason, HasSubstr("deactivating (stop)"));
}

TEST_P(HostProvider, ActiveIsNotServingWhenAnotherHoldsThePort) {
  machine_.Must("systemctl start thief");
  machine_.Await("ss -Hltn 'sport = :5269' | grep -q 127.0.0.11");
  const auto provider = Started("prosody.service");
  const ApplyResult result = Change(*provider, Role("xmppProxy"), kRunning);
  ASSERT_TRUE(result.status.ok()) << result.status;
  const Observation seen = Look(*provider, Role("xmppProxy"));
  EXPECT_EQ(DisplayText(seen.properties), "listening=off startMode=automatic state=running");
  EXPECT_THAT(seen.reason, HasSubstr("held by python3"));
}

TEST_P(HostProvider, AnAccountWithoutRightsChangesNothing) {
  Value server = Units("prosody.service");
  server.Set("ssh", machine_.Ssh("watcher"));
  auto provider = Start("host", Configuration(server, Value::Map{{"systemd", GetParam()}}));
  ASSERT_TRUE(provider.ok()) << provider.status();
  EXPECT_EQ(Look(**provider, Role("xmppProxy")).presence, Presence::kPresent);
  const ApplyResult result = Change(**provider, Role("xmppProxy"), kRunning);
  EXPECT_TRUE(absl::IsPermissionDenied(result.status)) << result.status;
  EXPECT_EQ(machine_.Do("systemctl is-active prosody").out, "inactive\n");
}

// As many connections as servers; sshd is the same.
TEST_P(HostProvider, HundredServersAreLookedAtSideBySide) {
  machine_.Must("systemctl start prosody");
  Value::Map servers;
  std::vector<ObservationKey> keys;
  for (int number = 0; number < 100; ++number) {
    const std::string name = "edge" + std::to_string(number) + ".contoso.test";
    servers[name] = Value::Map{{"ssh", machine_.Ssh()},
                               {"services", Value::Map{{"xmppProxy", "prosody.service"}}}};
    keys.push_back({{"EdgeService", name + "/xmppProxy"}, ""});
  }
  auto provider = Start("host",
                        Value::Map{{"systemd", GetParam()},
                                   {"ssh", Value::Map{{"connectTimeout", "60s"}}},
                                   {"servers", std::move(servers)}},
                        true);
  ASSERT_TRUE(provider.ok()) << provider.status();
  for (const char* name : {"FirstLook", "SecondLook"}) {
    const absl::Time began = absl::Now();
    const auto seen = (*provider)->Observe(keys, absl::Seconds(90));
    RecordProperty(name, absl::FormatDuration(absl::Now() - began));
    ASSERT_TRUE(seen.ok()) << seen.status();
    for (const Observation& observation : *seen)
      EXPECT_EQ(observation.properties.StringOr("state", ""), "running") << observation.reason;
  }
}

TEST_P(HostProvider, ListsWhatCarriesAFederation) {
  Value both = Units("prosody.service");
  both.Set("sip", Value::Map{});
  auto provider = Start("host", Configuration(both, Value::Map{{"systemd", GetParam()}}));
  ASSERT_TRUE(provider.ok()) << provider.status();
  EXPECT_THAT(ListedBy(**provider).at("EdgeServer/edge1.contoso.test"),
              HasSubstr(R"("products":["kamailio","prosody"])"))
      << "one by its unit's name";
  Value other = Value::Map{{"services", Value::Map{{"webConf", "dies.service"}}}};
  auto without = Start("host", Configuration(other, Value::Map{{"systemd", GetParam()}}));
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_TRUE(ListedBy(**without).empty());
}

TEST_P(HostProvider, CertificateIsReadWhereItLies) {
  const auto provider = Started("prosody.service");
  const Observation seen =
      Look(*provider, {"Certificate", std::string(kEdge) + "/accessEdgeExternal"});
  EXPECT_EQ(DisplayText(*seen.properties.Find("names")),
            "edge1.contoso.test, contoso.test, xmpp.contoso.test, sip.contoso.test");
  std::string print = machine_.Must(
      "openssl x509 -in /etc/prosody/certs/edge1.pem -noout -fingerprint -sha1 | tr -d ':\\n'");
  EXPECT_THAT(print, ::testing::EndsWith(seen.properties.StringOr("thumbprint", "none")));
  EXPECT_EQ(Look(*provider, {"Certificate", std::string(kEdge) + "/internal"}).presence,
            Presence::kUnreachable);
}

}  // namespace
}  // namespace poolshift::testing_hosts
