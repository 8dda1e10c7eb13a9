#include "controller/check/order.h"

#include <algorithm>

namespace poolshift::check {

Order::Order(const std::vector<std::vector<int>>& needs) : needs_(needs), seen_(needs.size()) {}

bool Order::Before(int earlier, int later) const {
  if (earlier >= later || std::pair(earlier, later) == forgotten_) return false;
  ++walk_;
  open_.assign(1, later);
  while (!open_.empty()) {
    const auto& direct = needs_[static_cast<std::size_t>(open_.back())];
    open_.pop_back();
    if (std::find(direct.begin(), direct.end(), earlier) != direct.end()) return true;
    for (const int at : direct) {
      int& seen = seen_[static_cast<std::size_t>(at)];
      if (at > earlier && seen != walk_) {
        seen = walk_;
        open_.push_back(at);
      }
    }
  }
  return false;
}

int Order::Superfluous(int position) const {
  const auto& direct = needs_[static_cast<std::size_t>(position)];
  if (direct.size() < 2) return -1;
  const int first = *std::min_element(direct.begin(), direct.end());
  ++walk_;
  open_ = direct;
  while (!open_.empty()) {
    const int at = open_.back();
    open_.pop_back();
    for (const int before : needs_[static_cast<std::size_t>(at)]) {
      int& seen = seen_[static_cast<std::size_t>(before)];
      if (before < first || seen == walk_) continue;
      seen = walk_;
      open_.push_back(before);
    }
  }
  for (const int before : direct) {
    if (seen_[static_cast<std::size_t>(before)] == walk_) return before;
  }
  return -1;
}

}  // namespace poolshift::check
