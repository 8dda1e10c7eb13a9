#include "controller/engine/drift_look.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"

#include "controller/diff/difference.h"
#include "controller/engine/planning.h"
#include "controller/engine/suggestion.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

// A property is a secret by its name: "tsigSecret", "pools.edge1.password".
bool IsSensitive(std::string_view property) {
  std::string name(property.substr(property.rfind('.') + 1));
  absl::AsciiStrToLower(&name);
  constexpr std::array<std::string_view, 5> kMarks = {
      "secret", "password", "passphrase", "token", "privatekey"};
  return std::any_of(kMarks.begin(), kMarks.end(), [&name](std::string_view mark) {
    return name.find(mark) != std::string::npos;
  });
}

Value Digested(const Value& value) {
  constexpr std::size_t kDigits = 16;
  if (value.is_null()) return value;
  return "sha256:" + Digest(CanonicalText(value)).substr(0, kDigits);
}

// With digests in place of secrets, however deep they lie. `found` is set when there is one.
Value WithoutSecrets(const Value& value, bool& found) {
  if (value.is_list()) {
    Value::List items;
    for (const Value& item : value.list())
      items.push_back(WithoutSecrets(item, found));
    return items;
  }
  if (!value.is_map()) return value;
  Value::Map members;
  for (const auto& [name, member] : value.map()) {
    const bool secret = IsSensitive(name);
    found = found || secret;
    members.emplace(name, secret ? Digested(member) : WithoutSecrets(member, found));
  }
  return members;
}

std::vector<DriftSight> SightsOf(const Difference& difference, const ObservedState& observed) {
  std::vector<DriftSight> sights;
  auto next = observed.observations.lower_bound({difference.resource, ""});
  for (; next != observed.observations.end() && next->first.id == difference.resource; ++next) {
    const auto& [key, seen] = *next;
    if (!difference.vantage.empty() && key.vantage != difference.vantage) continue;
    sights.push_back({key.vantage, seen.provider, seen.presence, seen.at, seen.reason});
  }
  return sights;
}

DriftEntry Entry(const Difference& difference, const ObservedState& observed) {
  DriftEntry entry;
  entry.resource = difference.resource;
  entry.vantage = difference.vantage;
  entry.property = difference.property;
  entry.declared = difference.desired;
  entry.observed = difference.observed;
  entry.looked = difference.impact != Difference::Impact::kUnknown;
  entry.impact = Name(difference.impact);
  entry.text = difference.text;
  entry.rule = difference.rule;
  entry.origin = difference.origin;
  entry.fingerprint = difference.Fingerprint();
  entry.sights = SightsOf(difference, observed);
  return entry;
}

}  // namespace

void HideSecrets(DriftEntry& entry) {
  bool found = IsSensitive(entry.property);
  if (found) {
    entry.declared = Digested(entry.declared);
    entry.observed = Digested(entry.observed);
  } else {
    entry.declared = WithoutSecrets(entry.declared, found);
    entry.observed = WithoutSecrets(entry.observed, found);
  }
  if (!found) return;
  entry.text = (entry.property.empty() ? "" : entry.property + " of ") + ToString(entry.resource) +
               " is not as declared; its values are secret";
  for (DriftSight& sight : entry.sights)
    sight.reason.clear();
}

DriftReport ReportDrift(const Organization& organization,
                        const ObservedState& observed,
                        absl::Time looked_at) {
  DriftReport report;
  report.organization = organization.name;
  report.looked_at = looked_at;
  for (const Difference& difference : Differences(organization, observed)) {
    report.entries.push_back(Entry(difference, observed));
    HideSecrets(report.entries.back());
  }
  return report;
}

void SuggestMends(const Workspace& workspace,
                  const ObservedState& observed,
                  const Preparation& preparation,
                  DriftReport& report) {
  if (report.entries.empty()) return;
  const absl::StatusOr<Plan> plan = MakePlanWithinLimits(workspace.organization(),
                                                         observed,
                                                         workspace.assignment(),
                                                         preparation.now,
                                                         preparation,
                                                         Objective::kFewestActions);
  if (!plan.ok()) {
    for (DriftEntry& entry : report.entries)
      entry.suggestion.none = "no plan could be made: " + std::string(plan.status().message());
    return;
  }
  Suggestions suggestions(*plan);
  for (DriftEntry& entry : report.entries)
    entry.suggestion = suggestions.For(entry);
}

}  // namespace poolshift
