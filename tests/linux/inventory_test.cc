// The machines of a configuration: every fault at once, with its path.
#include "providers/linux/inventory.h"

#include "gmock/gmock.h"

#include "providers/linux/certificate.h"
#include "tests/conformance/kit/scratch.h"
#include <sys/stat.h>

namespace poolshift::linux_host {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Inventories : public ::testing::Test {
 protected:
  Inventories() {
    folder_.Write("key", "private");
    ::chmod(folder_.Path("key").c_str(), 0600);
    configuration_.secrets.emplace("ssh", *SecretRef::Parse("file:" + folder_.Path("key")));
  }

  void Read(Value server, Value more = Value::Map{}) {
    more.Set("ssh",
             Value::Map{
                 {"user", "root"},
                 {"hostKey",
                  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0aF0N1vM0n3T0rXkVhYvU3q9oXr0T4g1y2Hh2o"}});
    more.Set("servers", Value::Map{{"Edge1.Contoso.com", std::move(server)}});
    sdk::Section root(&more, "", problems_);
    inventory_.Read(configuration_, root, nullptr);
    root.RefuseOthers();
  }

  conformance::Scratch folder_;
  sdk::Configuration configuration_;
  std::vector<std::string> problems_;
  Inventory inventory_;
};

TEST_F(Inventories, KnowUnitsPortsAndFiles) {
  Read(Value::Map{{"services",
                   Value::Map{{"accessEdge", "kamailio.service"},
                              {"webConf", Value::Map{{"unit", "web@1.service"}, {"port", 8443}}},
                              {"avAuth", "turn.service"}}},
                  {"certificates", Value::Map{{"internal", "/etc/x.pem"}}}});
  EXPECT_THAT(problems_, IsEmpty());
  const Server* server = inventory_.Find("edge1.contoso.COM");
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(server->services.at("accessEdge").port, 5061);
  EXPECT_EQ(server->services.at("webConf").unit, "web@1.service");
  EXPECT_EQ(server->services.at("webConf").port, 8443);
  EXPECT_EQ(server->services.at("avAuth").port, 443);
  EXPECT_EQ(server->certificates.at("internal"), "/etc/x.pem");
  EXPECT_EQ(inventory_.Find("edge2.contoso.com"), nullptr);
}

TEST_F(Inventories, TellEveryFaultAtOnce) {
  Read(Value::Map{{"services",
                   Value::Map{{"accessEdge", "--now"},
                              {"xmppProxy", "prosody"},
                              {"xmpp", "prosody.service"},
                              {"webConf", Value::Map{{"unit", "a b.service"}, {"ports", 1}}}}},
                  {"certificates", Value::Map{{"accessEdgeExternal", "edge.pem"}}},
                  {"sudo", "yes"}},
       Value::Map{{"systemd", "dbus"}, {"settle", "never"}});
  EXPECT_THAT(
      problems_,
      UnorderedElementsAre(HasSubstr("`systemd` is `dbus`"),
                           HasSubstr("`settle` is `never`"),
                           HasSubstr("services.accessEdge` is `--now`"),
                           HasSubstr("services.xmppProxy` is `prosody`"),
                           HasSubstr("services.webConf` is `a b.service`"),
                           HasSubstr("services.webConf.ports` is unknown: did you mean `port`?"),
                           HasSubstr("services.xmpp` is unknown"),
                           HasSubstr("certificates.accessEdgeExternal` is `edge.pem`"),
                           HasSubstr("`servers.Edge1.Contoso.com.sudo` is neither")));
}

TEST(Certificates, WhatIsNoneIsSaid) {
  EXPECT_FALSE(CertificateFrom("").ok());
  EXPECT_FALSE(
      CertificateFrom("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").ok());
}

}  // namespace
}  // namespace poolshift::linux_host
