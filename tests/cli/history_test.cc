// The record of runs as a person reads, checks and replays it.

#include <filesystem>
#include <map>

#include "gmock/gmock.h"

#include "tests/cli/home.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class HistoryTest : public HomeTest {
 protected:
  HistoryTest() { CopyScenario("xmpp-failover"); }

  ProgramRun Do(std::vector<std::string> words) const {
    words.insert(words.end(), {"--state-dir", "state", "contoso"});
    return Run(std::move(words));
  }
  ProgramRun Apply() const { return Do({"apply", "--auto-approve"}); }
  fs::path store() const { return home_ / "state/poolshift.db"; }
  std::string World() const {
    return ReadText(home_ / "state/providers/contoso.world/world.state.yaml");
  }

  // As an editor of bytes would: the same length elsewhere is another record.
  void ReplaceInStore(const std::string& from, const std::string& to) const {
    std::string bytes = ReadText(store());
    ASSERT_NE(bytes.find(from), std::string::npos);
    for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1))
      bytes.replace(at, from.size(), to);
    WriteText(store(), bytes);
  }
  // "57:9f86..." of the last line.
  static std::string HeadOf(const std::string& text) {
    const std::size_t at = text.rfind("head ");
    std::string head =
        at == std::string::npos ? "" : text.substr(text.find_first_not_of(' ', at + 5));
    return head.substr(0, head.find_first_of(" \n"));
  }
};

TEST_F(HistoryTest, ShowsARunInFull) {
  fs::create_directories(home_ / "contoso/.git/refs/heads");
  WriteText(home_ / "contoso/.git/HEAD", "ref: refs/heads/main\n");
  WriteText(home_ / "contoso/.git/refs/heads/main", std::string(40, 'c') + '\n');
  const ProgramRun applied = Do({"apply", "--auto-approve", "--override", "night shift"});
  ASSERT_EQ(applied.status, 0) << applied.err;
  EXPECT_THAT(applied.err, HasSubstr("run 1 is on record, journal head "));
  const ProgramRun shown = Do({"history", "show", "1"});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(shown.out, StartsWith("Run 1 of contoso: done after "));
  for (const char* part : {"by alice",
                           "agreed    --auto-approve",
                           "override  outside the windows: night shift",
                           "commit    cccccccccccccccccccccccccccccccccccccccc",
                           "manifest  contoso/contoso.yaml, SHA-256 ",
                           "seen      SiteRoute/Site1: there, revision ",
                           " seen from ",
                           ", by world, ",
                           "begin",
                           "intent a",
                           "result a",
                           ": done",
                           "evidence g",
                           "saw Reachability/",
                           "export: saved in ",
                           "end: done",
                           "Plan: "})
    EXPECT_THAT(shown.out, HasSubstr(part));
  const ProgramRun json = Do({"history", "show", "1", "--json"});
  const auto document = nlohmann::json::parse(json.out);
  EXPECT_EQ(document["run"], 1);
  EXPECT_EQ(document["inputs"]["manifests"][0]["name"], "contoso/contoso.yaml");
  EXPECT_FALSE(document["inputs"]["observations"].empty());
  EXPECT_EQ(document["journal"].front()["kind"], "begin");
  EXPECT_EQ(document["journal"].back()["kind"], "end");
  EXPECT_EQ(document["plan"]["organization"], "contoso");
  EXPECT_EQ(Do({"history", "show", "2"}).status, 10);
  EXPECT_EQ(Do({"history", "show", "one"}).status, 10);
}

TEST_F(HistoryTest, EveryRecordIsInOrder) {
  ASSERT_EQ(Apply().status, 0);
  const auto document = nlohmann::json::parse(Do({"history", "show", "1", "--json"}).out);
  std::map<std::string, std::string> last;  // kind of the last record of each action
  std::int64_t number = 0;
  for (const auto& entry : document["journal"]) {
    EXPECT_GT(entry["record"], number);
    number = entry["record"];
    const std::string action = entry["action"], kind = entry["kind"];
    if (action.empty()) continue;
    if (kind == "result") {
      EXPECT_EQ(last[action], "intent") << action;
    }
    if (kind == "evidence") {
      EXPECT_FALSE(entry["seen"].empty()) << action;
    }
    last[action] = kind;
  }
  for (const auto& action : document["plan"]["actions"]) {
    const bool gate = action["verb"] == "gate";
    EXPECT_EQ(last[action["id"]], gate ? "evidence" : "result") << action["title"];
  }
}

