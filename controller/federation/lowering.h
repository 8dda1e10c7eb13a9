// Lowering: organisation and observations -> a planning problem. The domain ends here: behind it
// there are only variables, operators and clauses.
//
// The parts, in the order in which their operators are preferred when nothing else decides: zombies
// silenced, servers up, central store, replication, components, probes, closing the former host,
// records, settling, drain, Front End pools.
#pragma once

#include <memory>
#include <vector>

#include "controller/federation/assignment.h"
#include "controller/federation/lowering_memory.h"
#include "controller/federation/organization.h"
#include "controller/federation/preparation.h"
#include "controller/federation/situation.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "controller/model/problem.h"

namespace poolshift {

struct Lowered {
  PlanningProblem problem;  // empty when refused
  std::vector<Situation> situations;
  std::vector<Refusal> refusals;  // not empty: nothing may be planned
  std::vector<LeftOut> left_out;  // for want of a look (left_out.h)
  // What the rest was lowered from, when a part was left out.
  std::shared_ptr<const Organization> rest;
  Diagnostics warnings;
  std::vector<Move> moves;                      // borrow from the organisation, or from `rest`
  std::map<Protocol, std::int64_t> former_ttl;  // greatest TTL of a record that moves, seconds
  std::vector<Choice> choices;
  std::vector<Note> notes;  // what people must do by hand because nothing can see it
  // Revisions of what the plan relies on (Plan::basis).
  std::vector<std::pair<ObservationKey, std::string>> basis;
};

// Pure. The organisation must outlive the result. With a memory that has followed what was read
// anew since the lowering before, entities at rest are not looked at again; the result is the same.
// A memory is of one assignment and preparation.
Lowered Lower(const Organization& organization,
              const ObservedState& observed,
              const Assignment& assignment,
              const Preparation& preparation = {},
              LoweringMemory* memory = nullptr);

}  // namespace poolshift
