// StateDirectory: where a world lives between two starts. The first start copies the world file;
// later starts go on from the state and never write to the world file's own folder.
//
// Each change is written whole to a new file, flushed to disk and renamed over the old one, under a
// lock that other processes respect (`poolshift-provider-sim world set`, a second provider). What
// another process has changed is noticed at the next call. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/sim/world/world.h"

namespace poolshift::sim {

class StateDirectory {
 public:
  struct Options {
    std::string world_file;  // may be empty when the directory already holds a state
    std::string directory;   // may be empty: nothing is kept
    bool read_only = false;  // never writes; goes on from the state if there is one
  };

  // Reads the state, or else the world file, and writes the first state unless read-only.
  // INVALID_ARGUMENT holds every fault of the file, one a line.
  static absl::StatusOr<std::unique_ptr<StateDirectory>> Open(Options options, absl::Time now);

  // A remark about how it was opened ("the world file has changed since ..."), or "".
  const std::string& remark() const { return remark_; }

  // Calls `look` with the world. An error when somebody else's state can not be read.
  absl::Status Look(absl::Time now, const std::function<void(const World&)>& look);

  // Calls `change` with the world, alone among all processes, and keeps the result when it returns
  // true.
  absl::Status Change(absl::Time now, const std::function<bool(World&)>& change);

  // How often each fault rule has been met, across restarts. Best effort: faults are for tests.
  std::vector<int> LoadFaultCounts() const;
  void SaveFaultCounts(const std::vector<int>& counts) const;

 private:
  explicit StateDirectory(Options options) : options_(std::move(options)) {}

  std::string StatePath() const;
  absl::Status LoadFirst(absl::Time now);
  absl::Status ReloadIfChanged(absl::Time now);
  absl::Status Save();

  const Options options_;
  std::mutex mutex_;
  World world_;
  std::string seen_;  // identity of the state file that `world_` is, empty: none
  std::string remark_;
};

// All of a file. NOT_FOUND, or UNAVAILABLE with the reason.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

}  // namespace poolshift::sim
