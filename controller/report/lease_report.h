// Who may write, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/report/json_text.h"
#include "controller/report/style.h"

namespace poolshift {

struct LeaseReport {
  struct Standing {
    std::string state = "free";  // "free", "held", "left behind" (its process ended), "broken"
    std::int64_t token = 0;      // the latest; 0 = there never was one
    std::string who, host;       // when held or left behind
    std::int64_t process = 0;
    absl::Time since = absl::UnixEpoch();
  };
  struct Break {
    absl::Time at = absl::UnixEpoch();
    std::string who, host, reason;
    std::string former;  // "" = nobody held it
    std::int64_t token = 0;
  };
  std::string organization;
  Standing standing;
  std::vector<Break> breaks;  // newest first
};

// "2026-11-28 01:00:00 UTC by alice on host2, held by bob on host1: Site1 is dark".
std::string BreakText(const LeaseReport::Break& each);
std::string LeaseText(const LeaseReport& report, const Style& style);
Json BreaksJson(const std::vector<LeaseReport::Break>& breaks);
std::string LeaseJson(const LeaseReport& report);

}  // namespace poolshift
