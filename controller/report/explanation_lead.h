// The labels of an explanation: "  because    ", one column for all of them.
#pragma once

#include <string>
#include <string_view>

namespace poolshift {

inline constexpr std::size_t kExplanationLead = 13;  // columns, with the indent

inline std::string ExplanationLead(std::string_view label) {
  std::string lead = "  ";
  lead += label;
  lead.resize(kExplanationLead, ' ');
  return lead;
}

}  // namespace poolshift
