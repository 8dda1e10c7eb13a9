// A disk under SQLite that fails, lies, or loses power: SQLite's default file system while it
// lives, in front of the real one.
//
// It knows what is durable of each file: what a sync that succeeded has covered. A sync that fails
// has lost what it should have covered, also for the syncs after it, as a kernel does that marks
// pages clean. After a power cut nothing works any more; Restore gives the files what a real disk
// would hold then.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace poolshift {

enum class DiskFault {
  kNone,
  kWriteFails,  // with an I/O error
  kFull,        // the same, "no space"
  kSyncFails,
  kSyncForgotten,  // says that it is done, and does nothing
  kPowerCut,       // at a write or a sync
};

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // The `number`th operation of the fault's kind from now on (from 1); `lasts`: and all after it.
  void Plan(DiskFault fault, int number, bool lasts = false);
  bool struck() const { return struck_; }
  int writes() const { return writes_; }
  int syncs() const { return syncs_; }
  int operations() const { return writes_ + syncs_; }

  void CutPower() { dark_ = true; }
  // Puts the files into the state after the power cut, with the database closed. Of what was not
  // synced nothing is there, or (seed not 0) a random part of it, in pieces of 512 bytes.
  void Restore(std::uint64_t seed);

 private:
  struct Change {
    std::int64_t at = 0;
    std::string bytes;
    bool truncates = false;  // to `at`
  };
  struct Content {
    std::string durable;
    std::vector<Change> pending;  // in their order
  };
  struct File;
  struct Calls;  // what SQLite calls
  friend struct Calls;

  // Whether this operation fails; counts it.
  bool Strikes(bool write);
  static void Apply(const Change& change, std::string& content);
  Content& Of(const std::string& path);

  DiskFault fault_ = DiskFault::kNone;
  int number_ = 0;
  bool lasts_ = false, struck_ = false, dark_ = false;
  int writes_ = 0, syncs_ = 0;
  std::map<std::string, Content> files_;
  sqlite3_vfs* real_;
  sqlite3_vfs ours_{};
};

}  // namespace poolshift
