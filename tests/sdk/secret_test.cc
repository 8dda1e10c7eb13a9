// Secrets: where they may be kept, and that they are shown nowhere.
#include "providers/sdk/secret.h"

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <sstream>
#include <type_traits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/provider/plugin.h"
#include "providers/sdk/scrub.h"
#include "tests/conformance/kit/scratch.h"
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::sdk {
namespace {

using testing::HasSubstr;
using testing::Not;

template <typename T>
concept Printed = requires(std::ostream& stream, const T& value) {
  stream << value;
};

static_assert(!Printed<Secret>);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, Value> && !std::is_convertible_v<Secret, std::string>);

class SecretFile : public testing::Test {
 protected:
  absl::StatusOr<Secret> Resolve() {
    return ResolveSecret(*SecretRef::Parse("file:" + scratch_.Path("key")));
  }
  void Write(const std::string& content, mode_t mode) {
    scratch_.Write("key", content);
    ASSERT_EQ(::chmod(scratch_.Path("key").c_str(), mode), 0);
  }
  conformance::Scratch scratch_;
};

TEST_F(SecretFile, IsReadWithoutItsLineEnd) {
  Write("canary-4d1e77\r\n", 0600);
  const auto secret = Resolve();
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(secret->Reveal(), "canary-4d1e77");
}

TEST_F(SecretFile, ReadableByOthersIsRefused) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0610}) {
    Write("canary-4d1e77", mode);
    const auto secret = Resolve();
    EXPECT_TRUE(absl::IsPermissionDenied(secret.status())) << std::oct << mode;
    EXPECT_THAT(std::string(secret.status().message()), HasSubstr("chmod 600"));
    EXPECT_THAT(std::string(secret.status().message()), Not(HasSubstr("canary")));
  }
}

TEST_F(SecretFile, LinkIsRefused) {
  Write("canary-4d1e77", 0600);
  std::filesystem::rename(scratch_.Path("key"), scratch_.Path("elsewhere"));
  std::filesystem::create_symlink(scratch_.Path("elsewhere"), scratch_.Path("key"));
  EXPECT_FALSE(Resolve().ok());
}

TEST_F(SecretFile, PipeDirectoryAndEmptyAreRefused) {
  ASSERT_EQ(::mkfifo(scratch_.Path("key").c_str(), 0600), 0);
  EXPECT_THAT(std::string(Resolve().status().message()), HasSubstr("no regular file"));
  std::filesystem::remove(scratch_.Path("key"));
  std::filesystem::create_directory(scratch_.Path("key"));
  EXPECT_THAT(std::string(Resolve().status().message()), HasSubstr("no regular file"));
  std::filesystem::remove(scratch_.Path("key"));
  Write("\n", 0600);
  EXPECT_THAT(std::string(Resolve().status().message()), HasSubstr("is empty"));
}

TEST_F(SecretFile, OfAnotherUserIsRefused) {
  Write("canary-4d1e77", 0600);
  if (::chown(scratch_.Path("key").c_str(), 12345, 12345) != 0) {
    // Without the right to give files away, look at one that root may read and we may not own: none
    // can be made.
    SUCCEED();
    return;
  }
  EXPECT_THAT(std::string(Resolve().status().message()), HasSubstr("belongs to another user"));
}

TEST(SecretVariable, IsReadAndMissingIsNamed) {
  ::setenv("POOLSHIFT_SDK_TEST_KEY", "canary-variable", 1);
  const auto secret = ResolveSecret(*SecretRef::Parse("env:POOLSHIFT_SDK_TEST_KEY"));
  ASSERT_TRUE(secret.ok());
  EXPECT_EQ(secret->Reveal(), "canary-variable");
  const auto missing = ResolveSecret(*SecretRef::Parse("env:POOLSHIFT_SDK_TEST_NONE"));
  EXPECT_TRUE(absl::IsNotFound(missing.status()));
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("POOLSHIFT_SDK_TEST_NONE"));
}

TEST(Scrubbed, HidesWholeAndWords) {
  NeverShow("key \"update\" { algorithm hmac-sha256; secret \"Zm9vYmFyYmF6cXV1eA==\"; };");
  EXPECT_EQ(Scrubbed("sent Zm9vYmFyYmF6cXV1eA== with hmac-sha256"),
            "sent [secret] with hmac-sha256");
  EXPECT_EQ(Scrubbed("nothing to hide"), "nothing to hide");
}

