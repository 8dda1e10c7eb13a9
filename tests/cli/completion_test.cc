// Completion in a real bash, and the page for man(1).

#include <sstream>

#include "gmock/gmock.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class CompletionTest : public HomeTest {
 protected:
  CompletionTest() { WriteText(home_ / "script", Run({"completion", "bash"}).out); }

  // What bash proposes for the last of these words.
  std::vector<std::string> Complete(const std::string& words) const {
    const std::string command = "cd '" + home_.string() +
                                "' && bash -c 'source ./script; COMP_WORDS=(poolshift " + words +
                                "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _poolshift; printf "
                                "\"%s\\n\" \"${COMPREPLY[@]}\"' "
                                "> proposed";
    EXPECT_EQ(std::system(command.c_str()), 0) << words;  // NOLINT: a test's own script
    std::vector<std::string> proposed;
    std::istringstream lines(ReadText(home_ / "proposed"));
    for (std::string line; std::getline(lines, line);)
      if (!line.empty()) proposed.push_back(line);
    return proposed;
  }
};

TEST_F(CompletionTest, VerbsThenOptionsThenFiles) {
  EXPECT_THAT(Complete("pl"), ElementsAre("plan"));
  EXPECT_THAT(Complete("help ser"), ElementsAre("serve"));
  EXPECT_THAT(Complete("--verbose dri"), ElementsAre("drift", "drill"));
  EXPECT_THAT(Complete("plan --run"), ElementsAre("--runbook"));
  EXPECT_THAT(Complete("plan --"),
              AllOf(Contains("--json"), Contains("--state-dir"), Each(StartsWith("--"))));
  EXPECT_THAT(Complete("--state-dir /x plan --run"), ElementsAre("--runbook"));
  EXPECT_THAT(Complete("--no-c"), ElementsAre("--no-color"));
  WriteText(home_ / "night.plan", "");
  WriteText(home_ / "two words *", "");
  EXPECT_THAT(Complete("plan two"), ElementsAre("two words *"));
  EXPECT_THAT(Complete("apply ni"), ElementsAre("night.plan"));
  EXPECT_THAT(Complete("plan --out ni"), ElementsAre("night.plan"));
  EXPECT_THAT(Complete("nonsense --x"), IsEmpty());
}

TEST_F(CompletionTest, EveryShellKnowsEveryVerb) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const ProgramRun run = Run({"completion", shell});
    EXPECT_EQ(run.status, 0) << shell;
    for (const char* verb : {"plan", "apply", "break-glass", "completion"})
      EXPECT_THAT(run.out, HasSubstr(verb)) << shell;
  }
}

TEST_F(CompletionTest, ThePageForManIsWellFormed) {
  const ProgramRun run = Run({"help", "--man"});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, StartsWith(".TH POOLSHIFT 1 "));
  for (const char* section : {".SH NAME", ".SH VERBS", ".SS poolshift plan", ".SH EXIT STATUS"})
    EXPECT_THAT(run.out, HasSubstr(section));
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, Not(IsEmpty()));
    if (!line.starts_with('.')) continue;
    const std::string request = line.substr(0, line.find(' '));
    EXPECT_THAT((std::vector<std::string>{".TH", ".SH", ".SS", ".TP", ".B", ".PP", ".nf", ".fi"}),
                Contains(request))
        << line;
  }
}

}  // namespace
}  // namespace poolshift
