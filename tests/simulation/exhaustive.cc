#include "tests/simulation/exhaustive.h"

#include <memory>

#include "tests/simulation/controller.h"
#include "tests/simulation/core_realm.h"
#include "tests/simulation/simulation.h"

namespace poolshift::simulation {
namespace {

constexpr int kMostRounds = 5;
constexpr std::int64_t kNever = std::int64_t{1} << 40U;

struct Played {
  std::vector<std::string> wrongs;
  std::int64_t moments = 0;  // since the last crash
  std::int64_t writes = 0;
  std::string trace;
};

class Pairs {
 public:
  Pairs(int pools, int front_ends)
      : name_(std::to_string(pools) + " " + std::to_string(front_ends)),
        model_(MakeCoreModel(pools, front_ends)),
        states_(static_cast<std::int64_t>(SafeStateCount(*model_))) {}

  std::int64_t count() const { return states_ * states_; }

  Played Play(std::int64_t pair,
              std::vector<std::int64_t> crash_at,
              Coverage* coverage,
              bool trace = false) const {
    CoreRealm realm(
        model_, static_cast<std::size_t>(pair % states_), static_cast<std::size_t>(pair / states_));
    Setup setup;
    setup.seed = static_cast<std::uint64_t>(pair);
    setup.crash_at = std::move(crash_at);
    setup.quiet_rounds = 1;
    setup.keeps_trace = trace;
    Simulation simulation(realm, std::move(setup));
    Played played;
    // Somebody starts it again after each crash, and when something was left.
    for (int round = 0; round < kMostRounds; ++round) {
      simulation.RunRound(0);
      if (!simulation.controller(0).crashed() && realm.AtGoal()) break;
    }
    played.moments = simulation.moments();
    simulation.Heal();
    played.wrongs = simulation.wrongs();
    played.writes = simulation.checker().writes();
    played.trace = simulation.trace();
    for (const auto& [met, times] : simulation.coverage())
      if (coverage != nullptr) (*coverage)[met] += times;
    return played;
  }

  std::string Again(std::int64_t pair, const std::vector<std::int64_t>& at) const {
    std::string command = "./dev sim --crash " + name_ + " " + std::to_string(pair);
    for (const std::int64_t moment : at)
      command += " " + std::to_string(moment);
    return command;
  }

 private:
  const std::string name_;
  std::shared_ptr<CoreModel> model_;
  std::int64_t states_;
};

// False at the first wrong.
bool Count(const Pairs& pairs,
           std::int64_t pair,
           const std::vector<std::int64_t>& at,
           Sweep& sweep) {
  const Played played = pairs.Play(pair, at, &sweep.coverage);
  ++sweep.runs;
  if (played.wrongs.empty()) return true;
  sweep.wrongs.push_back(played.wrongs[0] + "\nagain: " + pairs.Again(pair, at));
  return false;
}

}  // namespace

Sweep CrashEverywhere(int pools, int front_ends, std::int64_t every, std::int64_t offset) {
  const Pairs pairs(pools, front_ends);
  Sweep sweep;
  for (std::int64_t pair = offset; pair < pairs.count(); pair += every) {
    const Played calm = pairs.Play(pair, {kNever}, nullptr);
    ++sweep.pairs;
    sweep.actions += calm.writes;
    for (std::int64_t moment = 1; moment <= calm.moments; ++moment)
      if (!Count(pairs, pair, {moment}, sweep)) return sweep;
  }
  return sweep;
}

Sweep CrashTwiceEverywhere(
    int pools, int front_ends, std::int64_t plans, std::int64_t every, std::int64_t offset) {
  const Pairs pairs(pools, front_ends);
  Sweep sweep;
  for (std::int64_t i = offset; i < plans; i += every) {
    const std::int64_t pair = (2 * i + 1) * pairs.count() / (2 * plans);
    const Played calm = pairs.Play(pair, {kNever}, nullptr);
    ++sweep.pairs;
    sweep.actions += calm.writes;
    for (std::int64_t first = 1; first <= calm.moments; ++first) {
      const Played once = pairs.Play(pair, {first, kNever}, nullptr);
      for (std::int64_t second = 1; second <= once.moments; ++second)
        if (!Count(pairs, pair, {first, second}, sweep)) return sweep;
    }
  }
  return sweep;
}

std::string ShowCrash(int pools,
                      int front_ends,
                      std::int64_t pair,
                      const std::vector<std::int64_t>& at) {
  const Played played = Pairs(pools, front_ends).Play(pair, at, nullptr, true);
  std::string text = played.trace;
  for (const std::string& wrong : played.wrongs)
    text += "WRONG " + wrong + "\n";
  return text;
}

}  // namespace poolshift::simulation
