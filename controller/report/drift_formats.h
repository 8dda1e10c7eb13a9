// A drift report for a browser, a change ticket and a test runner. Pure; all text from the world is
// escaped.
#pragma once

#include <string>

#include "controller/report/drift_report.h"

namespace poolshift {

// One file that asks for nothing from anywhere, needs no script, and reads in light and dark.
std::string DriftHtml(const DriftReport& report);

std::string DriftMarkdown(const DriftReport& report);

// A test suite: a difference is a failure, what nobody could look at an error, what is acknowledged
// is skipped; a report without any is one test that passed.
std::string DriftJunit(const DriftReport& report);

}  // namespace poolshift
