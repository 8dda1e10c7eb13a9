#include "controller/gitops/settled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/engine/drift_look.h"
#include "controller/engine/load.h"
#include "controller/federation/kinds.h"
#include "controller/world/files.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

class SettledTest : public testing::Test {
 protected:
  conformance::Scratch scratch_;
  RealFiles files_;
};

TEST_F(SettledTest, ComesBackAsItWas) {
  EXPECT_FALSE(ReadSettled(files_, scratch_.Path("")).value().has_value());
  Settled settled{
      "1f2e", "goal", absl::FromUnixSeconds(1'800'000'000), {{"a.yaml", "x: \"\xC3\xA4\"\n"}}};
  ASSERT_TRUE(WriteSettled(files_, scratch_.Path(""), settled).ok());
  const auto read = ReadSettled(files_, scratch_.Path(""));
  ASSERT_TRUE(read.ok() && read->has_value()) << read.status();
  EXPECT_EQ((*read)->commit, settled.commit);
  EXPECT_EQ((*read)->goal, settled.goal);
  EXPECT_EQ((*read)->at, settled.at);
  EXPECT_EQ((*read)->texts, settled.texts);
}

TEST_F(SettledTest, LockFileInForceComesBack) {
  Settled settled{"1f2e", "1f2e", absl::UnixEpoch(), {{"1f2e:a.yaml", "x: 1\n"}}, "git /srv"};
  for (const std::optional<LockText>& lock :
       {std::optional<LockText>(), std::optional<LockText>({"1f2e:poolshift.lock", "sim 0\n"})}) {
    settled.lock = lock;
    ASSERT_TRUE(WriteInForce(files_, scratch_.Path(""), settled).ok());
    const auto read = ReadInForce(files_, scratch_.Path(""));
    ASSERT_TRUE(read.ok() && read->has_value()) << read.status();
    EXPECT_EQ((*read)->lock, lock);
  }
}

TEST_F(SettledTest, BrokenFilesAreNamed) {
  for (const char* text : {"",
                           "{",
                           "[]",
                           "{\"texts\": 1}",
                           "{\"texts\": [[1, 2]]}",
                           "{\"texts\": [], \"lock\": null}",
                           "{\"texts\": [], \"lock\": [\"poolshift.lock\"]}",
                           "{\"commit\": 3, \"texts\": [[\"a\"]]}"}) {
    scratch_.Write("settled.json", text);
    const auto read = ReadSettled(files_, scratch_.Path(""));
    EXPECT_TRUE(absl::IsDataLoss(read.status())) << text;
    EXPECT_THAT(read.status().message(), HasSubstr("settled.json"));
  }
}

// One site whose XMPP host and whose time to live are declared; the world is told apart.
Organization Declared(const std::string& host) {
  ManifestTexts texts;
  texts.emplace_back("m.yaml",
                     R"(
apiVersion: poolshift/v1
kind: Organization
metadata: {name: contoso}
spec: {hosts: {federation: )" +
                         host + R"(}}
---
apiVersion: poolshift/v1
kind: Site
metadata: {name: Site1}
---
apiVersion: poolshift/v1
kind: EdgePool
metadata: {name: edge1}
spec: {site: Site1, internalFqdn: edge1.contoso.net, accessEdge: {fqdn: sip1.contoso.com}, nextHop: fe1, servers: [{fqdn: e1.contoso.net, addresses: [192.0.2.1]}]}
---
apiVersion: poolshift/v1
kind: EdgePool
metadata: {name: edge2}
spec: {site: Site1, internalFqdn: edge2.contoso.net, accessEdge: {fqdn: sip2.contoso.com}, nextHop: fe1, servers: [{fqdn: e2.contoso.net, addresses: [192.0.2.2]}]}
---
apiVersion: poolshift/v1
kind: FrontEndPool
metadata: {name: fe1}
spec: {site: Site1, fqdn: fe1.contoso.net, servers: [f1.contoso.net]}
---
apiVersion: poolshift/v1
kind: Domain
metadata: {name: contoso.com}
spec: {sip: {dns: srvTarget}}
)");
  LoadedOrganization loaded = ParseManifests(texts);
  for (const Diagnostic& item : loaded.diagnostics.items())
    if (item.severity == Diagnostic::Severity::kError) ADD_FAILURE() << ToString(item);
  return loaded.organization;
}

ObservedState RouteLeadsTo(const std::string& pool) {
  ObservedState observed;
  Observation route;
  route.presence = Presence::kPresent;
  route.properties = Value::Map{{"federation", pool}, {"xmpp", ""}};
  observed.observations[{{std::string(kinds::kSiteRoute), "Site1"}, ""}] = route;
  return observed;
}

Cause Caused(const Organization* settled,
             const Organization& declared,
             const ObservedState& observed) {
  return CauseOf(settled, ReportDrift(declared, observed, absl::UnixEpoch()), observed);
}

TEST(CauseTest, ACommitIsNoDrift) {
  const Organization before = Declared("edge1");
  const Cause cause = Caused(&before, Declared("edge2"), RouteLeadsTo("edge1.contoso.net"));
  EXPECT_FALSE(cause.IsDrift({"SiteRoute", "Site1"}));
}

TEST(CauseTest, AnOutsideChangeIsDrift) {
  const Organization before = Declared("edge1");
  const Cause cause = Caused(&before, Declared("edge1"), RouteLeadsTo("edge2.contoso.net"));
  EXPECT_TRUE(cause.IsDrift({"SiteRoute", "Site1"}));
  EXPECT_TRUE(cause.drift_only);
}

TEST(CauseTest, ACommitOfSomethingElseHidesNoDrift) {
  const Organization before = Declared("edge1");
  Organization after = Declared("edge1");
  after.domains.begin()->second.sip->ttl = absl::Minutes(1);
  const Cause cause = Caused(&before, after, RouteLeadsTo("edge2.contoso.net"));
  EXPECT_TRUE(cause.drifted.contains({"SiteRoute", "Site1"}));
}

TEST(CauseTest, NobodyKnowsWithoutAFormerDeclaration) {
  const Cause cause = Caused(nullptr, Declared("edge1"), RouteLeadsTo("edge2.contoso.net"));
  EXPECT_TRUE(cause.IsDrift({"SiteRoute", "Site1"}));
}

}  // namespace
}  // namespace poolshift
