// Manifests from files, folders and both, within their limits.
#include "controller/engine/load.h"

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/conformance/kit/scratch.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

std::string SiteText(const std::string& name) {
  return "apiVersion: poolshift/v1\nkind: Site\nmetadata: {name: " + name + "}\n";
}

constexpr const char* kOrganization =
    "apiVersion: poolshift/v1\nkind: Organization\nmetadata: {name: contoso}\n";

std::string Texts(const Diagnostics& diagnostics) {
  std::string all;
  for (const Diagnostic& item : diagnostics.items())
    all += ToString(item) + '\n';
  return all;
}

class LoadTest : public testing::Test {
 protected:
  std::vector<std::string> Sites(const std::vector<std::string>& names) {
    std::vector<std::string> paths;
    for (const std::string& name : names)
      paths.push_back(scratch_.Path(name));
    const auto loaded = LoadManifests(files_, paths);
    if (!loaded.ok()) return {std::string(loaded.status().message())};
    std::vector<std::string> sites;
    for (const auto& [name, site] : loaded->organization.sites)
      sites.push_back(name);
    return sites;
  }

  RealFiles files_;
  conformance::Scratch scratch_;
};

TEST_F(LoadTest, ReadsFoldersWithTheirFolders) {
  scratch_.Write("org/a.yaml", kOrganization + std::string("---\n") + SiteText("Site1"));
  scratch_.Write("org/sites/b.yml", SiteText("Site2"));
  scratch_.Write("org/sites/deep/c.yaml", SiteText("Site3"));
  scratch_.Write("org/README.md", "not: [a manifest");
  scratch_.Write("org/.git/d.yaml", "not: [a manifest");
  scratch_.Write("org/.hidden.yaml", "not: [a manifest");
  EXPECT_THAT(Sites({"org"}), testing::ElementsAre("Site1", "Site2", "Site3"));
}

TEST_F(LoadTest, TakesSeveralPaths) {
  scratch_.Write("a.yaml", kOrganization);
  scratch_.Write("more/b.yaml", SiteText("Site1"));
  EXPECT_THAT(Sites({"a.yaml", "more"}), testing::ElementsAre("Site1"));
}

// A file that is named is read whatever its ending.
TEST_F(LoadTest, NamedFileNeedsNoEnding) {
  scratch_.Write("a.txt", kOrganization + std::string("---\n") + SiteText("Site1"));
  EXPECT_THAT(Sites({"a.txt"}), testing::ElementsAre("Site1"));
}

TEST_F(LoadTest, MissingPathIsNamed) {
  const auto loaded = LoadManifests(files_, {scratch_.Path("nowhere")});
  EXPECT_THAT(std::string(loaded.status().message()), HasSubstr(scratch_.Path("nowhere")));
}

TEST_F(LoadTest, EmptyFolderSaysWhatToDo) {
  std::filesystem::create_directories(scratch_.Path("empty"));
  const auto loaded = LoadManifests(files_, {scratch_.Path("empty")});
  EXPECT_EQ(loaded.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(loaded.status().message()),
              testing::AllOf(HasSubstr(scratch_.Path("empty")), HasSubstr("poolshift init")));
}

TEST_F(LoadTest, LargeFileIsRefused) {
  scratch_.Write("org/a.yaml", "# " + std::string(ManifestLimits::kFileBytes, 'x') + '\n');
  const auto loaded = LoadManifests(files_, {scratch_.Path("org")});
  EXPECT_EQ(loaded.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(loaded.status().message()), HasSubstr("a.yaml"));
}

TEST_F(LoadTest, TotalIsBounded) {
  const std::string text = "# " + std::string(ManifestLimits::kFileBytes - 3, 'x') + '\n';
  for (std::size_t i = 0; i <= ManifestLimits::kTotalBytes / ManifestLimits::kFileBytes; ++i)
    scratch_.Write("org/" + std::to_string(i) + ".yaml", text);
  const auto loaded = LoadManifests(files_, {scratch_.Path("org")});
  EXPECT_EQ(loaded.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(loaded.status().message()), HasSubstr("64 MiB"));
}

// A folder that contains itself by a link is left again, and what it repeats is a fault.
TEST_F(LoadTest, CircleOfLinksEnds) {
  scratch_.Write("org/a.yaml", kOrganization + std::string("---\n") + SiteText("Site1"));
  std::filesystem::create_directory_symlink(scratch_.Path("org"), scratch_.Path("org/again"));
  const auto loaded = LoadManifests(files_, {scratch_.Path("org")});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_TRUE(loaded->diagnostics.has_errors());
  EXPECT_THAT(Texts(loaded->diagnostics), HasSubstr("org/again/"));
}

TEST_F(LoadTest, FaultsOfAllFilesComeTogether) {
  scratch_.Write("org/a.yaml", kOrganization + std::string("spec: {host: {}}\n"));
  scratch_.Write("org/b.yaml", SiteText("Site1") + "specs: {}\n");
  const auto loaded = LoadManifests(files_, {scratch_.Path("org")});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const std::string all = Texts(loaded->diagnostics);
  EXPECT_THAT(all, testing::AllOf(HasSubstr("a.yaml:4"), HasSubstr("b.yaml:4")));
}

TEST_F(LoadTest, BaseIsTheFolderOfTheFirst) {
  scratch_.Write("org/a.yaml", kOrganization);
  EXPECT_EQ(BaseDirectory(files_, {scratch_.Path("org/a.yaml")}), scratch_.Path("org"));
  EXPECT_EQ(BaseDirectory(files_, {scratch_.Path("org")}), scratch_.Path("org"));
}

}  // namespace
}  // namespace poolshift
