#include "controller/report/return_steps.h"

#include <algorithm>
#include <set>
#include <utility>

#include "controller/report/hand_check.h"

namespace poolshift {
namespace {

constexpr std::size_t kEveryCheck = static_cast<std::size_t>(-1);

// What a person reads of a step: two of one text are one.
std::string TextOf(const Action& action) {
  std::string text = action.title;
  for (const std::string& command : action.commands)
    text += '\n' + command;
  for (const std::string& check : HandChecks(action, kEveryCheck))
    text += '\n' + check;
  return text;
}

bool SameActions(const Plan& a, const Plan& b) {
  return std::equal(
      a.actions.begin(),
      a.actions.end(),
      b.actions.begin(),
      b.actions.end(),
      [](const Action& one, const Action& other) { return TextOf(one) == TextOf(other); });
}

}  // namespace

ReturnSteps::ReturnSteps(const std::vector<WayBack>& ways) {
  std::vector<const Plan*> plans;
  for (const WayBack& way : ways) {
    if (plans.empty() || !SameActions(*plans.back(), way.plan)) plans.push_back(&way.plan);
  }
  std::stable_sort(plans.begin(), plans.end(), [](const Plan* a, const Plan* b) {
    return a->actions.size() > b->actions.size();
  });
  for (const Plan* plan : plans)
    Insert(*plan);
}

// From the end: what is new goes before the step that follows it.
void ReturnSteps::Insert(const Plan& plan) {
  std::vector<std::vector<const Action*>> before(steps_.size() + 1);
  std::size_t place = steps_.size();
  std::set<std::string> added;
  for (auto action = plan.actions.rbegin(); action != plan.actions.rend(); ++action) {
    std::string text = TextOf(*action);
    const auto found = numbers_.find(text);
    if (found != numbers_.end()) {
      place = found->second - 1;
      continue;
    }
    if (added.insert(std::move(text)).second) before[place].push_back(&*action);
  }
  if (added.empty()) return;
  std::vector<const Action*> merged;
  for (std::size_t i = 0; i < before.size(); ++i) {
    merged.insert(merged.end(), before[i].rbegin(), before[i].rend());
    if (i < steps_.size()) merged.push_back(steps_[i]);
  }
  steps_ = std::move(merged);
  for (std::size_t i = 0; i < steps_.size(); ++i)
    numbers_[TextOf(*steps_[i])] = i + 1;
}

std::string ReturnSteps::Listed(const WayBack& way) const {
  std::string text;
  const std::vector<Action>& actions = way.plan.actions;
  for (std::size_t i = 0; i < actions.size();) {
    const std::size_t first = numbers_.at(TextOf(actions[i]));
    std::size_t last = first;
    while (++i < actions.size() && numbers_.at(TextOf(actions[i])) == last + 1)
      ++last;
    text += (text.empty() ? "R" : ", R") + std::to_string(first);
    if (last > first) text += (last > first + 1 ? "-R" : ", R") + std::to_string(last);
  }
  return text;
}

}  // namespace poolshift
