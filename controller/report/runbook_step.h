// One step of a runbook, in Markdown.
#pragma once

#include <map>
#include <string>

#include "controller/model/plan.h"
#include "controller/report/back_out_text.h"

namespace poolshift {

// `text` so that Markdown shows it as it is; safe (safe_text.h).
std::string MarkdownText(std::string_view text);

// A fenced block of the action's commands, each line after `indent`; nothing without commands.
void AppendCommands(const Action& action, const std::string& indent, std::string& text);

// `way` leads back from after this step; null: not planned.
std::string RunbookStep(const Action& action,
                        const std::map<ActionId, std::size_t>& numbers,
                        const WayBack* way);

}  // namespace poolshift
