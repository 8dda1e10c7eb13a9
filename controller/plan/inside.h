// Inside: of all preconditions and clauses, those that a part of the problem decides alone, because
// nothing outside of it that they speak of can change.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "controller/plan/groups.h"

namespace poolshift::plan {

// What stands against a step in a state, and which of the part's groups could change that.
struct Obstacle {
  bool stands = false;
  std::vector<std::size_t> groups;  // places in the part, sorted; the step's own left out
};

class Inside {
 public:
  Inside(const PlanningProblem& problem, const Index& index, const std::vector<Group>& groups);

  // Whether the step's inside preconditions and clauses let it go ahead in `state`, of which only
  // the part's variables are looked at.
  Obstacle Against(int step, std::size_t own, const State& state) const;

  // The groups with a step that could stop this one, or that this one could stop, when both are
  // possible: both give the same clause one literal less (or one more), or one changes what the
  // other needs. Steps of all other groups can be done before or after it alike.
  const std::vector<std::size_t>& RivalsOf(int step, std::size_t own);

 private:
  // Of an inside clause: the groups with a step after which fewer, or more, of its literals hold.
  struct Balance {
    std::set<std::size_t> less, more;
  };

  int ChangeOf(int step, const Clause& clause) const;
  std::vector<int> TouchedBy(int step) const;
  void AddGroup(std::size_t place, std::span<const int> operators);

  const PlanningProblem& problem_;
  const Index& index_;
  std::map<VariableIndex, std::size_t> group_of_;
  std::map<int, Balance> clauses_;                         // inside, by clause
  std::map<VariableIndex, std::set<std::size_t>> needed_;  // groups whose steps need it so or so
  std::map<int, std::vector<std::size_t>> rivals_;         // by step, once asked for
};

}  // namespace poolshift::plan
