// What a plan would do about differences. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "controller/model/plan.h"
#include "controller/report/drift_report.h"

namespace poolshift {

// Of one plan, which leads to everything that is declared: borrowed, and not changed meanwhile. Not
// thread-safe.
class Suggestions {
 public:
  explicit Suggestions(const Plan& plan);

  // The actions that change the resource of `entry`; of what nobody changes (a port that answers),
  // those that the plan's gates for it wait for.
  DriftSuggestion For(const DriftEntry& entry);

 private:
  using Places = std::vector<std::size_t>;  // in the plan, ascending
  struct Written {
    std::size_t place = 0;
    const Value* before = nullptr;
    const Value* after = nullptr;
  };

  Places Direct(const DriftEntry& entry) const;
  Places BehindGates(const DriftEntry& entry);
  // What must be done before these, gates and these themselves left out.
  Places Before(const Places& last);

  const Plan& plan_;
  std::vector<Places> needs_;  // by place
  std::map<ResourceId, std::vector<Written>> written_;
  std::map<ResourceId, Places> gates_;  // that look at the resource
  std::vector<std::size_t> visited_;    // by place: the last walk that came by
  std::size_t walk_ = 0;
};

}  // namespace poolshift
