#include "controller/plan/makespan.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>

#include "controller/plan/index.h"

namespace poolshift::plan {
namespace {

Rows<std::size_t> FollowersOf(const std::vector<std::vector<int>>& needs) {
  std::vector<std::pair<std::size_t, std::size_t>> followers;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    for (const int before : needs[i])
      followers.emplace_back(static_cast<std::size_t>(before), i);
  }
  return {needs.size(), followers};
}

class Timetable {
 public:
  Timetable(const PlanningProblem& problem,
            const std::vector<int>& steps,
            const std::vector<std::vector<int>>& needs,
            int parallelism)
      : problem_(problem),
        steps_(steps),
        needs_(needs),
        parallelism_(parallelism),
        waiting_(steps.size()),
        next_(FollowersOf(needs)),
        locks_(NumberLocks()),
        held_(static_cast<std::size_t>(lock_count_)),
        queued_(held_.size()) {}

  Makespan Run() {
    Makespan result;
    Measure(result);
    result.makespan = Play();
    return result;
  }

 private:
  Rows<int> NumberLocks() {
    std::unordered_map<std::string_view, int> number;
    std::vector<std::pair<std::size_t, int>> locks;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      for (const std::string& lock : At(i).locks) {
        const auto [known, added] = number.emplace(lock, lock_count_);
        lock_count_ += added ? 1 : 0;
        locks.emplace_back(i, known->second);
      }
    }
    return {steps_.size(), locks};
  }

  const Action& At(std::size_t position) const {
    return problem_.operators[static_cast<std::size_t>(steps_[position])].action;
  }

  void Measure(Makespan& result) const {
    std::vector<absl::Duration> end(steps_.size());
    std::vector<absl::Duration> under(held_.size());
    absl::Duration sum = absl::ZeroDuration();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      for (const int before : needs_[i])
        end[i] = std::max(end[i], end[static_cast<std::size_t>(before)]);
      end[i] += At(i).duration;
      sum += At(i).duration;
      result.critical_path = std::max(result.critical_path, end[i]);
      for (const int lock : locks_[i])
        under[static_cast<std::size_t>(lock)] += At(i).duration;
    }
    result.bound = result.critical_path;
    for (const absl::Duration total : under)
      result.bound = std::max(result.bound, total);
    if (parallelism_ > 0) result.bound = std::max(result.bound, sum / parallelism_);
  }

  // Plays the order from event to event; the time of the last.
  absl::Duration Play() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      waiting_[i] = needs_[i].size();
      if (waiting_[i] == 0) ready_.push(i);
    }
    absl::Duration now = absl::ZeroDuration();
    StartReady(now);
    while (!running_.empty()) {
      now = running_.top().first;
      while (!running_.empty() && running_.top().first == now) {
        Finish(running_.top().second);
        running_.pop();
      }
      StartReady(now);
    }
    return now;
  }

  void StartReady(absl::Duration now) {
    while (!ready_.empty()) {
      if (parallelism_ > 0 && static_cast<int>(running_.size()) >= parallelism_) return;
      const std::size_t position = ready_.top();
      ready_.pop();
      const int busy = BusyLock(position);
      if (busy >= 0) {
        queued_[static_cast<std::size_t>(busy)].push(position);
        for (const int lock : locks_[position])
          OfferNext(lock);
        continue;
      }
      for (const int lock : locks_[position])
        held_[static_cast<std::size_t>(lock)] = true;
      running_.emplace(now + At(position).duration, position);
    }
  }

  int BusyLock(std::size_t position) const {
    for (const int lock : locks_[position]) {
      if (held_[static_cast<std::size_t>(lock)]) return lock;
    }
    return -1;
  }

  // The first that waits for the lock, if it is free: one at a time, so that many waiters cost
  // little.
  void OfferNext(int lock) {
    auto& queued = queued_[static_cast<std::size_t>(lock)];
    if (held_[static_cast<std::size_t>(lock)] || queued.empty()) return;
    ready_.push(queued.top());
    queued.pop();
  }

  void Finish(std::size_t position) {
    for (const int lock : locks_[position])
      held_[static_cast<std::size_t>(lock)] = false;
    for (const int lock : locks_[position])
      OfferNext(lock);
    for (const std::size_t follower : next_[position]) {
      if (--waiting_[follower] == 0) ready_.push(follower);
    }
  }

  using Ending = std::pair<absl::Duration, std::size_t>;
  // Positions, the first on top.
  using First = std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>>;

  const PlanningProblem& problem_;
  const std::vector<int>& steps_;
  const std::vector<std::vector<int>>& needs_;
  const int parallelism_;
  std::vector<std::size_t> waiting_;  // by position: needs not yet done
  const Rows<std::size_t> next_;      // by position: who needs it
  int lock_count_ = 0;
  const Rows<int> locks_;      // by position: numbers of locks
  std::vector<bool> held_;     // by lock
  std::vector<First> queued_;  // by lock: who waits for it
  First ready_;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> running_;
};

}  // namespace

Makespan MakespanOf(const PlanningProblem& problem,
                    const std::vector<int>& steps,
                    const std::vector<std::vector<int>>& needs,
                    int parallelism) {
  return Timetable(problem, steps, needs, parallelism).Run();
}

}  // namespace poolshift::plan
