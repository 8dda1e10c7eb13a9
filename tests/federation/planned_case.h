// PlannedCase: a random organisation, what is found of it, and its plan; and what to ask of plans.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/engine/planning.h"
#include "tests/federation/random_world.h"

namespace poolshift {

// Everything is offered by the one provider. A defect fails the test.
Plan PlanOf(const Organization& organization,
            const ObservedState& observed,
            Reasoning* reasoning = nullptr);

struct PlannedCase {
  PlannedCase(std::uint64_t seed, std::size_t sites);
  bool refused() const { return !plan.refusals.empty(); }

  Dice dice;
  Organization organization;
  Rehearsal world;
  ObservedState observed;
  Reasoning reasoning;  // filled in when there are actions
  Plan plan;
};

// What is done to how many things of which kind; names left out.
std::map<std::string, int> Tally(const Plan& plan);
// How often a thing is changed.
std::size_t ActionsOn(const Plan& plan, const ResourceId& id);

// The problems of two organisations as one.
PlanningProblem Both(PlanningProblem problem, const PlanningProblem& other);

}  // namespace poolshift
