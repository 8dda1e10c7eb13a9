// A run that was killed in the middle of an action, and the next one.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "gmock/gmock.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class CutOffRunTest : public HomeTest {
 protected:
  CutOffRunTest() {
    CopyScenario("xmpp-failover");
    const fs::path world = home_ / "contoso" / "world.sim";
    // The route is written, and its answer never comes.
    WriteText(world,
              ReadText(world) +
                  "faults:\n  - {resource: \"SiteRoute/*\", fault: hang, afterEffect: true, "
                  "times: 1}\n");
  }

  // Kills the controller when the world shows the effect of an action that has not ended.
  void KillInTheMiddle() const {
    ProgramCall call = Call({"apply", "--auto-approve", "--state-dir", "state", "contoso"});
    const fs::path world = home_ / "state/providers/contoso.world/world.state.yaml";
    call.started = [&world](int pid, const std::string& /*err*/) {
      for (int look = 0; look < 3000; ++look) {
        if (ReadText(world).find("xmpp: edgepool2.contoso.com") != std::string::npos) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      ::kill(pid, SIGKILL);
    };
    const ProgramRun killed = RunProgram(call);
    ASSERT_EQ(killed.status, 128 + SIGKILL) << killed.out << killed.err;
  }
};

TEST_F(CutOffRunTest, IsSettledBeforePlanning) {
  KillInTheMiddle();
  const ProgramRun asked = Run({"apply", "--state-dir", "state", "contoso"});
  EXPECT_EQ(asked.status, 12) << asked.out << asked.err;
  EXPECT_THAT(asked.err, HasSubstr("run 1: "));
  EXPECT_THAT(asked.err, HasSubstr(" is done"));
  EXPECT_THAT(asked.err, HasSubstr("run 1 of alice was cut off; it is closed now\n"));
  const ProgramRun again = Run({"apply", "--state-dir", "state", "contoso"});
  EXPECT_EQ(again.status, 12);
  EXPECT_THAT(again.err, Not(HasSubstr("run 1"))) << "settled once";
}

TEST_F(CutOffRunTest, ContinuesAtOnce) {
  KillInTheMiddle();
  const ProgramRun applied = Run({"apply", "--auto-approve", "--state-dir", "state", "contoso"});
  EXPECT_EQ(applied.status, 0) << applied.out << applied.err;
  EXPECT_THAT(applied.err, HasSubstr("run 1 of alice was cut off; it is closed now\n"));
  EXPECT_THAT(applied.out, EndsWith("No drift.\n"));
}

}  // namespace
}  // namespace poolshift
