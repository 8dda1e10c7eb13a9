// Turns: the actions of a plan that run one at a time although neither needs the other, because
// they hold the same lock.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/model/plan.h"

namespace poolshift {

class Turns {
 public:
  // `plan` is borrowed.
  explicit Turns(const Plan& plan);

  // For each lock of `action` the last holder before it in the plan, unless that one comes first
  // anyhow. To be asked in the plan's order.
  std::vector<ActionId> Before(const Action& action);

 private:
  bool ComesFirst(std::size_t earlier, std::size_t later) const;

  std::vector<std::vector<std::size_t>> needs_;  // by place in the plan
  std::map<ActionId, std::size_t> place_;
  std::map<std::string, const Action*> last_;  // by lock
};

}  // namespace poolshift
