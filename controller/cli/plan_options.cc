#include "controller/cli/plan_options.h"

#include <array>
#include <string>

namespace poolshift {
namespace {

struct Excluding {
  const char* one;
  const char* other;
  const char* advice;
};

constexpr std::array<Excluding, 5> kExcluding = {{
    {"--git",
     "--out",
     "what is carried out is read from files, or by `poolshift serve`; leave --out out"},
    {"--runbook",
     "--back-out",
     "a runbook holds the way back from each step; for the way back alone leave --runbook out"},
    {"--runbook", "--json", "a runbook is Markdown; for programs leave --runbook out"},
    {"--runbook", "--out", "call it twice: once to save the plan, once for its runbook"},
    {"--back-out",
     "--out",
     "a way back is not saved: commit the former declaration and save the plan that leads there"},
}};

}  // namespace

absl::Status CheckPlanOptions(const Arguments& arguments) {
  for (const Excluding& pair : kExcluding) {
    if (!arguments.Has(pair.one) || !arguments.Has(pair.other)) continue;
    return absl::InvalidArgumentError(std::string(pair.one) + " and " + pair.other +
                                      " exclude each other: " + pair.advice);
  }
  const bool back_out = arguments.Has("--back-out");
  if (arguments.Has("--after") && !back_out) {
    return absl::InvalidArgumentError(
        "--after says where a way back begins: write --back-out --after " +
        arguments.Value("--after") + ", or leave --after out");
  }
  if (arguments.Has("--previous") && !back_out && !arguments.Has("--runbook")) {
    return absl::InvalidArgumentError(
        "--previous says where a way back leads: it goes with --back-out or --runbook; otherwise "
        "leave it out");
  }
  return absl::OkStatus();
}

}  // namespace poolshift
