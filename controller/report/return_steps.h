// ReturnSteps: the steps of every way back of a plan, each once, numbered R1, R2, …, so that a
// runbook can say for each of its steps how to go back from there without saying everything again.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "controller/model/plan.h"
#include "controller/report/back_out_text.h"

namespace poolshift {

class ReturnSteps {
 public:
  // Numbered in the order of the longest way; what only others have stands before what it precedes
  // there. The ways are borrowed.
  explicit ReturnSteps(const std::vector<WayBack>& ways);

  // In the order of their numbers, from 1.
  const std::vector<const Action*>& steps() const { return steps_; }
  // "R1-R4, R9, R7": the steps of one of the ways, in the order in which it takes them.
  std::string Listed(const WayBack& way) const;

 private:
  void Insert(const Plan& plan);

  std::vector<const Action*> steps_;
  std::map<std::string, std::size_t> numbers_;  // by what a person reads of the step
};

}  // namespace poolshift
