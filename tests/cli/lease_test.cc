// Who may write, as a person asks and decides.
#include <csignal>

#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "tests/cli/home.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class LeaseTest : public HomeTest {
 protected:
  const std::string scenario_ = Scenario("xmpp-failover");
  ProgramRun Lease(std::vector<std::string> words) {
    words.insert(words.begin(), "lease");
    words.push_back(scenario_);
    return Run(std::move(words));
  }
};

TEST_F(LeaseTest, NobodyHoldsItAtFirst) {
  EXPECT_EQ(Lease({"show"}).out, "lease   free\ntoken   none yet\n");
  ASSERT_EQ(Run({"apply", "--auto-approve", scenario_}).status, 0);
  const auto shown = nlohmann::json::parse(Lease({"show", "--json"}).out);
  EXPECT_EQ(shown["state"], "free");
  EXPECT_GT(shown["token"], 0);
  EXPECT_EQ(shown["holder"], nullptr);
  EXPECT_THAT(Lease({"break", "--reason", "to see"}).out, HasSubstr("Nobody holds the lease"));
}

TEST_F(LeaseTest, BrokenWhileItIsHeld) {
  ProgramCall call = Call({"apply", "--auto-approve", scenario_});
  ProgramRun other, shown, without, broken;
  call.started = [&](int pid, const std::string& /*err*/) {
    for (int look = 0; look < 3000 && shown.out.find("held by") == std::string::npos; ++look)
      shown = Lease({"show"});
    // Stopped within a write to the journal, it keeps that locked for everybody.
    for (int tries = 0; tries < 10; ++tries) {
      ::kill(pid, SIGSTOP);
      other = Run({"apply", "--auto-approve", scenario_});
      if (other.err.find("is locked") == std::string::npos) break;
      ::kill(pid, SIGCONT);
      absl::SleepFor(absl::Milliseconds(20));  // long enough to end that write, whatever the disk
    }
    without = Lease({"break"});
    broken = Lease({"break", "--reason", "host1 is dark"});
    ::kill(pid, SIGCONT);
  };
  const ProgramRun run = RunProgram(call);
  EXPECT_THAT(shown.out, HasSubstr("held by alice on "));
  EXPECT_EQ(other.status, 1) << other.out << other.err;
  EXPECT_THAT(other.err,
              AllOf(HasSubstr("is being changed by alice on "),
                    HasSubstr("poolshift lease break --reason")));
  EXPECT_EQ(without.status, 10) << without.err;
  EXPECT_EQ(broken.status, 0) << broken.err;
  EXPECT_THAT(broken.out, HasSubstr("it was held by alice on "));
  EXPECT_EQ(run.status, 13) << run.out << run.err;
  EXPECT_THAT(run.err, HasSubstr("it was broken"));

  EXPECT_THAT(Lease({"show"}).out, AllOf(HasSubstr("broken; "), HasSubstr("host1 is dark")));
  EXPECT_EQ(Run({"apply", "--auto-approve", scenario_}).status, 0);
  EXPECT_THAT(Lease({"show"}).out, AllOf(HasSubstr("free"), HasSubstr("host1 is dark")));
}

TEST_F(LeaseTest, UnknownWordIsNamed) {
  const ProgramRun run = Lease({"steal"});
  EXPECT_EQ(run.status, 10);
  EXPECT_THAT(run.err, AllOf(HasSubstr("`steal`"), Not(HasSubstr("Nobody"))));
}

}  // namespace
}  // namespace poolshift
