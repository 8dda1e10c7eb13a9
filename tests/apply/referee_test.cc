// Every graph of up to four actions, with every pattern of outcomes, against a naive referee.
#include <gtest/gtest.h>

#include "tests/apply/simulated_world.h"

namespace poolshift {
namespace {

struct Outcome {
  std::string name;
  Fault first, second;  // of the first and second call
  double seconds;       // that it takes in all, in units of the action's latency
  bool done;
};

const std::vector<Outcome>& Outcomes() {
  static const std::vector<Outcome> outcomes = {
      {"done", Fault::kNone, Fault::kNone, 1, true},
      {"fails", Fault::kFinal, Fault::kNone, 1, false},
      {"conflicts", Fault::kOutsider, Fault::kNone, 1, false},
      {"done, answer lost", Fault::kLostAfter, Fault::kNone, 1, true},
      {"not done, answer lost, then done", Fault::kLostBefore, Fault::kNone, 2, true},
      {"not done, answer lost twice", Fault::kLostBefore, Fault::kLostBefore, 2, false},
  };
  return outcomes;
}

double Latency(int i) {
  return std::vector<double>{10, 11, 12.7, 15.1}[static_cast<std::size_t>(i)];
}

using Graph = std::vector<std::vector<int>>;
enum class Fate { kNever, kRuns, kDone, kFailed };

// Plays the run by hand: again and again the next action to end ends; then everything free starts,
// until one fails.
std::vector<Fate> Referee(const Graph& graph, const std::vector<int>& outcomes) {
  std::vector<Fate> fate(graph.size(), Fate::kNever);
  std::vector<double> ends(graph.size(), 1e9);
  bool stopped = false;
  double now = 0;
  while (true) {
    for (std::size_t i = 0; i < graph.size() && !stopped; ++i) {
      bool free = fate[i] == Fate::kNever;
      for (const int need : graph[i])
        free = free && fate[static_cast<std::size_t>(need)] == Fate::kDone;
      if (!free) continue;
      fate[i] = Fate::kRuns;
      ends[i] = now + Latency(static_cast<int>(i)) *
                          Outcomes()[static_cast<std::size_t>(outcomes[i])].seconds;
    }
    std::size_t next = graph.size();
    for (std::size_t i = 0; i < graph.size(); ++i) {
      if (fate[i] == Fate::kRuns && (next == graph.size() || ends[i] < ends[next])) next = i;
    }
    if (next == graph.size()) return fate;
    now = ends[next];
    const bool done = Outcomes()[static_cast<std::size_t>(outcomes[next])].done;
    fate[next] = done ? Fate::kDone : Fate::kFailed;
    stopped = stopped || !done;
  }
}

Graph GraphOf(int count, unsigned edges) {
  Graph graph(static_cast<std::size_t>(count));
  unsigned bit = 0;
  for (int i = 1; i < count; ++i) {
    for (int k = 0; k < i; ++k, ++bit) {
      if ((edges >> bit & 1U) != 0) graph[static_cast<std::size_t>(i)].push_back(k);
    }
  }
  return graph;
}

std::string Play(const Graph& graph, const std::vector<int>& outcomes) {
  Script script;
  script.fault = [&](int i, int attempt) {
    const Outcome& outcome =
        Outcomes()[static_cast<std::size_t>(outcomes[static_cast<std::size_t>(i)])];
    return attempt == 1 ? outcome.first : outcome.second;
  };
  script.latency = [](int i) { return absl::Seconds(Latency(i)); };
  SimulatedWorld world(PlanOf(graph), RunPolicy(), std::move(script));
  const RunState state = world.Run();
  if (!world.broken_promises().empty()) return world.broken_promises()[0];
  const std::vector<Fate> fates = Referee(graph, outcomes);
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const bool done = state.actions[i].end == ActionEnd::kDone;
    const bool started = state.actions[i].started != absl::InfinitePast();
    const std::string name = "action " + std::to_string(i);
    if (done != (fates[i] == Fate::kDone)) return name + " ends otherwise than the referee says";
    if (started != (fates[i] != Fate::kNever))
      return name + " starts otherwise than the referee says";
  }
  return "";
}

// `kinds` outcomes from the front of the list.
void PlayAll(int count, int kinds) {
  const unsigned graphs = 1U << static_cast<unsigned>(count * (count - 1) / 2);
  std::vector<int> outcomes(static_cast<std::size_t>(count), 0);
  for (unsigned edges = 0; edges < graphs; ++edges) {
    const Graph graph = GraphOf(count, edges);
    std::fill(outcomes.begin(), outcomes.end(), 0);
    for (std::size_t digit = 0; digit < outcomes.size();) {
      ASSERT_EQ(Play(graph, outcomes), "") << "graph " << edges << " of " << count << ", outcomes "
                                           << testing::PrintToString(outcomes);
      for (digit = 0; digit < outcomes.size() && ++outcomes[digit] == kinds; ++digit)
        outcomes[digit] = 0;
    }
  }
}

TEST(Referee, AgreesOnEveryTinyGraph) {
  PlayAll(1, 6);
  PlayAll(2, 4);
  PlayAll(3, 4);
}

TEST(Referee, AgreesOnEveryGraphOfFour) { PlayAll(4, 4); }

// Lost calls are made again only while nothing has failed, so here no action fails of itself.
TEST(Referee, AgreesWhenAnswersAreLost) {
  for (unsigned edges = 0; edges < 64; ++edges) {
    for (unsigned lost = 0; lost < 16; ++lost) {
      std::vector<int> outcomes;
      for (unsigned i = 0; i < 4; ++i)
        outcomes.push_back((lost >> i & 1U) != 0 ? 4 : 0);
      ASSERT_EQ(Play(GraphOf(4, edges), outcomes), "") << edges << ' ' << lost;
    }
  }
}

}  // namespace
}  // namespace poolshift
