// Nothing can be seen, nobody may write, nothing can be recorded, nothing can be saved: then
// nothing is written, and the output says why.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "gmock/gmock.h"

#include "tests/cli/home.h"
#include <sys/resource.h>

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class FailStaticTest : public HomeTest {
 protected:
  FailStaticTest() { CopyScenario("xmpp-failover"); }

  ProgramRun Do(std::vector<std::string> words) const {
    words.insert(words.end(), {"--state-dir", "state"});
    return Run(std::move(words));
  }
  ProgramRun Apply() const { return Do({"apply", "--auto-approve", "contoso"}); }
  void AddFault(const std::string& fault) const {
    const fs::path world = home_ / "contoso/world.sim";
    WriteText(world, ReadText(world) + "faults:\n  - " + fault + '\n');
  }
  // What the platform holds; the world file where nothing was ever changed.
  std::string World() const {
    const fs::path state = home_ / "state/providers/contoso.world/world.state.yaml";
    return fs::exists(state) ? ReadText(state) : "";
  }
  void ExpectUntouched() const {
    EXPECT_THAT(World(), Not(HasSubstr("xmpp: edgepool2.contoso.com")));
  }
};

TEST_F(FailStaticTest, NoObservationWhenPlanning) {
  AddFault(
      "{resource: \"SiteRoute/*\", operation: observe, fault: error, message: the store is "
      "silent}");
  const ProgramRun applied = Apply();
  EXPECT_THAT(applied.status, ::testing::AnyOf(1, 12)) << applied.out << applied.err;
  EXPECT_THAT(applied.out, HasSubstr("cannot look at the routes of Site1"));
  ExpectUntouched();
}

TEST_F(FailStaticTest, NoObservationWhenApplying) {
  ASSERT_EQ(Do({"plan", "--out", "night.plan", "contoso"}).status, 2);
  AddFault(
      "{resource: \"SiteRoute/*\", operation: observe, fault: error, message: the store is "
      "silent}");
  const ProgramRun applied = Do({"apply", "night.plan", "contoso"});
  EXPECT_EQ(applied.status, 1) << applied.out << applied.err;
  EXPECT_THAT(applied.err, HasSubstr("could not look at SiteRoute/Site1: "));
  EXPECT_THAT(applied.err, HasSubstr("nothing was changed"));
  ExpectUntouched();
}

TEST_F(FailStaticTest, NoProbe) {
  AddFault("{resource: \"Reachability/*\", operation: observe, fault: error, message: no vantage}");
  const ProgramRun applied = Apply();
  EXPECT_THAT(applied.status, ::testing::AnyOf(1, 12)) << applied.out << applied.err;
  EXPECT_THAT(applied.out, HasSubstr("203.0.113.11:5269 could not look (3 of 3 vantages)"));
  ExpectUntouched();
}

TEST_F(FailStaticTest, NoLease) {
  AddFault("{resource: \"SiteRoute/*\", fault: hang, times: 1}");
  ProgramCall holder = Call({"apply", "--auto-approve", "--state-dir", "state", "contoso"});
  ProgramRun second;
  holder.started = [&](int pid, const std::string& err) {
    for (int look = 0; look < 6000 && ReadText(err).find(": started") == std::string::npos; ++look)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    second = Apply();
    ::kill(pid, SIGKILL);
  };
  RunProgram(holder);
  EXPECT_EQ(second.status, 1) << second.out << second.err;
  EXPECT_THAT(second.err, HasSubstr("contoso is being changed by alice on "));
  ExpectUntouched();
}

TEST_F(FailStaticTest, NoExport) {
  AddFault(
      "{resource: \"*\", operation: export, fault: error, times: 1, message: the share is full}");
  const ProgramRun applied = Apply();
  EXPECT_EQ(applied.status, 1) << applied.out << applied.err;
  EXPECT_THAT(applied.err,
              HasSubstr("configuration and topology could not be saved first (D20), so the central "
                        "store was not written to: "));
  EXPECT_THAT(applied.err, HasSubstr("the share is full"));
  ExpectUntouched();
  // Once it can be saved it is, first, and for nobody else to read.
  const ProgramRun again = Apply();
  EXPECT_EQ(again.status, 0) << again.out << again.err;
  EXPECT_THAT(again.err,
              HasSubstr("configuration and topology are saved in " +
                        (home_ / "state/exports/run-2/world").string()));
  const fs::path saved = home_ / "state/exports/run-2/world/topology.yaml";
  EXPECT_EQ(fs::status(saved).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(saved.parent_path()).permissions(), fs::perms::owner_all);
  EXPECT_THAT(ReadText(saved), HasSubstr("xmpp: edgepool1.contoso.com"));  // as it was
  EXPECT_THAT(Do({"history", "show", "2", "contoso"}).out, HasSubstr("export: saved in "));
}

// A limit on the size of files stops the journal as a full disk does, at another place with each
// limit. Whatever was changed is on record, and with room again the work is finished.
class NoSpaceTest : public FailStaticTest {
 protected:
  ProgramRun ApplyWithin(rlim_t bytes) const {
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit limit{bytes, before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    ProgramRun run = Apply();
    setrlimit(RLIMIT_FSIZE, &before);
    (void)std::signal(SIGXFSZ, handler);
    return run;
  }
};

TEST_F(NoSpaceTest, NoRecordNoWrite) {
  ASSERT_EQ(Do({"drift", "contoso"}).status, 2);  // makes the store
  int stopped = 0;
  // Too little to begin, then at one or another record of the run, then enough.
  for (const rlim_t kilobytes : {60, 160, 220, 260, 300, 350, 4000}) {
    const rlim_t limit = kilobytes * 1024;
    const fs::path copy = home_ / "before";
    fs::remove_all(copy);
    fs::copy(home_ / "state", copy, fs::copy_options::recursive);
    const ProgramRun applied = ApplyWithin(limit);
    EXPECT_THAT(applied.status, ::testing::AnyOf(0, 1)) << limit << applied.out << applied.err;
    if (applied.status != 0) {
      ++stopped;
      EXPECT_THAT(applied.err, HasSubstr("poolshift.db")) << limit;
      const ProgramRun shown = Do({"history", "show", "1", "contoso"});
      if (shown.status != 0) ExpectUntouched();  // no run on record: nothing was written
    }
    EXPECT_EQ(Do({"history", "verify", "contoso"}).status, 0) << limit;
    const ProgramRun again = Apply();
    EXPECT_EQ(again.status, 0) << limit << again.out << again.err;
    EXPECT_THAT(again.out, EndsWith("No drift.\n"));
    fs::remove_all(home_ / "state");
    fs::rename(copy, home_ / "state");
  }
  EXPECT_GT(stopped, 2);
}

}  // namespace
}  // namespace poolshift
