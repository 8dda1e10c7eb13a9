// Beginning: whether a step may begin beside those that are going on.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "controller/plan/earliest.h"

namespace poolshift::plan {

class Beginning {
 public:
  Beginning(const PlanningProblem& problem, const Index& index);

  // `state` is what is done; of `running` every subset, in every order, is possible and keeps the
  // clauses. True when the same is true with the step, and its locks are free.
  bool IsAllowed(int step, const State& state, const std::vector<Running>& running) const;

 private:
  bool Meets(const Operator& step, const Operator& other) const;
  bool KeepsClauses(int step, const State& state, const std::vector<Running>& running) const;
  int ChangeBy(int step, int clause) const;

  const PlanningProblem& problem_;
  std::vector<std::map<int, int>> changes_;  // by step: clauses, and how many literals more hold
  std::vector<std::vector<int>> locks_;      // by step, sorted
};

}  // namespace poolshift::plan
