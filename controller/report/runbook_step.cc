#include "controller/report/runbook_step.h"

#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/hand_check.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr std::size_t kMostChecks = 8;

void AppendBlock(const std::vector<std::string>& lines,
                 const std::string& indent,
                 std::string& text) {
  if (lines.empty()) return;
  text += indent + "```powershell\n";
  for (const std::string& line : lines) {
    std::string safe = SafeText(line);
    text += indent + safe + '\n';
  }
  text += indent + "```\n";
}

std::string Expected(const Action& action, const std::map<ActionId, std::size_t>& numbers) {
  std::string text;
  if (action.gate.has_value()) {
    for (const std::string& line : ExpectationTexts(*action.gate, numbers))
      text += "  - " + MarkdownText(line) + '\n';
    return text;
  }
  for (const Change& change : Changes(action.before, action.after))
    text += "  - " + MarkdownText(ToString(change)) + '\n';
  return text;
}

std::string When(const Action& action, const std::map<ActionId, std::size_t>& numbers) {
  return action.needs.empty() ? "at once" : "after " + NumbersText(action.needs, numbers);
}

// What must be true before the way back is gone.
std::string Once(const WayBack& way) {
  if (way.plan.mutations() == 0 || way.restored.empty()) return "";
  std::string text;
  for (const std::string& pool : way.restored)
    text += (text.empty() ? "; only once " : " and ") + MarkdownText(pool);
  return text + (way.restored.size() == 1 ? " answers again" : " answer again");
}

}  // namespace

std::string MarkdownText(std::string_view text) {
  constexpr std::string_view kSpecial = "\\<|";
  std::string safe;
  for (const char letter : SafeText(text)) {
    if (kSpecial.find(letter) != std::string_view::npos) safe += '\\';
    safe += letter;
  }
  return safe;
}

void AppendCommands(const Action& action, const std::string& indent, std::string& text) {
  AppendBlock(action.commands, indent, text);
}

std::string RunbookStep(const Action& action,
                        const std::map<ActionId, std::size_t>& numbers,
                        const WayBack* way) {
  std::string text =
      "\n### " + std::to_string(numbers.at(action.id)) + ". " + MarkdownText(action.title) + "\n\n";
  text += "- [ ] " + When(action, numbers) + ", " + MarkdownText(ToString(action.target));
  if (action.verb != Verb::kGate) text += ", about " + DurationText(action.duration);
  text += "\n";
  if (action.needs_approval) text += "- **needs approval**\n";
  for (const Reason& reason : action.why)
    text += "- Why: " + MarkdownText(reason.text) + " (" +
            MarkdownText(SourceText(reason.rule, reason.source)) + ")\n";
  if (!action.commands.empty()) text += "- Do:\n\n";
  AppendBlock(action.commands, "  ", text);
  if (!action.commands.empty()) text += '\n';
  text += action.gate.has_value() ? "- Go on only when:\n" : "- Expect:\n";
  if (action.gate.has_value() && action.gate->hold > absl::ZeroDuration())
    text += "  - " + DurationText(action.gate->hold) + " have passed\n";
  text += Expected(action, numbers);
  const std::vector<std::string> checks = HandChecks(action, kMostChecks);
  if (!checks.empty()) text += "- Check by hand:\n\n";
  AppendBlock(checks, "  ", text);
  if (!checks.empty()) text += '\n';
  if (action.gate.has_value())
    text += "- If it is not so after " + DurationText(action.gate->timeout) +
            ": stop, mend it or go back.\n";
  if (way != nullptr) text += "- Back: " + MarkdownText(InShort(*way)) + Once(*way) + '\n';
  return text;
}

}  // namespace poolshift
