#include "controller/report/runbook_back_out.h"

#include <algorithm>
#include <set>

#include "controller/federation/no_return.h"
#include "controller/report/change.h"
#include "controller/report/runbook_step.h"

namespace poolshift {
namespace {

// What must be true before the way back is gone.
std::string Once(const WayBack& way) {
  if (way.restored.empty()) return "";
  std::string text;
  for (const std::string& pool : way.restored)
    text += (text.empty() ? "; only once " : " and ") + MarkdownText(pool);
  return text + (way.restored.size() == 1 ? " answers again" : " answer again");
}

}  // namespace

RunbookBackOut::RunbookBackOut(const Plan& plan, const std::vector<WayBack>& ways)
    : plan_(plan), ways_(ways), steps_(ways) {}

const WayBack* RunbookBackOut::After(std::size_t after) const {
  const auto found = std::find_if(
      ways_.begin(), ways_.end(), [&](const WayBack& way) { return way.after == after; });
  return found == ways_.end() ? nullptr : &*found;
}

std::string RunbookBackOut::From(std::size_t after) const {
  const WayBack* way = After(after);
  if (way == nullptr)
    return "not in this document; `poolshift plan --back-out --after " + std::to_string(after) +
           "` prints it";
  std::string text;
  if (!way->lost.empty()) text = "**" + LostText(plan_, *way) + "**; the rest: ";
  if (way->is_refused())
    return text + "no way back, " + MarkdownText(way->plan.refusals.front().text);
  if (way->changes_nothing()) return text + "nothing to take back";
  return text + steps_.Listed(*way) + " of [Back-out](#back-out), in this order (" +
         Count(static_cast<std::size_t>(way->plan.mutations()), "change") + ')' + Once(*way);
}

std::string RunbookBackOut::Introduction() const {
  std::string text =
      "Every step of the plan says which of the steps below lead back from there, in which order.\n"
      "Each is taken only when the one before it is done or has been seen.\n\n";
  std::set<std::string> restored;
  for (const WayBack& way : ways_) {
    if (!way.changes_nothing()) restored.insert(way.restored.begin(), way.restored.end());
  }
  for (const std::string& pool : restored)
    text += "- Only when " + MarkdownText(pool) +
            " answers again: start REPLICA on its servers, wait until it is current, then the "
            "other services. The first of the steps below sees that it does.\n";
  text +=
      "- With Poolshift instead: commit the former declaration again, then `poolshift plan` and "
      "`poolshift apply`.\n";
  const WayBack* whole = After(plan_.actions.size());
  if (whole == nullptr) return text;
  for (const WayBack::Lost& lost : whole->lost)
    text += "- **No way back** past \"" + MarkdownText(lost.title) +
            "\": " + MarkdownText(lost.why) + '\n';
  for (const std::string& left_out : whole->left_out)
    text +=
        "- Left out of the way back then: " + MarkdownText(left_out) + ". The rest is led back.\n";
  for (const std::string& stays : whole->stays)
    text += "- Left as it became, after the last step: " + MarkdownText(stays) + '\n';
  return text;
}

std::string RunbookBackOut::Step(const Action& action, std::size_t number) const {
  std::string text =
      "\n### R" + std::to_string(number) + ". " + MarkdownText(action.title) + "\n\n";
  const std::string no_return = NoReturn(action);
  if (!no_return.empty()) text += "- **Point of no return**: " + MarkdownText(no_return) + '\n';
  if (action.needs_approval) text += "- **needs approval**\n";
  if (action.gate.has_value() && action.gate->hold > absl::ZeroDuration())
    text += "- Wait " + DurationText(action.gate->hold) + " first.\n";
  AppendDoing(action, text);
  AppendChecks(action, text);
  return text;
}

std::string RunbookBackOut::Section() const {
  if (plan_.actions.empty()) return "Nothing was done: nothing to take back.\n";
  std::string text = Introduction();
  std::size_t number = 0;
  for (const Action* action : steps_.steps())
    text += Step(*action, ++number);
  return text;
}

}  // namespace poolshift
