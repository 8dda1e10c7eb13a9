// Manifests from two providers: a platform that lists what there is, and a zone on a real name
// server that cannot. What is imported is planned, and moved, like any other declaration.
#include <regex>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The names of the organisation and of its domains, the providers and the policy.
std::string SeedOf(const std::string& manifest) {
  static const std::regex kSpec("\nspec:\n(.|\n)*$");
  std::string seed, document;
  const auto keep = [&] {
    for (const char* kind : {"Organization", "Domain", "Provider", "Policy"}) {
      if (document.find(std::string("kind: ") + kind + '\n') == std::string::npos) continue;
      const bool whole = std::string(kind) == "Provider" || std::string(kind) == "Policy";
      seed += "---\n" + (whole ? document : std::regex_replace(document, kSpec, "\n"));
    }
    document.clear();
  };
  std::size_t at = 0;
  while (at < manifest.size()) {
    const std::size_t end = manifest.find('\n', at) + 1;
    const std::string line = manifest.substr(at, end - at);
    if (line == "---\n") {
      keep();
    } else {
      document += line;
    }
    at = end;
  }
  keep();
  return seed;
}

TEST(ImportTest, RecordsComeFromTheirServer) {
  Contoso contoso({.scenario = "nothing-to-do", .manifest = SeedOf});
  const Finished imported = contoso.Run({"import"});
  ASSERT_EQ(imported.status, 0) << imported.said();
  EXPECT_THAT(imported.err, HasSubstr("provider `zone` cannot list what there is"));
  EXPECT_THAT(imported.err, HasSubstr("planning them finds nothing to do"));
  EXPECT_THAT(imported.out, HasSubstr("sip: {dns: srvTarget, ttl: 2s}"));
  EXPECT_THAT(imported.out, HasSubstr("xmpp: {dns: floatingA, host: xmpp.contoso.com, ttl: 2s}"));

  contoso.folder().Write("contoso/contoso.yaml", imported.out, 0644);
  EXPECT_EQ(contoso.Run({"plan"}).status, 0);
  EXPECT_EQ(contoso.Run({"drift"}).status, 0);
  contoso.folder().Write(
      "contoso/contoso.yaml", With(imported.out, "xmpp: edgepool1}", "xmpp: edgepool2}"), 0644);
  const Finished moved = contoso.Run({"apply", "--auto-approve"});
  EXPECT_EQ(moved.status, 0) << moved.said();
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool2);
}

TEST(ImportTest, SilentServerIsNotAnEmptyZone) {
  Contoso contoso({.scenario = "nothing-to-do", .manifest = [](const std::string& manifest) {
                     return With(SeedOf(manifest), "query: 10s", "query: 1s");
                   }});
  contoso.FreezeServer();
  const Finished imported = contoso.Run({"import"});
  contoso.ThawServer();
  EXPECT_THAT(imported.out, HasSubstr("# sip: _sipfederationtls._tcp could not be looked at: "));
  EXPECT_THAT(imported.out, Not(HasSubstr("there is no ")));
  EXPECT_THAT(imported.out, HasSubstr("hosts: {federation: edgepool1, xmpp: edgepool1}"));
}

}  // namespace
}  // namespace poolshift::e2e
