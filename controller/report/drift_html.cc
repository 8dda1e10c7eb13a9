#include "controller/report/change.h"
#include "controller/report/drift_formats.h"
#include "controller/report/drift_words.h"
#include "controller/report/markup_text.h"

namespace poolshift {
namespace {

// Colours meet a contrast of 4.5 to 1 in both schemes; no meaning is in the colour alone.
constexpr const char* kSheet = R"css(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #f6f7f9; --card: #ffffff;
  --line: #d5d9de; --traffic: #b3261e; --redundancy: #8a5300; --cosmetic: #57606a; --unknown: #6b3fa0;
  --fine: #1a6f37; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #a0a9b4; --paper: #12161b; --card: #1b2128; --line: #343c46;
    --traffic: #ff8a80; --redundancy: #ffc263; --cosmetic: #a0a9b4; --unknown: #cfb0ff; --fine: #7ee2a0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.25; }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .75rem; color: var(--mark); }
h3 { font-size: 1.05rem; margin: 0 0 .75rem; line-height: 1.4; overflow-wrap: anywhere; }
header p { margin: .35rem 0 0; color: var(--soft); }
ul.figures { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; margin: 1.5rem 0 0; padding: 0; }
ul.figures li { flex: 1 1 8rem; background: var(--card); border: 1px solid var(--line);
  border-top: 4px solid var(--mark); border-radius: .5rem; padding: .6rem .9rem; }
ul.figures b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
ul.figures span { color: var(--soft); font-size: .9rem; }
article { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--mark);
  border-radius: .5rem; padding: 1rem 1.1rem; margin: 0 0 .75rem; }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .2rem 1rem; margin: 0; font-size: .93rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
dd.steps { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: .88rem; }
.traffic { --mark: var(--traffic); } .redundancy { --mark: var(--redundancy); }
.cosmetic, .acknowledged { --mark: var(--cosmetic); } .unknown, .not { --mark: var(--unknown); }
.fine { --mark: var(--fine); }
p.fine { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--mark);
  border-radius: .5rem; padding: 1rem 1.1rem; margin: 1.5rem 0 0; font-weight: 600; color: var(--mark); }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media print { body { background: none; } article { break-inside: avoid; } }
)css";

// The word of a class: "traffic is affected" is "traffic".
std::string ClassOf(const std::string& impact) { return impact.substr(0, impact.find(' ')); }

std::string Figure(std::size_t count, const std::string& impact, const std::string& label) {
  return "<li class=\"" + (count == 0 ? "fine" : ClassOf(impact)) + "\"><b>" +
         std::to_string(count) + "</b> <span>" + label + "</span></li>\n";
}

std::string Figures(const DriftReport& report) {
  return "<ul class=\"figures\" aria-label=\"Differences by severity\">\n" +
         Figure(CountImpact(report, "traffic"), "traffic", "traffic affected") +
         Figure(CountImpact(report, "redundancy"), "redundancy", "redundancy lost") +
         Figure(CountImpact(report, "cosmetic"), "cosmetic", "cosmetic") +
         Figure(CountImpact(report, "unknown"), "unknown", "nobody could look") + "</ul>\n";
}

std::string Article(const DriftReport& report, const DriftEntry& entry) {
  std::string text = "<article class=\"" + ClassOf(entry.impact) + "\">\n<h3>" +
                     MarkupText(DriftSentence(entry)) + "</h3>\n<dl>\n<dt>severity</dt><dd>" +
                     MarkupText(entry.impact) + "</dd>\n";
  for (const auto& [name, fact] : FactsOf(report, entry)) {
    const bool steps = name == "mend" || name.empty();
    text += (name.empty() ? "<dt></dt>" : "<dt>" + MarkupText(name) + "</dt>");
    text += (steps ? "<dd class=\"steps\">" : "<dd>") + MarkupText(fact) + "</dd>\n";
  }
  return text + "</dl>\n</article>\n";
}

}  // namespace

std::string DriftHtml(const DriftReport& report) {
  const std::string name = MarkupText(report.organization);
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Drift of " +
      name + "</title>\n<style>" + kSheet + "</style>\n</head>\n<body>\n<main>\n<header>\n<h1>" +
      name + ": " +
      (report.entries.empty() && report.not_looked.empty() ? "no drift"
                                                           : MarkupText(DriftCount(report))) +
      "</h1>\n<p>Looked at <time>" + TimeText(report.looked_at) + "</time>";
  if (!report.commit.empty()) text += ", declared by commit " + MarkupText(report.commit);
  text += "</p>\n</header>\n" + Figures(report);
  if (report.entries.empty() && report.not_looked.empty())
    text += "<p class=\"fine\">Everything that is declared is as declared.</p>\n";
  std::size_t number = 0;
  for (const DriftGroup& group : GroupsOf(report)) {
    const std::string id = "group" + std::to_string(++number);
    text += "<section class=\"" + ClassOf(group.impact) + "\" aria-labelledby=\"" + id +
            "\">\n<h2 id=\"" + id + "\">" + MarkupText(group.title) + " (" +
            std::to_string(group.entries.size()) + ")</h2>\n";
    for (const DriftEntry* entry : group.entries)
      text += Article(report, *entry);
    text += "</section>\n";
  }
  return text + "</main>\n</body>\n</html>\n";
}

}  // namespace poolshift
