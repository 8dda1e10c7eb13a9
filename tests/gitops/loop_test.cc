// The loop over the real simulated platform: a folder of manifests, rounds, and what comes of them.
#include "controller/gitops/loop.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/gitops/desk.h"
#include "controller/world/clock.h"
#include "controller/world/files.h"
#include "controller/world/processes.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Ruling::Kind;

constexpr char kSample[] = POOLSHIFT_SOURCE_DIR "/manifests/nothing-to-do/";

class LoopTest : public testing::Test {
 protected:
  LoopTest() {
    fs::copy(kSample, scratch_.Path("org"), fs::copy_options::recursive);
    // A test brings its own policy.
    const std::string text = scratch_.Read("org/contoso.yaml");
    scratch_.Write("org/contoso.yaml",
                   text.substr(0, text.find("---\napiVersion: poolshift/v1\nkind: Policy")));
    Policy("automation: {mode: auto, interval: 1h}");
    Begin();
  }

  // A new controller, as after a restart.
  void Begin() {
    source_ =
        std::make_unique<FolderSource>(files_, std::vector<std::string>{scratch_.Path("org")});
    Begin(*source_);
  }
  void Begin(DeclarationSource& source) {
    loop_.reset();
    LoopOptions options;
    options.state_directory = scratch_.Path("state");
    options.plugin_directory = POOLSHIFT_BIN_DIR;
    options.version = "test";
    options.holder = ThisProcess("daemon");
    options.log = [this](const std::string& line) { log_ += line + '\n'; };
    loop_ = std::make_unique<Loop>(
        World{&clock_, &files_, &processes_}, options, source, board_, interruption_);
  }
  void Policy(const std::string& text) {
    scratch_.Write(
        "org/policy.yaml",
        "apiVersion: poolshift/v1\nkind: Policy\nmetadata: {name: p}\nspec:\n  " + text + "\n");
  }
  void Edit(const std::string& from, const std::string& to) {
    std::string text = scratch_.Read("org/contoso.yaml");
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << text;
    scratch_.Write("org/contoso.yaml", text.replace(at, from.size(), to));
  }
  // Rounds until the loop wants to rest.
  std::shared_ptr<const Snapshot> Rounds(int most = 3) {
    for (int i = 0; i < most; ++i) {
      loop_->Round();
      if (board_.Current()->ruling.kind != Kind::kGo) break;
    }
    return board_.Current();
  }
  Desk MakeDesk() { return {scratch_.Path("state"), board_, clock_}; }

  conformance::Scratch scratch_;
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  Interruption interruption_;
  Board board_;
  std::string log_;
  std::unique_ptr<FolderSource> source_;
  std::unique_ptr<Loop> loop_;
};

TEST_F(LoopTest, AsDeclaredIsNothingToDo) {
  const auto seen = Rounds();
  EXPECT_EQ(seen->ruling.kind, Kind::kNothing) << seen->error;
  EXPECT_EQ(seen->error, "");
  EXPECT_NE(seen->settled_at, absl::InfinitePast());
  EXPECT_THAT(seen->runs, IsEmpty());
}

TEST_F(LoopTest, ACommitIsCarriedOutInAuto) {
  Rounds();
  Edit("xmpp: edgepool1", "xmpp: edgepool2");
  const auto seen = Rounds();
  EXPECT_EQ(seen->ruling.kind, Kind::kNothing) << log_;
  ASSERT_THAT(seen->runs, SizeIs(1)) << log_;
  EXPECT_EQ(seen->runs[0].outcome, "done");
  EXPECT_THAT(seen->drift->entries, IsEmpty());
}

TEST_F(LoopTest, FirstSightOfADifferenceNeedsPeople) {
  // Nobody knows whether a person moved it by hand before the daemon was there.
  Edit("xmpp: edgepool1", "xmpp: edgepool2");
  const auto seen = Rounds();
  EXPECT_EQ(seen->ruling.kind, Kind::kApproval) << log_;
  EXPECT_THAT(seen->ruling.reasons, Contains(HasSubstr("D13")));
}

