// The runs on record, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/report/lease_report.h"
#include "controller/report/style.h"

namespace poolshift {

struct RunEntry {
  std::int64_t run = 0;
  absl::Time started;
  absl::Time ended = absl::InfiniteFuture();  // infinite future: it has not, or nobody knows yet
  std::string outcome;                        // "done", "failed: …"
  std::string who;
  std::string plan_digest;
  std::string commit;
  std::string override_reason;
  std::int64_t follows = 0;  // the run that it goes on from; 0 = none
  std::string follows_as;    // "resumes", "backs out"
};

struct History {
  std::string organization;
  std::vector<RunEntry> runs;  // newest first
  // When somebody took the right to write from whoever had it; newest first.
  std::vector<LeaseReport::Break> breaks;
};

// What checking the record found.
struct JournalCheck {
  struct GivenUp {  // an earlier record that a person has given up
    absl::Time at;
    std::string who, reason, fault;
  };
  std::string organization;
  std::int64_t first = 0, records = 0;  // the first record that was checked, and how many were
  std::string head;                     // "57:9f86…", "" when there is no record
  std::vector<std::string> faults;
  bool head_pruned = false;  // a head that was given is older than what was pruned
  std::vector<GivenUp> given_up;
};

std::string JournalCheckText(const JournalCheck& check, const Style& style);
std::string JournalCheckJson(const JournalCheck& check);

std::string HistoryText(const History& history, const Style& style);
std::string HistoryJson(const History& history);

}  // namespace poolshift
