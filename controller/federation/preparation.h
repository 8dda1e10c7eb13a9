// Preparation: a planned move in two runs (D18). `prepare` lowers the time to live of the records
// that the move will change; `cut-over` moves them once the former one has passed, and restores it.
// Nobody holds a lease in between. docs/planned-moves.md.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "controller/model/resource_id.h"

namespace poolshift {

// Which part of the work a plan is asked for.
enum class MovePhase { kWhole, kPrepare, kCutOver };
// "", "prepare", "cut-over": as in Plan::phase.
constexpr std::string_view Name(MovePhase phase) {
  return phase == MovePhase::kWhole ? "" : phase == MovePhase::kPrepare ? "prepare" : "cut-over";
}

// A run of this controller lowered a record set's time to live.
struct LoweredTtl {
  absl::Time at;            // when that was done
  std::int64_t former = 0;  // seconds: for how long resolvers may go by it after `at`
};

// What is asked, and what is on record of earlier runs. `now` decides only whether a former time to
// live has passed.
struct Preparation {
  MovePhase phase = MovePhase::kWhole;
  absl::Time now = absl::InfinitePast();
  std::map<ResourceId, LoweredTtl> lowered;
  // The plan is a way back: what lies elsewhere is the work of the plan that it takes back.
  bool takes_back = false;
  // Edge pools (manifest names) that were dead and that a way back supposes to live again: it
  // writes nothing before they are seen to (P3.0).
  std::set<std::string> supposed_alive = {};
};

}  // namespace poolshift
