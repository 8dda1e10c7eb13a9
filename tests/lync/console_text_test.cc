// The parser of pasted output, on every sample of real output that is known (domain.md g),
// verbatim.
#include "providers/lync/text/console_text.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"

namespace poolshift::lync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

ConsoleOutput Sample(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(POOLSHIFT_SOURCE_DIR "/tests/lab/cs-emulator/samples/" + name + ".txt")
              .rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return ReadConsole(text.str());
}

TEST(ConsoleText, SiteWithCollectionThatIsCut) {
  const ConsoleOutput output = Sample("g.1-Get-CsSite");
  ASSERT_THAT(output.objects, SizeIs(1));
  const ConsoleObject& site = output.objects.front();
  EXPECT_EQ(NameOfSite(site.Text("identity")), "LyncLab");
  EXPECT_EQ(site.Text("FederationRoute"), "");
  ASSERT_NE(site.Find("XmppFederationRoute"), nullptr);
  EXPECT_EQ(site.Text("Description"), "Lync Site");
  EXPECT_EQ(site.Text("SiteType"), "CentralSite");
  const ConsoleList services = ReadConsoleList(site.Text("Services"));
  EXPECT_THAT(services.items,
              ElementsAre("UserServer:lync.server.telligent.com",
                          "Registrar:lync.server.telligent.com",
                          "UserDatabase:lync.server.telligent.com",
                          "FileStore:lync.server.telligent.com"));
  EXPECT_TRUE(services.cut);
  EXPECT_FALSE(services.doubtful);
  EXPECT_FALSE(ReadConsoleList(site.Text("Pools")).cut);
}

TEST(ConsoleText, EdgeServiceOfTheOlderDocument) {
  const ConsoleOutput output = Sample("g.2-Get-CsService-EdgeServer");
  ASSERT_THAT(output.objects, SizeIs(1));
  const ConsoleObject& edge = output.objects.front();
  EXPECT_EQ(FqdnOfIdentity(edge.Text("Identity")), "dc.fabrikam.com");
  EXPECT_EQ(FqdnOfIdentity(edge.Text("Registrar")), "lync-se.fabrikam.com");
  EXPECT_EQ(edge.Text("AccessEdgeExternalSipPort"), "5061");
  EXPECT_EQ(edge.TextOfAny({"AccessEdgeClientSipPort", "AccessEdgeClientPort"}), "443");
  EXPECT_EQ(edge.Text("MediaComunicationPortCount"), "10000");
  EXPECT_EQ(edge.Text("AVEdgeExternalFqdn"), "");
  EXPECT_EQ(edge.Text("Role"), "EdgeServer");
  // A letter may have gone with the line break, so the list is told to be doubtful.
  const ConsoleList dependents = ReadConsoleList(edge.Text("DependentServiceList"));
  EXPECT_THAT(dependents.items, SizeIs(3));
  EXPECT_EQ(dependents.items[0], "Registrar:LYNC-SE.fabrikam.com");
  EXPECT_EQ(dependents.items[2], "MediationServer:LYNC-SE.fabrikam.com");
  EXPECT_TRUE(dependents.doubtful);
}

TEST(ConsoleText, ReplicationStatus) {
  const ConsoleOutput output = Sample("g.3-Get-CsManagementStoreReplicationStatus");
  ASSERT_THAT(output.objects, SizeIs(1));
  const ConsoleObject& replica = output.objects.front();
  EXPECT_EQ(replica.Text("UpToDate"), "True");
  EXPECT_EQ(replica.Text("ReplicaFqdn"), "edge.contoso.com");
  EXPECT_EQ(replica.Text("ProductVersion"), "7.0.2046.0");
  EXPECT_EQ(*ReadConsoleDate(replica.Text("LastUpdateCreation"), absl::UTCTimeZone()),
            absl::FromCivil(absl::CivilSecond(2015, 6, 12, 10, 4, 20), absl::UTCTimeZone()));
}

TEST(ConsoleText, BrokenReplicaHasEmptyValues) {
  const ConsoleOutput output = ReadConsole(
      "UpToDate           : False\nReplicaFqdn        : edge.contoso.com\nLastStatusReport   :\n"
      "LastUpdateCreation :\nProductVersion     :\n\nUpToDate           : True\n"
      "ReplicaFqdn        : fe.contoso.com\n");
  ASSERT_THAT(output.objects, SizeIs(2));
  EXPECT_EQ(output.objects[0].Text("LastUpdateCreation"), "");
  EXPECT_EQ(output.objects[1].Text("ReplicaFqdn"), "fe.contoso.com");
}

TEST(ConsoleText, TablesOfServices) {
  const ConsoleOutput output = Sample("g.4-Get-CsWindowsService");
  ASSERT_THAT(output.objects, SizeIs(3));
  EXPECT_EQ(output.objects[0].Text("Name"), "REPLICA");
  EXPECT_EQ(output.objects[2].Text("Name"), "RTCMEDSRV");
  EXPECT_EQ(output.objects[2].Text("Status"), "Running");
  const ConsoleOutput roles = Sample("g.4-Get-CsWindowsService-RoleName");
  ASSERT_THAT(roles.objects, SizeIs(7));
  EXPECT_THAT(ReadConsoleList(roles.objects[3].Text("RoleName")).items,
              ElementsAre("Registrar", "UserServer", "EdgeServer"));
  EXPECT_EQ(roles.objects[3].Text("Status"), "Running");
}

