// The whole program as a plugin against the emulator behind real sshd, and behind an
// emulated WinRM service: every promise of the provider protocol, on a kind of the central store
// and on one of a server.
#include "tests/conformance/kit/conformance.h"

#include "gmock/gmock.h"

#include "tests/lync/emulated_organisation.h"

namespace poolshift::lync::testing {
namespace {

conformance::Fixture FixtureOf(EmulatedOrganisation& organisation) {
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.start = [&](bool read_only) { return organisation.Start(read_only); };
  fixture.reset = [&] { organisation.Reset(); };
  fixture.unreachable = ObservationKey{{"EdgeService", "edgeserver9z.contoso.com/accessEdge"}, ""};
  return fixture;
}

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
  fixture.target = {"Topology", "contoso"};
  fixture.after =
      Value::Map{{"pools",
                  Value::Map{{"edgepool1.contoso.com", Value::Map{{"federation", false}}},
                             {"edgepool2.contoso.com", Value::Map{{"federation", true}}}}}};
  conformance::RunConformance(fixture);
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
  conformance::RunConformance(fixture);
}

INSTANTIATE_TEST_SUITE_P(Lync,
                         LyncConformance,
                         ::testing::Values(Transport::kSsh, Transport::kWinrm),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace poolshift::lync::testing
