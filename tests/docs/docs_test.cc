// The pages that are printed from the code are current, and the index names every page.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/docs/pages.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;

const fs::path kDocs = fs::path(POOLSHIFT_SOURCE_DIR) / "docs";

std::string ReadPage(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void ExpectCurrent(const char* name, const std::string& page) {
  if (std::getenv("POOLSHIFT_UPDATE") != nullptr) {
    std::ofstream(kDocs / name, std::ios::binary) << page;
  }
  EXPECT_EQ(ReadPage(kDocs / name), page)
      << "docs/" << name << ": run this test once with POOLSHIFT_UPDATE=1 in the environment";
}

TEST(Docs, KindsPageIsCurrent) { ExpectCurrent("kinds.md", KindsPage()); }

TEST(Docs, ConformancePageIsCurrent) { ExpectCurrent("conformance.md", ConformancePage()); }

TEST(Docs, RulesPageIsCurrent) { ExpectCurrent("rules.md", RulesPage()); }

TEST(Docs, IndexNamesEveryPage) {
  const std::string index = ReadPage(kDocs / "README.md");
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kDocs)) {
    const std::string page = entry.path().lexically_relative(kDocs).string();
    if (!entry.is_regular_file() || page == "README.md") continue;
    EXPECT_THAT(index, testing::HasSubstr("](" + page + ")"));
  }
}

}  // namespace
}  // namespace poolshift
