#include "providers/probe/agent/inventory.h"

#include "gmock/gmock.h"

#include "providers/probe/agent/agent_settings.h"

namespace poolshift::probe {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Question To(const char* host, int port) {
  Question question;
  question.host = host;
  question.port = port;
  return question;
}

TEST(Inventory, NothingElseIsLookedAt) {
  Inventory inventory;
  ASSERT_EQ(inventory.Allow("203.0.113.11", {5061, 5269}), "");
  ASSERT_EQ(inventory.Allow("203.0.113.64/29", {5061}), "");
  ASSERT_EQ(inventory.Allow("2001:db8::/64", {5269}), "");
  ASSERT_EQ(inventory.Allow("Edge1.contoso.test", {5061}), "");
  const struct {
    const char* host;
    int port;
    bool allowed;
  } cases[] = {
      {"203.0.113.11", 5061, true},
      {"203.0.113.11", 5269, true},
      {"203.0.113.11", 22, false},
      {"203.0.113.12", 5061, false},
      {"203.0.113.64", 5061, true},
      {"203.0.113.71", 5061, true},
      {"203.0.113.72", 5061, false},
      {"203.0.113.70", 5269, false},
      {"::ffff:203.0.113.11", 5061, true},  // the same address
      {"2001:db8::1", 5269, true},
      {"2001:db8:0:1::1", 5269, false},
      {"edge1.contoso.test", 5061, true},
      {"EDGE1.contoso.test.", 5061, true},
      {"edge2.contoso.test", 5061, false},
      {"203.0.113.11 ", 5061, false},
      {"", 5061, false},
  };
  for (const auto& each : cases)
    EXPECT_EQ(inventory.Objection(To(each.host, each.port)).empty(), each.allowed)
        << each.host << ' ' << each.port;
}

TEST(Inventory, NamesOfZones) {
  Inventory inventory;
  inventory.AllowNames("Contoso.test");
  for (const auto& [name, allowed] : {std::pair("contoso.test", true),
                                      std::pair("xmpp.CONTOSO.test", true),
                                      std::pair("evilcontoso.test", false),
                                      std::pair("test", false)}) {
    Question question;
    question.resolve = true;
    question.host = name;
    EXPECT_EQ(inventory.Objection(question).empty(), allowed) << name;
  }
  EXPECT_NE(inventory.Objection(To("contoso.test", 5061)), "");
}

TEST(ReadNetwork, Wrong) {
  Network network;
  for (const char* text :
       {"", "/", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/8x", "::/129", "a/8"})
    EXPECT_FALSE(ReadNetwork(text, network)) << text;
}

TEST(AgentSettings, WholeConfiguration) {
  std::vector<std::string> faults;
  const AgentSettings settings = ReadAgentSettings(
      "# an agent\nlisten [2001:db8::7]:7000\ncertificate agent.pem\nkey /etc/agent.key\nca "
      "ca.pem\n"
      "controller poolshift.contoso.test\nfrom probe.test\nprobe-certificate p.pem\nprobe-key "
      "p.key\n"
      "trust t.pem   # whom partners trust\nresolver 192.0.2.53 [2001:db8::53]:5353\n"
      "reference 192.0.2.1:443\nallow 203.0.113.11 5061 5269\nzone contoso.test\nat-once 40\n",
      "/etc/poolshift",
      faults);
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_EQ(settings.listen.address, "2001:db8::7");
  EXPECT_EQ(settings.listen.port, 7000);
  EXPECT_EQ(settings.link.certificate, "/etc/poolshift/agent.pem");
  EXPECT_EQ(settings.link.key, "/etc/agent.key");
  EXPECT_EQ(settings.shown.trust, "/etc/poolshift/t.pem");
  EXPECT_THAT(settings.controllers, ElementsAre("poolshift.contoso.test"));
  ASSERT_EQ(settings.resolvers.size(), 2U);
  EXPECT_EQ(settings.resolvers[0].port, 53);
  EXPECT_EQ(settings.resolvers[1].port, 5353);
  EXPECT_EQ(settings.references[0].port, 443);
  EXPECT_EQ(settings.at_once, 40);
  EXPECT_EQ(settings.inventory.size(), 2U);
}

TEST(AgentSettings, EveryFaultIsNamed) {
  std::vector<std::string> faults;
  ReadAgentSettings(
      "listen nowhere\nfrom a b\nfrom c\nfrom d\nallow\nallow 1.2.3.4\nallow 1.2.3.4 x\n"
      "allow 1.2.3.4/99 5061\nresolver 1.2.3\nreference 1.2.3.4\ncontroller\nat-once 0\nlissten x\n"
      "probe-key k\nlisten 192.0.2.7\n",
      "/etc",
      faults);
  for (const char* fault : {"line 1: `listen` takes",
                            "line 2: `from` takes one value",
                            "line 4: `from` is said twice",
                            "line 5: `allow` takes",
                            "line 6: `1.2.3.4` has no ports",
                            "line 7: `x` is no port",
                            "line 8: `1.2.3.4/99` is neither",
                            "line 9: `resolver` cannot be `1.2.3`",
                            "line 10: `reference` cannot be `1.2.3.4`",
                            "line 11: `controller` takes at least one",
                            "line 12: `at-once` takes",
                            "line 13: `lissten` is unknown",
                            "no `allow` line",
                            "`probe-certificate` and `probe-key` go together",
                            "no `trust` line",
                            "`listen` needs a `certificate` line",
                            "`listen` needs a `key` line",
                            "`listen` needs a `ca` line",
                            "`listen` needs a `controller` line"})
    EXPECT_THAT(faults, Contains(HasSubstr(fault)));
  EXPECT_EQ(faults.size(), 19U);
}

}  // namespace
}  // namespace poolshift::probe
