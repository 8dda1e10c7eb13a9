// Golden files: what a text is expected to be, byte for byte, kept beside the test as a file that
// people review.
//
// With POOLSHIFT_UPDATE_GOLDENS=1 in the environment a test writes what it got instead of
// comparing; review the change with `git diff` before it is committed.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"

namespace poolshift {

inline bool UpdatesGoldens() { return std::getenv("POOLSHIFT_UPDATE_GOLDENS") != nullptr; }

inline std::string ReadGolden(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Expects that `text` is the content of `path`. An empty text has no file.
inline void ExpectGolden(const std::filesystem::path& path, const std::string& text) {
  if (!UpdatesGoldens()) {
    EXPECT_EQ(ReadGolden(path), text) << "golden file: " << path;
    return;
  }
  if (text.empty()) {
    std::filesystem::remove(path);
    return;
  }
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace poolshift
