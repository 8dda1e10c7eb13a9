// Where a scenario ends when nothing goes wrong: what every run that did not go so must reach too.
#pragma once

#include <string>

#include "tests/e2e/contoso.h"

namespace poolshift::e2e {

inline const Lines kApply = {
    "apply", "--auto-approve", "--approve", "PoolFailover/frontend1.contoso.com"};

// One look is enough where nothing is to be proved about looking.
std::string Brisk(const std::string& manifest);
// Actions that last long enough to be in the middle of one.
std::string Slow(const std::string& world);

// The platform after a whole run of the scenario.
const std::string& WholeRun(const std::string& scenario);

// The verb ends the scenario: done, no drift, where a whole run ends, and nothing is left to plan.
void ExpectFinished(Contoso& contoso,
                    const std::string& scenario = "both-failover",
                    const Lines& verb = kApply);

}  // namespace poolshift::e2e
