// Help texts, made from the table of commands.
#pragma once

#include <string>

#include "controller/cli/command.h"
#include "controller/report/style.h"

namespace poolshift {

// What the program is for and its verbs.
std::string ProgramHelp(const Style& style);
// One verb: usage, what it does, options, examples.
std::string CommandHelp(const Command& command, const Style& style);

}  // namespace poolshift
