// Runs `poolshift` on a terminal of its own, the way a person sees it.
#pragma once

#include "tests/cli/program.h"

namespace poolshift {

// `call.input` is typed at the beginning. `out` is everything that the terminal showed (its echo
// included, line ends as "\n"), `err` is empty.
ProgramRun RunOnTerminal(const ProgramCall& call);

}  // namespace poolshift
