#include "controller/report/runbook_step.h"

#include "controller/report/change.h"
#include "controller/report/hand_check.h"
#include "controller/report/safe_text.h"
#include "controller/report/topology_by_hand.h"

namespace poolshift {
namespace {

constexpr std::size_t kMostChecks = 8;
constexpr std::string_view kShell = "powershell";

// Within code nothing is escaped, and nothing needs to be.
std::string Escaped(std::string_view text, std::string_view special) {
  const std::string safe = SafeText(text);
  std::string escaped;
  bool code = false;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    if (safe[i] == '`') code = !code && safe.find('`', i + 1) != std::string::npos;
    if (!code && special.find(safe[i]) != std::string_view::npos) escaped += '\\';
    escaped += safe[i];
  }
  return escaped;
}

std::string Expected(const Action& action, const ActionNumbers& numbers) {
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

std::string When(const Action& action, const ActionNumbers& numbers) {
  return action.needs.empty() ? "at once" : "after " + NumbersText(action.needs, numbers);
}

}  // namespace

std::string MarkdownText(std::string_view text) { return Escaped(text, "\\<*"); }

std::string MarkdownCell(std::string_view text) {
  std::string cell;
  for (const char letter : MarkdownText(text)) {
    if (letter == '|') cell += '\\';  // within code too
    cell += letter;
  }
  return cell;
}

void AppendBlock(const std::vector<std::string>& lines,
                 std::string_view language,
                 const std::string& indent,
                 std::string& text) {
  if (lines.empty()) return;
  text += indent + "```" + std::string(language) + '\n';
  for (const std::string& line : lines)
    text += line.empty() ? "\n" : indent + SafeText(line) + '\n';
  text += indent + "```\n";
}

void AppendDoing(const Action& action, std::string& text) {
  if (action.commands.empty()) return;
  const std::string builder = InTopologyBuilder(action);
  if (!builder.empty())
    text += "- Do, in Topology Builder, which is the supported way: " + MarkdownText(builder) +
            ". Or, in one Management Shell, block by block:\n\n";
  else
    text += action.human ? "- Do, by hand:\n\n" : "- Do:\n\n";
  AppendBlock(ByHand(action), action.human ? "text" : kShell, "  ", text);
  text += '\n';
}

namespace {

// Only of what was saved when the step was done by these lines.
void AppendRepublishing(const Action& action, std::string& text) {
  const std::vector<std::string> lines = RepublishFormer(action);
  if (lines.empty()) return;
  text +=
      "- To take back this step alone, while nobody has written to the central store after it "
      "(done in\n  Topology Builder: clear and select the same boxes the other way round):\n\n";
  AppendBlock(lines, kShell, "  ", text);
  text += '\n';
}

}  // namespace

void AppendChecks(const Action& action, std::string& text) {
  const std::vector<std::string> checks = HandChecks(action, kMostChecks);
  if (checks.empty()) return;
  text += "- Check by hand:\n\n";
  AppendBlock(checks, kShell, "  ", text);
  text += '\n';
}

std::string RunbookStep(const Action& action,
                        const ActionNumbers& numbers,
                        const std::string& back) {
  std::string text =
      "\n### " + std::to_string(numbers.at(action.id)) + ". " + MarkdownText(action.title) + "\n\n";
  text += "- [ ] " + When(action, numbers) + ", " + MarkdownText(ToString(action.target));
  if (action.verb != Verb::kGate) text += ", about " + DurationText(action.duration);
  text += "\n";
  if (action.needs_approval) text += "- **needs approval**\n";
  for (const Reason& reason : action.why)
    text += "- Why: " + MarkdownText(reason.text) + " (" +
            MarkdownText(SourceText(reason.rule, reason.source)) + ")\n";
  AppendDoing(action, text);
  text += action.gate.has_value() ? "- Go on only when:\n" : "- Expect:\n";
  if (action.gate.has_value() && action.gate->hold > absl::ZeroDuration())
    text += "  - " + DurationText(action.gate->hold) + " have passed\n";
  text += Expected(action, numbers);
  AppendChecks(action, text);
  if (action.gate.has_value())
    text += "- If it is not so after " + DurationText(action.gate->timeout) +
            ": stop, mend it or go back.\n";
  AppendRepublishing(action, text);
  return text + "- Back-out from here: " + back + '\n';
}

}  // namespace poolshift
