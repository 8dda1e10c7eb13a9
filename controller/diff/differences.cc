#include <algorithm>
#include <tuple>

#include "controller/diff/comparison.h"

namespace poolshift {

bool Comparison::CanSee(const ResourceId& id, std::string_view rule, const Origin& origin) {
  const Observation* seen = observed.Find(id);
  if (seen != nullptr && seen->presence != Presence::kUnreachable) return true;
  Difference blind;
  blind.resource = id;
  blind.impact = Difference::Impact::kUnknown;
  blind.text = "could not look at " + ToString(id);
  if (seen != nullptr && !seen->reason.empty()) blind.text += ": " + seen->reason;
  blind.rule = rule;
  blind.origin = origin;
  Add(std::move(blind));
  return false;
}

namespace {

// A property that could not be read is unknown, though the resource is there: what a comparison
// took in its place says nothing.
void SayUnknown(const ObservedState& observed, Difference& difference) {
  const Observation* seen = observed.Find(difference.resource, difference.vantage);
  if (seen == nullptr || difference.property.empty()) return;
  if (std::find(seen->unknown.begin(), seen->unknown.end(), difference.property) ==
      seen->unknown.end())
    return;
  difference.impact = Difference::Impact::kUnknown;
  difference.observed = Value();
  difference.text =
      "could not read " + difference.property + " of " + ToString(difference.resource);
  if (!seen->reason.empty()) difference.text += ": " + seen->reason;
}

}  // namespace

std::vector<Difference> Differences(const Organization& declared, const ObservedState& observed) {
  Comparison comparison(declared, observed);
  CompareDesignations(comparison);
  CompareEdgePools(comparison);
  CompareOutsideWorld(comparison);
  std::vector<Difference> differences = std::move(comparison.differences);
  for (Difference& difference : differences)
    SayUnknown(observed, difference);
  std::stable_sort(
      differences.begin(), differences.end(), [](const Difference& a, const Difference& b) {
        return std::tie(a.impact, a.resource, a.vantage, a.property) <
               std::tie(b.impact, b.resource, b.vantage, b.property);
      });
  // Two subjects may have failed to look at the same thing; one line says it.
  differences.erase(std::unique(differences.begin(),
                                differences.end(),
                                [](const Difference& a, const Difference& b) {
                                  return a.resource == b.resource && a.property == b.property &&
                                         a.vantage == b.vantage && a.desired == b.desired;
                                }),
                    differences.end());
  return differences;
}

}  // namespace poolshift
