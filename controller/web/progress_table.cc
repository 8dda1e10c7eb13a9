#include "controller/web/progress_table.h"

#include <algorithm>
#include <vector>

#include "controller/report/markup_text.h"
#include "controller/web/markup.h"

namespace poolshift::web {
namespace {

constexpr std::size_t kShown = 200;  // steps; a page is read by people

int Rank(const RunProgress::Step& step) {
  if (step.state == "runs") return 1;
  if (step.state == "waits") return 2;
  return step.state == "done" ? 3 : 0;
}

std::string Row(const RunProgress::Step& step) {
  const bool bad = Rank(step) == 0;
  const char* look = step.state == "done"   ? "state yes"
                     : step.state == "runs" ? "state now"
                     : bad                  ? "state no"
                                            : "state soft";
  return "<tr><td>" + std::to_string(step.number) + "</td><td class=\"" + look + "\">" +
         MarkupText(step.state) + "</td><td>" + MarkupText(step.title) +
         (step.words.empty() ? ""
                             : "<br><span class=\"soft\">" + MarkupText(step.words) + "</span>") +
         "</td><td>" + (step.since == absl::InfinitePast() ? "" : TimeTag(step.since)) +
         "</td></tr>\n";
}

}  // namespace

std::string ProgressTable(const RunProgress& progress, bool running) {
  const std::string total = std::to_string(progress.steps.size());
  const std::string ended = std::to_string(progress.ended());
  std::string text = "<h2>Run " + std::to_string(progress.run) +
                     (running ? " is under way" : ", the last") +
                     "</h2>\n<p><progress aria-label=\"steps of the run that have ended\" max=\"" +
                     total + "\" value=\"" + ended + "\"></progress><br>" + ended + " of " + total +
                     " steps have ended; began " + TimeTag(progress.started);
  if (running && progress.expected_end != absl::InfiniteFuture())
    text += ", expected until " + TimeTag(progress.expected_end);
  text +=
      ".</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of "
      "steps\"><table><thead><tr><th scope=\"col\">Step</th><th "
      "scope=\"col\">State</th><th scope=\"col\">What</th><th scope=\"col\">Since</th></tr></thead>"
      "<tbody>\n";
  std::vector<const RunProgress::Step*> steps;
  for (const RunProgress::Step& step : progress.steps)
    steps.push_back(&step);
  std::stable_sort(steps.begin(), steps.end(), [](const auto* one, const auto* other) {
    return Rank(*one) < Rank(*other);
  });
  for (const RunProgress::Step* step : First(steps, kShown))
    text += Row(*step);
  text += "</tbody></table></div>\n";
  if (steps.size() > kShown)
    text += "<p class=\"soft\">" + std::to_string(steps.size() - kShown) +
            " more; <code>poolshift watch</code> shows all.</p>\n";
  return text;
}

}  // namespace poolshift::web
