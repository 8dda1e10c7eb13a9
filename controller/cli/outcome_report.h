// The account of a run for people, from what the engine says of it.
#pragma once

#include "controller/engine/run.h"
#include "controller/report/run_report.h"

namespace poolshift {

RunReport ReportOf(const RunOutcome& outcome);

}  // namespace poolshift
