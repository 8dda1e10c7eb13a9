// `./dev sim` (docs/simulation.md): many seeds, or every crash of a small model, in two worker
// processes; one history again, with its trace.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/simulation/case.h"
#include "tests/simulation/census.h"
#include "tests/simulation/exhaustive.h"
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift::simulation {
namespace {

constexpr int kWorkers = 2;
constexpr std::uint64_t kAgainEvery = 100;      // seeds, of which one is played twice
constexpr std::int64_t kSeedsForCensus = 5000;  // from here on every combination must be met
constexpr double kMostMilliseconds = 10;        // of the processor for a seed

double Seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

int Show(Case it) {
  it.setup.keeps_trace = true;
  const Verdict verdict = Play(it);
  std::cout << Text(it) << '\n' << verdict.trace;
  for (const std::string& wrong : verdict.wrongs)
    std::cout << "WRONG " << wrong << '\n';
  std::cout << verdict.writes << " writes, " << verdict.events << " events, "
            << verdict.wrongs.size() << " wrong\n";
  return verdict.wrongs.empty() ? 0 : 1;
}

// Shrinks it, keeps it, and says how to see it again.
void Keep(std::uint64_t seed, const Case& failed, const std::string& wrong) {
  std::cout << "seed " << seed << ": " << wrong << "\n  again: ./dev sim --seed " << seed << '\n'
            << std::flush;
  const Case small = Shrink(failed);
  const std::string path = "tests/simulation/regressions/seed-" + std::to_string(seed) + ".case";
  std::ofstream(path) << "# " << wrong.substr(0, wrong.find('\n')) << '\n' << Text(small);
  std::cout << "  shrunk: ./dev sim --replay " << path << '\n' << std::flush;
}

// Every kWorkers-th seed. False when something was wrong.
bool PlaySeeds(std::uint64_t from, std::uint64_t count, int worker, Census& census) {
  for (std::uint64_t i = static_cast<std::uint64_t>(worker); i < count; i += kWorkers) {
    const std::uint64_t seed = from + i;
    const Case it = CaseOf(seed);
    const Verdict verdict = Play(it);
    if (!verdict.wrongs.empty()) {
      Keep(seed, it, verdict.wrongs[0]);
      return false;
    }
    if (seed % kAgainEvery == 0 && Play(it).hash != verdict.hash) {
      std::cout << "seed " << seed << " differs from itself\n";
      return false;
    }
    ++census.seeds;
    census.events += verdict.events;
    census.writes += verdict.writes;
    for (const auto& [pair, times] : verdict.coverage)
      census.met[pair] += times;
  }
  return true;
}

bool Count(const Sweep& sweep, Census& census) {
  for (const std::string& wrong : sweep.wrongs)
    std::cout << wrong << '\n';
  census.seeds += sweep.runs;
  census.writes += sweep.actions;
  census.events += sweep.pairs;
  for (const auto& [pair, times] : sweep.coverage)
    census.met[pair] += times;
  return sweep.wrongs.empty();
}

// In kWorkers processes; each sends its census through a pipe. Nothing when one failed.
bool InWorkers(const std::function<bool(int worker, Census& census)>& work, Census& all) {
  bool good = true;
  std::vector<std::pair<pid_t, int>> workers;
  for (int worker = 0; worker < kWorkers; ++worker) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    std::cout << std::flush;
    const pid_t pid = fork();
    if (pid < 0) return false;
    if (pid == 0) {
      close(ends[0]);
      Census census;
      const bool fine = work(worker, census);
      census.seconds = Seconds();
      std::ostringstream text;
      Write(census, text);
      const std::string bytes = text.str();
      std::cout << std::flush;
      const bool sent =
          write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
      _exit(fine && sent ? 0 : 1);
    }
    close(ends[1]);
    workers.emplace_back(pid, ends[0]);
  }
  for (const auto& [pid, end] : workers) {
    std::string bytes(std::size_t{1} << 16U, '\0');
    std::size_t filled = 0;
    for (ssize_t got = 1; got > 0; filled += static_cast<std::size_t>(std::max<ssize_t>(got, 0)))
      got = read(end, bytes.data() + filled, bytes.size() - filled);
    close(end);
    int status = 0;
    waitpid(pid, &status, 0);
    good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    std::istringstream text(bytes.substr(0, filled));
    all.Add(ReadCensus(text));
  }
  return good;
}

void Tell(const Census& census) {
  std::map<std::string, std::string> lines;
  for (const auto& [pair, times] : census.met)
    lines[pair.first] += ' ' + pair.second + ' ' + std::to_string(times);
  for (const auto& [part, text] : lines)
    std::cout << part << ':' << text << '\n';
}

int RunSeeds(std::uint64_t from, std::uint64_t count) {
  Census all;
  const bool good = InWorkers(
      [&](int worker, Census& census) { return PlaySeeds(from, count, worker, census); }, all);
  Tell(all);
  const std::vector<std::string> missing = Missing(all);
  for (const std::string& pair : missing)
    std::cout << "never met: " << pair << '\n';
  const bool counts = all.seeds >= kSeedsForCensus;  // few seeds prove nothing of these two
  const bool complete = missing.empty() || !counts;
  const double cost =
      all.seconds * 1000 / static_cast<double>(std::max<std::int64_t>(1, all.seeds));
  const bool fast = cost <= kMostMilliseconds || !counts;
  const bool fine = good && complete && fast;
  std::cout << all.seeds << " seeds from " << from << ", " << all.writes << " writes, "
            << all.events << " events, " << cost << " ms a seed" << (fast ? "" : " (too slow)")
            << ": " << (fine ? "nothing wrong" : "FAILED") << '\n';
  return fine ? 0 : 1;
}

int RunExhaustive(std::int64_t every, std::int64_t offset, std::int64_t twice) {
  Census once, both;
  bool good = InWorkers(
      [&](int worker, Census& census) {
        return Count(CrashEverywhere(3, 1, every * kWorkers, offset + worker * every), census);
      },
      once);
  Tell(once);
  for (const std::string& pair : MissingCrashes(once)) {
    std::cout << "never met: " << pair << '\n';
    good = false;
  }
  std::cout << once.events << " pairs, " << once.writes << " actions, " << once.seeds
            << " crashes: " << (good ? "nothing wrong" : "FAILED") << " (" << once.seconds
            << " s of the processor)\n";
  const bool fine =
      good && InWorkers(
                  [&](int worker, Census& census) {
                    return Count(CrashTwiceEverywhere(3, 1, twice, kWorkers, worker), census);
                  },
                  both);
  if (good)
    std::cout << both.events << " plans, " << both.seeds
              << " double crashes: " << (fine ? "nothing wrong" : "FAILED") << " (" << both.seconds
              << " s of the processor)\n";
  return fine ? 0 : 1;
}

int Replay(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const auto it = Parse(text.str());
  if (!file || !it.ok()) {
    std::cerr << path << ": " << (file ? it.status().ToString() : "cannot be read") << '\n';
    return 1;
  }
  return Show(*it);
}

int Usage() {
  std::cerr << "./dev sim [--seeds N] [--from S]      histories by seed\n"
               "./dev sim --seed N                    one of them, with its trace\n"
               "./dev sim --replay FILE               one that was shrunk and kept\n"
               "./dev sim --exhaustive [--every K [--offset O]] [--twice PLANS]\n"
               "./dev sim --crash POOLS FRONT_ENDS PAIR MOMENT [MOMENT]\n";
  return 1;
}

}  // namespace
}  // namespace poolshift::simulation

