// Provenance: the lines of the declaration that an action goes back to.
#pragma once

#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/plan.h"

namespace poolshift {

struct DeclaredLine {
  Origin origin;
  std::string text;  // what the line says, in words: "hosts: xmpp is edgepool2"
};

// The most telling first, each line once. Empty when nothing declares the target (a stray record).
std::vector<DeclaredLine> LinesBehind(const Organization& organization, const Action& action);

// The same for a resource that no action concerns.
std::vector<DeclaredLine> LinesBehind(const Organization& organization, const ResourceId& id);

// Every line behind the plan's actions, sorted by place.
std::vector<DeclaredLine> LinesBehind(const Organization& organization, const Plan& plan);

}  // namespace poolshift
