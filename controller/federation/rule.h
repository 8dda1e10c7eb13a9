// Rule: one rule of the domain, declared once: its id, a sentence for people, and where it comes
// from. Clauses of the planning problem, refusals and differences cite rules by id.
#pragma once

#include <string_view>
#include <vector>

#include "controller/model/plan.h"

namespace poolshift {

struct Rule {
  std::string_view id;
  std::string_view text;
  std::string_view source;
};

// Every rule, in the order of docs/rules.md.
const std::vector<Rule>& Rules();

// The rule as a reason. Requires a known id (a typo ends the program in the first test that touches
// it).
Reason Because(std::string_view rule_id);

}  // namespace poolshift
