// `poolshift import`: from names to manifests that find nothing to do, and no file overwritten.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using ::testing::HasSubstr;

constexpr char kSeed[] = R"(apiVersion: poolshift/v1
kind: Organization
metadata: {name: contoso}
---
apiVersion: poolshift/v1
kind: Domain
metadata: {name: contoso.com}
---
apiVersion: poolshift/v1
kind: Provider
metadata: {name: world}
spec:
  type: sim
  config: {world: world.sim}
)";

class ImportTest : public HomeTest {
 protected:
  // A simulated organisation, and a seed beside its world.
  void MakeSeed() {
    ASSERT_EQ(Run({"init", "contoso"}).status, 0);
    std::filesystem::create_directory(home_ / "seed");
    std::filesystem::copy_file(home_ / "contoso" / "world.sim", home_ / "seed" / "world.sim");
    WriteText(home_ / "seed" / "seed.yaml", kSeed);
  }
};

TEST_F(ImportTest, FilesPlanToNothing) {
  MakeSeed();
  const ProgramRun run = Run({"import", "seed", "--output", "made"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out,
            "made/domains.yaml\nmade/organization.yaml\nmade/pools.yaml\nmade/providers.yaml\n");
  EXPECT_THAT(run.err, HasSubstr("/seed/world.sim made/\n"));
  EXPECT_THAT(run.err, HasSubstr("planning them finds nothing to do\n"));
  std::filesystem::copy_file(home_ / "seed" / "world.sim", home_ / "made" / "world.sim");
  EXPECT_EQ(Run({"validate", "made"}).status, 0);
  EXPECT_EQ(Run({"fmt", "--check", "made"}).status, 0);
  EXPECT_EQ(Run({"plan", "made"}).status, 0);
  // Manifests are a seed too, which is left as it is.
  const std::string pools = ReadText(home_ / "made" / "pools.yaml");
  const ProgramRun again = Run({"import", "made"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("internalFqdn: edgepool1.contoso.net"));
  EXPECT_EQ(ReadText(home_ / "made" / "pools.yaml"), pools);
}

TEST_F(ImportTest, NothingIsOverwritten) {
  MakeSeed();
  const std::string pools = ReadText(home_ / "contoso" / "pools.yaml");
  const ProgramRun run = Run({"import", "seed", "--output", "contoso"});
  EXPECT_EQ(run.status, 10);
  EXPECT_THAT(run.err, HasSubstr("contoso is not empty"));
  EXPECT_EQ(ReadText(home_ / "contoso" / "pools.yaml"), pools);
}

TEST_F(ImportTest, HostsAreWhereTheRoutesLead) {
  MakeSeed();
  std::string world = ReadText(home_ / "seed" / "world.sim");
  const std::string from = "xmpp: edgepool1.contoso.net}";
  for (std::size_t at = world.find(from); at != std::string::npos; at = world.find(from))
    world.replace(at, from.size(), "xmpp: edgepool2.contoso.net}");
  WriteText(home_ / "seed" / "world.sim", world);
  const ProgramRun run = Run({"import", "seed"});
  EXPECT_EQ(run.status, 2) << "the records lead elsewhere\n" << run.err;
  EXPECT_THAT(run.out, HasSubstr("hosts: {federation: edgepool1, xmpp: edgepool2}"));
  EXPECT_THAT(run.err, HasSubstr("what is observed does not agree with itself"));
}

TEST_F(ImportTest, GapsAreMarked) {
  MakeSeed();
  std::string seed = kSeed;
  seed.replace(seed.find("contoso.com"), 11, "contoso.org");
  WriteText(home_ / "seed" / "seed.yaml", seed);
  const ProgramRun run = Run({"import", "seed"});
  EXPECT_THAT(run.out, HasSubstr("# sip: there is no _sipfederationtls._tcp record"));
  EXPECT_THAT(run.out, HasSubstr("# its domain is not in the seed"));
  EXPECT_THAT(run.err, HasSubstr("what could not be known is left to you"));
}

}  // namespace
}  // namespace poolshift
