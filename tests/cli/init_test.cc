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

// The first thing that the starter's comment proposes.
TEST_F(InitTest, HostCanBeMoved) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  const std::filesystem::path file = home_ / "contoso" / "organization.yaml";
  std::string text = ReadText(file);
  const std::string hosts = "{federation: edgepool1, xmpp: edgepool1}";
  ASSERT_THAT(text, HasSubstr(hosts));
  text.replace(text.find(hosts), hosts.size(), "{federation: edgepool2, xmpp: edgepool2}");
  WriteText(file, text);
  const ProgramRun applied = Run({"apply", "--auto-approve", "contoso"});
  EXPECT_EQ(applied.status, 0) << applied.out << applied.err;
  EXPECT_THAT(applied.out, EndsWith("No drift.\n"));
}

}  // namespace
}  // namespace poolshift
