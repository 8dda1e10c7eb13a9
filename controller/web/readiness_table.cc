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
  for (std::size_t i = 0; i < std::min(kMostReasons, row.shortfalls.size()); ++i) {
    const Shortfall& shortfall = row.shortfalls[i];
    items += "<li>" + MarkupText(shortfall.text) +
             (shortfall.hint.empty()
                  ? ""
                  : "<br><span class=\"soft\">" + MarkupText(shortfall.hint) + "</span>") +
             "</li>";
  }
  for (std::size_t i = 0; i < std::min(kMostReasons, row.plan.refusals.size()); ++i)
    items += "<li>" + MarkupText(row.plan.refusals[i].text) + "</li>";
  const std::size_t all = row.shortfalls.size() + row.plan.refusals.size();
  const std::size_t shown = std::min(kMostReasons, row.shortfalls.size()) +
                            std::min(kMostReasons, row.plan.refusals.size());
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
  text += "<td>" + Count(static_cast<std::size_t>(row.plan.mutations()), "action") + "</td><td>" +
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
  for (std::size_t i = 0; i < std::min(kMostChanges, changes.changes.size()); ++i) {
    const DrillChange& change = changes.changes[i];
    text += "<li><strong>" + MarkupText(change.kind) + ' ' + MarkupText(change.name) +
            "</strong>: " + Word(change.way);
    for (std::size_t k = 0; k < std::min(kMostReasons, change.appeared.size()); ++k)
      text += "<br>+ " + MarkupText(change.appeared[k]);
    for (std::size_t k = 0; k < std::min(kMostReasons, change.mended.size()); ++k)
      text += "<br><span class=\"soft\">mended: " + MarkupText(change.mended[k]) + "</span>";
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
  for (std::size_t i = 0; i < std::min(kMostRows, rows.size()); ++i)
    text += Row(*rows[i]);
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
