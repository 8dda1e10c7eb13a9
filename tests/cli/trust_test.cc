// Which provider programs are trusted: pins, and the programs that a saved plan was made with.

#include <filesystem>

#include "gmock/gmock.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kProgram = "poolshift-provider-sim";

// A folder of programs of the test's own, so that one can be replaced.
class TrustTest : public HomeTest {
 protected:
  TrustTest() {
    CopyScenario("xmpp-failover");
    fs::create_directory(home_ / "plugins");
    fs::create_directory_symlink(fs::path(POOLSHIFT_BIN_DIR) / "../lib", home_ / "lib");
    fs::copy_file(fs::path(POOLSHIFT_BIN_DIR) / kProgram, home_ / "plugins" / kProgram);
  }
  ProgramRun RunHere(std::vector<std::string> words) const {
    words.insert(words.end(), {"--plugin-dir", "plugins"});
    return Run(std::move(words));
  }
  // Another program that works the same: what follows the last section is not loaded.
  void Replace() const {
    const fs::path program = home_ / "plugins" / kProgram;
    WriteText(program, ReadText(program) + "changed");
  }
  std::string Digest() const {
    const std::string line = RunHere({"provider", "list", "contoso"}).out;
    return line.substr(line.find("sha256 ") + 7, 64);
  }
};

TEST_F(TrustTest, PlanNeedsItsOwnPrograms) {
  ASSERT_EQ(RunHere({"plan", "--out", "night.plan", "contoso"}).status, 2);
  const std::string then = Digest();
  Replace();
  ASSERT_NE(Digest(), then);
  const ProgramRun applied = RunHere({"apply", "night.plan", "contoso"});
  EXPECT_EQ(applied.status, 11) << applied.out << applied.err;
  for (const std::string& part :
       {std::string("provider `world`"), then, Digest(), std::string("plan again")})
    EXPECT_THAT(applied.err, HasSubstr(part));
  EXPECT_THAT(applied.out, Not(HasSubstr("Done")));
  EXPECT_EQ(RunHere({"plan", "contoso"}).status, 2) << "nothing was changed";
}

TEST_F(TrustTest, PinnedProgramOnlyIsStarted) {
  const ProgramRun locked = RunHere({"provider", "lock", "contoso"});
  EXPECT_EQ(locked.status, 0);
  EXPECT_EQ(locked.out, "sim " + Digest() + '\n');
  EXPECT_THAT(ReadText(home_ / "contoso/poolshift.lock"), HasSubstr(locked.out));
  EXPECT_THAT(RunHere({"provider", "list", "contoso"}).out, HasSubstr("world (sim): pinned, "));
  ASSERT_EQ(RunHere({"plan", "contoso"}).status, 2);
  const std::string pinned = Digest();
  Replace();
  EXPECT_THAT(RunHere({"provider", "list", "contoso"}).out, HasSubstr("NOT THE PINNED PROGRAM"));
  for (const char* verb : {"plan", "apply", "drift"}) {
    const ProgramRun refused = RunHere({verb, "contoso"});
    EXPECT_EQ(refused.status, 11) << verb << refused.out << refused.err;
    EXPECT_EQ(refused.out, "") << verb;
    for (const std::string& part : {std::string("`sim`"), pinned, Digest()})
      EXPECT_THAT(refused.err, HasSubstr(part)) << verb;
  }
  ASSERT_EQ(RunHere({"provider", "lock", "contoso"}).status, 0);
  EXPECT_EQ(RunHere({"plan", "contoso"}).status, 2) << "an explicit update is believed";
}

TEST_F(TrustTest, ApplyRemarksOnUnpinnedPrograms) {
  const char* const remark =
      "providers are not pinned; `poolshift provider lock` writes poolshift.lock\n";
  EXPECT_THAT(RunHere({"apply", "contoso"}).err, HasSubstr(remark));
  EXPECT_THAT(RunHere({"plan", "contoso"}).err, Not(HasSubstr("pinned")));
  EXPECT_THAT(RunHere({"plan", "-v", "contoso"}).err, HasSubstr(remark));
  ASSERT_EQ(RunHere({"provider", "lock", "contoso"}).status, 0);
  EXPECT_THAT(RunHere({"apply", "contoso"}).err, Not(HasSubstr("pinned")));
}

}  // namespace
}  // namespace poolshift
