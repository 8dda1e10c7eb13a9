#include "controller/report/turns.h"

#include <algorithm>
#include <set>

namespace poolshift {

Turns::Turns(const Plan& plan, const ActionNumbers& numbers)
    : plan_(plan), needs_(plan.actions.size()) {
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    for (const ActionId& need : plan.actions[i].needs) {
      const auto found = numbers.find(need);
      if (found != numbers.end() && found->second <= i) needs_[i].push_back(found->second - 1);
    }
  }
}

std::vector<ActionId> Turns::Before(std::size_t place) {
  std::vector<ActionId> before;
  for (const std::string& lock : plan_.actions[place].locks) {
    const auto [last, is_first] = last_.try_emplace(lock, place);
    if (!is_first && last->second != place && !ComesFirst(last->second, place)) {
      const ActionId& holder = plan_.actions[last->second].id;
      if (std::count(before.begin(), before.end(), holder) == 0) before.push_back(holder);
    }
    last->second = place;
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
