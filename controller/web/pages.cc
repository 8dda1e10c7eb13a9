#include "controller/web/pages.h"

#include "controller/gitops/status.h"
#include "controller/report/change.h"
#include "controller/report/markup_text.h"
#include "controller/report/plan_text.h"
#include "controller/web/drift_timeline.h"
#include "controller/web/map.h"
#include "controller/web/markup.h"
#include "controller/web/plan_picture.h"
#include "controller/web/progress_table.h"
#include "controller/web/readiness_table.h"

namespace poolshift {
namespace {

using web::EscapedLines;
using web::Framed;
using web::Short;
using web::TimeTag;

constexpr std::size_t kMostFaults = 20'000;  // bytes, as they are sent

std::string Item(const std::string& text) { return "<li>" + text + "</li>"; }

// The one sentence, and everything that somebody must know.
std::string Banner(const DaemonStatus& status) {
  const bool bad = !status.error.empty() || status.drift_traffic > 0 || status.verdict == "refused";
  std::string items;
  if (!status.refused.empty())
    items += Item("A newer commit is refused: " + MarkupText(status.refused));
  if (!status.faults.empty())
    items += Item("A newer declaration has faults:<pre>" +
                  web::Excerpt(status.faults, kMostFaults) + "</pre>");
  if (!status.unreachable.empty())
    items += Item("The declaration's source does not answer: " + MarkupText(status.unreachable));
  for (const std::string& reason : status.reasons)
    items += Item(MarkupText(reason));
  for (const DaemonStatus::Hold& hold : status.pauses) {
    items +=
        Item("<strong>Paused</strong> (" + MarkupText(hold.id) +
             "): " + (hold.scope.empty() ? "everything" : MarkupText(hold.scope)) + ", until " +
             TimeTag(hold.until) + ", by " + MarkupText(hold.who) + ": " + MarkupText(hold.reason));
  }
  for (const DaemonStatus::Hold& hold : status.openings) {
    items +=
        Item("<strong>Glass broken</strong>: windows and freezes do not hold until " +
             TimeTag(hold.until) + ", by " + MarkupText(hold.who) + ": " + MarkupText(hold.reason));
  }
  if (status.verdict == "waits for approval")
    items += Item("To agree: <code>poolshift approve " + MarkupText(Short(status.plan_digest)) +
                  "</code>, or <a href=\"/approve\">here</a> after <code>poolshift login</code>");
  return "<section class=\"banner " +
         std::string(!status.needs_attention() ? "fine"
                     : bad                     ? "bad"
                                               : "warn") +
         "\" role=\"status\"><h1>" + MarkupText(DaemonStatusSentence(status)) + "</h1>" +
         (items.empty() ? "" : "<ul>" + items + "</ul>") + "</section>\n";
}

std::string DeclarationLine(const DaemonStatus& status) {
  std::string text = "<p class=\"soft\">From " + MarkupText(status.source);
  if (!status.commit.empty()) {
    text += ", commit <span class=\"mono\">" + MarkupText(Short(status.commit)) + "</span>";
    if (!status.title.empty()) text += " “" + MarkupText(status.title) + "”";
    if (!status.author.empty()) text += " by " + MarkupText(status.author);
  }
  return text + ". Last as declared: " + TimeTag(status.settled_at) +
         "; next look: " + TimeTag(status.next_look) + ".</p>\n";
}

// At most so many rows: the first ones are the worst.
std::string DriftTable(const Snapshot& snapshot, std::size_t most) {
  if (snapshot.drift == nullptr) return "<p>Nobody has looked yet.</p>\n";
  if (snapshot.drift->entries.empty()) return "<p>The world is as declared.</p>\n";
  std::string text =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of "
      "differences\"><table><thead><tr><th scope=\"col\">Severity</th><th "
      "scope=\"col\">What</th><th scope=\"col\">Since</th><th scope=\"col\">Declared "
      "at</th></tr></thead><tbody>\n";
  const std::vector<DriftEntry>& entries = snapshot.drift->entries;
  for (const DriftEntry& entry : web::First(entries, most)) {
    text += "<tr><td>" + MarkupText(entry.impact) + "</td><td>" + MarkupText(entry.text) +
            "</td><td>" + TimeTag(entry.first_seen) + "</td><td class=\"mono\">" +
            MarkupText(ToString(entry.origin)) + "</td></tr>\n";
  }
  text += "</tbody></table></div>\n";
  if (entries.size() > most) {
    text += "<p class=\"soft\">The first " + std::to_string(most) + " of " +
            std::to_string(entries.size()) +
            "; <code>poolshift status drift</code> prints all.</p>\n";
  }
  return text;
}

// A plan of thousands of actions is no page: its beginning, and where the rest is.
std::string PlanExcerpt(const Plan& plan) {
  constexpr std::size_t kMost = 150'000;  // bytes, as they are sent
  const std::string text = PlanText(plan, {.width = 100});
  const std::string excerpt = web::Excerpt(text, kMost);
  return "<pre tabindex=\"0\">" + excerpt + "</pre>\n" +
         (!excerpt.ends_with(web::kCutShort)
              ? ""
              : "<p class=\"soft\"><a href=\"/plan.txt\">All of it</a></p>\n");
}

std::string RunsTable(const Snapshot& snapshot, std::size_t most) {
  if (snapshot.runs.empty()) return "<p>No run is on record.</p>\n";
  std::string text =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of "
      "runs\"><table><thead><tr><th scope=\"col\">Run</th><th "
      "scope=\"col\">Began</th><th scope=\"col\">How it ended</th><th scope=\"col\">By</th><th "
      "scope=\"col\">Plan</th><th scope=\"col\">Commit</th></tr></thead><tbody>\n";
  for (const RunEntry& run : web::First(snapshot.runs, most)) {
    const bool ended = run.ended != absl::InfiniteFuture();
    text += "<tr><td>" + std::to_string(run.run) + "</td><td>" + TimeTag(run.started) +
            "</td><td>" +
            (ended ? MarkupText(run.outcome) + " after " + DurationText(run.ended - run.started)
                   : "not ended") +
            "</td><td>" + MarkupText(run.who) + "</td><td class=\"mono\">" +
            MarkupText(Short(run.plan_digest)) + "</td><td class=\"mono\">" +
            MarkupText(Short(run.commit)) + "</td></tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace

std::string OverviewPage(const Snapshot& snapshot) {
  constexpr std::size_t kShownRuns = 5;
  constexpr std::size_t kShownDifferences = 30;
  const DaemonStatus status = StatusOf(snapshot);
  std::string content = Banner(status) + DeclarationLine(status) + web::OrganizationMap(snapshot);
  content += "<h2>Differences</h2>\n" + DriftTable(snapshot, kShownDifferences);
  content += "<h2>Last runs</h2>\n" + RunsTable(snapshot, kShownRuns);
  return Framed(snapshot, "/", DaemonStatusSentence(status), content);
}

std::string PlanPage(const Snapshot& snapshot) {
  const DaemonStatus status = StatusOf(snapshot);
  std::string content = Banner(status);
  if (snapshot.running && snapshot.progress != nullptr)
    content += web::ProgressTable(*snapshot.progress, /*running=*/true);
  if (snapshot.plan != nullptr) {
    content += "<h2>Plan <span class=\"mono\">" + MarkupText(Short(snapshot.digest)) +
               "</span></h2>\n<p class=\"soft\">First planned " + TimeTag(snapshot.planned_at) +
               ".</p>\n" + web::PlanPicture(*snapshot.plan) + PlanExcerpt(*snapshot.plan);
  }
  return Framed(snapshot, "/plan", "Plan", content);
}

std::string WholePlan(const Snapshot& snapshot) {
  return snapshot.plan == nullptr ? "there is no plan yet\n"
                                  : PlanText(*snapshot.plan, {.width = 100});
}

std::string DriftPage(const Snapshot& snapshot) {
  constexpr std::size_t kShownDifferences = 200;
  return Framed(snapshot,
                "/drift",
                "Drift",
                "<h1>Differences</h1>\n" + DriftTable(snapshot, kShownDifferences) +
                    "<h2>Over time</h2>\n" + web::DriftTimeline(snapshot.past, snapshot.looked_at));
}

std::string RunsPage(const Snapshot& snapshot) {
  return Framed(
      snapshot,
      "/runs",
      "Runs",
      "<h1>Runs</h1>\n<p class=\"soft\"><code>poolshift history show RUN</code> prints all of "
      "one.</p>\n" +
          RunsTable(snapshot, snapshot.runs.size()) +
          (snapshot.progress == nullptr
               ? ""
               : web::ProgressTable(*snapshot.progress, snapshot.running)));
}

std::string ReadinessPage(const Snapshot& snapshot) {
  return Framed(
      snapshot, "/readiness", "Readiness", "<h1>Readiness</h1>\n" + web::ReadinessTable(snapshot));
}

std::string MissingPage() {
  return Framed(Snapshot(),
                "",
                "Not here",
                "<h1>There is no such page.</h1><p><a href=\"/\">Overview</a></p>",
                web::Pace::kStays);
}

}  // namespace poolshift
