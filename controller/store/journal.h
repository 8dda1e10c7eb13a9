// The words of the journal: its events, its head, and what checking it found. chain.h keeps it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace poolshift {

// Something on record that is no part of a run's course: an approval, an export, a pruning, how a
// chain began.
struct EventRow {
  std::string kind;
  std::int64_t run = 0;  // 0: of no run
  std::string who;
  std::string text;
  std::string data;  // lines "NAME VALUE"
  absl::Time at = absl::UnixEpoch();
  std::int64_t id = 0;  // given by the store
};

// The value of the line of `data` with that name, or "".
std::string DataLine(std::string_view data, std::string_view name);
// The same as a number, 0 when it is none.
std::int64_t DataNumber(std::string_view data, std::string_view name);

// The last record: its number and its hash, which stands for everything before it.
struct ChainHead {
  std::int64_t seq = 0;  // 0: there is none
  std::string hash;
  bool operator==(const ChainHead&) const = default;
};
// "57:9f86d0..." both ways; a bare hash has no number. Nothing when it is neither.
std::string ToString(const ChainHead& head);
bool ParseHead(std::string_view text, ChainHead& head);

struct ChainReport {
  ChainHead head;
  std::int64_t first = 0;           // number of the first record that was checked
  std::int64_t links = 0;           // records checked
  std::vector<std::string> faults;  // sentences; empty: whole
  bool head_pruned = false;         // the head given cannot be compared any more
  std::vector<EventRow> breaks;     // earlier chains that a person has given up, oldest first
};

// What is kept: a run that is among the newest `runs`, or that ended less than `age` ago. Zero:
// that limit keeps nothing.
struct PruneLimits {
  int runs = 0;
  absl::Duration age = absl::ZeroDuration();
};

struct PruneReport {
  std::vector<std::int64_t> removed;  // runs, ascending
  int left = 0;                       // runs still on record
};

// Where one record of a run stands in the chain (chain_record.h has the kinds).
struct LinkRow {
  ChainHead head;
  std::string kind;
  std::int64_t ref = 0;
};

struct HeadCheck {
  enum Result { kThere, kBroken, kPruned };
  Result result = kThere;
  std::string text;  // unless kThere
};

}  // namespace poolshift
