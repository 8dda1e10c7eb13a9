#include "controller/report/change.h"
#include "controller/report/drift_formats.h"
#include "controller/report/drift_words.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

// Nothing in it is markup: neither emphasis nor code, link, tag, heading or address.
std::string Plain(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_[]<>&|~#!$@";
  std::string plain;
  const std::string safe = SafeText(text);
  for (std::size_t at = 0; at < safe.size(); ++at) {
    const bool begins = at == 0 && (safe[at] == '-' || safe[at] == '+' || safe[at] == '=');
    const bool address = safe.compare(at, 3, "://") == 0 || safe.compare(at, 4, "www.") == 0;
    if (begins || kMarks.find(safe[at]) != std::string_view::npos ||
        safe.compare(at, 3, "://") == 0)
      plain += '\\';
    plain += safe[at];
    if (address && safe[at] == 'w') {
      plain += "ww\\.";
      at += 3;
    }
  }
  return plain;
}

}  // namespace

std::string DriftMarkdown(const DriftReport& report) {
  std::string text = "# Drift of " + Plain(report.organization) + "\n\nLooked at " +
                     TimeText(report.looked_at) +
                     (report.commit.empty() ? "" : ", commit " + Plain(report.commit)) + ".\n\n";
  if (report.entries.empty() && report.not_looked.empty()) return text + "No drift.\n";
  text += "**" + Plain(DriftCount(report)) + "**\n";
  for (const DriftGroup& group : GroupsOf(report)) {
    text += "\n## " + Plain(group.title) + '\n';
    for (const DriftEntry* entry : group.entries) {
      text += "\n- " + Plain(DriftSentence(*entry)) + '\n';
      for (const auto& [name, fact] : FactsOf(report, *entry))
        text += "  - " + (name.empty() ? "" : "**" + Plain(name) + "** ") + Plain(fact) + '\n';
    }
  }
  return text;
}

}  // namespace poolshift
