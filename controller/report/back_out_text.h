// The way back as text. What the engine found out about it, in words.
#pragma once

#include <string>
#include <vector>

#include "controller/model/plan.h"
#include "controller/report/style.h"

namespace poolshift {

// The way back after the first `after` items of a plan.
struct WayBack {
  std::size_t after = 0;
  Plan plan;                          // empty: nothing to take back
  std::vector<std::string> restored;  // pools that must answer again first
  std::vector<std::string> stays;     // what is left as it became
  std::string no_return;              // not empty: what cannot be taken back, and why
};

// One way back, with what it supposes, then its plan. `forward` is the plan that is taken back.
std::string BackOutText(const Plan& forward, const WayBack& way, const Style& style);

// Of every point, a line each, equal ones joined.
std::string BackOutTable(const Plan& forward, const std::vector<WayBack>& ways, const Style& style);

// {"format_version", "after", "supposes_answering", "stays", "no_return", "plan"}.
std::string BackOutJson(const WayBack& way);

// What leads back in a few words: "3 actions: route Site1 …, …", "nothing to take back".
std::string InShort(const WayBack& way);

}  // namespace poolshift
