#include "providers/probe/service/settings.h"

#include "gmock/gmock.h"

#include "tests/probe/live_look.h"

namespace poolshift::probe::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ProbeSettings : public LiveLook {
 protected:
  static Settings Read(Value value, std::vector<std::string>& problems) {
    sdk::Configuration configuration;
    configuration.organization = "contoso";
    configuration.configuration = std::move(value);
    configuration.base_directory = scratch().path();
    configuration.secrets.emplace("probeKey",
                                  *SecretRef::Parse("file:" + scratch().Path("probe.key")));
    configuration.secrets.emplace("linkKey",
                                  *SecretRef::Parse("file:" + scratch().Path("edge.key")));
    return ReadSettings(configuration, problems);
  }
};

TEST_F(ProbeSettings, Whole) {
  std::vector<std::string> problems;
  const Settings settings = Read(
      Value::Map{
          {"vantages",
           Value::List{
               Value::Map{{"name", "here"}, {"local", true}},
               Value::Map{{"name", "berlin"},
                          {"tls", Value::Map{{"host", "192.0.2.7"}, {"name", "b.test"}}}},
               Value::Map{
                   {"name", "oslo"},
                   {"ssh", Value::Map{{"address", "oslo.test"}, {"knownHosts", "probe.pem"}}}}}},
          {"ssh", Value::Map{{"user", "probe"}, {"key", "probeKey"}}},
          {"link", Value::Map{{"certificate", "edge.pem"}, {"trust", "partners-ca.pem"}}},
          {"local",
           Value::Map{{"from", "probe.test"},
                      {"certificate", "probe.pem"},
                      {"trust", "partners-ca.pem"},
                      {"resolvers", Value::List{"192.0.2.53"}},
                      {"references", Value::List{"192.0.2.1:443"}},
                      {"atOnce", 7}}},
          {"names", Value::Map{{"sip", Value::List{"sip.test"}}, {"xmpp", Value::List{"test"}}}},
          {"targets",
           Value::List{
               Value::Map{{"hosts", Value::List{"192.0.2.9"}}, {"sip", Value::List{"sip2.test"}}}}},
          {"ports", Value::List{Value::Map{{"port", 443}, {"speech", "tls"}}}},
          {"records", true},
          {"patience", "6s"}},
      problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(settings.Find("")->name, "here");
  EXPECT_EQ(settings.Find("berlin")->tls->port, 7269);
  ASSERT_NE(settings.Find("oslo")->ssh->host, nullptr);
  EXPECT_EQ(settings.Find("oslo")->ssh->host->name(), "oslo");
  EXPECT_EQ(settings.Find("oslo")->ssh->command, "poolshift-probe-agent --stdio");
  EXPECT_EQ(settings.Find("rome"), nullptr);
  EXPECT_EQ(settings.eyes.at_once, 7);
  EXPECT_THAT(settings.names_of.at("192.0.2.9").sip, ElementsAre("sip2.test"));
  EXPECT_THAT(settings.names_of.at("192.0.2.9").xmpp, ElementsAre("test"));
  EXPECT_EQ(settings.ports.at(443), Speech::kTls);
  EXPECT_EQ(settings.ports.at(5061), Speech::kSip);
  EXPECT_EQ(settings.ports.at(23456), Speech::kTcp);
  EXPECT_EQ(settings.patience, absl::Seconds(6));
}

TEST_F(ProbeSettings, EveryFaultIsNamed) {
  std::vector<std::string> problems;
  Read(Value::Map{{"vantages",
                   Value::List{Value::Map{{"name", "a"}, {"local", true}},
                               Value::Map{{"name", "a"}, {"local", true}},
                               Value::Map{{"tls", Value::Map{{"port", 0}}}},
                               Value::Map{{"name", "c"}},
                               Value::Map{{"name", "d"},
                                          {"ssh",
                                           Value::Map{{"address", "-oProxyCommand=x"},
                                                      {"command", Value::List{}}}}}}},
                  {"local", Value::Map{{"resolvers", Value::List{"x"}}, {"atOnce", 0}}},
                  {"targets", Value::List{Value::Map{}}},
                  {"ports", Value::List{Value::Map{{"port", 70000}, {"speech", "smtp"}}}},
                  {"patience", "2s"},
                  {"naems", 1}},
       problems);
  for (const char* fault : {"`vantages[1].name` names a a second time",
                            "`vantages[2].name` is missing",
                            "`vantages[2].tls.host` is missing",
                            "`vantages[2].tls.port` is no port",
                            "`vantages[3]` needs exactly one",
                            "`vantages[4].ssh.address` is `-oProxyCommand=x`",
                            "`vantages[4].ssh.user` is missing",
                            "`vantages[4].ssh.hostKey` is missing",
                            "`vantages[4].ssh.key` names the secret `ssh`",
                            "`vantages[4].ssh.command`",
                            "`vantages` has more than one that is `local`",
                            "`link` is missing",
                            "`local.from` is missing",
                            "`local.trust` is missing",
                            "`local.resolvers` holds `x`",
                            "`local.atOnce` is no number",
                            "`targets[0].hosts` is missing",
                            "`ports[0].port` is",
                            "`ports[0].speech` is `smtp`",
                            "`patience` is less than 3.5s",
                            "`naems` is unknown: did you mean `names`?"})
    EXPECT_THAT(problems, Contains(HasSubstr(fault)));
}

TEST_F(ProbeSettings, FilesThatAreWrong) {
  const auto with = [](const char* certificate, const char* trust) {
    std::vector<std::string> problems;
    Read(Value::Map{{"vantages", Value::List{Value::Map{{"name", "a"}, {"local", true}}}},
                    {"local",
                     Value::Map{
                         {"from", "probe.test"}, {"certificate", certificate}, {"trust", trust}}}},
         problems);
    return problems;
  };
  EXPECT_THAT(with("probe.pem", "partners-ca.pem"), IsEmpty());
  EXPECT_THAT(with("none.pem", "partners-ca.pem"),
              ElementsAre(HasSubstr("cannot use the certificate")));
  EXPECT_THAT(with("edge.pem", "partners-ca.pem"), ElementsAre(HasSubstr("key values mismatch")));
  EXPECT_THAT(with("probe.pem", "none.pem"),
              ElementsAre(HasSubstr("cannot read the trusted certificates")));
}

}  // namespace
}  // namespace poolshift::probe::testing
