// The declared branch of a gate that does not open: the way back, as a run of its own.
#include <filesystem>

#include "gmock/gmock.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class BackOutRunTest : public HomeTest {
 protected:
  // An XMPP move between two living pools whose local copies cannot be looked at for a while: its
  // third gate does not open.
  void Prepare(const std::string& on_gate_failure,
               int blind_looks,
               const std::string& more_faults = "") {
    const std::filesystem::path from = POOLSHIFT_SOURCE_DIR "/tests/scenarios/xmpp-planned";
    const auto to = home_ / "contoso";
    std::filesystem::create_directory(to);
    WriteText(to / "contoso.yaml",
              ReadText(from / "contoso.yaml") +
                  "  replicationTimeout: 3s\n  onGateFailure: " + on_gate_failure + "\n");
    WriteText(
        to / "world.sim",
        Replaced(ReadText(from / "world.sim"), "lag: 200ms", "lag: 20ms") +
            "faults:\n  - {resource: \"Replica/edgeserver2b.contoso.com\", operation: observe, "
            "fault: error, after: 1, times: " +
            std::to_string(blind_looks) + "}\n" + more_faults);
  }
  ProgramRun Apply() { return Run({"apply", "--auto-approve", "--state-dir", "state", "contoso"}); }
  std::string Routes() {
    std::string text;
    for (const char* site : {"Site1", "Site2"}) {
      ProgramCall call = Call({});
      text +=
          Run({"explain", std::string("SiteRoute/") + site, "--state-dir", "state", "contoso"}).out;
    }
    return text;
  }
};

TEST_F(BackOutRunTest, HoldIsTheDefault) {
  Prepare("hold", 100);
  const ProgramRun held = Apply();
  EXPECT_EQ(held.status, 14) << held.out << held.err;
  EXPECT_THAT(held.err,
              AllOf(HasSubstr("did not open within 3s"),
                    HasSubstr("could not look at Replica/edgeserver2b"),
                    Not(HasSubstr("back-out"))));
  EXPECT_THAT(Run({"history", "--state-dir", "state", "contoso"}).out, Not(HasSubstr("backs out")));
}

TEST_F(BackOutRunTest, BackOutLeadsHome) {
  Prepare("back-out", 7);
  const ProgramRun back = Apply();
  EXPECT_EQ(back.status, 14) << back.out << back.err;
  EXPECT_THAT(back.out,
              AllOf(HasSubstr("route Site1: XMPP edgepool2 -> edgepool1"),
                    HasSubstr("Backed out: everything is as it was declared before.")));
  EXPECT_THAT(Run({"history", "--state-dir", "state", "contoso"}).out,
              AllOf(HasSubstr("gate timed out"), HasSubstr("backs out run 1")));
}

TEST_F(BackOutRunTest, AWayBackThatFailsIsNoWayBack) {
  Prepare("back-out", 7, "  - {resource: SiteRoute/Site1, fault: error, after: 1}\n");
  const ProgramRun held = Apply();
  EXPECT_EQ(held.status, 1) << held.err;
  EXPECT_THAT(held.err, HasSubstr("did not open within 3s"));
  EXPECT_THAT(held.out, Not(HasSubstr("Backed out")));
}

}  // namespace
}  // namespace poolshift
