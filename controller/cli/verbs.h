// The entries of the table of commands, one per verb; each is defined in the file of its name.
#pragma once

#include "controller/cli/command.h"

namespace poolshift {

Command AdoptCommand();
Command ApplyCommand();
Command ApproveCommand();
Command BreakGlassCommand();
Command CompletionCommand();
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
Command LoginCommand();
Command PauseCommand();
Command PlanCommand();
Command ProviderCommand();
Command RehearseCommand();
Command RejectCommand();
Command ReplayCommand();
Command ResumeCommand();
Command RunsCommand();
Command SchemaCommand();
Command ServeCommand();
Command ShowCommand();
Command StatusCommand();
Command UnpauseCommand();
Command ValidateCommand();
Command VersionCommand();
Command WatchCommand();

}  // namespace poolshift
