// Who may write, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

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

std::string LeaseText(const LeaseReport& report, const Style& style);
std::string LeaseJson(const LeaseReport& report);

}  // namespace poolshift
