// Turns: the actions of a plan that run one at a time although neither needs the other, because
// they hold the same lock.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "controller/model/plan.h"
#include "controller/report/change.h"

namespace poolshift {

class Turns {
 public:
  // `plan` is borrowed.
  Turns(const Plan& plan, const ActionNumbers& numbers);

  // For each lock of the action at `place` the last holder before it in the plan, unless that one
  // comes first anyhow. To be asked in the plan's order.
  std::vector<ActionId> Before(std::size_t place);

 private:
  bool ComesFirst(std::size_t earlier, std::size_t later) const;

  const Plan& plan_;
  std::vector<std::vector<std::size_t>> needs_;             // by place in the plan
  std::unordered_map<std::string_view, std::size_t> last_;  // by lock: the place of who held it
};

}  // namespace poolshift