TEST_F(HistoryTest, VerifiesAndKnowsItsHead) {
  EXPECT_EQ(Do({"history", "verify"}).status, 10);  // nothing was ever kept
  const ProgramRun applied = Apply();
  ASSERT_EQ(applied.status, 0);
  const std::string head = HeadOf(applied.err);
  const ProgramRun whole = Do({"history", "verify", "--head", head});
  EXPECT_EQ(whole.status, 0) << whole.out << whole.err;
  EXPECT_THAT(whole.out, AllOf(StartsWith("Whole: "), EndsWith("head      " + head + '\n')));
  WriteText(home_ / "contoso.head", head + '\n');
  EXPECT_EQ(Do({"history", "verify", "--head", "contoso.head"}).status, 0);
  EXPECT_EQ(Do({"history", "verify", "--head", "57:nonsense"}).status, 10);
  const std::string later = std::to_string(std::stoi(head) + 1) + head.substr(head.find(':'));
  const ProgramRun cut = Do({"history", "verify", "--head", later});
  EXPECT_EQ(cut.status, 11);
  EXPECT_THAT(cut.out, HasSubstr("its end was removed, or an older copy"));
  EXPECT_TRUE(nlohmann::json::parse(Do({"history", "verify", "--json"}).out)["whole"]);
}

TEST_F(HistoryTest, ABrokenRecordIsNeverWrittenTo) {
  ASSERT_EQ(Apply().status, 0);
  ReplaceInStore("alice", "malle");
  const ProgramRun verified = Do({"history", "verify"});
  EXPECT_EQ(verified.status, 11);
  EXPECT_THAT(verified.out, HasSubstr("(begin of run 1) was changed after it was written"));
  EXPECT_EQ(Do({"history"}).status, 11);
  // Something to do again, and nothing is done.
  fs::remove_all(home_ / "state/providers");
  const ProgramRun applied = Apply();
  EXPECT_EQ(applied.status, 11) << applied.out << applied.err;
  EXPECT_THAT(applied.err, HasSubstr("the record of contoso is broken: record 2"));
  EXPECT_THAT(applied.err, HasSubstr("poolshift history acknowledge --reason"));
  EXPECT_THAT(World(), Not(HasSubstr("xmpp: edgepool2.contoso.com")));
  // Looking goes on, and says that it remembers nothing.
  const ProgramRun drift = Do({"drift"});
  EXPECT_EQ(drift.status, 2);
  EXPECT_THAT(drift.err, HasSubstr("not remembered: "));

  EXPECT_EQ(Do({"history", "acknowledge"}).status, 10);
  const ProgramRun given_up = Do({"history", "acknowledge", "--reason", "a slip of the hand"});
  EXPECT_EQ(given_up.status, 0) << given_up.err;
  const ProgramRun after = Do({"history", "verify"});
  EXPECT_EQ(after.status, 0) << after.out;
  EXPECT_THAT(after.out, HasSubstr("given up  "));
  EXPECT_THAT(after.out, HasSubstr("by alice: a slip of the hand (record 2"));
  EXPECT_EQ(Do({"history", "acknowledge", "--reason", "again"}).status, 13);
  EXPECT_EQ(Apply().status, 0);
  EXPECT_EQ(Do({"history", "verify"}).status, 0);
}

TEST_F(HistoryTest, ReplaysARun) {
  const ProgramRun planned = Do({"plan", "--out", "night.plan"});
  ASSERT_EQ(planned.status, 2);
  const ProgramRun file = Run({"replay", "night.plan"});
  EXPECT_EQ(file.status, 0) << file.out << file.err;
  EXPECT_THAT(file.out, StartsWith("Same: the plan of night.plan is made again byte for byte."));
  ASSERT_EQ(Apply().status, 0);
  // Neither the world nor the manifests are asked.
  const std::string manifest = ReadText(home_ / "contoso/contoso.yaml");
  WriteText(home_ / "contoso/contoso.yaml", manifest + "# changed since\n");
  fs::remove_all(home_ / "state/providers");
  const ProgramRun run = Do({"replay", "1"});
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_THAT(run.out, StartsWith("Same: the plan of run 1 is made again byte for byte."));
  EXPECT_EQ(Do({"replay", "2"}).status, 10);
}

TEST_F(HistoryTest, PrunesByNumberOrAge) {
  ASSERT_EQ(Apply().status, 0);
  EXPECT_EQ(Do({"history", "prune"}).status, 10);
  EXPECT_EQ(Do({"history", "prune", "--keep", "3"}).status, 10);
  EXPECT_EQ(Do({"history", "prune", "--keep", "soon"}).status, 10);
  const ProgramRun pruned = Do({"history", "prune", "--keep", "200", "--keep", "90d"});
  EXPECT_EQ(pruned.status, 0) << pruned.err;
  EXPECT_THAT(pruned.out, StartsWith("Pruned 0 runs of contoso, 1 left. Journal head "));
}

}  // namespace
}  // namespace poolshift