TEST_F(LoopTest, ReportNeverWrites) {
  Rounds();
  Policy("automation: {mode: report}");
  Edit("xmpp: edgepool1", "xmpp: edgepool2");
  const auto seen = Rounds();
  EXPECT_EQ(seen->ruling.kind, Kind::kReport);
  EXPECT_GT(seen->plan->mutations(), 0);
  ASSERT_FALSE(seen->drift->entries.empty());
  EXPECT_NE(seen->drift->entries[0].first_seen, absl::InfinitePast());
  EXPECT_THAT(seen->runs, IsEmpty());
}

TEST_F(LoopTest, ApprovalIsForOneRunOfOnePlan) {
  Rounds();
  Policy("automation: {mode: approve, approvals: 2}");
  Edit("xmpp: edgepool1", "xmpp: edgepool2");
  auto seen = Rounds();
  ASSERT_EQ(seen->ruling.kind, Kind::kApproval) << log_;
  EXPECT_EQ(seen->ruling.approvals_missing, 2);
  Desk desk = MakeDesk();
  Word word;
  word.digest = seen->digest;
  word.who = "alice";
  ASSERT_TRUE(desk.Decide(word).ok());
  seen = Rounds();
  EXPECT_EQ(seen->ruling.kind, Kind::kApproval);
  EXPECT_EQ(seen->ruling.approvals_missing, 1);
  word.who = "bob";
  ASSERT_TRUE(desk.Decide(word).ok());
  seen = Rounds();
  EXPECT_EQ(seen->ruling.kind, Kind::kNothing) << log_;
  EXPECT_THAT(log_, HasSubstr("agreed by alice, bob"));
  // The way there and back leads to the same plan again: its yes was used.
  Edit("xmpp: edgepool2", "xmpp: edgepool1");
  EXPECT_EQ(Rounds()->ruling.kind, Kind::kApproval);
}

// A folder whose newest commit agreed to a plan; it is told once, as a repository tells it.
class AgreedFolder final : public DeclarationSource {
 public:
  AgreedFolder(Files& files, std::string path, std::string digest)
      : folder_(files, {std::move(path)}), digest_(std::move(digest)) {}
  Sighting Look(absl::Time now) override {
    Sighting sighting = folder_.Look(now);
    if (!std::exchange(told_, true)) sighting.agreements = {{digest_, "alice", "c0ffee"}};
    return sighting;
  }
  std::string Description() const override { return "agreed"; }

 private:
  FolderSource folder_;
  const std::string digest_;
  bool told_ = false;
};

TEST_F(LoopTest, AnAgreementInACommitCountsAtOnce) {
  Rounds();
  Policy("automation: {mode: approve}");
  Edit("xmpp: edgepool1", "xmpp: edgepool2");
  const std::string digest = Rounds()->digest;
  AgreedFolder source(files_, scratch_.Path("org"), digest);
  Begin(source);
  loop_->Round();
  EXPECT_THAT(log_, HasSubstr("agreed by alice"));
  EXPECT_EQ(Rounds()->ruling.kind, Kind::kNothing) << log_;
}

TEST_F(LoopTest, AnAgreementOutlivesALookThatSawNothing) {
  Rounds();
  Policy("automation: {mode: approve}");
  Edit("xmpp: edgepool1", "xmpp: edgepool2");
  const std::string digest = Rounds()->digest;
  AgreedFolder source(files_, scratch_.Path("org"), digest);
  Begin(source);
  fs::rename(scratch_.Path("org/world.sim"), scratch_.Path("org/away"));
  loop_->Round();
  EXPECT_NE(board_.Current()->error, "");
  fs::rename(scratch_.Path("org/away"), scratch_.Path("org/world.sim"));
  EXPECT_EQ(Rounds()->ruling.kind, Kind::kNothing) << log_;
  EXPECT_THAT(log_, HasSubstr("agreed by alice"));
}

