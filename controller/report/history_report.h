// The runs on record, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

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
};

struct History {
  std::string organization;
  std::vector<RunEntry> runs;  // newest first
};

std::string HistoryText(const History& history, const Style& style);
std::string HistoryJson(const History& history);

}  // namespace poolshift
