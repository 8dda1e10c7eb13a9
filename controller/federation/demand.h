// Demands: what stands against what in a refusal (Refusal::demands), each with the manifest line
// behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/federation/protocol.h"
#include "controller/model/plan.h"

namespace poolshift {

// The line that says who hosts the protocol: of the first site that declares it. Empty when none
// does.
Origin HostLine(const Organization& organization, Protocol protocol);

// "SIP federation is hosted by edgepool2", as declared for the organisation.
Demand HostDemand(const Organization& organization, Protocol protocol);
// What a line of the manifest asks for, in a sentence.
Demand LineDemand(std::string text, Origin line);
// A rule, and the line that brings it in. Requires a known id.
Demand RuleDemand(std::string_view rule, Origin line);

// The rule, brought in by the line at `origin`, forbids it. With `against` (may be empty): what it
// cannot hold together with.
Refusal RefusalBy(std::string_view rule,
                  std::string text,
                  std::string hint,
                  Origin origin,
                  std::vector<Demand> against);

}  // namespace poolshift
