// The text of previews and grants, byte for byte.
#include "providers/dns/update/preview.h"

#include "gmock/gmock.h"

#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using ::testing::ElementsAre;

Settings PreviewSettings(const KeyPlace& place) {
  Settings settings;
  settings.organization = "contoso";
  settings.key = *TsigKey::Make(kKeyName, "hmac-sha256", kCanary);
  settings.key_place = place;
  settings.zones = {{.name = "contoso.com",
                     .servers = {{"2001:db8::53", 53}, {"192.0.2.53", 53}},
                     .owned = true,
                     .adoption = {}}};
  return settings;
}

std::vector<std::string> Lines(const Settings& settings, const Action& action) {
  const auto intent = ReadIntent(settings, action);
  EXPECT_TRUE(intent.ok()) << intent.status();
  return NsupdateLines(settings, *intent);
}

TEST(Previews, UpdateIsAScriptToPaste) {
  const Settings settings =
      PreviewSettings({.reference = "file:/etc/poolshift/tsig.key", .statement = true});
  EXPECT_THAT(Lines(settings,
                    Change("xmpp.contoso.com/A",
                           Set({"203.0.113.11", "203.0.113.12"}),
                           Set({"203.0.113.21"}))),
              ElementsAre("nsupdate -k /etc/poolshift/tsig.key <<'END'",
                          "server 2001:db8::53 53",
                          "zone contoso.com.",
                          "prereq yxrrset xmpp.contoso.com. A 203.0.113.11",
                          "prereq yxrrset xmpp.contoso.com. A 203.0.113.12",
                          "update delete xmpp.contoso.com. A",
                          "update add xmpp.contoso.com. 300 A 203.0.113.21",
                          "; Poolshift compares and sets its mark and fencing token, "
                          "_poolshift.contoso.com. TXT, in the same message",
                          "send",
                          "END"));
}

TEST(Previews, TakingOverChangesNoRecord) {
  const Settings settings =
      PreviewSettings({.reference = "file:/etc/poolshift/tsig.key", .statement = true});
  Value before = Set({"203.0.113.11"}), after = before;
  before.Set("owner", "");
  after.Set("owner", "contoso");
  EXPECT_THAT(Lines(settings, Change("xmpp.contoso.com/A", before, after)),
              ElementsAre("nsupdate -k /etc/poolshift/tsig.key <<'END'",
                          "server 2001:db8::53 53",
                          "zone contoso.com.",
                          "prereq yxrrset xmpp.contoso.com. A 203.0.113.11",
                          "; the records stay as they are",
                          "; Poolshift compares and sets its mark and fencing token, "
                          "_poolshift.contoso.com. TXT, in the same message",
                          "send",
                          "END"));
  after.Set("ttl", 60);
  EXPECT_FALSE(ReadIntent(settings, Change("xmpp.contoso.com/A", before, after)).ok());
}

TEST(Previews, KeyOfAVariableIsNamed) {
  const Settings settings = PreviewSettings({.reference = "env:TSIG_KEY", .statement = false});
  EXPECT_THAT(
      Lines(settings,
            Change(
                "_xmpp-server._tcp.contoso.com/SRV", Value(), Set({"10 0 5269 xmpp.contoso.com"}))),
      ElementsAre("nsupdate <<END",
                  "key hmac-sha256:poolshift-key $TSIG_KEY",
                  "server 2001:db8::53 53",
                  "zone contoso.com.",
                  "prereq nxrrset _xmpp-server._tcp.contoso.com. SRV",
                  "prereq nxrrset _xmpp-server._tcp.contoso.com. CNAME",
                  "update add _xmpp-server._tcp.contoso.com. 300 SRV 10 0 5269 "
                  "xmpp.contoso.com.",
                  "; Poolshift compares and sets its mark and fencing token, "
                  "_poolshift.contoso.com. TXT, in the same message",
                  "send",
                  "END"));
}

TEST(Previews, GrantsNameExactlyWhatIsNeeded) {
  const GrantRequest request{.key = "poolshift-key",
                             .zone = "contoso.com",
                             .sets = {{"xmpp.contoso.com", "A"}, {"xmpp.contoso.com", "AAAA"}},
                             .owned = false};
  EXPECT_THAT(BindGrant(request),
              ::testing::Contains("    grant poolshift-key name xmpp.contoso.com. A AAAA;"));
  EXPECT_THAT(KnotGrant(request), ::testing::Contains("    update-type: [A, AAAA]"));
  EXPECT_THAT(KnotGrant(request),
              ::testing::Contains("    update-owner-name: [xmpp.contoso.com.]"));
}

TEST(Previews, ProgramPrintsGrants) {
  const std::string program = POOLSHIFT_BIN_DIR "/poolshift-provider-dns grant ";
  EXPECT_THAT(
      OutputOf(program + "--server bind --key k --zone contoso.com xmpp.contoso.com/A; echo $?"),
      ::testing::AllOf(::testing::HasSubstr("grant k name _poolshift.contoso.com. TXT;"),
                       ::testing::EndsWith("};\n0\n")));
  EXPECT_THAT(OutputOf(program + "--server bind --zone contoso.com x.org/A 2>&1; echo $?"),
              ::testing::AllOf(::testing::HasSubstr("error: --key must name the TSIG key"),
                               ::testing::HasSubstr("error: x.org is not in zone contoso.com"),
                               ::testing::EndsWith("\n2\n")));
}

}  // namespace
}  // namespace poolshift::dns::testing
