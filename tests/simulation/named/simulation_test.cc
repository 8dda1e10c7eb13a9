// Named histories, the histories that once went wrong, and controls: without a protection the
// checker must notice.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/case.h"
#include "tests/simulation/controller.h"
#include "tests/simulation/core_realm.h"
#include "tests/simulation/exhaustive.h"
#include "tests/simulation/organisation_realm.h"

namespace poolshift::simulation {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using Code = RunOutcome::Code;

constexpr std::size_t kOld = 0, kNew = 1;  // hosts

std::string Joined(const std::vector<std::string>& wrongs) {
  std::string all;
  for (const std::string& wrong : wrongs)
    all += wrong + '\n';
  return all;
}

// A place at which the old controller is held before it sends a call, until somebody lets it go.
class Held {
 public:
  Held(Simulation& simulation, std::string title_or_kind)
      : simulation_(simulation), word_(std::move(title_or_kind)) {}

  // For Simulation::on_call.
  void See(Controller& controller, const ApplyRequest& request) {
    if (&controller != &simulation_.controller(kOld) || held_) return;
    if (ToString(request.action.target).find(word_) == std::string::npos) return;
    held_ = true;
    controller.Pause();
    controller.process().Sleep(absl::ZeroDuration());
  }
  bool held() const { return held_; }

 private:
  Simulation& simulation_;
  const std::string word_;
  bool held_ = false;
};

// Three pools that could all serve; the record leads to the first.
CoreRealm ThreePools(const std::shared_ptr<CoreModel>& model) {
  CoreRealm realm(model, 0, 0);
  for (const char* pool : {"pool1", "pool2", "pool3"}) {
    for (const char* part : {".service", ".sip"}) {
      realm.SetValue(std::string(pool) + part, 1);
      realm.SetGoal(std::string(pool) + part, 1);
    }
    realm.SetValue(std::string(pool) + ".xmpp", 0);
    realm.SetGoal(std::string(pool) + ".xmpp", 0);
  }
  for (const char* part : {"sip.record", "xmpp.record", "frontEnd1"}) {
    realm.SetValue(part, 0);
    realm.SetGoal(part, 0);
  }
  return realm;
}

struct October {
  std::vector<std::string> wrongs;
  Code old_worker = Code::kDone;
  bool held = false, goal = false;
  int calls = 0;  // of the new worker
};

// October 2025: a worker with an old plan (the record to pool2) is delayed before its write. A
// newer one moves the record to pool3 and back and cleans pool2 up. Then the old one goes on: the
// record is again as its plan saw it, and pool2 serves no more. It goes on when the newer one makes
// its `position`th call; 0 = after everything.
October PlayOctober(int position, const Protections& protections) {
  const auto model = MakeCoreModel(3, 1);
  CoreRealm realm = ThreePools(model);
  realm.SetGoal("sip.record", 1);
  Setup setup;
  setup.hosts = 2;
  setup.protections = protections;
  Simulation simulation(realm, setup);
  Held held(simulation, "sip.record");
  October played;
  simulation.on_call = [&](Controller& controller, const ApplyRequest& request) {
    held.See(controller, request);
    if (&controller == &simulation.controller(kNew) && ++played.calls == position)
      simulation.controller(kOld).Resume();
  };
  simulation.StartRound(kOld);
  simulation.PassUntil([&] { return held.held(); });
  const auto reach = [&] {
    for (int round = 0; round < 5 && !realm.AtGoal(); ++round)
      simulation.RunRound(kNew);
  };
  realm.SetGoal("sip.record", 2);
  reach();
  realm.SetGoal("sip.record", 0);
  realm.SetGoal("pool2.sip", 0);
  realm.SetGoal("pool2.service", 0);
  reach();
  simulation.controller(kOld).Resume();
  simulation.PassUntil([&] { return !simulation.controller(kOld).busy(); });
  played.old_worker = simulation.controller(kOld).last_code();
  simulation.Heal();
  played.held = held.held();
  played.goal = realm.AtGoal();
  played.wrongs = simulation.wrongs();
  return played;
}

TEST(October2025, OldWorkerIsRefusedWhereverItGoesOn) {
  const int calls = PlayOctober(0, {}).calls;
  ASSERT_GE(calls, 4);  // to pool3, back, and two of the clean-up
  for (int position = 0; position <= calls; ++position) {
    const October played = PlayOctober(position, {});
    EXPECT_TRUE(played.held && played.goal) << position;
    EXPECT_THAT(played.wrongs, IsEmpty()) << position;
    // Before the newer one has written anything it may still write; then the newer one plans again.
    if (position != 1) {
      EXPECT_EQ(played.old_worker, Code::kFenced) << position;
    }
  }
}

TEST(October2025, WithoutFencingTheRecordLeadsNowhere) {
  Protections protections;
  protections.fencing = false;
  const October played = PlayOctober(0, protections);
  EXPECT_THAT(Joined(played.wrongs), HasSubstr("fencing: "));
  EXPECT_THAT(Joined(played.wrongs), HasSubstr("invariant: sip.record 1 broke I2"));
}

// The first organisation whose plan has actions of all three kinds.
std::shared_ptr<const Prepared> WithRoutePublishAndRecord() {
  for (std::uint64_t number = 1; number < 2000; ++number) {
    const auto prepared = Prepare(number);
    if (prepared == nullptr) continue;
    OrganisationRealm realm(prepared);
    const auto plan =
        realm.MakePlan([&](const std::string&, const std::vector<ObservationKey>& keys) {
          std::vector<Observation> seen;
          for (const ObservationKey& key : keys)
            seen.push_back(realm.Look(key));
          return seen;
        });
    std::set<std::string> kinds;
    for (const Action& action : (*plan)->actions)
      if (!action.gate.has_value()) kinds.insert(action.target.kind);
    if (kinds.count("SiteRoute") * kinds.count("Topology") * kinds.count("DnsRecordSet") > 0)
      return prepared;
  }
  return nullptr;
}

// A controller is paused before a write; a cold one on another host, without its journal, finishes
// from what it sees. Then the first goes on.
TEST(Takeover, PausedControllerIsRefused) {
  const auto prepared = WithRoutePublishAndRecord();
  ASSERT_NE(prepared, nullptr);
  for (const char* kind : {"SiteRoute", "Topology", "DnsRecordSet"}) {
    OrganisationRealm realm(prepared);
    simulation::Setup setup;
    setup.hosts = 2;
    setup.keeps_trace = true;
    Simulation simulation(realm, setup);
    Held held(simulation, kind);
    simulation.on_call = [&](Controller& controller, const ApplyRequest& request) {
      held.See(controller, request);
    };
    simulation.StartRound(kOld);
    ASSERT_TRUE(simulation.PassUntil([&] { return held.held(); })) << kind;
    for (int round = 0; round < 3 && !realm.AtGoal(); ++round) {
      simulation.RunRound(kNew);
      simulation.Pass(absl::Minutes(1));
    }
    EXPECT_TRUE(realm.AtGoal()) << kind << '\n' << simulation.trace();
    simulation.controller(kOld).Resume();
    simulation.PassUntil([&] { return !simulation.controller(kOld).busy(); });
    EXPECT_EQ(simulation.controller(kOld).last_code(), Code::kFenced)
        << kind << ": " << simulation.controller(kOld).last_words();
    simulation.Heal();
    EXPECT_THAT(simulation.wrongs(), IsEmpty()) << kind << '\n' << simulation.trace();
  }
}

absl::StatusOr<Case> Kept(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  return Parse(text.str());
}

bool Notices(const Protections& protections, const std::string& word, Case it) {
  it.setup.protections = protections;
  return Joined(Play(it).wrongs).find(word) != std::string::npos;
}

// Seeds in which a protection is off, until the checker says the word.
bool Notices(const Protections& protections, const std::string& word) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed)
    if (Notices(protections, word, CaseOf(seed))) return true;
  return false;
}

