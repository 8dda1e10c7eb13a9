// `provider check` on a DNS provider: the grant that its servers need, and no promise while they
// are silent.
#include <filesystem>

#include "gmock/gmock.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using GrantTest = HomeTest;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(GrantTest, IsPrintedForBothServers) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  const std::filesystem::path key = home_ / "tsig.key";
  WriteText(key, "Y2FuYXJ5LXNlY3JldC0wMTIzNDU2Nzg5MDEyMzQ1Ng==\n");
  std::filesystem::permissions(key, std::filesystem::perms::owner_read);
  // Port 1 of loopback: nothing listens there.
  WriteText(home_ / "contoso" / "zones.yaml",
            "apiVersion: poolshift/v1\n"
            "kind: Provider\n"
            "metadata: {name: zones}\n"
            "spec:\n"
            "  type: dns\n"
            "  serves: [{kinds: [DnsRecordSet], zones: [contoso.com]}]\n"
            "  config:\n"
            "    zones: [{zone: contoso.com, servers: [{address: 127.0.0.1, port: 1}]}]\n"
            "    tsig: {name: poolshift-key, algorithm: hmac-sha256}\n"
            "    timeouts: {query: 1s, update: 1s}\n"
            "  secrets: {tsig: \"file:" +
                key.string() + "\"}\n");
  const ProgramRun checked = Run({"provider", "check", "contoso"});
  EXPECT_EQ(checked.status, 1);
  EXPECT_THAT(checked.out, HasSubstr("What BIND must allow for zone contoso.com:"));
  EXPECT_THAT(checked.out, HasSubstr("grant poolshift-key name xmpp.contoso.com. A AAAA;"));
  EXPECT_THAT(checked.out, HasSubstr("grant poolshift-key name _poolshift.contoso.com. TXT;"));
  EXPECT_THAT(checked.out, HasSubstr("What Knot must allow for zone contoso.com:"));
  EXPECT_THAT(checked.out, Not(HasSubstr("_sip._tls")));
  EXPECT_THAT(checked.err, HasSubstr("zones does not answer, so what it promises is not proved"));
}

}  // namespace
}  // namespace poolshift
