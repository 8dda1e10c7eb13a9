// Runbook: a plan as a Markdown change document for a change board, good enough to be carried out
// by hand when no controller is left: summary, reason, risk, prerequisites, each step with exact
// command, expected result, check and way back, partners, times. Pure and deterministic.
#pragma once

#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/plan.h"
#include "controller/report/back_out_text.h"

namespace poolshift {

// `ways`: of each prefix of the plan, by WayBack::after; those that are missing are said to be so.
std::string Runbook(const Organization& organization,
                    const Plan& plan,
                    const std::vector<WayBack>& ways);

}  // namespace poolshift
