// One run as it is on record, in full: who, when, by whose leave, from what, and record by record.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "controller/report/history_report.h"
#include "controller/report/style.h"

namespace poolshift {

// One record of the chain.
struct JournalEntry {
  std::int64_t seq = 0;
  std::string hash;
  std::string kind;  // "begin", "intent", "result", "evidence", "end", "approval", "export"
  absl::Time at = absl::UnixEpoch();
  std::string action;   // ActionId, "" when it is of none
  std::string outcome;  // of a result, evidence or end
  std::string text;
  std::string key;                                           // of an intent
  std::vector<std::pair<ObservationKey, Observation>> seen;  // of evidence
};

struct RunDossier {
  std::string organization;
  RunEntry entry;
  std::string consent, program, text;
  std::int64_t token = 0;
  bool has_inputs = false;  // else the next three are empty: an earlier version kept none
  std::string planner;      // that made the plan
  absl::Time planned;
  std::vector<std::pair<std::string, std::string>> manifests;  // name, SHA-256
  ObservedState observed;
  Plan plan;
  std::vector<JournalEntry> journal;
};

std::string RunDossierText(const RunDossier& run, const Style& style);
std::string RunDossierJson(const RunDossier& run);

}  // namespace poolshift
