#include "controller/plan/weave.h"

#include <algorithm>
#include <utility>

#include "controller/plan/knot.h"
#include "controller/plan/together.h"

namespace poolshift::plan {
namespace {

class Weaver {
 public:
  Weaver(const PlanningProblem& problem,
         const Index& index,
         const std::vector<Group>& groups,
         std::vector<std::vector<int>> ways)
      : problem_(problem), index_(index), ways_(std::move(ways)) {
    for (const Group& group : groups)
      parts_.push_back({group});
  }

  Woven Run(std::int64_t budget) {
    Woven woven;
    for (;;) {
      Interleaving interleaving = Interleave(problem_, index_, ways_);
      if (interleaving.blocked.empty()) {
        woven.solved = true;
        woven.steps = std::move(interleaving.steps);
        return woven;
      }
      const std::vector<std::size_t> knot = FindKnot(problem_, interleaving, WayOf());
      Describe(knot, interleaving, woven);
      woven.exhausted = knot.empty();
      if (woven.exhausted) return woven;
      const std::vector<Group>& groups = Join(knot);
      Together way = CheapestTogether(problem_, index_, groups, budget - woven.states);
      woven.states += way.states;
      woven.exhausted = way.exhausted;
      if (!way.found) return woven;
      ways_[knot.front()] = std::move(way.steps);
    }
  }

 private:
  std::vector<int> WayOf() const {
    std::vector<int> way_of(problem_.variables.size(), -1);
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      for (const Group& group : parts_[part]) {
        for (const VariableIndex variable : group.variables)
          way_of[static_cast<std::size_t>(variable)] = static_cast<int>(part);
      }
    }
    return way_of;
  }

  void Describe(const std::vector<std::size_t>& knot,
                const Interleaving& interleaving,
                Woven& woven) const {
    woven.blocked.clear();
    woven.part.clear();
    for (const Blocked& blocked : interleaving.blocked) {
      if (std::binary_search(knot.begin(), knot.end(), blocked.way))
        woven.blocked.push_back(blocked);
    }
    for (const std::size_t way : knot) {
      for (const Group& group : parts_[way])
        woven.part.insert(woven.part.end(), group.variables.begin(), group.variables.end());
    }
    std::sort(woven.part.begin(), woven.part.end());
  }

  // The groups of the knot become the part at its first place, and its other places go.
  const std::vector<Group>& Join(const std::vector<std::size_t>& knot) {
    std::vector<Group>& joined = parts_[knot.front()];
    for (std::size_t i = knot.size(); --i > 0;) {
      const auto place = static_cast<std::ptrdiff_t>(knot[i]);
      joined.insert(joined.end(), parts_[knot[i]].begin(), parts_[knot[i]].end());
      parts_.erase(parts_.begin() + place);
      ways_.erase(ways_.begin() + place);
    }
    return joined;
  }

  const PlanningProblem& problem_;
  const Index& index_;
  std::vector<std::vector<Group>> parts_;
  std::vector<std::vector<int>> ways_;  // by part
};

}  // namespace

Woven Weave(const PlanningProblem& problem,
            const Index& index,
            const std::vector<Group>& groups,
            std::vector<std::vector<int>> ways,
            std::int64_t budget) {
  return Weaver(problem, index, groups, std::move(ways)).Run(budget);
}

}  // namespace poolshift::plan
