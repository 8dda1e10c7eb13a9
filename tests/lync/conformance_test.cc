// The whole program as a plugin against the emulator behind real sshd, and behind an emulated
// WinRM service, and carried by a person: every promise of the provider protocol on a kind of the
// central store, and those of changes on one of a server.
#include "tests/conformance/kit/conformance.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "gmock/gmock.h"

#include "tests/lync/emulated_organisation.h"

namespace poolshift::lync::testing {
namespace {

using conformance::Need;

std::vector<std::string> SecretsOf(const EmulatedOrganisation& organisation) {
  std::vector<std::string> secrets;
  for (const auto& [name, file] : organisation.Secrets()) {
    std::ifstream key(file);
    for (std::string line; std::getline(key, line);) {
      if (line.size() > 30 && line.front() != '-') secrets.push_back(line);
    }
  }
  return secrets;
}

// An administrator, with another copy of the program whose record is its own.
void ChangeByAnother(EmulatedOrganisation& organisation,
                     const ResourceId& target,
                     const Value& after) {
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = target;
  fixture.after = after;
  const auto other =
      organisation.Start({false, [&](PluginConfiguration& configuration) {
                            configuration.state_directory += "-other";
                            std::filesystem::remove_all(configuration.state_directory);
                            std::filesystem::create_directories(configuration.state_directory);
                          }});
  ASSERT_TRUE(other.ok()) << other.status();
  const Observation seen = conformance::LookAt(**other, {target, ""});
  const ApplyResult done =
      (*other)->Apply(conformance::RequestFrom(fixture, seen, "by-another", 1), nullptr);
  ASSERT_TRUE(done.status.ok()) << done.status;
}

conformance::Fixture FixtureOf(EmulatedOrganisation& organisation) {
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.start = [&](const conformance::Start& start) { return organisation.Start(start); };
  fixture.reset = [&] { organisation.Reset(); };
  fixture.unreachable = ObservationKey{{"EdgeService", "edgeserver9z.contoso.com/accessEdge"}, ""};
  fixture.secrets = SecretsOf(organisation);
  fixture.log = [&] { return organisation.Log(); };
  fixture.without = {{Need::kTargetFence, "the platform has no place that refuses a token"},
                     {Need::kWeakAccount, "the emulator knows no roles: RBAC is Windows' own"}};
  fixture.patience = absl::Seconds(60);
  return fixture;
}

const std::set<std::string> kOfTheWay = {
    "observing", "absence", "changing", "lost-replies", "secrets"};

class LyncConformance : public ::testing::TestWithParam<Transport> {};

TEST_P(LyncConformance, CentralStore) {
  EmulatedOrganisation organisation(0, GetParam());
  conformance::Fixture fixture = FixtureOf(organisation);
  fixture.keys = {{{"Topology", "contoso"}, ""},
                  {{"SiteRoute", "Site1"}, ""},
                  {{"SiteRoute", "Nowhere"}, ""},
                  {{"CentralStore", "contoso"}, ""},
                  {{"XmppPartner", "fabrikam.com"}, ""},
                  {{"EdgeAssociation", "frontend1.contoso.com"}, ""}};
  fixture.absent = ObservationKey{{"SiteRoute", "Nowhere"}, ""};
  fixture.target = {"Topology", "contoso"};
  fixture.after =
      Value::Map{{"pools",
                  Value::Map{{"edgepool1.contoso.com", Value::Map{{"federation", false}}},
                             {"edgepool2.contoso.com", Value::Map{{"federation", true}}}}}};
  fixture.by_hand = [&] {
    ChangeByAnother(
        organisation,
        fixture.target,
        Value::Map{
            {"pools", Value::Map{{"edgepool1.contoso.com", Value::Map{{"federation", false}}}}}});
  };
  fixture.outage = {[&] { organisation.Unplug(kAdmin); }, [&] { organisation.PlugIn(kAdmin); }};
  if (GetParam() == Transport::kManual) {
    fixture.outage.patience = absl::Seconds(8);
    fixture.without.insert({Need::kSecret, "a person's way needs no secret"});
  }
  // What does not depend on the way to a machine is held over one of the two.
  const bool whole = GetParam() == Transport::kSsh;
  if (!whole) fixture.topics = kOfTheWay;
  EXPECT_GE(conformance::RunConformance(fixture).ran, whole ? 60 : 20);
}

TEST_P(LyncConformance, ServiceOfAServer) {
  EmulatedOrganisation organisation(0, GetParam());
  conformance::Fixture fixture = FixtureOf(organisation);
  fixture.target = {"EdgeService", "edgeserver2a.contoso.com/xmppProxy"};
  fixture.keys = {{fixture.target, ""},
                  {{"EdgeService", "edgeserver2a.contoso.com/accessEdge"}, ""},
                  {{"Certificate", "edgeserver1a.contoso.com/accessEdgeExternal"}, ""},
                  {{"Replica", "edgeserver2b.contoso.com"}, ""},
                  {{"Streams", "edgeserver1a.contoso.com/xmpp"}, ""},
                  {{"EdgeComponents", "edgeserver2b.contoso.com"}, ""}};
  fixture.after = Value::Map{{"state", "running"}};
  fixture.topics = {"observing", "changing", "preconditions"};
  fixture.without.insert({{Need::kHand, "edits are tried on the central store"},
                          {Need::kAbsent, "tried on the central store"}});
  EXPECT_GE(conformance::RunConformance(fixture).ran, 20);
}

INSTANTIATE_TEST_SUITE_P(Lync,
                         LyncConformance,
                         ::testing::Values(Transport::kSsh, Transport::kWinrm, Transport::kManual),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace poolshift::lync::testing
