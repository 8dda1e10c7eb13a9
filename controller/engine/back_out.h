// BackOut: the way back to the former declaration from any point of a plan, made by the same
// stages as the plan itself, with all rules in force, from the state that the point leaves behind.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/federation/assignment.h"
#include "controller/federation/former_declaration.h"
#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

struct BackOut {
  std::size_t after = 0;  // so many items of the forward plan are done, the first ones
  Plan plan;              // the way back, without commands
  // Edge pools that were dead when the plan was made, and must answer before the way back is gone.
  std::set<std::string> restored;
  // What the forward plan changed and the way back leaves: "EdgeService/x/xmppProxy: state:
  // running".
  std::vector<std::string> stays;
  // The item of the forward plan (its title, and why) that cannot be taken back, "" when none is
  // done.
  std::string no_return;
};

// What a plan was made from. Borrowed.
struct PlanGround {
  const Organization& declared;
  const ObservedState& observed;
  const Assignment& assignment;
  const FormerDeclaration& former;
};

// The way back after `done`, actions of one plan in an order that it allows.
absl::StatusOr<BackOut> MakeBackOut(const PlanGround& ground, const std::vector<Action>& done);

// Of each prefix of the plan, the empty one first. At most `most` of them are planned: of a longer
// plan the last ones.
absl::StatusOr<std::vector<BackOut>> MakeBackOuts(const PlanGround& ground,
                                                  const Plan& plan,
                                                  std::size_t most);

}  // namespace poolshift