TEST(ConsoleText, SyntheticTransactions) {
  struct Case {
    std::string name, sample, result, error;
    std::size_t warnings;
  };
  const Case cases[] = {
      {"XMPP works", "g.5-Test-CsXmppIM-success", "Success", "", 0},
      {"XMPP fails",
       "g.5-Test-CsXmppIM-failure",
       "Failure",
       "10060, A connection attempt failed",
       1},
      {"federation works", "g.5-Test-CsFederatedPartner-success", "Success", "", 0},
      {"federation fails",
       "g.5-Test-CsFederatedPartner-failure",
       "Failure",
       "504, Server time-out",
       0},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const ConsoleOutput output = Sample(each.sample);
    ASSERT_THAT(output.objects, SizeIs(1));
    const ConsoleObject& test = output.objects.front();
    EXPECT_EQ(test.TextOfAny({"TargetFqdn"}), "atl-cs-001.litwareinc.com");
    EXPECT_EQ(test.Text("Result"), each.result);
    EXPECT_THAT(test.TextOfAny({"Error", "ErrorMessage"}), HasSubstr(each.error));
    EXPECT_TRUE(ReadTimeSpan(test.Text("Latency")).has_value());
    EXPECT_THAT(output.warnings, SizeIs(each.warnings));
  }
  EXPECT_EQ(ReadTimeSpan("00:00:02.5361946"), absl::Nanoseconds(2536194600));
  const ConsoleObject failure = Sample("g.5-Test-CsFederatedPartner-failure").objects.front();
  EXPECT_THAT(failure.Text("Diagnosis"), HasSubstr("response code and reason phrase."));
  const ConsoleOutput warned = Sample("g.5-Test-CsXmppIM-failure");
  EXPECT_THAT(warned.warnings.front(), HasSubstr("eveRegistrarPortFromTopology"));
  EXPECT_THAT(warned.objects.front().Text("ErrorMessage"),
              HasSubstr("Inner Exception:A connection"));
}

TEST(ConsoleText, TableThatLostItsColumns) {
  const ConsoleOutput output = Sample("g.6-Get-CsSipDomain");
  ASSERT_THAT(output.objects, SizeIs(2));
  EXPECT_EQ(output.objects[0].Text("IsDefault"), "True");
  EXPECT_EQ(output.objects[1].Text("Name"), "na.fabrikam.com");
}

TEST(ConsoleText, CertificateThatIsCut) {
  const ConsoleOutput output = ReadConsole(
      "AlternativeNames     : {sip.fabrikam.com, LYNC-SE.fabrikam.com,\n"
      "                       meet.fabrikam.com, admin.fabrikam.com...}\n"
      "NotAfter             : 12/28/2015 3:35:41 PM\nUse                  : WebServicesInteral\n");
  ASSERT_THAT(output.objects, SizeIs(1));
  EXPECT_TRUE(ReadConsoleList(output.objects[0].Text("AlternativeNames")).cut);
  EXPECT_EQ(*ReadConsoleDate(output.objects[0].Text("NotAfter"), absl::UTCTimeZone()),
            absl::FromCivil(absl::CivilSecond(2015, 12, 28, 15, 35, 41), absl::UTCTimeZone()));
}

TEST(ConsoleText, LastOfRepeatedLabelsCounts) {
  const ConsoleOutput output = ReadConsole(
      "Identity : fabrikam.com\nDomain : fabrikam.com\nProxyFqdn :\nComment : first\n"
      "MarkForMonitoring : False\nComment : last\n");
  ASSERT_THAT(output.objects, SizeIs(1));
  EXPECT_EQ(output.objects[0].Text("Comment"), "last");
}

TEST(ConsoleText, StreamsAreToldApart) {
  const ConsoleOutput output = Sample("g.7-Test-CsReplica");
  EXPECT_THAT(output.objects, SizeIs(0));
  EXPECT_THAT(output.verbose, SizeIs(2));
  EXPECT_THAT(output.warnings, ElementsAre("Test-CsReplica failed."));
  ASSERT_THAT(output.errors, SizeIs(1));
  const ConsoleError& error = output.errors.front();
  EXPECT_EQ(error.command, "Test-CsReplica");
  EXPECT_EQ(error.message, "Command execution failed: Requested registry access is not allowed.");
  EXPECT_EQ(error.category, "InvalidOperation: (:) [Test-CsReplica], SecurityException");
  EXPECT_EQ(error.id, "ProcessingFailed,Microsoft.Rtc.Management.Deployment.TestReplicaCmdlet");
}

TEST(ConsoleText, LookUpOfServices) {
  const ConsoleOutput output = ReadConsole(
      "_sipfederationtls._tcp.contoso.com SRV service location:\n          priority       = 0\n"
      "          weight         = 0\n          port           = 5061\n"
      "          svr hostname   = sip.contoso.com\n");
  ASSERT_THAT(output.objects, SizeIs(1));
  EXPECT_EQ(output.objects[0].Text("port"), "5061");
  EXPECT_EQ(output.objects[0].Text("svrhostname"), "sip.contoso.com");
}

TEST(ConsoleText, OtherDatesAreNotGuessed) {
  for (const char* text :
       {"", "28.12.2015 15:35:41", "2015-12-28", "12/28/2015", "13/28/2015 3:35:41 PM"})
    EXPECT_FALSE(ReadConsoleDate(text, absl::UTCTimeZone()).has_value()) << text;
}

TEST(ConsoleText, DashesOfWordProcessors) {
  EXPECT_EQ(WithPlainDashes("Invoke\u2013CsPoolFailback"), "Invoke-CsPoolFailback");
}

}  // namespace
}  // namespace poolshift::lync::testing
