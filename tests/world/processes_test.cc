// Real processes.
#include "controller/world/processes.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/world/clock.h"
#include "controller/world/descriptor.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::HasSubstr;

class ProcessesTest : public testing::Test {
 protected:
  ProcessesTest() : shell_(::open("/bin/sh", O_RDONLY | O_CLOEXEC)) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    read_ = Descriptor(ends[0]);
    write_ = Descriptor(ends[1]);
  }

  std::unique_ptr<Process> Run(const std::string& script, std::vector<int> descriptors = {}) {
    Launch launch;
    launch.program = shell_.number();
    launch.arguments = {"sh", "-c", script};
    launch.environment = {"GREETING=hello"};
    launch.descriptors = std::move(descriptors);
    launch.output = write_.number();
    auto process = processes_.Start(launch);
    EXPECT_TRUE(process.ok()) << process.status();
    return process.ok() ? *std::move(process) : nullptr;
  }

  // Everything that was written, once every writer has ended.
  std::string Output() {
    write_.Close();
    std::string text;
    char block[256];
    for (ssize_t got; (got = ::read(read_.number(), block, sizeof block)) > 0;) {
      text.append(block, static_cast<std::size_t>(got));
    }
    return text;
  }

  RealProcesses processes_;
  Descriptor shell_, read_, write_;
};

TEST_F(ProcessesTest, GetsItsEnvironmentAndNothingElse) {
  const auto process =
      Run("echo $GREETING; echo to stderr >&2; read line || echo stdin is empty; /usr/bin/env | "
          "grep -c ^HOME=");
  EXPECT_EQ(Output(), "hello\nto stderr\nstdin is empty\n0\n");
}

TEST_F(ProcessesTest, GetsDescriptorsInOrder) {
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  const Descriptor in(pipe[0]), out(pipe[1]);
  ASSERT_EQ(::write(out.number(), "x\n", 2), 2);
  const auto process =
      Run("read letter <&3; echo $letter; echo back >&4", {in.number(), write_.number()});
  EXPECT_EQ(Output(), "x\nback\n");
}

TEST_F(ProcessesTest, OneDescriptorMayBeGivenTwice) {
  const auto process = Run("echo three >&3; echo four >&4", {write_.number(), write_.number()});
  EXPECT_EQ(Output(), "three\nfour\n");
}

TEST_F(ProcessesTest, TellsHowItEnded) {
  EXPECT_EQ(Run("exit 3")->Wait(absl::Seconds(20)), "exited with status 3");
  EXPECT_EQ(Run("kill -9 $$")->Wait(absl::Seconds(20)), "was ended by signal 9 (Killed)");
  const auto process = Run("exit 0");
  EXPECT_EQ(process->Wait(absl::Seconds(20)), "exited with status 0");
  EXPECT_EQ(process->Wait(absl::ZeroDuration()), "exited with status 0") << "asked again";
}

TEST_F(ProcessesTest, RunningOneHasNotEnded) {
  const auto process = Run("exec sleep 1000");
  EXPECT_EQ(process->Wait(absl::ZeroDuration()), std::nullopt);
  process->Kill();
  EXPECT_THAT(process->Wait(absl::Seconds(20)), testing::Optional(HasSubstr("signal 9")));
}

TEST_F(ProcessesTest, DestructionEndsTheGroup) {
  Run("sleep 1000 & sleep 1000 & wait").reset();
  EXPECT_EQ(Output(), "") << "the pipe is closed only when all three are gone";
}

TEST_F(ProcessesTest, WritesNoCoreFile) {
  const auto process = Run("ulimit -c");
  EXPECT_EQ(Output(), "0\n");
}

TEST_F(ProcessesTest, HasDefaultSignals) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto process = Run("kill -PIPE $$; echo survived");
  EXPECT_EQ(Output(), "");
  ::signal(SIGPIPE, SIG_DFL);
}

TEST_F(ProcessesTest, NoProgramIsAnError) {
  const Descriptor text(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  Launch launch;
  launch.program = text.number();
  launch.arguments = {"passwd"};
  launch.output = write_.number();
  const auto process = processes_.Start(launch);
  ASSERT_FALSE(process.ok());
  EXPECT_THAT(std::string(process.status().message()), HasSubstr("cannot execute passwd"));
}

TEST(RealClock, SleepPassesTime) {
  RealClock clock;
  const absl::Duration before = clock.Elapsed();
  clock.Sleep(absl::Milliseconds(5));
  EXPECT_GE(clock.Elapsed() - before, absl::Milliseconds(5));
}

}  // namespace
}  // namespace poolshift
