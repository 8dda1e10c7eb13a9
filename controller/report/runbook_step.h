// One step of a runbook, in Markdown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/model/plan.h"
#include "controller/report/change.h"

namespace poolshift {

// `text` so that Markdown shows it as it is, but for `code`; safe (safe_text.h).
std::string MarkdownText(std::string_view text);
// The same for a cell of a table.
std::string MarkdownCell(std::string_view text);

// A fenced block of lines to type, or of what a person is to do, each after `indent`; nothing
// without lines.
void AppendBlock(const std::vector<std::string>& lines,
                 std::string_view language,
                 const std::string& indent,
                 std::string& text);

// What is typed or done, and how to see by hand that it is so, as items of a list.
void AppendDoing(const Action& action, std::string& text);
void AppendChecks(const Action& action, std::string& text);

// `back`: how to go back from after this step, in Markdown.
std::string RunbookStep(const Action& action,
                        const ActionNumbers& numbers,
                        const std::string& back);

}  // namespace poolshift
