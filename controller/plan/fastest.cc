#include "controller/plan/fastest.h"

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

#include "controller/plan/beginning.h"
#include "controller/plan/group_graph.h"

namespace poolshift::plan {
namespace {

// A moment: what is done, what is going on, and the last step that began at it. Steps that begin at
// the same moment do so in the order of their numbers.
struct Moment {
  State state;
  std::vector<Running> running;  // sorted
  int last = -1;
  auto operator<=>(const Moment&) const = default;
};

struct Label {
  const Moment* moment = nullptr;
  Ticks elapsed = 0;
  Cost cost = 0;
  int previous = -1;
  int begun = -1;  // step, or -1: time passed
  bool beaten = false;
};

class Search {
 public:
  Search(const PlanningProblem& problem,
         const Index& index,
         const std::vector<Group>& groups,
         Earliest& earliest)
      : problem_(problem),
        beginning_(problem, index),
        earliest_(earliest),
        finder_(problem, index) {
    for (const Group& group : groups)
      graphs_.emplace_back(problem, finder_, group);
  }

  Fastest Run(std::int64_t budget) {
    Fastest result;
    Add({StartState(problem_), {}, -1}, {nullptr, 0, 0, -1, -1});
    while (!open_.empty()) {
      const int at = std::get<3>(open_.top());
      open_.pop();
      const Label label = labels_[static_cast<std::size_t>(at)];
      if (label.beaten) continue;
      const Moment moment = *label.moment;
      if (moment.running.empty() && ReachesGoal(problem_, moment.state)) return Finish(at, result);
      if (++result.states > budget) {
        result.exhausted = true;
        return result;
      }
      Expand(moment, label, at);
    }
    return result;
  }

 private:
  // Least time first, then fewest actions; of equals what has gone on longer, then the first made.
  using Entry = std::tuple<Ticks, Cost, Ticks, int>;

  Fastest Finish(int at, Fastest result) const {
    result.found = true;
    result.makespan = labels_[static_cast<std::size_t>(at)].elapsed;
    for (; at >= 0; at = labels_[static_cast<std::size_t>(at)].previous) {
      if (labels_[static_cast<std::size_t>(at)].begun >= 0)
        result.steps.push_back(labels_[static_cast<std::size_t>(at)].begun);
    }
    std::reverse(result.steps.begin(), result.steps.end());
    return result;
  }

  void Expand(const Moment& moment, const Label& label, int from) {
    const int operators = static_cast<int>(problem_.operators.size());
    for (int step = moment.last + 1; step < operators; ++step) {
      if (!beginning_.IsAllowed(step, moment.state, moment.running)) continue;
      const Operator& begun = problem_.operators[static_cast<std::size_t>(step)];
      Moment next = moment;
      next.running.push_back({step, TicksOf(begun)});
      std::sort(next.running.begin(), next.running.end());
      next.last = step;
      Add(next, {nullptr, label.elapsed, label.cost + begun.cost * kAction + 1, from, step});
    }
    if (!moment.running.empty()) LetTimePass(moment, label, from);
  }

  // Up to the next end.
  void LetTimePass(const Moment& moment, const Label& label, int from) {
    Ticks passed = moment.running.front().left;
    for (const Running& at : moment.running)
      passed = std::min(passed, at.left);
    Moment next{moment.state, {}, -1};
    for (const Running& at : moment.running) {
      if (at.left > passed) {
        next.running.push_back({at.step, at.left - passed});
      } else {
        ApplyEffects(problem_.operators[static_cast<std::size_t>(at.step)], next.state);
      }
    }
    Add(next, {nullptr, label.elapsed + passed, label.cost, from, -1});
  }

  void Add(const Moment& moment, Label label) {
    const auto known = labels_of_.find(moment);
    if (known != labels_of_.end()) {
      for (const int other : known->second) {
        const Label& rival = labels_[static_cast<std::size_t>(other)];
        if (rival.elapsed <= label.elapsed && rival.cost <= label.cost) return;
      }
    }
    const std::optional<Ticks> time = earliest_.Bound(moment.state, moment.running);
    const std::optional<Cost> cost = Remaining(moment);
    if (!time.has_value() || !cost.has_value()) return;
    const auto [at, added] = labels_of_.try_emplace(moment);
    std::erase_if(at->second, [&](int other) {
      Label& rival = labels_[static_cast<std::size_t>(other)];
      rival.beaten = rival.elapsed >= label.elapsed && rival.cost >= label.cost;
      return rival.beaten;
    });
    at->second.push_back(static_cast<int>(labels_.size()));
    label.moment = &at->first;
    open_.emplace(label.elapsed + *time,
                  label.cost + *cost,
                  -label.elapsed,
                  static_cast<int>(labels_.size()));
    labels_.push_back(label);
  }

  // What every group must still pay, once what is going on has ended.
  std::optional<Cost> Remaining(const Moment& moment) {
    State state = moment.state;
    for (const Running& at : moment.running)
      ApplyEffects(problem_.operators[static_cast<std::size_t>(at.step)], state);
    Cost sum = 0;
    for (GroupGraph& graph : graphs_) {
      std::vector<ValueIndex> own;
      for (const VariableIndex variable : graph.group().variables)
        own.push_back(state[static_cast<std::size_t>(variable)]);
      const std::optional<Cost>& cost = graph.RemainingFrom(graph.Place(std::move(own)));
      if (!cost.has_value()) return std::nullopt;
      sum += *cost;
    }
    return sum;
  }

  const PlanningProblem& problem_;
  const Beginning beginning_;
  Earliest& earliest_;
  WayFinder finder_;
  std::vector<GroupGraph> graphs_;
  std::map<Moment, std::vector<int>> labels_of_;
  std::vector<Label> labels_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open_;
};

}  // namespace

Fastest FindFastest(const PlanningProblem& problem,
                    const Index& index,
                    const std::vector<Group>& groups,
                    Earliest& earliest,
                    std::int64_t budget) {
  return Search(problem, index, groups, earliest).Run(budget);
}

}  // namespace poolshift::plan
