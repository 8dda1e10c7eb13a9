// poolshift.lock: which provider programs may run.
#include "controller/provider/lock_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/provider/stage.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

std::string Text(const absl::Status& status) { return std::string(status.message()); }

PluginProgram Program(const std::string& type, char digit) {
  PluginProgram program;
  program.type = type;
  program.path = "/plugins/poolshift-provider-" + type;
  std::promise<std::string> digest;
  digest.set_value(std::string(64, digit));
  program.digest = digest.get_future().share();
  return program;
}

TEST(LockFile, MatchingDigestIsAccepted) {
  LockFile lock("m/poolshift.lock");
  lock.Pin(Program("dns", 'a'));
  EXPECT_TRUE(lock.Check(Program("dns", 'a')).ok());
}

TEST(LockFile, OtherDigestIsRefusedNamingBoth) {
  LockFile lock("m/poolshift.lock");
  lock.Pin(Program("dns", 'a'));
  const absl::Status status = lock.Check(Program("dns", 'b'));
  EXPECT_TRUE(absl::IsPermissionDenied(status));
  for (const std::string& part : {std::string("`dns`"),
                                  std::string(64, 'a'),
                                  std::string(64, 'b'),
                                  std::string("m/poolshift.lock"),
                                  std::string("poolshift provider lock")}) {
    EXPECT_THAT(Text(status), HasSubstr(part));
  }
}

TEST(LockFile, MissingEntryIsRefused) {
  const absl::Status status = LockFile("poolshift.lock").Check(Program("dns", 'a'));
  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_THAT(Text(status), HasSubstr("not pinned"));
}

TEST(LockFile, SavedIsLoadedAgain) {
  const conformance::Scratch scratch;
  RealFiles files;
  LockFile lock(scratch.Path(kLockFileName));
  lock.Pin(Program("sim", '1'));
  lock.Pin(Program("dns", '2'));
  ASSERT_TRUE(lock.Save(files).ok());
  const auto loaded = LockFile::Load(files, scratch.path());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_TRUE(loaded->has_value());
  EXPECT_EQ((*loaded)->digests(), lock.digests());
}

TEST(LockFile, AbsentFileIsNoLock) {
  const conformance::Scratch scratch;
  RealFiles files;
  const auto loaded = LockFile::Load(files, scratch.path());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_FALSE(loaded->has_value());
}

struct BadLock {
  const char* name;
  std::string text;
  const char* says;
};

class DamagedLockFile : public testing::TestWithParam<BadLock> {};

TEST_P(DamagedLockFile, NamesTheLine) {
  const auto lock = LockFile::Parse(GetParam().text, "poolshift.lock");
  EXPECT_TRUE(absl::IsInvalidArgument(lock.status()));
  EXPECT_THAT(Text(lock.status()), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Texts,
    DamagedLockFile,
    testing::Values(
        BadLock{"ShortDigest", "# x\n\ndns abc\n", "poolshift.lock:3: `dns abc` is no pin"},
        BadLock{"UpperCase", "dns " + std::string(64, 'A') + "\n", "poolshift.lock:1:"},
        BadLock{"ThirdWord", "dns " + std::string(64, 'a') + " x\n", "is no pin"},
        BadLock{"Twice",
                "dns " + std::string(64, 'a') + "\ndns " + std::string(64, 'b') + "\n",
                "poolshift.lock:2: provider `dns` is pinned twice"}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(PinnedPlugin, ReplacedProgramNeverStarts) {
  Stage stage;
  PluginOptions options = stage.OptionsFor("talkative");
  options.locks = {LockFile("poolshift.lock")};
  options.locks[0].Pin(Program("talkative", 'a'));
  const absl::Status status = stage.Start(options, stage.Configuration()).status();
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_TRUE(stage.Log().empty()) << "it ran";
}

TEST(PinnedPlugin, PinnedProgramStarts) {
  Stage stage;
  PluginOptions options = stage.OptionsFor("honest");
  const auto program = OpenPluginProgram(options.plugin_directory, "honest");
  ASSERT_TRUE(program.ok());
  options.locks = {LockFile("poolshift.lock")};
  options.locks[0].Pin(*program);
  EXPECT_TRUE(stage.Start(options, stage.Configuration()).ok());
}

}  // namespace
}  // namespace poolshift
