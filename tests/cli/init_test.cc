// `poolshift init` as a newcomer uses it: what it writes works at once.

#include <filesystem>

#include "gmock/gmock.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using InitTest = HomeTest;
using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST_F(InitTest, NothingToDoAfterwards) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  const ProgramRun valid = Run({"validate", "contoso"});
  EXPECT_EQ(valid.status, 0);
  EXPECT_EQ(valid.err, "");
  const ProgramRun planned = Run({"plan", "contoso"});
  EXPECT_EQ(planned.status, 0);
  EXPECT_EQ(planned.err, "");
  EXPECT_EQ(planned.out,
            "Plan: 0 actions, 0 gates\n"
            "Nothing to do: contoso is as declared.\n"
            "\n"
            "Situation\n"
            "  SIP    steady, on edgepool1: edgepool1 is declared and hosts it\n"
            "  XMPP   steady, on edgepool1: edgepool1 is declared and hosts it\n");
  EXPECT_EQ(Run({"drift", "contoso"}).out, "No drift.\n");
  EXPECT_EQ(Run({"fmt", "--check", "contoso"}).status, 0);
}

void Replace(const std::filesystem::path& file, const std::string& from, const std::string& to) {
  std::string text = ReadText(file);
  ASSERT_THAT(text, HasSubstr(from));
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  WriteText(file, text);
}

// The first thing that the starter's comment proposes. With short TTLs: a planned SIP move waits
// until caches have forgotten the former records.
TEST_F(InitTest, HostCanBeMoved) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  Replace(home_ / "contoso" / "organization.yaml",
          "{federation: edgepool1, xmpp: edgepool1}",
          "{federation: edgepool2, xmpp: edgepool2}");
  Replace(home_ / "contoso" / "domains.yaml", "ttl: 5m", "ttl: 1s");
  Replace(home_ / "contoso" / "world.sim", "ttl: 300", "ttl: 1");
  const ProgramRun applied = Run({"apply", "--auto-approve", "contoso"});
  EXPECT_EQ(applied.status, 0) << applied.out << applied.err;
  EXPECT_THAT(applied.out, EndsWith("No drift.\n"));
}

}  // namespace
}  // namespace poolshift
