// The configuration: every fault at once, in words; keys that are not safe are refused; no secret
// is repeated.
#include <cstdlib>

#include "gmock/gmock.h"

#include "providers/dns/update/tsig_key.h"
#include "providers/sdk/scrub.h"
#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> FaultsOf(Value configuration, const std::string& secret) {
  sdk::Configuration all;
  all.organization = "contoso";
  all.configuration = std::move(configuration);
  if (!secret.empty()) all.secrets.emplace("tsig", *SecretRef::Parse(secret));
  return DnsService().Configure(all);
}

Value WithKeyNames(Value configuration) {
  configuration.Set("tsig", Value::Map{{"name", kKeyName}, {"algorithm", "hmac-sha256"}});
  return configuration;
}

TEST(Settings, AllFaultsAreReportedAtOnce) {
  Value server;
  server.Set("adress", "127.0.0.1");
  server.Set("port", 70000);
  Value zone;
  zone.Set("zone", "contoso..test");
  zone.Set("servers", Value::List{server});
  zone.Set("ownership", "maybe");
  zone.Set("adopt", Value::List{"fine.contoso.test", "not a name"});
  Value configuration;
  configuration.Set("zones", Value::List{zone, Value::Map{{"zone", "fabrikam.test"}}});
  configuration.Set("timeouts", Value::Map{{"query", "soon"}});
  configuration.Set("tsig", Value::Map{{"name", kKeyName}, {"algoritm", "hmac-sha256"}});
  configuration.Set("zone", "contoso.test");
  EXPECT_THAT(
      FaultsOf(configuration, ""),
      ElementsAre("`zones[0].zone` is `contoso..test`: write the zone's name",
                  "`zones[0].servers[0].address` is ``: write an IPv4 or IPv6 address",
                  "`zones[0].servers[0].port` is no port: write a number from 1 to 65535",
                  "`zones[0].servers[0].adress` is unknown: did you mean `address`?",
                  "`zones[0].ownership` is `maybe`: write `txt` or `none`",
                  "`zones[0].adopt` holds `not a name`, no owner name",
                  HasSubstr("`zones[1].servers` is missing: list every authoritative server"),
                  "`timeouts.query` is `soon`: write a time from 10ms to 10m, such as `3s`",
                  "`tsig.algoritm` is unknown: did you mean `algorithm`?",
                  "`zone` is unknown: did you mean `zones`?",
                  HasSubstr("secret `tsig` is missing")));
}

TEST(Settings, SecretComesFromTheEnvironment) {
  setenv("POOLSHIFT_TEST_TSIG", kCanary, 1);
  const Value configuration = WithKeyNames(ZoneConfiguration({5353}));
  EXPECT_THAT(FaultsOf(configuration, "env:POOLSHIFT_TEST_TSIG"), IsEmpty());
  unsetenv("POOLSHIFT_TEST_TSIG");
  EXPECT_THAT(FaultsOf(configuration, "env:POOLSHIFT_TEST_TSIG"),
              ElementsAre(HasSubstr("POOLSHIFT_TEST_TSIG")));
}

TEST(Settings, ReadableKeyFileIsRefused) {
  const Folder folder;
  const Value configuration = WithKeyNames(ZoneConfiguration({5353}));
  for (const mode_t mode : {0640u, 0604u, 0666u}) {
    const std::string path = folder.Write("key", kCanary, mode);
    EXPECT_THAT(FaultsOf(configuration, "file:" + path), ElementsAre(HasSubstr("chmod 600")));
  }
  EXPECT_THAT(FaultsOf(configuration, "file:" + folder.Write("key", kCanary, 0600)), IsEmpty());
  EXPECT_THAT(FaultsOf(configuration, "file:" + folder.path() + "/none"), Not(IsEmpty()));
}

TEST(Settings, NameOfTheKeyIsNoSecret) {
  const std::string name = "poolshift-updates.contoso.test";
  const std::string statement =
      "key \"" + name + "\" { algorithm hmac-sha256; secret \"" + kCanary + "\"; };\n";
  const Folder folder;
  EXPECT_THAT(FaultsOf(ZoneConfiguration({5353}), "file:" + folder.Write("key", statement)),
              IsEmpty());
  EXPECT_EQ(sdk::Scrubbed("signed with " + name), "signed with " + name);
  EXPECT_EQ(sdk::Scrubbed("signed with " + std::string(kCanary)), "signed with [secret]");
}

struct BadKey {
  std::string name, content, says;
};

TEST(Settings, UnusableKeysAreExplainedNotShown) {
  const std::string canary(kCanary);
  const BadKey cases[] = {
      {"not base64", "canary*" + canary, "not base64"},
      {"too short", "c2hvcnQ=", "fewer than 16"},
      {"wrong algorithm", "key k { algorithm hmac-md5; secret \"" + canary + "\"; };", "says `k`"},
      {"half a statement", "key \"poolshift-key\" { secret \"" + canary + "\"; };", "neither"},
      {"two lines", canary + "\n" + canary, "neither"},
  };
  const Folder folder;
  for (const BadKey& each : cases) {
    SCOPED_TRACE(each.name);
    const auto faults = FaultsOf(WithKeyNames(ZoneConfiguration({5353})),
                                 "file:" + folder.Write("key", each.content));
    EXPECT_THAT(faults, Contains(HasSubstr(each.says)));
    EXPECT_THAT(faults, Each(Not(HasSubstr("Y2FuYXJ5"))));
  }
}

TEST(Settings, ZoneOfANameIsTheLongest) {
  Settings settings;
  settings.zones = {{.name = "contoso.test", .servers = {}, .owned = true, .adoption = {}},
                    {.name = "eu.contoso.test", .servers = {}, .owned = true, .adoption = {}}};
  EXPECT_EQ(settings.ZoneOf("xmpp.eu.contoso.test")->name, "eu.contoso.test");
  EXPECT_EQ(settings.ZoneOf("xmpp.neu.contoso.test")->name, "contoso.test");
  EXPECT_EQ(settings.ZoneOf("contoso.test")->name, "contoso.test");
  EXPECT_EQ(settings.ZoneOf("xcontoso.test"), nullptr);
}

TEST(Settings, EveryTextOfTheProviderHidesTheKey) {
  const auto service = MakeService(ZoneConfiguration({FreePort()}));
  std::string all = service->Describe().type + service->Describe().version;
  for (const KindSchema& schema : service->Describe().kinds)
    all += schema.meaning;
  const Action action = Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"}));
  for (const std::string& line : service->Preview(action))
    all += line + "\n";
  QuietCall call;
  all += service->Apply(action, "key", 1, call).message;
  for (const std::string& line : call.lines)
    all += line;
  all += Look(*service, "xmpp.contoso.test/A").reason;
  EXPECT_GT(all.size(), 100u);
  EXPECT_EQ(all.find(kCanary), std::string::npos);
}

}  // namespace
}  // namespace poolshift::dns::testing
