// A daemon's long life, in leaps: real git, real plugin, real store; only the time between looks is
// leapt over. Commits come all day, some of them with faults; the repository and the platform are
// away now and then. Memory and descriptors must not grow, and no look may be left out.
//
// One short day in every test run. `./dev verify soak` lives through 30 days of 200 commits
// (POOLSHIFT_SOAK_DAYS, POOLSHIFT_SOAK_COMMITS).
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/gitops/git_declarations.h"
#include "controller/gitops/loop.h"
#include "controller/world/clock.h"
#include "controller/world/files.h"
#include "controller/world/processes.h"
#include "tests/conformance/kit/scratch.h"
#include <unistd.h>

namespace poolshift {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kLongestPause = absl::Hours(1);  // after looks that saw nothing

int Number(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

constexpr int kWarm = 10;  // rounds

// Between looks; a short life has fewer.
absl::Duration Interval() {
  return Number("POOLSHIFT_SOAK_DAYS", 1) > 1 ? absl::Minutes(5) : absl::Minutes(30);
}

// The machine's time, and what was leapt over.
class LeaptClock final : public Clock {
 public:
  absl::Time Now() const override { return real_.Now() + leapt_; }
  absl::Duration Elapsed() const override { return real_.Elapsed() + leapt_; }
  void Sleep(absl::Duration duration) override { real_.Sleep(duration); }
  void LeapTo(absl::Time time) { leapt_ += std::max(time - Now(), absl::ZeroDuration()); }

 private:
  RealClock real_;
  absl::Duration leapt_;  // of the thread that runs rounds, while no other runs
};

std::size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t Descriptors() {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

class SoakTest : public testing::Test {
 protected:
  SoakTest() {
    Shell(
        "git init -q --bare -b main team.git; git clone -q team.git clone 2>/dev/null; mkdir base");
    const std::string sample = POOLSHIFT_SOURCE_DIR "/manifests/nothing-to-do/";
    std::string text = Read(sample + "contoso.yaml");
    text = text.substr(0, text.find("---\napiVersion: poolshift/v1\nkind: Policy"));
    scratch_.Write("clone/contoso.yaml", text);
    Edit("ttl: 300", "ttl: 1");
    scratch_.Write("clone/policy.yaml",
                   "apiVersion: poolshift/v1\nkind: Policy\nmetadata: {name: p}\nspec:\n"
                   "  dns: {moveTtl: 1s, negativeTtl: 1s}\n  automation: {mode: auto, interval: " +
                       absl::FormatDuration(Interval()) + "}\n");
    std::string world = Read(sample + "world.sim");
    for (std::size_t at = world.find("ttl: 300"); at != std::string::npos;
         at = world.find("ttl: 300"))
      world.replace(at, 8, "ttl: 1");
    scratch_.Write("base/world.sim", world);
    Commit("the organisation as it is");
    GitDeclarations::Options options;
    options.git.place = {.url = "file://" + scratch_.Path("team.git"), .ref = "main", .folder = ""};
    options.git.directory = scratch_.Path("state/git");
    options.trust.unsigned_commits = true;
    options.state_directory = scratch_.Path("state");
    options.base_directory = scratch_.Path("base");
    EXPECT_TRUE(files_.MakePrivateDirectory(options.state_directory).ok());
    auto source = GitDeclarations::Open(world_, options);
    EXPECT_TRUE(source.ok()) << source.status();
    source_ = *std::move(source);
    LoopOptions loop;
    loop.state_directory = options.state_directory;
    loop.plugin_directory = POOLSHIFT_BIN_DIR;
    loop.version = "test";
    loop.holder = ThisProcess("daemon");
    loop_ = std::make_unique<Loop>(world_, loop, *source_, board_, interruption_);
  }

  void Shell(const std::string& script) const {
    const std::string whole =
        "cd '" + scratch_.path() +
        "' && export HOME=. GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=c GIT_AUTHOR_EMAIL=c@contoso.com "
        "GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@contoso.com; " +
        script;
    ASSERT_EQ(std::system(whole.c_str()), 0) << script;
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Commit(const std::string& title) const {
    Shell("cd clone && git add -A && git commit -q --allow-empty -m '" + title +
          "' && git push -q origin HEAD:main");
  }
  void Edit(const std::string& from, const std::string& to) {
    std::string text = scratch_.Read("clone/contoso.yaml");
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
    scratch_.Write("clone/contoso.yaml", text);
  }
  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  // What somebody commits.
  void SomebodyCommits() {
    const int kind = Below(100);
    if (broken_ || kind >= 97) {  // a fault, mended by the next commit
      broken_ ? Edit("spec: [", "spec:") : Edit("spec:", "spec: [");
      broken_ = !broken_;
    } else if (kind >= 96) {
      Edit(at_pool1_ ? "xmpp: edgepool1" : "xmpp: edgepool2",
           at_pool1_ ? "xmpp: edgepool2" : "xmpp: edgepool1");
      at_pool1_ = !at_pool1_;
    } else if (kind >= 85) {
      Edit(longer_ ? "ttl: 2" : "ttl: 1", longer_ ? "ttl: 1" : "ttl: 2");
      longer_ = !longer_;
    } else {
      scratch_.Write("clone/README.md", std::to_string(commits_));
    }
    Commit("commit " + std::to_string(++commits_));
    Shell("git -C clone rev-parse HEAD > head");
    head_ = scratch_.Read("head").substr(0, 40);
  }

  // A round with something away, or none.
  void Round() {
    const int fault = Below(200);
    const std::string world = scratch_.Path("state/providers/contoso.world");
    const bool breaks = fault == 1 && fs::exists(world);
    if (fault == 0) Shell("mv team.git away.git");
    if (breaks)
      Shell("mv state/providers/contoso.world kept && touch state/providers/contoso.world");
    const absl::Time next = loop_->Round();
    if (fault == 0) Shell("mv away.git team.git");
    if (breaks)
      Shell("rm -r state/providers/contoso.world && mv kept state/providers/contoso.world");
    ++rounds_;
    if (rounds_ == kWarm) descriptors_ = Descriptors();
    const std::shared_ptr<const Snapshot> seen = board_.Current();
    failed_ += seen->error.empty() ? 0 : 1;
    const absl::Duration pause = next - clock_.Now();
    EXPECT_LE(pause, seen->error.empty() ? Interval() : kLongestPause) << seen->error;
    next_look_ = next;
    // What somebody pushed is in force, or the page says which commit is not, and why.
    if (fault == 0 || breaks || head_.empty()) return;
    EXPECT_TRUE(broken_ ? seen->refused_commit == head_ && !seen->faults.empty()
                        : seen->commit == head_ && seen->faults.empty())
        << "round " << rounds_ << ": " << seen->commit << " is in force, pushed is " << head_
        << '\n'
        << seen->error << seen->faults;
  }

  conformance::Scratch scratch_;
  LeaptClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  const World world_{&clock_, &files_, &processes_};
  Interruption interruption_;
  Board board_;
  std::unique_ptr<GitDeclarations> source_;
  std::unique_ptr<Loop> loop_;
  std::mt19937 random_{20261127};
  bool broken_ = false, at_pool1_ = true, longer_ = false;
  int commits_ = 0, rounds_ = 0, failed_ = 0;
  std::string head_;             // what was pushed last
  std::size_t descriptors_ = 0;  // once everything is open that stays open
  absl::Time next_look_ = absl::InfinitePast();
};

TEST_F(SoakTest, NothingGrowsAndNoLookIsLeftOut) {
  const int days = Number("POOLSHIFT_SOAK_DAYS", 1);
  const int commits = Number("POOLSHIFT_SOAK_COMMITS", 40);
  Round();
  ASSERT_EQ(board_.Current()->error, "");
  std::size_t bytes = 0;
  for (int day = 0; day < days; ++day) {
    const absl::Time begin = clock_.Now();
    for (int commit = 0; commit < commits;) {
      const absl::Time due = begin + absl::Hours(24) * (commit + 1) / (commits + 1);
      if (next_look_ <= due) {
        clock_.LeapTo(next_look_);
      } else {
        clock_.LeapTo(due);
        SomebodyCommits();
        ++commit;
      }
      Round();
    }
    clock_.LeapTo(begin + absl::Hours(24));
    // The first days fill what is kept: runs that are shown, differences on record.
    if (day == days / 3) bytes = ResidentBytes();
    if (days > 1)
      std::cout << "day " << day + 1 << ": " << rounds_ << " looks, " << failed_
                << " that saw nothing, " << board_.Current()->runs.size() << " runs shown, "
                << ResidentBytes() / 1024 << " KiB, " << Descriptors() << " descriptors"
                << std::endl;
  }
  EXPECT_EQ(Descriptors(), descriptors_);
  if (days >= 9) {
    EXPECT_LE(ResidentBytes(), bytes + bytes / 100) << "grown by more than 1 %";
  }
  // Each commit is looked at, and whatever time passes without one, at each interval.
  EXPECT_GE(rounds_, commits * days + (absl::Hours(24) * days - absl::Hours(2)) / Interval() / 2);
  EXPECT_FALSE(board_.Current()->runs.empty());
  if (days > 1) {
    EXPECT_GT(failed_, 0) << "something was away";
  }
}

}  // namespace
}  // namespace poolshift
