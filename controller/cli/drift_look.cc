#include "controller/cli/drift_look.h"

#include <map>
#include <memory>

#include "controller/diff/difference.h"
#include "controller/model/try.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

DriftEntry Entry(const Difference& difference) {
  DriftEntry entry;
  entry.resource = difference.resource;
  entry.vantage = difference.vantage;
  entry.property = difference.property;
  entry.declared = difference.desired;
  entry.observed = difference.observed;
  entry.impact = Name(difference.impact);
  entry.text = difference.text;
  entry.rule = difference.rule;
  entry.origin = difference.origin;
  entry.fingerprint = difference.Fingerprint();
  return entry;
}

absl::Status Remember(const Workspace& workspace, DriftReport& report) {
  POOLSHIFT_ASSIGN(const std::unique_ptr<Store> store, Store::Open(workspace.state_directory()));
  std::vector<std::string> fingerprints;
  for (const DriftEntry& entry : report.entries)
    fingerprints.push_back(entry.fingerprint);
  POOLSHIFT_ASSIGN(const auto records,
                   store->SeeDrift(report.organization, fingerprints, report.looked_at));
  for (DriftEntry& entry : report.entries) {
    const auto found = records.find(entry.fingerprint);
    if (found != records.end()) entry.first_seen = found->second.first_seen;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DriftReport> LookForDrift(const Session& session, Workspace& workspace) {
  POOLSHIFT_ASSIGN(const ObservedState observed, workspace.Observe());
  DriftReport report;
  report.organization = workspace.organization().name;
  report.looked_at = session.now();
  for (const Difference& difference : Differences(workspace.organization(), observed)) {
    report.entries.push_back(Entry(difference));
  }
  const absl::Status remembered = Remember(workspace, report);
  if (!remembered.ok()) {
    session.Tell("not remembered: " + std::string(remembered.message()));
  }
  return report;
}

}  // namespace poolshift
