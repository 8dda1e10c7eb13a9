#include "controller/web/readiness_table.h"

#include <algorithm>
#include <vector>

#include "controller/report/change.h"
#include "controller/report/markup_text.h"
#include "controller/web/markup.h"

namespace poolshift::web {
namespace {

// A page is read by people.
constexpr std::size_t kMostRows = 150, kMostReasons = 5, kMostChanges = 100;

std::string Shortfalls(const DrillRow& row) {
  std::string items;
  const std::span shortfalls = First(row.shortfalls, kMostReasons);
  const std::span refusals = First(row.plan.refusals, kMostReasons);
  for (const Shortfall& shortfall : shortfalls) {
    items += "<li>" + MarkupText(shortfall.text) +
             (shortfall.hint.empty()
                  ? ""
                  : "<br><span class=\"soft\">" + MarkupText(shortfall.hint) + "</span>") +
             "</li>";
  }
  for (const Refusal& refusal : refusals)
    items += "<li>" + MarkupText(refusal.text) + "</li>";
  const std::size_t all = row.shortfalls.size() + row.plan.refusals.size();
  const std::size_t shown = shortfalls.size() + refusals.size();
  if (all > shown) items += "<li>and " + std::to_string(all - shown) + " more</li>";
  return items.empty() ? "nothing" : "<ul>" + items + "</ul>";
}

std::string Row(const DrillRow& row) {
  const bool ready = row.is_ready();
  std::string text = "<tr><th scope=\"row\">" + std::string(Name(row.dead.kind)) + ' ' +
                     MarkupText(row.dead.name) + "</th><td class=\"state " +
                     (ready ? "yes\">ready" : "no\">not ready") + "</td>";
  if (!row.has_plan())
    return text + "<td>no plan</td><td></td><td>" + Shortfalls(row) + "</td></tr>\n";
  text += "<td>" + Count(static_cast<std::size_t>(row.actions), "action") + "</td><td>" +
          DurationText(row.ours);
  if (row.caches > absl::ZeroDuration()) text += ", then caches " + DurationText(row.caches);
  return text + "</td><td>" + Shortfalls(row) + "</td></tr>\n";
}

std::string Word(DrillChange::Way way) {
  switch (way) {
    case DrillChange::Way::kLost:
      return "not ready any more";
    case DrillChange::Way::kGained:
      return "ready now";
    case DrillChange::Way::kOther:
      return "other reasons";
    case DrillChange::Way::kCame:
      return "new";
    case DrillChange::Way::kWent:
      return "gone";
  }
  return "";
}

std::string Changes(const DrillChanges& changes) {
  if (changes.compared_with == absl::InfinitePast())
    return "<p class=\"soft\">There was no drill before this one.</p>\n";
  std::string text = "<h2>Since the drill of " + TimeTag(changes.compared_with) + "</h2>\n";
  if (changes.changes.empty()) return text + "<p>Nothing has changed.</p>\n";
  text += "<ul>\n";
  for (const DrillChange& change : First(changes.changes, kMostChanges)) {
    text += "<li><strong>" + MarkupText(change.kind) + ' ' + MarkupText(change.name) +
            "</strong>: " + Word(change.way);
    for (const std::string& reason : First(change.appeared, kMostReasons))
      text += "<br>+ " + MarkupText(reason);
    for (const std::string& reason : First(change.mended, kMostReasons))
      text += "<br><span class=\"soft\">mended: " + MarkupText(reason) + "</span>";
    text += "</li>\n";
  }
  text += "</ul>\n";
  if (changes.changes.size() > kMostChanges)
    text += "<p class=\"soft\">and " + std::to_string(changes.changes.size() - kMostChanges) +
            " more</p>\n";
  return text;
}

}  // namespace

std::string ReadinessTable(const Snapshot& snapshot) {
  if (snapshot.drill == nullptr) {
    return "<p>No drill was held. With <code>automation: {drill: 24h}</code> in the Policy one is "
           "held each day; <code>poolshift drill</code> holds one now.</p>\n";
  }
  std::string text =
      "<p class=\"soft\">Supposed at " + TimeTag(snapshot.drill->looked_at) +
      ", one death at a time.</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Table of readiness\"><table><thead><tr><th scope=\"col\">If it "
      "dies</th><th scope=\"col\">Ready</th><th scope=\"col\">Plan</th><th "
      "scope=\"col\">Federation "
      "works again after</th><th scope=\"col\">What is not ready</th></tr></thead><tbody>\n";
  std::vector<const DrillRow*> rows;
  for (const DrillRow& row : snapshot.drill->rows)
    rows.push_back(&row);
  if (rows.size() > kMostRows) {
    std::stable_sort(rows.begin(), rows.end(), [](const DrillRow* one, const DrillRow* other) {
      return !one->is_ready() && other->is_ready();
    });
  }
  for (const DrillRow* row : First(rows, kMostRows))
    text += Row(*row);
  text += "</tbody></table></div>\n";
  if (rows.size() > kMostRows) {
    text += "<p class=\"soft\">" + std::to_string(kMostRows) + " of " +
            std::to_string(rows.size()) +
            ", what is not ready first; <code>poolshift drill</code> shows all.</p>\n";
  }
  if (snapshot.drill_changes != nullptr) text += Changes(*snapshot.drill_changes);
  return text;
}

}  // namespace poolshift::web
