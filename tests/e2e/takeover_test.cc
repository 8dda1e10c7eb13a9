// A controller elsewhere takes over while the first one is paused with a write on its way, and the
// first one wakes up afterwards.
#include <csignal>
#include <filesystem>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/dns/held_network.h"
#include "tests/e2e/contoso.h"
#include "tests/e2e/record_watch.h"
#include "tests/e2e/whole_run.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace poolshift::e2e {
namespace {

namespace fs = std::filesystem;
using dns::testing::HeldNetwork;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const Lines kTakeover = {"apply",
                         "--takeover",
                         "--reason",
                         "Site1 is dark",
                         "--auto-approve",
                         "--approve",
                         "PoolFailover/frontend1.contoso.com"};

// The write that is on its way when the first controller is paused.
struct Moment {
  std::string name;
  std::string durations;  // of the world: long enough to be in the middle of it
  std::string resource;   // "" = the update of a record set
};

std::ostream& operator<<(std::ostream& out, const Moment& moment) { return out << moment.name; }

class TakeoverTest : public ::testing::TestWithParam<Moment> {
 protected:
  TakeoverTest() {
    contoso_.AskThrough(network_.port());
    // Not the raising of the fence at the beginning: the first that sets 198.51.100.21.
    if (GetParam().resource.empty()) network_.HoldUpdates("\xC6\x33\x64\x15");
  }

  // The plugin has checked everything and is about to change the platform, or the update has left.
  bool WaitForTheWrite() {
    if (GetParam().resource.empty()) return network_.WaitForUpdate();
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < end) {
      if (Begun(GetParam().resource)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  // A plugin that is stopped while it writes the file of the simulated platform would keep everyone
  // else from it, as no real platform would.
  bool PlatformIsLocked() {
    const std::string path = contoso_.folder().path() + "/platform/lock";
    const int lock = open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (lock < 0) return false;
    const bool is_held = flock(lock, LOCK_EX | LOCK_NB) != 0;
    close(lock);
    return is_held;
  }
  void Pause(Child& controller) {
    while (true) {
      Signal(controller, SIGSTOP);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // a signal takes its time
      if (!PlatformIsLocked()) return;
      Signal(controller, SIGCONT);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  void Signal(Child& controller, int number) {
    for (const char* program : {"provider-sim", "provider-dns"})
      for (const pid_t plugin : controller.Children(program))
        ::kill(plugin, number);
    controller.Signal(number);
  }

  Contoso contoso_{{.scenario = "both-failover",
                    .manifest = Brisk,
                    .world = [](const std::string& world) { return world + GetParam().durations; },
                    .platform = "writes: ../writes"}};
  HeldNetwork network_{contoso_.server().port()};

 private:
  // The plugin's own record says that it begins.
  bool Begun(const std::string& resource) {
    const std::string folder = contoso_.state() + "/providers/contoso.world";
    if (!fs::exists(folder)) return false;
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename();
      if (name.starts_with("ledger-") &&
          contoso_.folder().Read("state/providers/contoso.world/" + name).find(resource) !=
              std::string::npos)
        return true;
    }
    return false;
  }
};

// The last moment is that of a late worker which brought an older plan down on a newer one, after
// which a clean-up emptied the record (October 2025): here the record is watched all the time.
TEST_P(TakeoverTest, PausedControllerWritesNothingMore) {
  RecordWatch xmpp(contoso_.server(), kXmpp, "A");
  RecordWatch sip(contoso_.server(), kSip, "SRV");
  const auto first = contoso_.Start(kApply);
  ASSERT_TRUE(WaitForTheWrite()) << first->said();
  Pause(*first);

  const Finished second = contoso_.RunElsewhere(kTakeover);
  EXPECT_EQ(second.status, 0) << second.said();
  EXPECT_TRUE(EndsInNoDrift(second.out)) << second.said();
  EXPECT_EQ(contoso_.Platform(), WholeRun("both-failover"));
  const std::string writes = contoso_.folder().Read("writes");

  network_.Release();
  Signal(*first, SIGCONT);
  EXPECT_EQ(first->Wait(), 13) << first->said();
  EXPECT_THAT(first->err(), HasSubstr("fenced: "));
  EXPECT_THAT(first->out(), Not(HasSubstr("No drift.")));
  EXPECT_EQ(contoso_.folder().Read("writes"), writes) << "the platform took a late write";
  EXPECT_EQ(contoso_.Xmpp(), kXmppAtPool2);
  EXPECT_EQ(contoso_.Sip(), kSipAtPool2);
  const Finished plan = contoso_.RunElsewhere({"plan"});
  EXPECT_EQ(plan.status, 0) << plan.said();
  EXPECT_THAT(contoso_.RunElsewhere({"lease", "show"}).out, HasSubstr("Site1 is dark"));
  EXPECT_THAT(contoso_.RunElsewhere({"history"}).out, HasSubstr("Site1 is dark"));
  EXPECT_THAT(xmpp.Seen(), ElementsAre(kXmppAtPool1, kXmppAtPool2)) << "never empty";
  EXPECT_THAT(sip.Seen(), ElementsAre(kSipAtPool1, kSipAtPool2)) << "never empty";
}

INSTANTIATE_TEST_SUITE_P(
    Writes,
    TakeoverTest,
    ::testing::Values(Moment{"Publish", "durations: {Topology: 4s}\n", "Topology"},
                      Moment{"SiteRoute", "durations: {SiteRoute: 4s}\n", "SiteRoute"},
                      Moment{"Record", "", ""}),
    [](const auto& moment) { return moment.param.name; });

TEST(UnfencedPlatform, PlanSaysSo) {
  Contoso contoso({.scenario = "both-failover", .platform = "fenced: false"});
  const Finished plan = contoso.Run({"plan"});
  EXPECT_EQ(plan.status, 2) << plan.said();
  EXPECT_THAT(plan.out, HasSubstr("provider `world` is unfenced: the platform compares"));
  EXPECT_THAT(plan.out, Not(HasSubstr("provider `zone` is unfenced")));
}

TEST(TakeoverWords, GoTogether) {
  Contoso contoso({.scenario = "both-failover"});
  for (const Lines& words : {Lines{"apply", "--takeover"}, Lines{"apply", "--reason", "dark"}}) {
    const Finished apply = contoso.Run(words);
    EXPECT_EQ(apply.status, 10) << apply.said();
    EXPECT_THAT(apply.err, HasSubstr("--takeover"));
  }
}

}  // namespace
}  // namespace poolshift::e2e
