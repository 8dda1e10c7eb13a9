// Fences on a real nftables: every promise, and what a client meets.
#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "tests/hosts/plugin.h"

namespace poolshift::testing_hosts {
namespace {

using ::testing::HasSubstr;

const ResourceId kFence = {"Fence", "127.0.0.13/7061"};

std::string In(absl::Duration time) {
  return absl::FormatTime(absl::RFC3339_full, absl::Now() + time, absl::UTCTimeZone());
}

class Fence : public PluginOnMachine {
 protected:
  Fence() { machine_.Do("nft delete table inet poolshift"); }

  Value Routers(const std::string& account = "root") const {
    Value configuration = Configuration(Value::Map{});
    configuration.Set(
        "routers",
        Value::Map{{"core",
                    Value::Map{{"ssh", machine_.Ssh(account)},
                               {"fences", Value::List{"127.0.0.13", "2001:db8::/32"}}}}});
    return configuration;
  }

  // What a client meets: open, refused, or nothing for a second.
  std::string Knock() const {
    return machine_
        .Do("timeout 1 bash -c 'exec 3<>/dev/tcp/127.0.0.13/7061' 2>/dev/null; case $? in "
            "0) printf open;; 124) printf silence;; *) printf refused;; esac")
        .out;
  }

  const Machine& machine_ = Machine::Get();
};

TEST_F(Fence, KeepsEveryPromise) {
  conformance::Fixture fixture = FixtureOf("host", Routers());
  fixture.reset = [&] {
    machine_.Do("nft delete table inet poolshift");
    EmptyState();
  };
  fixture.keys = {{kFence, ""}, {{"Fence", "2001:db8::1/5269"}, ""}};
  fixture.target = kFence;
  fixture.after = Value::Map{{"mode", "reset"}, {"expires", In(absl::Hours(1))}};
  fixture.unreachable = ObservationKey{{"Fence", "198.51.100.1/5061"}, ""};
  // What has an hour left is not shown alike twice.
  fixture.witness = [&] {
    return machine_
        .Do("nft list table inet poolshift 2>/dev/null | grep -o '127.0.0.13 . 7061' | sort")
        .out;
  };
  fixture.by_hand = [&] {  // with another copy of the program, whose record is its own
    auto other = Start("host", Routers(), {false, [&](PluginConfiguration& configuration) {
                                             configuration.state_directory = folder().path();
                                           }});
    ASSERT_TRUE(other.ok()) << other.status();
    const Value drop = Value::Map{{"mode", "drop"}, {"expires", In(absl::Hours(2))}};
    ASSERT_TRUE(Change(**other, kFence, drop).status.ok());
  };
  using conformance::Need;
  fixture.without.insert(
      {{Need::kAbsent, "where no fence stands its mode is `none`; that is not absence"},
       {Need::kWeakAccount, "who may look at nftables may change them (CAP_NET_ADMIN)"}});
  // The whole kit holds the same program in host_test.cc.
  fixture.topics = {"observing", "absence", "changing", "preconditions", "hostile-input"};
  EXPECT_GE(conformance::RunConformance(fixture).ran, 35);
}

TEST_F(Fence, TurnsClientsAwayAndLetsThemIn) {
  machine_.Must("systemd-run --quiet --unit=door python3 -m http.server --bind 127.0.0.13 7061");
  machine_.Await("timeout 1 bash -c 'exec 3<>/dev/tcp/127.0.0.13/7061'");
  auto provider = Start("host", Routers());
  ASSERT_TRUE(provider.ok()) << provider.status();
  for (const auto& [mode, met] : {std::pair("reset", "refused"),
                                  std::pair("drop", "silence"),
                                  std::pair("reset", "refused"),
                                  std::pair("none", "open")}) {
    SCOPED_TRACE(mode);
    const std::string expires = std::string(mode) == "none" ? "" : In(absl::Hours(1));
    const Value after = Value::Map{{"mode", mode}, {"expires", expires}};
    const ApplyResult result = Change(**provider, kFence, after);
    ASSERT_TRUE(result.status.ok()) << result.status;
    EXPECT_EQ(Look(**provider, kFence).properties, after);
    EXPECT_EQ(Knock(), met);
  }
  machine_.Must("systemctl stop door");
}

TEST_F(Fence, RunsOutByItselfAndIsRemembered) {
  auto provider = Start("host", Routers());
  ASSERT_TRUE(provider.ok()) << provider.status();
  const std::string expires = In(absl::Seconds(4));
  ASSERT_TRUE(
      Change(**provider, kFence, Value::Map{{"mode", "drop"}, {"expires", expires}}).status.ok());
  machine_.Await("! nft list set inet poolshift drop4 | grep -q 127.0.0.13");
  EXPECT_EQ(DisplayText(Look(**provider, kFence).properties), "expires=" + expires + " mode=none");
  const Value lifted = Value::Map{{"mode", "none"}, {"expires", ""}};
  ASSERT_TRUE(Change(**provider, kFence, lifted).status.ok());
  EXPECT_EQ(Look(**provider, kFence).properties, lifted);
}

TEST_F(Fence, WhoseRulesAreGoneDoesNotStand) {
  auto provider = Start("host", Routers());
  ASSERT_TRUE(provider.ok()) << provider.status();
  const Value after = Value::Map{{"mode", "reset"}, {"expires", ""}};
  ASSERT_TRUE(Change(**provider, kFence, after).status.ok());
  machine_.Must("nft flush chain inet poolshift fence");
  EXPECT_EQ(Look(**provider, kFence).properties.StringOr("mode", ""), "none");
  ASSERT_TRUE(Change(**provider, kFence, after).status.ok());
  EXPECT_EQ(Look(**provider, kFence).properties, after);
}

TEST_F(Fence, OthersTablesStayAsTheyAre) {
  machine_.Must("nft add table inet theirs; nft add chain inet theirs x");
  auto provider = Start("host", Routers());
  ASSERT_TRUE(provider.ok()) << provider.status();
  const std::string before = machine_.Must("nft list table inet theirs");
  ASSERT_TRUE(
      Change(**provider, kFence, Value::Map{{"mode", "reset"}, {"expires", ""}}).status.ok());
  EXPECT_EQ(machine_.Must("nft list table inet theirs"), before);
  machine_.Must("nft delete table inet theirs");
}

TEST_F(Fence, NeedsRights) {
  auto provider = Start("host", Routers("watcher"));
  ASSERT_TRUE(provider.ok()) << provider.status();
  const Observation seen = Look(**provider, kFence);
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_THAT(seen.reason, HasSubstr("CAP_NET_ADMIN"));
}

}  // namespace
}  // namespace poolshift::testing_hosts
