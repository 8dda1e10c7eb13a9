// Every promise of the provider protocol, kept by the simulated platform: the whole kit on three
// resources of different kinds, and what concerns changes on each other kind that can be changed.
// The world lies in a folder of its own, past the plugin's state, as a platform does.
#include <filesystem>
#include <ostream>

#include <gmock/gmock.h>

#include "controller/federation/kinds.h"
#include "tests/sim/stage.h"

namespace poolshift {
namespace {

using conformance::Need;

struct Subject {
  const char* name;
  ResourceId target;
  Value after;
  bool whole = false;                 // the whole kit
  std::string path = {}, value = {};  // `world set` by hand
};

void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.name; }

class SimConformance : public testing::TestWithParam<Subject> {
 protected:
  void Reset() const {
    stage_.scratch().Empty();
    stage_.WriteWorld();
    std::filesystem::create_directories(stage_.scratch().Path("state"));
    const std::string world = stage_.scratch().Path("world.yaml");
    ASSERT_EQ(stage_.ByHand({"init", world, Platform()}), 0);
  }

  absl::StatusOr<std::unique_ptr<Provider>> Start(conformance::Start start) {
    const auto last_word = start.adjust;
    start.adjust = [last_word](PluginConfiguration& configuration) {
      configuration.configuration.Set("state", "platform");
      last_word(configuration);
    };
    return stage_.Start(start);
  }

  std::string Platform() const { return stage_.scratch().Path("platform"); }

  std::string Shown(const ResourceId& id) const {
    std::string text;
    stage_.ByHand({"observe", Platform(), ToString(id)}, &text);
    return text;
  }

  // Nobody can read it meanwhile.
  void Break() const {
    std::filesystem::rename(Platform() + "/world.state.yaml", stage_.scratch().Path("whole"));
    stage_.scratch().Write("platform/world.state.yaml", "[broken");
  }
  void Mend() const {
    std::filesystem::rename(stage_.scratch().Path("whole"), Platform() + "/world.state.yaml");
  }

  static std::vector<ObservationKey> Keys() {
    std::vector<ObservationKey> keys;
    for (const ResourceId& id : {kinds::Topology("contoso"),
                                 kinds::SiteRoute("Site1"),
                                 kinds::EdgeService("e1a.contoso.com", "replica"),
                                 kinds::EdgeComponents("e1a.contoso.com"),
                                 kinds::Replica("fe1a.contoso.com"),
                                 kinds::Streams("e1a.contoso.com", "xmpp"),
                                 kinds::Fence("203.0.113.11", 5269),
                                 kinds::EdgeAssociation("fe1.contoso.com"),
                                 kinds::PoolFailover("fe1.contoso.com"),
                                 kinds::CentralStore("contoso"),
                                 kinds::Enablement("contoso"),
                                 kinds::AccessConfig("contoso"),
                                 kinds::Certificate("e1a.contoso.com", "internal"),
                                 kinds::DnsRecordSet("xmpp.contoso.com", "A")}) {
      keys.push_back({id, ""});
    }
    for (const KindSchema& schema : kinds::KindSchemas()) {
      if (schema.kind == kinds::kPartnerAcceptance) continue;  // on no platform
      if (schema.kind != kinds::kReachability)
        keys.push_back({{schema.kind, "none.contoso.com/A"}, ""});
    }
    keys.push_back({kinds::Reachability("203.0.113.11", 5269), "vantage-a"});
    keys.push_back({kinds::Reachability("e1a.contoso.com", 5061), "fe1a.contoso.com"});
    return keys;
  }

  conformance::Fixture FixtureOf(const Subject& subject) {
    conformance::Fixture fixture;
    fixture.organization = "contoso";
    fixture.reset = [this] { Reset(); };
    fixture.start = [this](const conformance::Start& start) { return Start(start); };
    fixture.keys = Keys();
    fixture.target = subject.target;
    fixture.after = subject.after;
    fixture.absent = ObservationKey{kinds::DnsRecordSet("none.contoso.com", "A"), ""};
    fixture.unreachable = ObservationKey{kinds::EdgeService("e1b.contoso.com", "accessEdge"), ""};
    fixture.witness = [this, subject] { return Shown(subject.target); };
    fixture.by_hand = [this, subject] {
      EXPECT_EQ(stage_.ByHand({"set", Platform(), subject.path, subject.value}), 0);
    };
    fixture.outage = {[this] { Break(); }, [this] { Mend(); }};
    fixture.fenced = true;
    fixture.without = {{Need::kSecret, "it needs none"},
                       {Need::kWeakAccount, "a simulated platform knows no accounts"}};
    return fixture;
  }

  SimStage stage_;
};

TEST_P(SimConformance, KeepsEveryPromise) {
  conformance::Fixture fixture = FixtureOf(GetParam());
  if (!GetParam().whole) {
    fixture.topics = {"changing", "preconditions", "idempotency"};
    fixture.without.emplace(Need::kHand, "edits are tried on the other kinds");
    fixture.by_hand = nullptr;
  }
  EXPECT_GE(conformance::RunConformance(fixture).ran, GetParam().whole ? 60 : 20);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    SimConformance,
    testing::Values(
        Subject{"Topology",
                kinds::Topology("contoso"),
                Value::Map{
                    {"pools", Value::Map{{"edge2.contoso.com", Value::Map{{"federation", true}}}}}},
                true,
                "edgePools/edge2.contoso.com/xmpp",
                "false"},
        Subject{"SiteRoute",
                kinds::SiteRoute("Site1"),
                Value::Map{{"federation", "edge1.contoso.com"}, {"xmpp", "edge2.contoso.com"}}},
        Subject{"EdgeService",
                kinds::EdgeService("e1a.contoso.com", "xmppProxy"),
                Value::Map{{"state", "stopped"}, {"startMode", "automatic"}},
                true,
                "edgePools/edge1.contoso.com/servers/e1a.contoso.com/services/xmppProxy",
                "{state: running, startMode: manual}"},
        Subject{"Fence",
                kinds::Fence("203.0.113.11", 5269),
                Value::Map{{"mode", "reset"}, {"expires", ""}}},
        Subject{"Association",
                kinds::EdgeAssociation("fe1.contoso.com"),
                Value::Map{{"edgePool", "edge2.contoso.com"}}},
        Subject{"Records",
                kinds::DnsRecordSet("xmpp.contoso.com", "A"),
                Value::Map{{"records", Value::List{"198.51.100.21"}}, {"ttl", 60}},
                true,
                "dns/records/xmpp.contoso.com/A/records",
                "[203.0.113.66]"},
        Subject{"DeletedRecords", kinds::DnsRecordSet("xmpp.contoso.com", "A"), Value()},
        Subject{"CreatedRecords",
                kinds::DnsRecordSet("new.contoso.com", "TXT"),
                Value::Map{{"records", Value::List{"hello"}}, {"ttl", 60}}}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace poolshift
