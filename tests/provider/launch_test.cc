// Starting and ending provider programs: what they are given, what they may not see, and that none
// survives.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/provider/plugin_process.h"
#include "controller/provider/plugin_program.h"
#include "controller/world/descriptor.h"
#include "tests/provider/stage.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Blocks until process `pid` is gone. (The test's own time limit ends a wait that is in vain.)
void WaitForEnd(pid_t pid) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!handle.is_open()) return;
  pollfd ended{handle.number(), POLLIN, 0};
  ::poll(&ended, 1, -1);
}

TEST(Launch, EnvironmentIsClean) {
  ::setenv("POOLSHIFT_TEST_TOKEN", "canary-7f3a", 1);
  ::setenv("WANTED_KEY", "wanted-value", 1);
  ::setenv("LD_PRELOAD_NOT", "x", 1);
  ::setenv("KRB5CCNAME", "FILE:/nowhere", 1);
  Stage stage;
  PluginConfiguration configuration = stage.Configuration();
  configuration.secrets.emplace("key", *SecretRef::Parse("env:WANTED_KEY"));
  ASSERT_TRUE(stage.Start(stage.OptionsFor("environment"), configuration).ok());
  std::vector<std::string> names;
  for (const std::string& line : stage.Log()) {
    if (line.rfind("ENV ", 0) == 0) names.push_back(line.substr(4, line.find('=') - 4));
  }
  for (const std::string& name : names) {
    EXPECT_THAT((std::vector<std::string>{"PATH",
                                          "LANG",
                                          "LC_ALL",
                                          "TZ",
                                          "KRB5_CONFIG",
                                          "KRB5CCNAME",
                                          "KRB5_CLIENT_KTNAME",
                                          "WANTED_KEY",
                                          "POOLSHIFT_PROVIDER"}),
                Contains(name));
  }
  EXPECT_THAT(names, Contains("WANTED_KEY"));
  EXPECT_THAT(names, Contains("KRB5CCNAME")) << "tickets of this process are its providers'";
}

TEST(Launch, NoForeignDescriptorIsInherited) {
  const int leaked =
      ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a careless library would
  ASSERT_GT(::dup2(leaked, 77), 0);
  Stage stage;
  ASSERT_TRUE(stage.Start("environment").ok());
  EXPECT_THAT(stage.Log(), Contains("FD 4"));
  EXPECT_THAT(stage.Log(), Not(Contains("FD 77")));
  ::close(leaked);
  ::close(77);
}

TEST(Launch, OutputIsLogNeverProtocol) {
  Stage stage;
  { ASSERT_TRUE(stage.Start("talkative").ok()); }
  EXPECT_EQ(stage.Log(),
            (std::vector<std::string>{
                "POOLSHIFT-PROVIDER 9 9 to stdout", "\\x1b[31mred\\x1b[0m", "not ended"}));
}

TEST(Launch, WholeGroupEndsWithTheProvider) {
  Stage stage;
  pid_t grandchild = 0;
  {
    const auto provider = stage.Start("forking");
    ASSERT_TRUE(provider.ok()) << provider.status();
    grandchild = std::stoi(stage.WaitForLog("CHILD "));
    ASSERT_EQ(::kill(grandchild, 0), 0);
  }
  WaitForEnd(grandchild);
}