TEST(Control, CheckerNoticesEachMissingProtection) {
  Protections none;
  none.fencing = false;
  EXPECT_TRUE(Notices(none, "fencing: "));
  none = {};
  none.own_tokens = false;
  // Rare: clocks that stand behind, and stores that count in step.
  const auto rare = Kept("tests/simulation/regressions/seed-322368.case");
  ASSERT_TRUE(rare.ok()) << rare.status();
  EXPECT_TRUE(Notices(none, "two controllers wrote under one token: ", *rare));
  none = {};
  none.ledger = none.compare_and_set = false;
  EXPECT_TRUE(Notices(none, "at most once: "));
  none = {};
  none.compare_and_set = false;
  EXPECT_TRUE(Notices(none, "lost update: "));
  none = {};
  none.durable_intents = false;
  EXPECT_TRUE(Notices(none, "audit: "));
}

TEST(Seeds, KeepEveryPromise) {
  constexpr std::uint64_t kSeeds = 400;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Case it = CaseOf(seed);
    const Verdict verdict = Play(it);
    ASSERT_THAT(verdict.wrongs, IsEmpty()) << "./dev sim --seed " << seed;
    if (seed % 40 == 0) {
      ASSERT_EQ(Play(it).hash, verdict.hash) << seed << " differs from itself";
    }
  }
}

// Out of date, mixed across providers, and nobody says so.
TEST(Stale, OldLooksAreHarmless) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Case it = CaseOf(seed);
    it.setup.chance.fill(0);
    it.setup.chance.at(static_cast<std::size_t>(Fault::kStale)) = 500;
    it.setup.chance.at(static_cast<std::size_t>(Fault::kNotificationLost)) = 500;
    it.setup.chance.at(static_cast<std::size_t>(Fault::kGoalChange)) = 200;
    ASSERT_THAT(Play(it).wrongs, IsEmpty()) << seed;
  }
}

TEST(Crash, AnyMomentOfSomePlans) {
  const Sweep once = CrashEverywhere(2, 1, 401, 17);
  EXPECT_THAT(once.wrongs, IsEmpty());
  EXPECT_GT(once.runs, 100);
  const Sweep twice = CrashTwiceEverywhere(2, 1, 1);
  EXPECT_THAT(twice.wrongs, IsEmpty());
}

TEST(Regressions, StayRight) {
  int cases = 0;
  for (const auto& file : std::filesystem::directory_iterator("tests/simulation/regressions")) {
    const auto it = Kept(file.path());
    ASSERT_TRUE(it.ok()) << file.path() << ": " << it.status();
    EXPECT_THAT(Play(*it).wrongs, IsEmpty()) << "./dev sim --replay " << file.path().string();
    ++cases;
  }
  EXPECT_GT(cases, 0);
}

}  // namespace
}  // namespace poolshift::simulation
