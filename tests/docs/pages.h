// The pages of docs/ that are printed from tables in the code.
#pragma once

#include <string>

namespace poolshift {

// docs/kinds.md, from controller/federation/kinds.h.
std::string KindsPage();

// docs/conformance.md, from tests/conformance/kit.
std::string ConformancePage();

// docs/rules.md, from controller/federation/rule.h.
std::string RulesPage();

}  // namespace poolshift
