#include "controller/report/back_out_text.h"

#include <algorithm>
#include <utility>

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

std::string Range(std::size_t from, std::size_t to, const Plan& forward) {
  if (from == 0 && to == 0) return "before #1";
  std::string text = from == 0 ? "up to #" : "after #" + std::to_string(from);
  if (from == 0) return text + std::to_string(to);
  if (to > from) text += " to #" + std::to_string(to);
  if (from == to && to == forward.actions.size()) text += ", the end";
  return text;
}

// What leads back in a few words: "3 actions: route Site1 …, …", "nothing to take back".
std::string RestInShort(const WayBack& way) {
  if (way.is_refused()) return "refused: " + way.plan.refusals.front().text;
  if (way.changes_nothing()) return "nothing to take back";
  std::string text = Count(static_cast<std::size_t>(way.plan.mutations()), "action") + ": ";
  std::vector<std::string> titles;
  for (const Action& action : way.plan.actions) {
    if (!IsFree(action)) titles.push_back(action.title);
  }
  constexpr std::size_t kMost = 4;
  const std::size_t more = titles.size() > kMost ? titles.size() - kMost : 0;
  titles.resize(std::min(titles.size(), kMost));
  for (std::size_t i = 0; i < titles.size(); ++i)
    text += (i == 0 ? "" : "; ") + titles[i];
  if (more > 0) text += "; and " + std::to_string(more) + " more";
  return text;
}

std::string InShort(const Plan& forward, const WayBack& way) {
  if (way.lost.empty()) return RestInShort(way);
  return LostText(forward, way) + "; the rest: " + RestInShort(way);
}

void AddSuppositions(const WayBack& way, Page& page) {
  if (way.restored.empty()) return;
  const bool one = way.restored.size() == 1;
  page.Add("  supposes  ",
           Joined(way.restored) + (one ? " answers" : " answer") + " again. Bring " +
               (one ? "it" : "them") +
               " up first: REPLICA, wait until it is current, then the other services. Until " +
               (one ? "it answers" : "they answer") +
               ", do not begin: the former host stays dead, and leading partners there would cut "
               "them off. The way back begins with gates that hold all of it until then.",
           Ink::kYellow);
}

void AddStays(const WayBack& way, Page& page) {
  for (const std::string& line : way.stays)
    page.Add("  stays     ", line, Ink::kDim);
}

void AddHow(Page& page) {
  page.Add("  how       ",
           "by Poolshift: commit the former declaration again (`git revert`), then `poolshift "
           "plan`: what is observed then decides. By hand: the steps below.",
           Ink::kDim);
}

// "after #5 of 7 (title)".
std::string Place(const Plan& forward, const WayBack& way) {
  if (way.after == 0) return "before #1: nothing was done";
  return "after #" + std::to_string(way.after) + " of " + std::to_string(forward.actions.size()) +
         " (" + forward.actions[way.after - 1].title + ")";
}

std::string Heading(const Plan& forward, const WayBack& way) {
  if (way.is_refused()) return "no way back " + Place(forward, way);
  if (way.lost.empty()) return "the way back " + Place(forward, way);
  return "what can still be taken back " + Place(forward, way);
}

}  // namespace

std::string LostText(const Plan& forward, const WayBack& way) {
  if (way.lost.empty()) return "";
  std::vector<ActionId> ids;
  for (const WayBack::Lost& lost : way.lost)
    ids.push_back(lost.id);
  return NumbersText(ids, Numbers(forward)) + " cannot be taken back";
}

std::string BackOutText(const Plan& forward, const WayBack& way, const Style& style) {
  Page page(style);
  page.Add("Back-out: ", Heading(forward, way), Ink::kBold, Ink::kBold);
  const auto numbers = Numbers(forward);
  for (const WayBack::Lost& lost : way.lost)
    page.Add("  no return ",
             '#' + std::to_string(numbers.at(lost.id)) + ' ' + lost.title + ": " + lost.why,
             Ink::kRed,
             Ink::kRed);
  for (const std::string& left_out : way.left_out)
    page.Add("  left out  ", left_out + ". The rest is led back.", Ink::kYellow);
  if (way.changes_nothing()) {
    AddStays(way, page);
    page.Add("Nothing to take back: ",
             way.lost.empty() ? "what was done so far does no harm; who hosts what has not changed."
                              : "what else was done does no harm; who hosts what has not changed.",
             Ink::kGreen);
    return page.text();
  }
  if (!way.is_refused()) {
    AddSuppositions(way, page);
    AddStays(way, page);
    AddHow(page);
  }
  page.Gap();
  page.AddText(PlanText(way.plan, style, "", Walk::kBack));
  return page.text();
}

std::string BackOutTable(const Plan& forward,
                         const std::vector<WayBack>& ways,
                         const Style& style) {
  Page page(style);
  page.Add("From where", "", Ink::kBold);
  for (std::size_t i = 0; i < ways.size();) {
    std::size_t last = i;
    const std::string text = InShort(forward, ways[i]);
    while (last + 1 < ways.size() && InShort(forward, ways[last + 1]) == text)
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
  json["format_version"] = kPlanFormatVersion;
  json["after"] = way.after;
  json["supposes_answering"] = way.restored;
  json["stays"] = way.stays;
  json["left_out"] = way.left_out;
  json["no_return"] = Json::array();
  for (const WayBack::Lost& lost : way.lost) {
    Json entry = Json::object();
    entry["id"] = lost.id;
    entry["title"] = lost.title;
    entry["why"] = lost.why;
    json["no_return"].push_back(std::move(entry));
  }
  json["plan"] = Json::parse(PlanJson(way.plan));
  return JsonText(json);
}

}  // namespace poolshift
