#include "controller/report/back_out_text.h"

#include <algorithm>

#include "controller/report/change.h"
#include "controller/report/json_text.h"
#include "controller/report/page.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"

namespace poolshift {
namespace {

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts)
    joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

bool ChangesNothing(const WayBack& way) {
  return way.plan.mutations() == 0 && way.plan.refusals.empty();
}

std::string Range(std::size_t from, std::size_t to, const Plan& forward) {
  if (from == 0 && to == 0) return "before #1";
  std::string text = from == 0 ? "up to #" : "after #" + std::to_string(from);
  if (from == 0) return text + std::to_string(to);
  if (to > from) text += " to #" + std::to_string(to);
  if (from == to && to == forward.actions.size()) text += ", the end";
  return text;
}

void AddSuppositions(const WayBack& way, Page& page) {
  if (!way.restored.empty()) {
    const bool one = way.restored.size() == 1;
    page.Add("  supposes  ",
             Joined(way.restored) + (one ? " answers" : " answer") + " again. Bring " +
                 (one ? "it" : "them") +
                 " up first: REPLICA, wait until it is current, then the other services. Until " +
                 (one ? "it answers" : "they answer") +
                 ", do not begin: the former host stays dead, and leading partners there would cut "
                 "them off. Its gates hold the way back until then.",
             Ink::kYellow);
  }
  for (const std::string& line : way.stays)
    page.Add("  stays     ", line, Ink::kDim);
  page.Add("  how       ",
           "by Poolshift: commit the former declaration again (`git revert`), then `poolshift "
           "plan`: what is observed then decides. By hand: the steps below.",
           Ink::kDim);
}

}  // namespace

std::string InShort(const WayBack& way) {
  if (!way.no_return.empty()) return "no way back: " + way.no_return;
  if (!way.plan.refusals.empty()) return "refused: " + way.plan.refusals.front().text;
  if (ChangesNothing(way)) return "nothing to take back";
  std::string text = Count(static_cast<std::size_t>(way.plan.mutations()), "action") + ": ";
  std::vector<std::string> titles;
  for (const Action& action : way.plan.actions) {
    if (action.verb != Verb::kGate) titles.push_back(action.title);
  }
  constexpr std::size_t kMost = 4;
  const std::size_t more = titles.size() > kMost ? titles.size() - kMost : 0;
  titles.resize(std::min(titles.size(), kMost));
  for (std::size_t i = 0; i < titles.size(); ++i)
    text += (i == 0 ? "" : "; ") + titles[i];
  if (more > 0) text += "; and " + std::to_string(more) + " more";
  return text;
}

std::string BackOutText(const Plan& forward, const WayBack& way, const Style& style) {
  Page page(style);
  std::string from = "before #1: nothing was done";
  if (way.after > 0) {
    from = "after #" + std::to_string(way.after) + " of " + std::to_string(forward.actions.size()) +
           " (" + forward.actions[way.after - 1].title + ")";
  }
  page.Add("Back-out: ", "the way back " + from, Ink::kBold, Ink::kBold);
  if (!way.no_return.empty()) {
    page.Add("  no return ", way.no_return, Ink::kRed, Ink::kRed);
    page.Add("", "What was done before and after it can be taken back, it cannot.");
  }
  if (way.after > 0 && !ChangesNothing(way)) AddSuppositions(way, page);
  if (ChangesNothing(way)) {
    for (const std::string& line : way.stays)
      page.Add("  stays     ", line, Ink::kDim);
    page.Add("Nothing to take back: ",
             "what was done so far does no harm; who hosts what has not changed.",
             Ink::kGreen);
    return page.text();
  }
  page.Gap();
  page.AddText(PlanText(way.plan, style));
  return page.text();
}

std::string BackOutTable(const Plan& forward,
                         const std::vector<WayBack>& ways,
                         const Style& style) {
  Page page(style);
  page.Add("From where", "", Ink::kBold);
  for (std::size_t i = 0; i < ways.size();) {
    std::size_t last = i;
    const std::string text = InShort(ways[i]);
    while (last + 1 < ways.size() && InShort(ways[last + 1]) == text)
      ++last;
    std::string lead = "  " + Range(ways[i].after, ways[last].after, forward);
    constexpr std::size_t kWidth = 20;
    lead.resize(std::max(kWidth, lead.size() + 1), ' ');
    page.Add(lead, text);
    i = last + 1;
  }
  return page.text();
}

std::string BackOutJson(const WayBack& way) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["after"] = way.after;
  json["supposes_answering"] = way.restored;
  json["stays"] = way.stays;
  json["no_return"] = way.no_return;
  json["plan"] = Json::parse(PlanJson(way.plan));
  return JsonText(json);
}

}  // namespace poolshift
