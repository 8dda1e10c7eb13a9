// `poolshift plan --git`: what a branch declares, planned without a work tree.

#include "gmock/gmock.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class GitPlanTest : public HomeTest {
 protected:
  GitPlanTest() {
    CopyScenario("nothing-to-do");
    Git("cd contoso && git init -q -b main . && git add -A && git commit -q -m declared");
    Git("cd contoso && git checkout -q -b move && sed -i 's/xmpp: edgepool1/xmpp: edgepool2/' "
        "*.yaml && "
        "git commit -q -a -m \"$(printf 'move \\033[31mXMPP')\" && git checkout -q main");
  }
  void Git(const std::string& script) const {
    const std::string line =
        "cd '" + home_.string() +
        "' && export HOME=\"$PWD\" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=alice "
        "GIT_AUTHOR_EMAIL=alice@contoso.com GIT_COMMITTER_NAME=alice "
        "GIT_COMMITTER_EMAIL=alice@contoso.com && " +
        script;
    ASSERT_EQ(std::system(line.c_str()), 0) << script;  // NOLINT: a test's own script
  }
  std::string Url() const { return "file://" + (home_ / "contoso").string(); }
};

TEST_F(GitPlanTest, ABranchIsPlannedAndNothingIsCheckedOut) {
  const ProgramRun main = Run({"plan", "--git", Url(), "--ref", "main", "--base", "contoso"});
  EXPECT_EQ(main.status, 0) << main.err;
  EXPECT_THAT(main.out, HasSubstr("Nothing to do"));
  const ProgramRun move = Run({"plan", "--git", Url(), "--ref", "move", "--base", "contoso"});
  EXPECT_EQ(move.status, 2) << move.err;
  EXPECT_THAT(move.out, HasSubstr("edgepool2"));
  EXPECT_THAT(move.err,
              AllOf(HasSubstr("by alice"),
                    HasSubstr("nobody has judged its signature"),
                    Not(HasSubstr("\033"))));
  EXPECT_THAT(ReadText(home_ / "contoso" / "contoso.yaml"), HasSubstr("xmpp: edgepool1"));
}

TEST_F(GitPlanTest, FaultsNameTheFileInTheRepository) {
  Git("cd contoso && git checkout -q -b broken && sed -i 's/xmpp: edgepool1/xmpp: edgepool9/' "
      "*.yaml && git commit -q -a -m x");
  const ProgramRun run = Run({"plan", "--git", Url(), "--ref", "broken", "--base", "contoso"});
  EXPECT_EQ(run.status, 10);
  EXPECT_THAT(run.err, AllOf(HasSubstr("contoso.yaml:"), HasSubstr("edgepool9")));
}

struct Row {
  const char* name;
  std::vector<std::string> words;
  const char* says;
};

TEST_F(GitPlanTest, WhatDoesNotGoTogether) {
  for (const Row& row :
       {Row{"paths too", {"plan", "--git", Url(), "contoso"}, "leave the paths out"},
        {"saved", {"plan", "--git", Url(), "--out", "x"}, "--git and --out exclude each other"},
        {"a branch of nothing", {"plan", "--ref", "move", "contoso"}, "--ref goes with --git"},
        {"no such branch", {"plan", "--git", Url(), "--ref", "gone"}, "gone"},
        {"a program as URL", {"plan", "--git", "ext::sh -c id"}, "ext::"}}) {
    const ProgramRun run = Run(row.words);
    EXPECT_NE(run.status, 0) << row.name;
    EXPECT_NE(run.status, 2) << row.name;
    EXPECT_THAT(run.err, HasSubstr(row.says)) << row.name;
    EXPECT_EQ(run.out, "") << row.name;
  }
}

}  // namespace
}  // namespace poolshift
