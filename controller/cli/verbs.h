// The entries of the table of commands, one per verb; each is defined in the file of its name.
#pragma once

#include "controller/cli/command.h"

namespace poolshift {

Command AdoptCommand();
Command ApplyCommand();
Command DriftCommand();
Command DrillCommand();
Command ExplainCommand();
Command FmtCommand();
Command GraphCommand();
Command HelpCommand();
Command HistoryCommand();
Command ImportCommand();
Command InitCommand();
Command LeaseCommand();
Command PlanCommand();
Command ProviderCommand();
Command RehearseCommand();
Command ReplayCommand();
Command ResumeCommand();
Command SchemaCommand();
Command ShowCommand();
Command ValidateCommand();
Command VersionCommand();

}  // namespace poolshift
