// A home, and so a state, of its own for each test that calls the program more than once.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "tests/cli/program.h"

namespace poolshift {

inline std::string Scenario(const std::string& name) {
  return POOLSHIFT_SOURCE_DIR "/manifests/" + name;
}

inline std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

class HomeTest : public ::testing::Test {
 protected:
  HomeTest() {
    std::string made = (std::filesystem::temp_directory_path() / "poolshift-home-XXXXXX").string();
    EXPECT_NE(::mkdtemp(made.data()), nullptr);
    home_ = made;
  }
  ~HomeTest() override { std::filesystem::remove_all(home_); }

  ProgramCall Call(std::vector<std::string> words) const {
    ProgramCall call;
    call.words = std::move(words);
    call.directory = home_.string();
    call.environment = {"HOME=" + home_.string(), "USER=alice", "TERM=xterm"};
    return call;
  }
  ProgramRun Run(std::vector<std::string> words) const {
    return RunProgram(Call(std::move(words)));
  }

  // The scenario as `contoso` in the home, to be changed there.
  void CopyScenario(const std::string& name) const {
    std::filesystem::copy(
        Scenario(name), home_ / "contoso", std::filesystem::copy_options::recursive);
  }

  std::filesystem::path home_;
};

}  // namespace poolshift
