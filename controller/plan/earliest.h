// Earliest: what no plan can do sooner. An operator cannot end before what it starts from, what it
// needs and what the clauses demand beside it have come about, each as early as it can by itself;
// so the latest of the goals bounds the time of every plan from below, however many hands there
// are.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "controller/plan/index.h"

namespace poolshift::plan {

// Nanoseconds.
using Ticks = std::int64_t;

Ticks TicksOf(const Operator& step);

// An operator that has begun and not ended.
struct Running {
  int step = 0;
  Ticks left = 0;
  auto operator<=>(const Running&) const = default;
};

class Earliest {
 public:
  Earliest(const PlanningProblem& problem, const Index& index);

  // The least time in which any plan reaches the goal from there; absent: none does.
  std::optional<Ticks> Bound(const State& state, const std::vector<Running>& running = {});

 private:
  struct Rule {
    int step = 0;
    Ticks takes = 0;
    std::vector<Literal> needs;  // beside what its effects start from
  };

  Ticks& At(VariableIndex variable, ValueIndex value);
  Ticks Of(const Literal& needed);
  bool Apply(const Rule& rule);

  const PlanningProblem& problem_;
  std::vector<Rule> rules_;
  std::vector<std::size_t> first_;  // by variable: the place of its first value in `times_`
  std::vector<Ticks> times_;
};

}  // namespace poolshift::plan