TEST_F(LoopTest, DrillsAsOftenAsDeclared) {
  EXPECT_EQ(Rounds()->drill, nullptr);
  Policy("automation: {mode: report, drill: 24h}");
  const auto first = Rounds();
  ASSERT_NE(first->drill, nullptr) << log_;
  EXPECT_FALSE(first->drill->rows.empty());
  EXPECT_EQ(first->drill_changes->compared_with, absl::InfinitePast());
  EXPECT_EQ(Rounds()->drill, first->drill) << "not due yet";
  board_.Put(std::make_shared<Snapshot>());  // as after a restart: compared with what is on record
  const auto again = Rounds();
  ASSERT_NE(again->drill, nullptr) << log_;
  EXPECT_EQ(absl::ToUnixSeconds(again->drill_changes->compared_with),
            absl::ToUnixSeconds(first->drill->looked_at));
}

TEST_F(LoopTest, PausesHold) {
  Rounds();
  Desk desk = MakeDesk();
  ASSERT_TRUE(desk.Pause("alice", "", absl::Hours(1), "quiet").ok());
  Edit("xmpp: edgepool1", "xmpp: edgepool2");
  EXPECT_EQ(Rounds()->ruling.kind, Kind::kPaused);
  // Also for a controller that did not live then.
  Begin();
  EXPECT_EQ(Rounds()->ruling.kind, Kind::kPaused);
  ASSERT_TRUE(desk.Unpause("alice", "p1").ok());
  EXPECT_EQ(Rounds()->ruling.kind, Kind::kNothing) << log_;
}

TEST_F(LoopTest, FaultyManifestsLeaveTheLastGoodOnesInForce) {
  Rounds();
  Edit("xmpp: edgepool1", "xmpp: edgepool9");
  auto seen = Rounds();
  EXPECT_THAT(seen->faults, AllOf(HasSubstr("contoso.yaml:"), HasSubstr("edgepool9")));
  EXPECT_EQ(seen->ruling.kind, Kind::kNothing);
  EXPECT_EQ(seen->error, "");
  Edit("xmpp: edgepool9", "xmpp: edgepool1");
  seen = Rounds();
  EXPECT_EQ(seen->faults, "");
}

TEST_F(LoopTest, FaultyManifestsLeaveTheLastGoodOnesInForceOverARestart) {
  Rounds();
  Edit("xmpp: edgepool1", "xmpp: edgepool9");
  Rounds();
  board_.Put(std::make_shared<Snapshot>());
  Begin();
  const auto seen = Rounds();
  EXPECT_THAT(seen->faults, HasSubstr("edgepool9"));
  EXPECT_EQ(seen->ruling.kind, Kind::kNothing) << log_;
  EXPECT_EQ(seen->error, "");
}

TEST_F(LoopTest, VanishedManifestsLeaveTheLastGoodOnesInForce) {
  Rounds();
  fs::rename(scratch_.Path("org"), scratch_.Path("away"));
  const auto seen = Rounds();
  EXPECT_NE(seen->unreachable, "");
  // The simulated world is a file beside the manifests, so it is away as well.
  EXPECT_THAT(seen->runs, IsEmpty());
}

TEST_F(LoopTest, NothingToServeIsAnError) {
  fs::remove_all(scratch_.Path("org"));
  const auto seen = Rounds();
  EXPECT_NE(seen->error, "");
  EXPECT_EQ(seen->plan, nullptr);
}

TEST_F(LoopTest, LooksThatSeeNothingBackOff) {
  fs::remove_all(scratch_.Path("org"));
  absl::Duration former;
  for (int i = 0; i < 4; ++i) {
    const absl::Time next = loop_->Round();
    const absl::Duration rest = next - clock_.Now();
    EXPECT_GT(rest, former);
    former = rest;
  }
}

TEST_F(LoopTest, AnUnusableJournalStopsEveryWrite) {
  Rounds();
  Begin();
  for (const char* name : {"poolshift.db", "poolshift.db-wal", "poolshift.db-shm"})
    fs::remove(scratch_.Path(std::string("state/") + name));
  scratch_.Write("state/poolshift.db", std::string(4096, 'x'));
  Edit("xmpp: edgepool1", "xmpp: edgepool2");
  const auto seen = Rounds();
  EXPECT_NE(seen->error, "") << log_;
  Begin();
  fs::remove(scratch_.Path("state/poolshift.db"));
  EXPECT_THAT(Rounds()->runs, SizeIs(1)) << log_;
}

}  // namespace
}  // namespace poolshift
