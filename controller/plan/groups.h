// Groups: the parts of a problem that no operator joins. Each has its own shortest way from start
// to goal; the sum of their costs bounds every plan from below (docs/planner.md "Lower bound"), and
// when they can be interleaved, it is the plan.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "controller/plan/refinement.h"

namespace poolshift::plan {

// Variables that operators change together, sorted.
struct Group {
  std::vector<VariableIndex> variables;
};

// Groups in the order of their first variable. A variable that no operator changes is in no group.
std::vector<Group> FindGroups(const PlanningProblem& problem);

// Finds the cheapest way of one group after the other. Borrows both.
class WayFinder {
 public:
  WayFinder(const PlanningProblem& problem, const Index& index)
      : problem_(problem), index_(index), refinement_(problem, index) {}

  // The cheapest sequence of operators that leads the group from start to goal, when the rest of
  // the world may be anything that the clauses allow; ties go to fewer operators, then to the
  // earlier operator. Absent = no way.
  std::optional<std::vector<int>> Cheapest(const Group& group);
  // The same from other values of the group's variables (in the group's order).
  std::optional<std::vector<int>> Cheapest(const Group& group, std::vector<ValueIndex> from);

  // Those that change a variable of the group, in their order.
  std::vector<int> OperatorsOf(const Group& group) const;
  Refinement& refinement() { return refinement_; }
  // Whether a step was left out of the last search because it can never happen.
  bool has_left_out() const { return has_left_out_; }

 private:
  using Values = std::vector<ValueIndex>;  // of the group's variables, in its order
  struct Node {
    Values values;
    int cost = 0, length = 0;
    int previous = -1;  // node
    int through = -1;   // operator
  };
  struct Entry {
    int cost = 0, length = 0, node = 0;
  };

  bool IsGoal(const Values& values) const;
  bool Apply(int step, Values& values) const;
  int FindNode(const Values& values) const;
  void Keep(Node node);
  void Expand(int node);
  std::vector<int> WayTo(int node) const;

  const PlanningProblem& problem_;
  const Index& index_;
  Refinement refinement_;
  const Group* group_ = nullptr;
  std::vector<int> operators_;  // of the group
  std::vector<Node> nodes_;
  std::map<Values, int> places_;  // nodes by their values, once there are many
  std::vector<Entry> open_;       // a heap
  bool has_left_out_ = false;
};

}  // namespace poolshift::plan
