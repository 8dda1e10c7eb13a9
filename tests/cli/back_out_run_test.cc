// The declared branch of a gate that does not open: the way back, as a run of its own.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "gmock/gmock.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kBackHome[] = "Backed out: everything is as it was declared before.";
constexpr char kOnTheWay[] = "route Site1: XMPP edgepool2 -> edgepool1: started";
// The way back writes this route, and the answer never comes.
constexpr char kStuckOnTheWay[] =
    "  - {resource: SiteRoute/Site1, fault: hang, afterEffect: true, after: 1, times: 1}\n";

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
  ProgramRun Resume() { return Run({"resume", "--state-dir", "state", "contoso"}); }
  ProgramRun History() { return Run({"history", "--json", "--state-dir", "state", "contoso"}); }

  // Sends the signals once stderr has said `text` and `later` has passed.
  ProgramRun ApplyUntil(const std::string& text,
                        std::chrono::milliseconds later,
                        const std::vector<int>& signals) {
    ProgramCall call = Call({"apply", "--auto-approve", "--state-dir", "state", "contoso"});
    call.started = [&](int pid, const std::string& err) {
      for (int look = 0; look < 30000 && ReadText(err).find(text) == std::string::npos; ++look)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      for (const int signal : signals) {
        std::this_thread::sleep_for(later);
        ::kill(pid, signal);
      }
    };
    return RunProgram(call);
  }

  void ExpectHome(const ProgramRun& run) {
    EXPECT_EQ(run.status, 14) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr(kBackHome));
    const std::string world = ReadText(home_ / "state/providers/contoso.world/world.state.yaml");
    EXPECT_THAT(world, Not(HasSubstr("xmpp: edgepool2.contoso.com")));
    EXPECT_THAT(Resume().out, HasSubstr("Nothing to resume"));
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
              AllOf(HasSubstr("route Site1: XMPP edgepool2 -> edgepool1"), HasSubstr(kBackHome)));
  EXPECT_THAT(Run({"history", "--state-dir", "state", "contoso"}).out,
              AllOf(HasSubstr("gate timed out"), HasSubstr("backs out run 1")));
}

TEST_F(BackOutRunTest, AWayBackCanBeReplayed) {
  Prepare("back-out", 7);
  ASSERT_EQ(Apply().status, 14);
  for (const char* run : {"1", "2"}) {
    const ProgramRun replayed = Run({"replay", run, "--state-dir", "state", "contoso"});
    EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
  }
}

TEST_F(BackOutRunTest, KilledOnTheWayBackGoesBack) {
  Prepare("back-out", 7, kStuckOnTheWay);
  const ProgramRun killed = ApplyUntil(kOnTheWay, std::chrono::milliseconds(300), {SIGKILL});
  ASSERT_EQ(killed.status, 128 + SIGKILL) << killed.out << killed.err;
  ASSERT_THAT(History().out, HasSubstr("\"follows_as\": \"backs out\""));
  ExpectHome(Resume());
}

// Whichever of the two it was: before the way back is on record, or just after.
TEST_F(BackOutRunTest, KilledAtTheGateGoesBack) {
  Prepare("back-out", 7);
  const ProgramRun killed =
      ApplyUntil("did not open within", std::chrono::milliseconds(0), {SIGKILL});
  ASSERT_EQ(killed.status, 128 + SIGKILL) << killed.out << killed.err;
  ExpectHome(Resume());
}

TEST_F(BackOutRunTest, InterruptedOnTheWayBackTellsHowToContinue) {
  Prepare("back-out", 7, kStuckOnTheWay);
  const ProgramRun stopped =
      ApplyUntil(kOnTheWay, std::chrono::milliseconds(300), {SIGINT, SIGINT});
  EXPECT_EQ(stopped.status, 130) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("Continue with: poolshift resume --state-dir state contoso"));
  ExpectHome(Resume());
}

// What is declared now is not what the run was for: forward, and only with a person's word.
TEST_F(BackOutRunTest, AnotherDeclarationIsNotTakenBack) {
  Prepare("hold", 7);
  ASSERT_EQ(Apply().status, 14);
  const auto manifest = home_ / "contoso" / "contoso.yaml";
  WriteText(manifest,
            Replaced(ReadText(manifest), "onGateFailure: hold", "onGateFailure: back-out"));
  const ProgramRun resumed = Resume();
  EXPECT_EQ(resumed.status, 12) << resumed.out << resumed.err;
  EXPECT_THAT(resumed.out, Not(HasSubstr(kBackHome)));
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
