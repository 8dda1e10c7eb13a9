#include "tests/simulation/case.h"

#include <map>
#include <sstream>
#include <utility>

#include "tests/simulation/core_realm.h"
#include "tests/simulation/organisation_realm.h"

namespace poolshift::simulation {
namespace {

constexpr std::uint64_t kOrganisations = 400;
constexpr std::uint64_t kOrganisationPercent = 25;

std::shared_ptr<CoreModel> ModelOf(int pools, int front_ends) {
  static std::map<std::pair<int, int>, std::shared_ptr<CoreModel>> models;
  auto& model = models[{pools, front_ends}];
  if (model == nullptr) model = MakeCoreModel(pools, front_ends);
  return model;
}

// Numbers that make no organisation, or one in which nothing is to do, lead to the next one.
std::shared_ptr<const Prepared> PreparedFor(std::uint64_t number) {
  static std::map<std::uint64_t, std::shared_ptr<const Prepared>> prepared;
  for (number %= kOrganisations;; ++number) {
    const auto known = prepared.find(number);
    auto& one = known != prepared.end() ? known->second : prepared[number] = Prepare(number + 1);
    if (one != nullptr) return one;
  }
}

std::unique_ptr<Realm> RealmOf(const Case& it) {
  if (it.realm == "organisation") return std::make_unique<OrganisationRealm>(PreparedFor(it.start));
  const auto model = ModelOf(it.pools, it.front_ends);
  const std::size_t states = SafeStateCount(*model);
  return std::make_unique<CoreRealm>(model, it.start % states, it.goal % states);
}

// The highest chance of a fault, in thousandths of its occasions.
int Most(Fault fault) {
  switch (fault) {
    case Fault::kKill:
    case Fault::kPowerLoss:
      return 25;
    case Fault::kDiskFull:
    case Fault::kSyncFails:
    case Fault::kInterrupt:
      return 20;
    case Fault::kBlind:
      return 30;
    case Fault::kAway:
    case Fault::kThrottled:
    case Fault::kLockedOut:
      return 40;
    case Fault::kOldPlan:
      return 300;
    case Fault::kHalfDone:  // few changes have parts
      return 800;
    case Fault::kNotificationLost:
      return 800;
    default:
      return 150;
  }
}

}  // namespace

Case CaseOf(std::uint64_t seed) {
  Stream stream(seed ^ 0x5EED);
  Case it;
  it.setup.seed = seed;
  if (stream.Percent(kOrganisationPercent)) it.realm = "organisation";
  it.pools = 2 + static_cast<int>(stream.Below(2));
  it.front_ends = 1 + static_cast<int>(stream.Below(2));
  it.start = stream.Next();
  it.goal = stream.Next();
  it.setup.hosts = stream.Percent(40) ? 2 : 1;
  it.setup.storm = stream.Between(absl::Seconds(30), absl::Minutes(12));
  // Swarm: each seed has its own mixture.
  const std::uint64_t density = 10 + stream.Below(60);
  for (std::size_t i = 0; i < kFaults; ++i) {
    if (!stream.Percent(density)) continue;
    it.setup.chance[i] =
        1 + static_cast<int>(stream.Below(static_cast<std::uint64_t>(Most(static_cast<Fault>(i)))));
  }
  return it;
}

Verdict Play(const Case& it) {
  const std::unique_ptr<Realm> realm = RealmOf(it);
  Simulation simulation(*realm, it.setup);
  simulation.Run();
  return {simulation.wrongs(),
          simulation.coverage(),
          simulation.trace_hash(),
          simulation.trace(),
          simulation.faults_struck(),
          simulation.events(),
          simulation.checker().writes()};
}

Case Shrink(Case it) {
  const auto fails = [](const Case& tried) { return !Play(tried).wrongs.empty(); };
  if (!fails(it)) return it;
  for (std::size_t i = 0; i < kFaults; ++i) {
    Case tried = it;
    tried.setup.chance[i] = 0;
    if (it.setup.chance[i] != 0 && fails(tried)) it = tried;
  }
  if (Case tried = it; it.setup.hosts > 1) {
    tried.setup.hosts = 1;
    if (fails(tried)) it = tried;
  }
  for (int half = 0; half < 8; ++half) {
    Case tried = it;
    tried.setup.storm = absl::Trunc(it.setup.storm / 2, absl::Seconds(1));
    if (!fails(tried)) break;
    it = tried;
  }
  // Single strikes, from the last to the first; again as long as that helps.
  for (bool helped = true; helped;) {
    helped = false;
    for (int number = Play(it).struck; number > 0; --number) {
      if (it.setup.left_out.count(number) > 0) continue;
      Case tried = it;
      tried.setup.left_out.insert(number);
      if (!fails(tried)) continue;
      it = tried;
      helped = true;
    }
    if (it.setup.left_out.size() > 200) break;
  }
  return it;
}

std::string Text(const Case& it) {
  std::ostringstream text;
  text << "realm " << it.realm << ' ' << it.pools << ' ' << it.front_ends << ' ' << it.start << ' '
       << it.goal << "\nseed " << it.setup.seed << "\nhosts " << it.setup.hosts << "\nstorm "
       << absl::ToInt64Milliseconds(it.setup.storm) << "\n";
  for (std::size_t i = 0; i < kFaults; ++i)
    if (it.setup.chance[i] != 0)
      text << "fault " << Name(static_cast<Fault>(i)) << ' ' << it.setup.chance[i] << '\n';
  for (const int number : it.setup.left_out)
    text << "leave-out " << number << '\n';
  return text.str();
}

absl::StatusOr<Case> Parse(const std::string& text) {
  Case it;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string word, name;
    std::int64_t number = 0;
    words >> word;
    if (word == "realm") {
      words >> it.realm >> it.pools >> it.front_ends >> it.start >> it.goal;
    } else if (word == "seed") {
      words >> it.setup.seed;
    } else if (word == "hosts") {
      words >> it.setup.hosts;
    } else if (word == "storm") {
      words >> number;
      it.setup.storm = absl::Milliseconds(number);
    } else if (word == "fault") {
      words >> name >> number;
      const Fault fault = FaultNamed(name);
      if (fault == Fault::kCount) return absl::InvalidArgumentError("no fault is called " + name);
      it.setup.chance.at(static_cast<std::size_t>(fault)) = static_cast<int>(number);
    } else if (word == "leave-out") {
      words >> number;
      it.setup.left_out.insert(static_cast<int>(number));
    } else {
      return absl::InvalidArgumentError("no such line: " + line);
    }
    if (words.fail()) return absl::InvalidArgumentError("cannot read: " + line);
  }
  return it;
}

}  // namespace poolshift::simulation
