// How a running `poolshift serve` stands: for people, for programs, for the page.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/report/style.h"

namespace poolshift {

struct DaemonStatus {
  // A pause, or a glass that was broken (then without id and scope).
  struct Hold {
    std::string id, scope, who, reason;
    absl::Time since = absl::InfinitePast(), until = absl::InfiniteFuture();
  };

  std::string organization;
  std::uint64_t round = 0;
  std::string source, commit, title, author;
  std::string refused, faults, unreachable, error;  // empty when all is well
  absl::Time looked_at = absl::InfinitePast();
  absl::Time next_look = absl::InfinitePast();
  std::string verdict, mode, cause;
  std::vector<std::string> reasons;
  std::string plan_digest;
  int actions = 0;
  int approvals_missing = 0;
  std::vector<std::string> agreed;
  int drift = 0, drift_traffic = 0;  // differences; of these, with traffic affected
  std::vector<Hold> pauses, openings;
  bool running = false;
  std::string settled_commit;
  absl::Time settled_at = absl::InfinitePast();
  std::string your_name, your_role;

  // Somebody should look: the declaration is not followed, or the world is not as declared.
  bool needs_attention() const;
};

// Begins with one sentence that says whether all is well. `now` is for ages.
std::string DaemonStatusText(const DaemonStatus& status, absl::Time now, const Style& style);
// The sentence alone.
std::string DaemonStatusSentence(const DaemonStatus& status);
// docs/serve.md.
std::string DaemonStatusJson(const DaemonStatus& status);

}  // namespace poolshift