int main(int count, char** words) {
  using namespace poolshift::simulation;
  std::map<std::string, std::string> options;
  std::vector<std::int64_t> numbers;
  std::string last;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word.rfind("--", 0) == 0) {
      options[last = word];
    } else {
      if (!last.empty()) options[last] = word;
      numbers.push_back(std::atoll(word.c_str()));
    }
  }
  const auto number = [&](const char* name, std::int64_t fallback) {
    const auto found = options.find(name);
    return found == options.end() || found->second.empty() ? fallback
                                                           : std::atoll(found->second.c_str());
  };
  for (const auto& [name, value] : options)
    if (std::string(
            " --seeds --from --seed --replay --exhaustive --every --offset --twice --crash ")
            .find(' ' + name + ' ') == std::string::npos)
      return Usage();
  if (options.count("--crash") > 0) {
    if (numbers.size() < 4) return Usage();
    std::cout << ShowCrash(static_cast<int>(numbers[0]),
                           static_cast<int>(numbers[1]),
                           numbers[2],
                           {numbers.begin() + 3, numbers.end()});
    return 0;
  }
  if (options.count("--replay") > 0) return Replay(options["--replay"]);
  if (options.count("--seed") > 0)
    return Show(CaseOf(static_cast<std::uint64_t>(number("--seed", 1))));
  if (options.count("--exhaustive") > 0)
    return RunExhaustive(std::max<std::int64_t>(1, number("--every", 1)),
                         number("--offset", 0),
                         number("--twice", 50));
  return RunSeeds(static_cast<std::uint64_t>(number("--from", 1)),
                  static_cast<std::uint64_t>(number("--seeds", 1000)));
}
