// What is made of a look: who saw it, what nobody could see, and no secret.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/engine/drift_look.h"
#include "controller/federation/kinds.h"
#include "controller/report/drift_formats.h"
#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char kCanary[] = "canary-secret-drift-0123456789";
const absl::Time kNow = absl::FromUnixSeconds(1795230000);

class LookTest : public testing::Test {
 protected:
  DriftReport Look() { return ReportDrift(organization_, observed_, kNow); }

  const Organization organization_ = TwoSites();
  Rehearsal world_ = HealthyWorld(organization_);
  ObservedState observed_ = world_.ObserveAll();
};

TEST_F(LookTest, HealthyWorldHasNoDrift) { EXPECT_THAT(Look().entries, IsEmpty()); }

TEST_F(LookTest, EntryNamesWhoSawIt) {
  const ResourceId route = kinds::SiteRoute(organization_.sites.begin()->first);
  Change(world_, route, "xmpp", "elsewhere.contoso.com");
  observed_ = world_.ObserveAll();
  observed_.observations.at({route, ""}).provider = "lync";
  observed_.observations.at({route, ""}).at = kNow - absl::Seconds(5);
  const DriftReport report = Look();
  ASSERT_THAT(report.entries, SizeIs(1));
  const DriftEntry& entry = report.entries[0];
  EXPECT_TRUE(entry.looked);
  EXPECT_GT(entry.origin.line, -1);
  ASSERT_THAT(entry.sights, SizeIs(1));
  EXPECT_EQ(entry.sights[0].provider, "lync");
  EXPECT_EQ(entry.sights[0].presence, Presence::kPresent);
  EXPECT_THAT(DriftText(report, {}), HasSubstr("by lync, 5s ago"));
}

TEST_F(LookTest, CouldNotLookIsNotAbsent) {
  const ResourceId route = kinds::SiteRoute(organization_.sites.begin()->first);
  Observation& seen = observed_.observations.at({route, ""});
  seen = {};
  seen.presence = Presence::kUnreachable;
  seen.reason = "the shell does not answer";
  const DriftReport report = Look();
  ASSERT_FALSE(report.entries.empty());
  for (const DriftEntry& entry : report.entries) {
    EXPECT_FALSE(entry.looked);
    EXPECT_EQ(entry.impact, "unknown");
  }
  const std::string text = DriftText(report, {});
  EXPECT_THAT(text, HasSubstr("not known: nobody could look"));
  EXPECT_THAT(text, HasSubstr("the shell does not answer"));
  EXPECT_THAT(text, Not(HasSubstr("absent")));
}

TEST_F(LookTest, UnreadPropertyIsUnknown) {
  const ResourceId route = kinds::SiteRoute(organization_.sites.begin()->first);
  Change(world_, route, "xmpp", "");
  observed_ = world_.ObserveAll();
  observed_.observations.at({route, ""}).unknown = {"xmpp"};
  const DriftReport report = Look();
  ASSERT_THAT(report.entries, SizeIs(1));
  EXPECT_EQ(report.entries[0].impact, "unknown");
  EXPECT_FALSE(report.entries[0].looked);
  EXPECT_THAT(report.entries[0].text, HasSubstr("could not read xmpp of SiteRoute/"));
}

struct SecretRow {
  std::string name, property;
  Value value;
  bool secret;
};

TEST(SecretsTest, OnlyTheirDigestsStay) {
  const Value deep = Value::List{Value::Map{{"inner", Value::Map{{"adminPassword", kCanary}}}}};
  for (const SecretRow& row : {SecretRow{"by its name", "tsigSecret", kCanary, true},
                               {"part of a path", "pools.edge1.privateKey", kCanary, true},
                               {"a member", "", Value::Map{{"token", kCanary}}, true},
                               {"deep inside", "settings", deep, true},
                               {"none", "nextHop", "plain-name", false}}) {
    DriftEntry entry;
    entry.resource = {"AccessConfig", "contoso"};
    entry.property = row.property;
    entry.declared = row.value;
    entry.observed = row.value;
    entry.impact = "cosmetic";
    entry.text = "it is " + DisplayText(row.value);
    entry.sights = {{"", "lync", Presence::kPresent, kNow, DisplayText(row.value)}};
    HideSecrets(entry);
    DriftReport report;
    report.looked_at = kNow;
    report.entries = {entry};
    for (const std::string& text : {DriftText(report, {}),
                                    DriftJson(report),
                                    DriftHtml(report),
                                    DriftMarkdown(report),
                                    DriftJunit(report)}) {
      EXPECT_THAT(text, Not(HasSubstr(kCanary))) << row.name;
      EXPECT_EQ(text.find("sha256:") != std::string::npos, row.secret) << row.name;
    }
  }
}

}  // namespace
}  // namespace poolshift
