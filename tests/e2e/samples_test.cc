// The pages beside the samples: their commands end as the pages say.
#include <filesystem>
#include <fstream>
#include <regex>

#include "gtest/gtest.h"

#include "fmt/format.h"
#include "tests/e2e/contoso.h"

namespace poolshift::e2e {
namespace {

namespace fs = std::filesystem;

const fs::path kSamples = fs::path(POOLSHIFT_SOURCE_DIR) / "manifests";

std::vector<std::string> Samples() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kSamples))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

struct Command {
  std::string text;
  int status = 0;
};

// "poolshift …  # exit N: …" of the page.
std::vector<Command> CommandsOf(const fs::path& page) {
  static const std::regex kCommand(R"(^(poolshift .*?) +#( exit (\d+))?.*$)");
  std::vector<Command> commands;
  std::ifstream file(page);
  std::smatch found;
  for (std::string line; std::getline(file, line);)
    if (std::regex_match(line, found, kCommand))
      commands.push_back({found[1], found[3].matched ? std::stoi(found[3]) : 0});
  return commands;
}

class SamplesTest : public ::testing::TestWithParam<std::string> {};

TEST_P(SamplesTest, CommandsEndAsThePageSays) {
  const std::vector<Command> commands = CommandsOf(kSamples / GetParam() / "README.md");
  EXPECT_FALSE(commands.empty());
  const Folder home;
  for (const Command& command : commands) {
    const std::string said = dns::testing::OutputOf(fmt::format(
        "cd {}; HOME={} XDG_STATE_HOME= PATH={}:$PATH {} 2>&1 </dev/null; echo status $?",
        POOLSHIFT_SOURCE_DIR,
        home.path(),
        POOLSHIFT_BIN_DIR,
        command.text));
    const std::size_t at = said.rfind("status ");
    ASSERT_EQ(said.substr(at), fmt::format("status {}\n", command.status)) << said;
    const bool applied = command.status == 0 && command.text.rfind("poolshift apply", 0) == 0;
    EXPECT_TRUE(!applied || EndsInNoDrift(said.substr(0, at))) << said;
  }
}

INSTANTIATE_TEST_SUITE_P(Pages,
                         SamplesTest,
                         ::testing::ValuesIn(Samples()),
                         [](const auto& sample) {
                           return std::regex_replace(sample.param, std::regex("-"), "_");
                         });

}  // namespace
}  // namespace poolshift::e2e
