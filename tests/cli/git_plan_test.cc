// `--git`: what a branch declares, planned and looked at without a work tree.

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

// Each verb that only reads, asked about the branch `move` and about `main`.
TEST_F(GitPlanTest, EveryVerbThatOnlyReadsTakesABranch) {
  struct Asked {
    std::vector<std::string> verb;
    int status;        // of the branch that moves XMPP
    const char* says;  // of it
  };
  for (const Asked& asked : {Asked{{"validate"}, 0, "contoso is valid"},
                             {{"drift"}, 2, "edgepool2"},
                             {{"drift", "--json"}, 2, "\"declared\""},
                             {{"explain", "edgepool2"}, 0, "edgepool2"},
                             {{"explain", "--why-not", "#2 before #1"}, 0, "#"},
                             {{"graph", "--format", "mermaid"}, 0, "point A"},
                             {{"drill", "--pool", "edgepool2"}, -1, "edgepool2"},
                             {{"rehearse"}, 0, "edgepool2"}}) {
    SCOPED_TRACE(testing::PrintToString(asked.verb));
    const auto with = [&](const std::string& ref) {
      std::vector<std::string> words = asked.verb;
      words.insert(words.end(), {"--git", Url(), "--ref", ref, "--base", "contoso"});
      return Run(words);
    };
    const ProgramRun move = with("move");
    if (asked.status >= 0) {
      EXPECT_EQ(move.status, asked.status) << move.err;
    }
    EXPECT_THAT(move.out, HasSubstr(asked.says)) << move.err;
    EXPECT_THAT(move.err, HasSubstr("nobody has judged its signature"));
    EXPECT_NE(with("main").out, asked.verb[0] == "validate" ? "" : move.out);
  }
  EXPECT_THAT(ReadText(home_ / "contoso" / "contoso.yaml"), HasSubstr("xmpp: edgepool1"));
}

TEST_F(GitPlanTest, DriftOfABranchIsRememberedApart) {
  const std::vector<std::string> move = {"--git", Url(), "--ref", "move", "--base", "contoso"};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), move.begin(), move.end());
    return Run(words);
  };
  const ProgramRun drift = with({"drift", "--json"});
  ASSERT_EQ(drift.status, 2) << drift.err;
  Git("git -C contoso rev-parse move >expected");
  EXPECT_THAT(drift.out, HasSubstr(ReadText(home_ / "expected").substr(0, 40)));
  EXPECT_THAT(with({"drift", "--history"}).out, HasSubstr("the XMPP route of Site1"));
  EXPECT_THAT(Run({"drift", "--history", "contoso"}).out, Not(HasSubstr("Site1")));
}

TEST_F(GitPlanTest, LockFileIsThatOfTheCommit) {
  const std::string wrong = "sim " + std::string(64, 'a') + '\n';
  const std::vector<std::string> plan = {"plan", "--git", Url(), "--ref", "main"};
  // Wherever somebody stands: the repository's own folder would be a work tree.
  WriteText(home_ / "poolshift.lock", wrong);
  Git("cp contoso/world.sim . 2>/dev/null || true");
  const ProgramRun unpinned = Run(plan);
  EXPECT_EQ(unpinned.status, 0) << unpinned.err;
  EXPECT_THAT(unpinned.err, HasSubstr("providers are not pinned"));
  // One that was committed pins, one that was not does not.
  WriteText(home_ / "contoso" / "poolshift.lock", wrong);
  EXPECT_EQ(Run(plan).status, 0);
  Git("cd contoso && git add -A && git commit -q -m pin");
  std::filesystem::remove(home_ / "contoso" / "poolshift.lock");
  const ProgramRun refused = Run(plan);
  EXPECT_EQ(refused.status, 11) << refused.out;
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr(":poolshift.lock says SHA-256 aaaa"), HasSubstr("`sim`")));
  // The one that fits.
  Git("cd contoso && git checkout -q -- .");
  ASSERT_EQ(Run({"provider", "lock", "contoso"}).status, 0);
  Git("cd contoso && git commit -q -a -m fits");
  EXPECT_EQ(Run(plan).status, 0) << Run(plan).err;
  // That of a folder that is named holds besides.
  std::vector<std::string> based = plan;
  based.insert(based.end(), {"--base", "contoso"});
  EXPECT_EQ(Run(based).status, 0) << Run(based).err;
  WriteText(home_ / "contoso" / "poolshift.lock", wrong);
  EXPECT_EQ(Run(based).status, 11);
  // One that cannot be read is a fault of the commit.
  WriteText(home_ / "contoso" / "poolshift.lock", "sim 1\n");
  Git("cd contoso && git commit -q -a -m broken");
  const ProgramRun broken = Run(plan);
  EXPECT_EQ(broken.status, 10);
  EXPECT_THAT(broken.err, HasSubstr(":poolshift.lock:1: `sim 1` is no pin"));
  const ProgramRun judged = Run({"validate", "--git", Url(), "--ref", "main"});
  EXPECT_EQ(judged.status, 10) << judged.err;
  EXPECT_THAT(judged.out, HasSubstr(":poolshift.lock:1: `sim 1` is no pin"));
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
        {"paths of a look too", {"drift", "--git", Url(), "contoso"}, "leave the paths out"},
        {"paths of an answer", {"explain", "I-1", "--git", Url(), "x"}, "leave the paths out"},
        {"a folder of nothing", {"drift", "--folder", "x"}, "--folder goes with --git"},
        {"a base of nothing", {"validate", "--base", "x"}, "--base goes with --git"},
        {"a verb that writes", {"apply", "--git", Url()}, "--git"},
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
