#include "absl/strings/str_cat.h"

#include "controller/report/drift_formats.h"
#include "controller/report/drift_words.h"
#include "controller/report/markup_text.h"

namespace poolshift {
namespace {

struct Verdict {
  std::string element;  // "failure", "error", "skipped"
  std::string text;
};

Verdict VerdictOf(const DriftEntry& entry, bool looked_now) {
  if (entry.acknowledged.has_value())
    return {"skipped", "acknowledged: " + entry.acknowledged->reason};
  return {entry.looked && looked_now ? "failure" : "error", DriftSentence(entry)};
}

void AddCase(const DriftReport& report,
             const DriftEntry& entry,
             const Verdict& verdict,
             std::string& text) {
  absl::StrAppend(&text,
                  "  <testcase classname=\"drift.",
                  MarkupText(entry.resource.kind),
                  "\" name=\"",
                  MarkupText(DriftSubject(entry)),
                  "\">\n    <",
                  verdict.element);
  if (verdict.element != "skipped")
    absl::StrAppend(&text, " type=\"", MarkupText(entry.impact), "\"");
  absl::StrAppend(&text, " message=\"", MarkupText(verdict.text), "\"");
  if (verdict.element == "skipped") {
    absl::StrAppend(&text, "/>\n  </testcase>\n");
    return;
  }
  absl::StrAppend(&text, ">");
  for (const auto& [name, fact] : FactsOf(report, entry))
    absl::StrAppend(&text, MarkupText(name), name.empty() ? "" : ": ", MarkupText(fact), "\n");
  absl::StrAppend(&text, "</", verdict.element, ">\n  </testcase>\n");
}

}  // namespace

std::string DriftJunit(const DriftReport& report) {
  std::string cases;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  for (const auto* list : {&report.entries, &report.not_looked}) {
    for (const DriftEntry& entry : *list) {
      const Verdict verdict = VerdictOf(entry, list == &report.entries);
      failures += verdict.element == "failure" ? 1 : 0;
      errors += verdict.element == "error" ? 1 : 0;
      skipped += verdict.element == "skipped" ? 1 : 0;
      AddCase(report, entry, verdict, cases);
    }
  }
  std::size_t tests = failures + errors + skipped;
  if (tests == 0) {
    tests = 1;
    cases = "  <testcase classname=\"drift\" name=\"everything is as declared\"/>\n";
  }
  const std::string at =
      absl::FormatTime("%Y-%m-%dT%H:%M:%S", report.looked_at, absl::UTCTimeZone());
  return absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"drift of ",
                      MarkupText(report.organization),
                      "\" tests=\"",
                      tests,
                      "\" failures=\"",
                      failures,
                      "\" errors=\"",
                      errors,
                      "\" skipped=\"",
                      skipped,
                      "\" timestamp=\"",
                      at,
                      "\">\n",
                      cases,
                      "</testsuite>\n");
}

}  // namespace poolshift
