// What people are told of what a loop sees, by comparing it with what they were told before. Level
// triggered: what was told is a value that is kept, so that a restart repeats nothing and leaves
// nothing out. Pure, but for the two that read and write it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/gitops/board.h"
#include "controller/notify/event.h"
#include "controller/world/files.h"

namespace poolshift {

// What people know.
struct Announced {
  // Differences, by fingerprint and when they were seen first: what they are, in a sentence.
  std::map<std::string, std::string> drift;
  std::string waiting;        // the plan that waits for people, or ""
  std::string refused;        // why a newer commit is not followed, or ""
  std::string commit_status;  // key of the last
  std::int64_t events = 0;    // that there have been; a part of each one's key
  std::int64_t drill = 0;     // when the last was whose losses were told, in seconds
  std::int64_t run = -1;      // the newest whose end was told; -1: nothing was ever told

  bool operator==(const Announced&) const = default;
};

// The events between `told` and `now`, which `told` includes afterwards. Differences that somebody
// has acknowledged are not told. When nothing was ever told, runs of the past are not.
std::vector<notify::Event> Announce(const Snapshot& now, absl::Time at, Announced& told);

// One file of the state directory. Nothing when it was never written; DataLoss when it is no such
// file.
absl::StatusOr<Announced> ReadAnnounced(Files& files, const std::string& state_directory);
absl::Status WriteAnnounced(Files& files,
                            const std::string& state_directory,
                            const Announced& told);

}  // namespace poolshift
