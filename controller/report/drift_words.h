// The words of a drift report, the same in every format. Not yet safe: each format escapes in its
// own way.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "controller/report/drift_report.h"

namespace poolshift {

// "3 differences, traffic is affected by 1", "No drift".
std::string DriftCount(const DriftReport& report);

// Entries whose impact begins so: "traffic", "redundancy", "cosmetic", "unknown".
std::size_t CountImpact(const DriftReport& report, std::string_view start);

// What differs, in a sentence.
std::string DriftSentence(const DriftEntry& entry);

// "SiteRoute/Site1 xmpp".
std::string DriftSubject(const DriftEntry& entry);

// What every report tells of an entry, by name: resource, declared, observed, since, seen, mend, …
// `mend` may come more than once.
using DriftFacts = std::vector<std::pair<std::string, std::string>>;
DriftFacts FactsOf(const DriftReport& report, const DriftEntry& entry);

// How an entry is named on the command line.
std::string DriftName(const DriftEntry& entry);

// The groups of a report, worst first; what is acknowledged stands apart, and so does what could
// not be looked at again.
struct DriftGroup {
  std::string title;
  std::string impact;  // of its entries, or "acknowledged", "not looked"
  std::vector<const DriftEntry*> entries;
};
std::vector<DriftGroup> GroupsOf(const DriftReport& report);

}  // namespace poolshift
