// Case: one simulated history, small enough to be written down: a realm, a seed and the faults that
// may strike. A failing one is shrunk and kept under regressions/.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "tests/simulation/fault.h"
#include "tests/simulation/realm.h"
#include "tests/simulation/simulation.h"

namespace poolshift::simulation {

struct Case {
  std::string realm = "core";         // or "organisation"
  int pools = 3, front_ends = 1;      // of core
  std::uint64_t start = 0, goal = 0;  // of core: safe states; start: the organisation's number
  Setup setup;
};

// The case of a seed: which realm, which faults, how often.
Case CaseOf(std::uint64_t seed);

struct Verdict {
  std::vector<std::string> wrongs;
  Coverage coverage;
  std::uint64_t hash = 0;
  std::string trace;
  int struck = 0;
  std::int64_t events = 0, writes = 0;
};
Verdict Play(const Case& it);

// The smallest case found that still goes wrong: faults and single strikes are left out as long as
// something is wrong.
Case Shrink(Case it);

std::string Text(const Case& it);
absl::StatusOr<Case> Parse(const std::string& text);

}  // namespace poolshift::simulation
