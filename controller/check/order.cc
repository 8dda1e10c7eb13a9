#include "controller/check/order.h"

#include <algorithm>

namespace poolshift::check {
namespace {

constexpr std::size_t kHub = 64;  // direct predecessors

}  // namespace

Order::Order(const std::vector<std::vector<int>>& needs) : needs_(needs), seen_(needs.size()) {}

bool Order::Before(int earlier, int later) const {
  if (earlier >= later || std::pair(earlier, later) == forgotten_) return false;
  ++walk_;
  open_.assign(1, later);
  while (!open_.empty()) {
    const int position = open_.back();
    const auto& direct = needs_[static_cast<std::size_t>(position)];
    open_.pop_back();
    if (direct.size() >= kHub) {
      if (BeforeHub(position)[static_cast<std::size_t>(earlier)]) return true;
      continue;
    }
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

const std::vector<bool>& Order::BeforeHub(int hub) const {
  const auto [found, added] = before_hubs_.try_emplace(hub);
  std::vector<bool>& before = found->second;
  if (!added) return before;
  before.resize(needs_.size());
  std::vector<int> open{hub};
  while (!open.empty()) {
    const auto& direct = needs_[static_cast<std::size_t>(open.back())];
    open.pop_back();
    for (const int at : direct) {
      if (before[static_cast<std::size_t>(at)]) continue;
      before[static_cast<std::size_t>(at)] = true;
      open.push_back(at);
    }
  }
  return before;
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
    if (needs_[static_cast<std::size_t>(at)].size() >= kHub) {
      const std::vector<bool>& implied = BeforeHub(at);
      for (const int before : direct)
        if (implied[static_cast<std::size_t>(before)]) return before;
      continue;
    }
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
