// The real file system, as the controller uses it.
#include "controller/world/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/kit/scratch.h"
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FilesTest : public testing::Test {
 protected:
  unsigned ModeOf(std::string_view name) {
    struct stat status {};
    EXPECT_EQ(::stat(scratch_.Path(name).c_str(), &status), 0);
    return status.st_mode & 07777U;
  }
  conformance::Scratch scratch_;
  RealFiles files_;
};

TEST_F(FilesTest, ReplacedContentIsRead) {
  ASSERT_TRUE(files_.Replace(scratch_.Path("f"), "one", 0600).ok());
  ASSERT_TRUE(files_.Replace(scratch_.Path("f"), std::string("t\0wo", 4), 0600).ok());
  EXPECT_EQ(*files_.Read(scratch_.Path("f"), 100), std::string("t\0wo", 4));
  EXPECT_THAT(*files_.List(scratch_.path()), ElementsAre("f"));
}

TEST_F(FilesTest, ModeDoesNotDependOnTheUmask) {
  const mode_t former = ::umask(0);
  EXPECT_TRUE(files_.Replace(scratch_.Path("private"), "x", 0600).ok());
  ::umask(0077);
  EXPECT_TRUE(files_.Replace(scratch_.Path("public"), "x", 0644).ok());
  ::umask(former);
  EXPECT_EQ(ModeOf("private"), 0600U);
  EXPECT_EQ(ModeOf("public"), 0644U);
}

TEST_F(FilesTest, FailedReplaceLeavesTheFormerFile) {
  scratch_.Write("folder/inside", "x");
  const absl::Status status = files_.Replace(scratch_.Path("folder"), "y", 0600);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(scratch_.Read("folder/inside"), "x");
  EXPECT_THAT(*files_.List(scratch_.path()), ElementsAre("folder"));
}

TEST_F(FilesTest, LargerThanTheLimitIsRefused) {
  scratch_.Write("f", std::string(11, 'x'));
  EXPECT_TRUE(absl::IsInvalidArgument(files_.Read(scratch_.Path("f"), 10).status()));
  EXPECT_TRUE(files_.Read(scratch_.Path("f"), 11).ok());
}

TEST_F(FilesTest, PipeIsRefusedWithoutWaiting) {
  ASSERT_EQ(::mkfifo(scratch_.Path("pipe").c_str(), 0600), 0);
  const auto content = files_.Read(scratch_.Path("pipe"), 10);
  EXPECT_THAT(std::string(content.status().message()), HasSubstr("no regular file"));
}

TEST_F(FilesTest, MissingFileIsNotFound) {
  const auto content = files_.Read(scratch_.Path("none"), 10);
  EXPECT_TRUE(absl::IsNotFound(content.status()));
  EXPECT_THAT(std::string(content.status().message()), HasSubstr(scratch_.Path("none")));
  EXPECT_TRUE(absl::IsNotFound(files_.Remove(scratch_.Path("none"))));
}

TEST_F(FilesTest, PrivateDirectoryIsOnlyOurs) {
  ASSERT_TRUE(files_.MakePrivateDirectory(scratch_.Path("a/b/c")).ok());
  for (const char* made : {"a", "a/b", "a/b/c"})
    EXPECT_EQ(ModeOf(made), 0700U) << made;
  EXPECT_TRUE(files_.MakePrivateDirectory(scratch_.Path("a/b/c")).ok());
  scratch_.Write("file", "");
  EXPECT_FALSE(files_.MakePrivateDirectory(scratch_.Path("file")).ok());
}

}  // namespace
}  // namespace poolshift
