// The readiness table of `poolshift drill`: what happens if a pool, a site or a pair dies now.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/federation/readiness.h"
#include "controller/federation/supposition.h"
#include "controller/model/plan.h"
#include "controller/report/style.h"

namespace poolshift {

// "pool", "site", "pair".
std::string_view Name(Supposition::Kind kind);

struct DrillRow {
  Supposition dead;
  // Edge pools (manifest names) that take over; empty: the protocol is not touched.
  Commit successors;
  // With refusals there is none. Of a whole drill only these are kept: thousands of plans of
  // thousands of actions are more than a machine remembers.
  Plan plan;
  int actions = 0, human_actions = 0, gates = 0;  // of the plan
  std::vector<Shortfall> shortfalls;
  absl::Duration ours = absl::ZeroDuration();    // until federation works at the successor
  absl::Duration caches = absl::ZeroDuration();  // then resolvers may remember for so long

  bool has_plan() const { return plan.refusals.empty(); }
  // There is a plan, and nothing that could be mended today stands in the way.
  bool is_ready() const;
};

struct DrillReport {
  std::string organization;
  absl::Time looked_at;
  int pending = 0;  // actions of a plan made now, without any death: they are counted in each row
  std::vector<DrillRow> rows;

  bool is_ready() const;
};

// A table within the style's width, then what is not ready, each once with the rows that it
// concerns.
std::string DrillText(const DrillReport& report, const Style& style);

// docs/drill.md, docs/drill.schema.json.
std::string DrillJson(const DrillReport& report);

}  // namespace poolshift