TEST(Scrubbed, NamedWordIsShownAgain) {
  const std::string secret = "Y2FuYXJ5LW5hbWVkLXdvcmQ=";
  const std::string statement = "key \"poolshift-updates.example\" { secret \"" + secret + "\"; };";
  NeverShow(statement);
  ASSERT_EQ(Scrubbed("key poolshift-updates.example"), "key [secret]");
  MayBeShown("poolshift-updates.example");
  EXPECT_EQ(Scrubbed("key poolshift-updates.example"), "key poolshift-updates.example");
  EXPECT_EQ(Scrubbed(secret), "[secret]");
  EXPECT_EQ(Scrubbed(statement), "[secret]");
  NeverShow("poolshift-updates.example");
  MayBeShown("poolshift-updates.example");
  EXPECT_EQ(Scrubbed("poolshift-updates.example"), "[secret]") << "another secret is just that";
}

TEST(Scrubbed, LongerSecretWinsOverItsPart) {
  NeverShow("part-of-it");
  NeverShow("part-of-it-and-more");
  EXPECT_EQ(Scrubbed("part-of-it-and-more"), "[secret]");
  EXPECT_EQ(Scrubbed("part-of-itpart-of-it"), "[secret][secret]");
}

// A program that tries to give its secrets away in every text there is.
TEST(LeakyProvider, ShowsItsSecretsNowhere) {
  ::setenv("LEAKY_KEY", "canary-env-91c2", 1);
  const conformance::Scratch scratch;
  scratch.Write("key", "canary-file-5b7d\n");
  ASSERT_EQ(::chmod(scratch.Path("key").c_str(), 0600), 0);
  std::filesystem::create_directories(scratch.Path("state"));
  RealClock clock;
  RealFiles files;
  RealProcesses processes;
  std::mutex mutex;
  std::ostringstream everything;
  const auto keep = [&](std::string_view line) {
    const std::lock_guard lock(mutex);
    everything << line << '\n';
  };
  PluginOptions options{"box", "leaky", POOLSHIFT_TEST_DIR, {}, false, {}, absl::Seconds(20)};
  options.log = [&](std::string_view, std::string_view line) { keep(line); };
  PluginConfiguration configuration;
  configuration.organization = "contoso";
  configuration.state_directory = scratch.Path("state");
  configuration.secrets.emplace("a", *SecretRef::Parse("env:LEAKY_KEY"));
  configuration.secrets.emplace("b", *SecretRef::Parse("file:" + scratch.Path("key")));
  {
    const auto provider = StartPlugin({&clock, &files, &processes}, options, configuration);
    ASSERT_TRUE(provider.ok()) << provider.status();
    const auto description = (*provider)->Describe();
    ASSERT_TRUE(description.ok());
    for (const std::string& remark : description->remarks)
      keep(remark);
    const std::vector<ObservationKey> keys = {{{"Box", "b"}, ""}};
    const auto seen = (*provider)->Observe(keys, absl::Seconds(20));
    ASSERT_TRUE(seen.ok());
    ApplyRequest request;
    request.organization = "contoso";
    request.key = "k";
    request.token = 1;
    request.action.target = keys[0].id;
    request.action.after = Value::Map{{"open", true}};
    request.action.precondition_revision = seen->front().revision;
    const auto commands = (*provider)->Preview({request.action}, absl::Seconds(20));
    ASSERT_TRUE(commands.ok());
    keep(commands->front().front());
    keep((*provider)->Apply(request, keep).status.ToString());
    keep((*provider)->Lookup("k", absl::Seconds(20))->status.ToString());
    keep((*provider)->Observe(keys, absl::Seconds(20))->front().reason);
  }
  configuration.configuration = Value::Map{{"fail", true}};
  keep(StartPlugin({&clock, &files, &processes}, options, configuration).status().ToString());
  for (const auto& entry : std::filesystem::directory_iterator(scratch.Path("state"))) {
    keep(scratch.Read("state/" + entry.path().filename().string()));
  }
  const std::string text = everything.str();
  EXPECT_THAT(text, Not(HasSubstr("canary")));
  for (const char* told : {"log",
                           "out",
                           "clog",
                           "remark",
                           "open",
                           "opening",
                           "no key fits",
                           "refused",
                           "cannot sign with"}) {
    EXPECT_THAT(text, HasSubstr(std::string(told) + " <[secret]> <[secret]>"));
  }
}

}  // namespace
}  // namespace poolshift::sdk
