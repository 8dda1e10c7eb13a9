#include "controller/report/turns.h"

#include <algorithm>
#include <set>

namespace poolshift {

Turns::Turns(const Plan& plan) : needs_(plan.actions.size()) {
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    place_[plan.actions[i].id] = i;
    for (const ActionId& need : plan.actions[i].needs) {
      const auto found = place_.find(need);
      if (found != place_.end()) needs_[i].push_back(found->second);
    }
  }
}

std::vector<ActionId> Turns::Before(const Action& action) {
  std::vector<ActionId> before;
  for (const std::string& lock : action.locks) {
    const Action*& last = last_[lock];
    if (last != nullptr && !ComesFirst(place_.at(last->id), place_.at(action.id)) &&
        std::count(before.begin(), before.end(), last->id) == 0)
      before.push_back(last->id);
    last = &action;
  }
  return before;
}

bool Turns::ComesFirst(std::size_t earlier, std::size_t later) const {
  std::set<std::size_t> open(needs_[later].begin(), needs_[later].end());
  while (!open.empty()) {
    const std::size_t at = *open.rbegin();  // the last first: what stands before `earlier` is moot
    if (at == earlier) return true;
    if (at < earlier) return false;
    open.erase(at);
    open.insert(needs_[at].begin(), needs_[at].end());
  }
  return false;
}

}  // namespace poolshift
