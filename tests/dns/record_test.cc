// Records, record sets, the guard and the decision: values only.
#include "gmock/gmock.h"

#include "providers/dns/update/decision.h"
#include "providers/dns/update/record_set.h"
#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct TextCase {
  std::string name, type, text, back;  // back empty = refused
};

TEST(Records, TextIsReadAndWrittenCanonically) {
  const TextCase cases[] = {
      {"address", "A", "203.0.113.11", "203.0.113.11"},
      {"no address", "A", "203.0.113.256", ""},
      {"address and more", "A", {"203.0.113.11\0x", 14}, ""},
      {"v6 shortened", "AAAA", "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"v4 as v6", "AAAA", "203.0.113.11", ""},
      {"service", "SRV", "10 0 5269 XMPP.Contoso.com.", "10 0 5269 xmpp.contoso.com"},
      {"no service", "SRV", "0 0 0 .", "0 0 0 ."},
      {"number too large", "SRV", "10 0 65536 xmpp.contoso.com", ""},
      {"negative", "SRV", "-1 0 5269 xmpp.contoso.com", ""},
      {"too few", "SRV", "10 5269 xmpp.contoso.com", ""},
      {"text", "TXT", "a \"b\" c", "a \"b\" c"},
      {"empty text", "TXT", "", ""},
      {"other type", "MX", "10 mail.contoso.com", ""},
  };
  for (const TextCase& each : cases) {
    SCOPED_TRACE(each.name);
    const auto fields = ParseRecordText(each.type, each.text);
    if (each.back.empty() && each.type != "TXT") {
      EXPECT_FALSE(fields.ok());
    } else {
      ASSERT_TRUE(fields.ok()) << fields.status();
      EXPECT_EQ(RecordText(each.type, *fields), each.back);
    }
  }
  const auto cut = ParseRecordText("TXT", std::string(600, 'x'));
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ(cut->size(), 3u);
  EXPECT_EQ(RecordText("TXT", *cut), std::string(600, 'x'));
  EXPECT_EQ(ZoneFileText("TXT", {"a\"b\\", std::string("\0\xff", 2)}), R"("a\"b\\" "\000\255")");
}

TEST(Records, OwnerNamesAreChecked) {
  EXPECT_TRUE(IsOwnerName("_xmpp-server._tcp.contoso.com"));
  for (const std::string& bad : {std::string(),
                                 std::string("a..b"),
                                 std::string(".a"),
                                 std::string("a b.com"),
                                 std::string(64, 'a') + ".com",
                                 std::string("x\n.com"),
                                 std::string("a;b")}) {
    EXPECT_FALSE(IsOwnerName(bad)) << bad;
  }
}

Settings ContosoSettings() {
  Settings settings;
  settings.organization = "contoso";
  settings.zones = {
      {.name = "contoso.test", .servers = {{"127.0.0.1", 53}}, .owned = true, .adoption = {}}};
  return settings;
}

struct IntentCase {
  std::string name;
  Action action;
  std::string says;
};

TEST(Decisions, ImpossibleActionsAreNamed) {
  const Settings settings = ContosoSettings();
  Action start = Change("xmpp.contoso.test/A", Set({"203.0.113.1"}), Set({"203.0.113.2"}));
  start.verb = Verb::kStart;
  Action topology = start;
  topology.target.kind = "Topology";
  const IntentCase cases[] = {
      {"other zone", Change("xmpp.fabrikam.test/A", Value(), Set({"203.0.113.1"})), "none of the"},
      {"our marks", Change("_poolshift.contoso.test/TXT", Value(), Set({"x"})), "its own marks"},
      {"no type", Change("xmpp.contoso.test", Value(), Set({"203.0.113.1"})), "A|AAAA|SRV|TXT"},
      {"no record", Change("xmpp.contoso.test/A", Value(), Set({})), "at least one record"},
      {"bad record", Change("xmpp.contoso.test/A", Value(), Set({"::1"})), "no IPv4 address"},
      {"bad ttl", Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.1"}, -1)), "`ttl`"},
      {"start", start, "created, updated or deleted"},
      {"other kind", topology, "kind Topology"},
  };
  for (const IntentCase& each : cases) {
    SCOPED_TRACE(each.name);
    const auto intent = ReadIntent(settings, each.action);
    ASSERT_FALSE(intent.ok());
    EXPECT_THAT(std::string(intent.status().message()), HasSubstr(each.says));
  }
}

TEST(Decisions, ChangeMayNameOnlyWhatChanges) {
  const Settings settings = ContosoSettings();
  const auto intent = ReadIntent(
      settings, Change("xmpp.contoso.test/A", Set({"203.0.113.1"}, 3600), Value::Map{{"ttl", 60}}));
  ASSERT_TRUE(intent.ok());
  EXPECT_EQ(Describe("A", intent->after), "203.0.113.1 (ttl 60)");
}

TEST(Decisions, GuardKeepsEveryOtherMark) {
  Guard guard;
  UpdateMessage update{.zone = "contoso.test", .prerequisites = {}, .changes = {}};
  // Carried out as a server would, over many names, so that slots are shared.
  for (int i = 0; i < 100; ++i) {
    update = {.zone = "contoso.test", .prerequisites = {}, .changes = {}};
    const Mark mark{"contoso", "host" + std::to_string(i) + ".contoso.test", "A", "a", true};
    Advance(guard, mark, i, update);
    EXPECT_EQ(update.prerequisites.at(0).records, guard.records);
    std::vector<Fields> records = guard.records;
    for (const dns::Change& change : update.changes) {
      if (change.kind == dns::Change::Kind::kAdd) records.push_back(change.fields);
      if (change.kind == dns::Change::Kind::kDeleteRecord) std::erase(records, change.fields);
    }
    guard = ReadGuard(records);
  }
  EXPECT_EQ(guard.marks.size(), 100u);
  EXPECT_LE(guard.records.size(), 33u);
  EXPECT_EQ(guard.FenceOf("contoso"), (StandingFence{99, ""}));
  EXPECT_EQ(guard.FenceOf("fabrikam"), StandingFence{});
  EXPECT_EQ(ReadGuard({{"poolshift1", "fence", "contoso", "7", "a1"}}).FenceOf("contoso"),
            (StandingFence{7, "a1"}));
  EXPECT_EQ(guard.OwnerOf("host42.contoso.test", "A"), "contoso");
  EXPECT_EQ(guard.OwnerOf("host42.contoso.test", "AAAA"), "");
  EXPECT_EQ(guard.fault, "");
}

TEST(Decisions, MarksOfALaterFormatAreAFault) {
  EXPECT_NE(ReadGuard({{"poolshift2", "fence", "contoso", "1"}}).fault, "");
  EXPECT_NE(ReadGuard({{"poolshift1", "marks", "contoso", "3", "owns"}}).fault, "");
  EXPECT_EQ(ReadGuard({{"a note"}, {"poolshift1", "fence", "contoso", "1"}}).fault, "");
}

}  // namespace
}  // namespace poolshift::dns::testing
