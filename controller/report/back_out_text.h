// The way back as text. What the engine found out about it, in words.
#pragma once

#include <string>
#include <vector>

#include "controller/model/plan.h"
#include "controller/report/style.h"

namespace poolshift {

// The way back after the first `after` items of a plan.
struct WayBack {
  // What was done and cannot be taken back: the way back is that of the rest.
  struct Lost {
    ActionId id;
    std::string title;
    std::string why;
  };
  std::size_t after = 0;
  Plan plan;                          // empty: nothing to take back
  std::vector<std::string> restored;  // pools that must answer again first
  std::vector<std::string> stays;     // what is left as it became
  std::vector<Lost> lost;
  std::vector<std::string> left_out;  // what of the lost is no goal of the way back, and why

  bool is_refused() const { return !plan.refusals.empty(); }
  bool changes_nothing() const { return plan.mutations() == 0 && !is_refused(); }
};

// "#3 cannot be taken back": what of `forward` is lost; "" when nothing is.
std::string LostText(const Plan& forward, const WayBack& way);

// One way back, with what it supposes, then its plan. `forward` is the plan that is taken back.
std::string BackOutText(const Plan& forward, const WayBack& way, const Style& style);

// Of every point, a line each, equal ones joined.
std::string BackOutTable(const Plan& forward, const std::vector<WayBack>& ways, const Style& style);

// {"format_version", "after", "supposes_answering", "stays", "no_return", "plan"}; no_return is a
// list of {"id", "title", "why"}.
std::string BackOutJson(const WayBack& way);

}  // namespace poolshift