TEST(Launch, DeafProviderIsKilledInTheEnd) {
  Stage stage;
  const auto program = OpenPluginProgram(stage.OptionsFor("deaf").plugin_directory, "deaf");
  ASSERT_TRUE(program.ok());
  RealProcesses processes;
  pid_t pid = 0;
  {
    const auto process = PluginProcess::Start(processes, *program, {});
    ASSERT_TRUE(process.ok()) << process.status();
    ASSERT_TRUE((*process)->Greet().ok());
    pid = (*process)->pid();
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

// Starts tests/lone-controller on `type`, returns (its process, the provider's).
std::pair<pid_t, pid_t> StartLoneController(Stage& stage, const std::string& type) {
  const std::string folder = stage.OptionsFor(type).plugin_directory;
  int pipe[2];
  if (::pipe(pipe) != 0) return {0, 0};
  const pid_t controller = ::fork();
  if (controller == 0) {
    ::dup2(pipe[1], 1);
    ::execl(POOLSHIFT_TEST_DIR "/lone-controller",
            "lone-controller",
            folder.c_str(),
            type.c_str(),
            nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  char text[32] = {};
  const ssize_t got = ::read(pipe[0], text, sizeof text - 1);
  ::close(pipe[0]);
  return {controller, got > 0 ? std::atoi(text) : 0};
}

// "deaf" never looks at its control socket: only the kernel can end it. "honest" ends by itself.
TEST(Launch, DeathOfTheControllerEndsProviders) {
  for (const char* type : {"deaf", "honest"}) {
    SCOPED_TRACE(type);
    Stage stage;
    const auto [controller, provider] = StartLoneController(stage, type);
    ASSERT_GT(provider, 0);
    ASSERT_EQ(::kill(provider, 0), 0);
    ::kill(controller, SIGKILL);
    ::waitpid(controller, nullptr, 0);
    WaitForEnd(provider);
  }
}

// The kernel ties a child to the *thread* that started it; ours is tied to none that may end.
TEST(Launch, EndOfTheStartingThreadIsHarmless) {
  Stage stage;
  std::unique_ptr<Provider> provider;
  std::thread([&] {
    auto started = stage.Start("honest");
    if (started.ok()) provider = *std::move(started);
  }).join();
  ASSERT_NE(provider, nullptr);
  const auto seen = provider->Observe({{{"Switch", "hall"}, ""}}, absl::Seconds(20));
  EXPECT_TRUE(seen.ok()) << seen.status();
}

TEST(Launch, ManyAtOnceFromManyThreads) {
  Stage stage;
  const PluginOptions options = stage.OptionsFor("honest");
  std::vector<absl::Status> statuses(8);
  std::vector<std::thread> threads;
  for (absl::Status& status : statuses) {
    threads.emplace_back([&] { status = stage.Start(options, stage.Configuration()).status(); });
  }
  for (std::thread& thread : threads)
    thread.join();
  for (const absl::Status& status : statuses)
    EXPECT_TRUE(status.ok()) << status;
}

TEST(Launch, FileReplacedAfterOpeningIsNotRun) {
  Stage stage;
  const PluginOptions options = stage.OptionsFor("honest");
  const std::string path = options.plugin_directory + "/poolshift-provider-honest";
  std::filesystem::remove(path);
  std::filesystem::copy_file(POOLSHIFT_TEST_DIR "/misbehaving-provider", path);
  // The build's libraries are found from the program's place ($ORIGIN), so they must be there too.
  std::filesystem::create_directory_symlink(
      std::filesystem::path(POOLSHIFT_TEST_DIR).parent_path() / "lib", stage.scratch().Path("lib"));
  const auto program = OpenPluginProgram(options.plugin_directory, "honest");
  ASSERT_TRUE(program.ok());
  std::filesystem::remove(path);
  std::ofstream(path) << "an impostor";
  RealProcesses processes;
  const auto process = PluginProcess::Start(processes, *program, {});
  ASSERT_TRUE(process.ok()) << process.status();
  EXPECT_TRUE((*process)->Greet().ok());
}

struct BadType {
  const char* name;
  const char* type;
};

class TypeIsNeverAPath : public testing::TestWithParam<BadType> {};

TEST_P(TypeIsNeverAPath, Refused) {
  const auto program = OpenPluginProgram("/usr/bin", GetParam().type);
  EXPECT_TRUE(absl::IsInvalidArgument(program.status())) << program.status();
  EXPECT_THAT(std::string(program.status().message()), HasSubstr("never a path"));
}

INSTANTIATE_TEST_SUITE_P(Types,
                         TypeIsNeverAPath,
                         testing::Values(BadType{"Up", "../../bin/sh"},
                                         BadType{"Absolute", "/bin/sh"},
                                         BadType{"Empty", ""},
                                         BadType{"Upper", "DNS"},
                                         BadType{"Option", "-x"},
                                         BadType{"Escape", "a\x1b[2J"}),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(Launch, MissingProgramSaysWhere) {
  const auto program = OpenPluginProgram("/nonexistent", "dns");
  EXPECT_TRUE(absl::IsNotFound(program.status()));
  EXPECT_THAT(std::string(program.status().message()),
              HasSubstr("/nonexistent/poolshift-provider-dns"));
  EXPECT_THAT(std::string(program.status().message()), HasSubstr("--plugin-dir"));
}

TEST(Launch, ScriptIsNoProgram) {
  Stage stage;
  stage.scratch().Write("plugins/poolshift-provider-script", "#!/bin/sh\nexit 0\n");
  std::filesystem::permissions(stage.scratch().Path("plugins/poolshift-provider-script"),
                               std::filesystem::perms::owner_all);
  const auto program = OpenPluginProgram(stage.scratch().Path("plugins"), "script");
  EXPECT_THAT(std::string(program.status().message()), HasSubstr("is no program (ELF file)"));
}

// A Cancel is not waited for: its call may still be under way when the provider goes.
TEST(Cancel, OnItsWayOutlivesNobody) {
  for (int i = 0; i < 40; ++i) {
    Stage stage;
    auto provider = stage.Start("honest");
    ASSERT_TRUE(provider.ok()) << provider.status();
    for (int k = 0; k < i % 4; ++k)
      (*provider)->Cancel("k");
    EXPECT_TRUE((*provider)->Lookup("k", absl::Seconds(20)).status().code() !=
                absl::StatusCode::kOk);
    (*provider)->Cancel("k");
    provider->reset();
  }
}

}  // namespace
}  // namespace poolshift
