#include "tests/simulation/census.h"

#include <istream>
#include <ostream>

#include "tests/simulation/disk.h"

namespace poolshift::simulation {
namespace {

constexpr std::string_view kRecords[] = {
    "lease", "release", "break", "run", "intent", "result", "evidence", "event", "end"};
constexpr Moment kMoments[] = {Moment::kBefore, Moment::kTorn, Moment::kUnsynced, Moment::kSynced};

}  // namespace

void Census::Add(const Census& other) {
  for (const auto& [pair, times] : other.met)
    met[pair] += times;
  seeds += other.seeds;
  events += other.events;
  writes += other.writes;
  seconds += other.seconds;
}

void Write(const Census& census, std::ostream& out) {
  out << census.seeds << ' ' << census.events << ' ' << census.writes << ' ' << census.seconds
      << '\n';
  for (const auto& [pair, times] : census.met)
    out << pair.first << ' ' << pair.second << ' ' << times << '\n';
}

Census ReadCensus(std::istream& in) {
  Census census;
  in >> census.seeds >> census.events >> census.writes >> census.seconds;
  std::string part, what;
  std::int64_t times = 0;
  while (in >> part >> what >> times)
    census.met[{part, what}] = times;
  return census;
}

std::vector<std::pair<std::string, std::string>> Expected() {
  std::vector<std::pair<std::string, std::string>> expected;
  const auto add = [&](std::string_view part, std::string_view what) {
    expected.emplace_back(part, what);
  };
  for (const std::string_view record : kRecords) {
    for (const Moment moment : kMoments)
      add(record, Name(moment));
    add(record, Name(Fault::kDiskFull));
    add(record, Name(Fault::kSyncFails));
  }
  for (const Moment moment : {Moment::kBefore, Moment::kUnsynced, Moment::kSynced})
    add("call", Name(moment));
  // After a look is before whatever is touched next: nothing was changed.
  add("look", Name(Moment::kBefore));
  for (const std::string_view call : {"lookup", "fence", "export"}) {
    add(call, Name(Moment::kBefore));
    add(call, Name(Moment::kSynced));
  }
  for (int i = 0; i < static_cast<int>(kFaults); ++i) {
    const auto fault = static_cast<Fault>(i);
    if (fault <= Fault::kOutsiderFirst) {
      add("Apply", Name(fault));
    } else if (fault <= Fault::kLookSilent) {
      add("Observe", Name(fault));
    } else if (fault <= Fault::kLookupSilent) {
      add("Lookup", Name(fault));
    }
  }
  add("Apply", Name(Fault::kHalfDone));
  for (const Fault outage : kOutages)
    add("provider", Name(outage));
  for (const Fault fault : {Fault::kFenceFails, Fault::kFenceSilent})
    add("Fence", Name(fault));
  for (const Fault fault : {Fault::kExportFails, Fault::kExportSilent, Fault::kExportUnkept})
    add("Export", Name(fault));
  for (const Fault fault :
       {Fault::kKill, Fault::kPowerLoss, Fault::kPause, Fault::kTakeover, Fault::kInterrupt})
    add("controller", Name(fault));
  add("controller", kInterruptedAgain);
  add("notification", Name(Fault::kNotificationLost));
  add("world", Name(Fault::kOutsider));
  add("clock", Name(Fault::kClockStep));
  add("declaration", Name(Fault::kGoalChange));
  add("plan", Name(Fault::kOldPlan));
  return expected;
}

namespace {

std::vector<std::string> NotMet(const Census& census,
                                const std::vector<std::pair<std::string, std::string>>& expected) {
  std::vector<std::string> missing;
  for (const auto& pair : expected)
    if (census.met.count(pair) == 0) missing.push_back(pair.first + " x " + pair.second);
  return missing;
}

}  // namespace

std::vector<std::string> Missing(const Census& census) { return NotMet(census, Expected()); }

std::vector<std::string> MissingCrashes(const Census& census) {
  std::vector<std::pair<std::string, std::string>> expected;
  for (const std::string_view record : {"lease", "release", "run", "intent", "result", "end"})
    for (const Moment moment : kMoments)
      expected.emplace_back(record, Name(moment));
  for (const Moment moment : {Moment::kBefore, Moment::kUnsynced, Moment::kSynced})
    expected.emplace_back("call", Name(moment));
  expected.emplace_back("look", Name(Moment::kBefore));  // gates, exports and takeovers: by seeds
  for (const Moment moment : {Moment::kBefore, Moment::kSynced})
    expected.emplace_back("fence", Name(moment));
  return NotMet(census, expected);
}

}  // namespace poolshift::simulation
