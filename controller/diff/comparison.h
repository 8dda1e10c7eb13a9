// Comparison: what the subjects of a comparison share: both sides, the view, and the list that they
// add to. Made and consumed inside one call of Differences(); never seen outside this floor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/diff/difference.h"
#include "controller/federation/hosting.h"
#include "controller/federation/view.h"

namespace poolshift {

class Comparison {
 public:
  // Borrows both; they must outlive it.
  Comparison(const Organization& organization, const ObservedState& state)
      : declared(organization), observed(state), view(organization, state) {}

  const Organization& declared;
  const ObservedState& observed;
  const View view;

  void Add(Difference difference) { differences.push_back(std::move(difference)); }

  // True when the resource was looked at (absent counts); otherwise the list says that it could not
  // be.
  bool CanSee(const ResourceId& id, std::string_view rule, const Origin& origin);

  std::vector<Difference> differences;
};

// One function a subject, in its own file.
void CompareDesignations(Comparison& comparison);  // what the central store says
void CompareEdgePools(Comparison& comparison);     // what runs on Edge servers
void CompareOutsideWorld(Comparison& comparison);  // records, and what answers

}  // namespace poolshift
