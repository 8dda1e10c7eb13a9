// The plan's order as a drawing: each action points to what waits for it; one longest chain is
// drawn thicker.
#pragma once

#include <string>

#include "controller/model/plan.h"

namespace poolshift {

// Graphviz: `poolshift graph . | dot -Tsvg`.
std::string PlanDot(const Plan& plan);

// Mermaid, which many wikis and code hosts draw inside Markdown.
std::string PlanMermaid(const Plan& plan);

}  // namespace poolshift
