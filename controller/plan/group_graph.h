// GroupGraph: the values that one group can have and the operators between them, refined, each
// worked out when it is first asked for. States are numbers, 0 is the start.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "controller/plan/groups.h"

namespace poolshift::plan {

// What is paid and how many operators it takes, in one number: fewest actions first.
using Cost = std::int64_t;
constexpr Cost kAction = 1 << 20;

class GroupGraph {
 public:
  struct Arc {
    int step = 0;  // operator
    int to = 0;    // state
  };

  // Borrows the first two.
  GroupGraph(const PlanningProblem& problem, WayFinder& finder, const Group& group);

  const Group& group() const { return group_; }
  const std::vector<ValueIndex>& ValuesOf(int state) const {
    return states_[static_cast<std::size_t>(state)].values;
  }
  bool IsGoal(int state) const;
  // The number of the state with these values.
  int Place(std::vector<ValueIndex> values);
  // By operator. Those that the clauses around rule out (refinement.h) are left out.
  const std::vector<Arc>& ArcsFrom(int state);
  // The cheapest way from there to the goal; absent: there is none.
  const std::optional<Cost>& RemainingFrom(int state);

 private:
  struct State {
    std::vector<ValueIndex> values;
    std::optional<std::vector<Arc>> arcs;          // once asked for
    std::optional<std::optional<Cost>> remaining;  // once asked for
  };

  const PlanningProblem& problem_;
  WayFinder& finder_;
  const Group group_;
  std::vector<int> operators_;
  std::vector<State> states_;
  std::map<std::vector<ValueIndex>, int> place_;
};

}  // namespace poolshift::plan
