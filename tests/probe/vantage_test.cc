// The whole provider on real servers, from vantages in this machine, by mutual TLS and over a real
// sshd; and what is told when an agent cannot be asked: never anything about the target.
#include "gmock/gmock.h"

#include "tests/probe/plugin_stage.h"

namespace poolshift::probe::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class Vantages : public PluginStage {
 protected:
  static void ExpectHealthy(Provider& provider, const std::string& vantage) {
    const Observation sip = LookFrom(provider, Sip(vantage));
    ASSERT_EQ(sip.presence, Presence::kPresent) << sip.reason;
    EXPECT_EQ(sip.properties.StringOr("state", ""), "open");
    EXPECT_EQ(sip.properties.StringOr("protocol", ""), "sip") << sip.reason;
    EXPECT_THAT(sip.reason,
                MatchesRegex("from " + vantage + " at [0-9:]+Z: open in .*SIP 200 OK.*"));
    const Observation xmpp = LookFrom(provider, Xmpp(vantage));
    EXPECT_EQ(xmpp.properties.StringOr("protocol", ""), "xmpp") << xmpp.reason;
    const Observation closed = LookFrom(provider, Closed(vantage));
    EXPECT_EQ(closed.properties.StringOr("state", ""), "refused") << closed.reason;
  }

  static void ExpectBlind(Provider& provider, const std::string& vantage, const std::string& why) {
    const Observation seen = LookFrom(provider, Sip(vantage));
    EXPECT_EQ(seen.presence, Presence::kUnreachable);
    EXPECT_THAT(seen.reason, HasSubstr(why));
  }
};

Value Local(const std::string& name) { return Value::Map{{"name", name}, {"local", true}}; }

TEST_F(Vantages, AllThreeWays) {
  const auto agent = StartAgent("agent");
  const ssh::testing::SshServer sshd;
  const auto provider = StartProvider(
      {Local("here"), ByTls("berlin", "agent.test"), BySsh("oslo", sshd)}, true, sshd.key_file());
  ASSERT_TRUE(provider.ok()) << provider.status();
  for (const char* vantage : {"here", "berlin", "oslo"}) {
    SCOPED_TRACE(vantage);
    ExpectHealthy(**provider, vantage);
  }
  // The provider's own view.
  EXPECT_EQ(LookFrom(**provider, Sip("")).properties.StringOr("protocol", ""), "sip");
  ExpectBlind(**provider, "rome", "`spec.config.vantages` has no `rome`");
}

TEST_F(Vantages, PortsAndTargetsOutsideTheInventory) {
  const auto agent = StartAgent("agent");
  const auto provider = StartProvider({Local("here"), ByTls("berlin", "agent.test")});
  ASSERT_TRUE(provider.ok()) << provider.status();
  const Observation port = LookFrom(**provider, {{"Reachability", address_ + "/22"}, "here"});
  EXPECT_EQ(port.presence, Presence::kUnreachable);
  EXPECT_THAT(port.reason, HasSubstr("port 22 is none of federation's"));
  const Observation target = LookFrom(**provider, {{"Reachability", address_ + "/5061"}, "berlin"});
  EXPECT_EQ(target.presence, Presence::kUnreachable);
  EXPECT_THAT(target.reason,
              HasSubstr(address_ + ":5061 is in no `allow` line of the agent's configuration"));
  for (const char* name : {"/5061", "x", "x/", "x/99999", "x/-1", "x/5061x"}) {
    const Observation wrong = LookFrom(**provider, {{"Reachability", name}, "here"});
    EXPECT_EQ(wrong.presence, Presence::kUnreachable) << name;
  }
}

TEST_F(Vantages, AgentThatIsGoneComesBack) {
  auto agent = StartAgent("agent");
  const auto provider = StartProvider({ByTls("berlin", "agent.test")});
  ASSERT_TRUE(provider.ok()) << provider.status();
  ExpectHealthy(**provider, "berlin");
  agent->Kill();
  ExpectBlind(**provider,
              "berlin",
              "the agent at berlin did not answer: " + address_ + ":7269: ECONNREFUSED");
  agent = StartAgent("agent");
  ExpectHealthy(**provider, "berlin");
  // The kept connection ended without a word; a new one is opened.
  agent->Kill();
  agent = StartAgent("agent");
  ExpectHealthy(**provider, "berlin");
}

TEST_F(Vantages, AgentOfAnotherName) {
  const auto agent = StartAgent("edge");
  const auto provider = StartProvider({ByTls("berlin", "agent.test")});
  ASSERT_TRUE(provider.ok()) << provider.status();
  ExpectBlind(**provider, "berlin", "its certificate: hostname mismatch");
}

TEST_F(Vantages, AgentOfAnotherAuthority) {
  const Authority others(scratch(), "strangers");
  others.Issue("impostor", "DNS:agent.test");
  const auto agent = StartAgent("impostor");
  const auto provider = StartProvider({ByTls("berlin", "agent.test")});
  ASSERT_TRUE(provider.ok()) << provider.status();
  ExpectBlind(**provider, "berlin", "its certificate: unable to get local issuer certificate");
}

TEST_F(Vantages, AgentKnowsItsControllers) {
  const auto agent = StartAgent("agent", "other.test");
  const auto provider = StartProvider({ByTls("berlin", "agent.test")});
  ASSERT_TRUE(provider.ok()) << provider.status();
  ExpectBlind(**provider, "berlin", "the agent at berlin did not answer: ");
  EXPECT_THAT(agent->Log(), HasSubstr("its certificate names none of the `controller` lines"));
}

TEST_F(Vantages, SomethingElseListensThere) {
  ServerSpec spec = Spec("agent");
  spec.address = address_;
  spec.demands_certificate = false;
  const Kamailio other(scratch(), spec);
  const auto provider = StartProvider({Value::Map{
      {"name", "berlin"},
      {"tls", Value::Map{{"host", address_}, {"port", 5061}, {"name", "agent.test"}}}}});
  ASSERT_TRUE(provider.ok()) << provider.status();
  ExpectBlind(**provider, "berlin", "the agent at berlin did not answer: ");
}

TEST_F(Vantages, SshThatCannotGetThere) {
  ssh::testing::SshServer sshd;
  Value elsewhere = BySsh("rome", sshd);
  Value ssh = *elsewhere.Find("ssh");
  ssh.Set("command", Value::List{"/nowhere/poolshift-probe-agent", "--stdio"});
  elsewhere.Set("ssh", ssh);
  const auto provider =
      StartProvider({BySsh("oslo", sshd), BySsh("paris", sshd, sshd.foreign_host_key()), elsewhere},
                    true,
                    sshd.key_file());
  ASSERT_TRUE(provider.ok()) << provider.status();
  ExpectHealthy(**provider, "oslo");
  ExpectBlind(**provider, "paris", "the agent at paris did not answer: ");
  ExpectBlind(**provider, "rome", "ended with status 127");
  sshd.Stop();
  ExpectBlind(**provider, "oslo", "the agent at oslo did not answer: ");
  sshd.Start();
  ExpectHealthy(**provider, "oslo");
}

}  // namespace
}  // namespace poolshift::probe::testing
