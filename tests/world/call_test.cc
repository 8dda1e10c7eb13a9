// Real programs, run to their end.
#include "controller/world/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolshift {
namespace {

using testing::HasSubstr;

class CallTest : public testing::Test {
 protected:
  absl::StatusOr<Answer> Shell(const std::string& script) {
    call_.program = "/bin/sh";
    call_.arguments = {"-c", script};
    return CallProgram(world_, call_);
  }

  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  World world_{&clock_, &files_, &processes_};
  Call call_;
};

TEST_F(CallTest, OutputAndErrorsAreApart) {
  const auto answer = Shell("echo out; echo err >&2; exit 3");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->output, "out\n");
  EXPECT_EQ(answer->errors, "err\n");
  EXPECT_TRUE(answer->ExitedWith(3));
  EXPECT_FALSE(answer->ExitedWith(0));
}

TEST_F(CallTest, InputIsGiven) {
  call_.input = std::string(300'000, 'x') + "\nlast\n";
  call_.output_limit = 400'000;
  EXPECT_EQ(Shell("/bin/cat")->output, call_.input);
  EXPECT_EQ(Shell("/usr/bin/tail -n 1")->output, "last\n");
}

TEST_F(CallTest, InputIsEmptyWithoutOne) {
  EXPECT_EQ(Shell("/bin/cat; echo end")->output, "end\n");
}

TEST_F(CallTest, EnvironmentIsTheCallersAlone) {
  call_.environment = {"A=b"};
  EXPECT_EQ(Shell("/usr/bin/env | /bin/grep -v -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD=")->output,
            "A=b\n");
}

TEST_F(CallTest, EndsTheGroupThatTakesTooLong) {
  call_.timeout = absl::Milliseconds(200);
  const auto answer = Shell("/bin/sleep 1000 & /bin/sleep 1000");
  EXPECT_TRUE(absl::IsDeadlineExceeded(answer.status())) << answer.status();
}

TEST_F(CallTest, EndsOneThatClosedItsStreams) {
  call_.timeout = absl::Milliseconds(200);
  const auto answer = Shell("exec >&- 2>&-; /bin/sleep 1000");
  EXPECT_TRUE(absl::IsDeadlineExceeded(answer.status())) << answer.status();
}

TEST_F(CallTest, EndsOneThatSaysTooMuch) {
  call_.output_limit = 1000;
  const auto answer = Shell("while :; do echo more; done");
  EXPECT_TRUE(absl::IsResourceExhausted(answer.status())) << answer.status();
  EXPECT_THAT(std::string(answer.status().message()), HasSubstr("more than 1000 bytes"));
}

TEST_F(CallTest, KeepsTheFirstOfManyErrors) {
  const auto answer = Shell("i=0; while [ $i -lt 20000 ]; do echo $i >&2; i=$((i+1)); done");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->errors.size(), 65536U);
}

TEST_F(CallTest, FileThatGrowsTooLargeEndsIt) {
  call_.largest_file = 4096;
  const std::string file = testing::TempDir() + "poolshift-large";
  const auto answer = Shell("/usr/bin/head -c 100000 /dev/zero >" + file);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_FALSE(answer->ExitedWith(0)) << answer->ending;
  std::remove(file.c_str());
}

TEST_F(CallTest, MissingProgramIsNotFound) {
  call_.program = "/nowhere/git";
  EXPECT_TRUE(absl::IsNotFound(CallProgram(world_, call_).status()));
  const auto installed = InstalledProgram("no-such-program", "no-package");
  EXPECT_TRUE(absl::IsNotFound(installed.status()));
  EXPECT_THAT(std::string(installed.status().message()),
              HasSubstr("install the package no-package"));
  EXPECT_TRUE(InstalledProgram("git", "git").ok());
}

}  // namespace
}  // namespace poolshift
