// The ways back in a runbook: for each step the list of steps that lead back from there, and the
// section that says each of these once, with its commands.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "controller/model/plan.h"
#include "controller/report/back_out_text.h"
#include "controller/report/return_steps.h"

namespace poolshift {

class RunbookBackOut {
 public:
  // `ways`: of each prefix of the plan, by WayBack::after, with commands. Borrowed.
  RunbookBackOut(const Plan& plan, const std::vector<WayBack>& ways);

  // How to go back when the first `after` items of the plan are done: "R1-R4, R7, in this order".
  std::string From(std::size_t after) const;
  // The section's text, without its heading.
  std::string Section() const;

 private:
  const WayBack* After(std::size_t after) const;
  std::string Introduction() const;
  std::string Step(const Action& action, std::size_t number) const;

  const Plan& plan_;
  const std::vector<WayBack>& ways_;
  const ReturnSteps steps_;
};

}  // namespace poolshift
