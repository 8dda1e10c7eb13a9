// Core: the toy model whose exact numbers are known (docs/planner.md "Proof"): one site, pools with
// a service and two roles, two records, front ends. It is not the domain: it treats hosting as
// exclusive and withdraws records, which the product never does.
#pragma once

#include <vector>

#include "controller/model/problem.h"

namespace poolshift::verify {

// Variables: for each pool its service, its SIP role and its XMPP role (off, on); the SIP record (a
// pool), the XMPP record (none, or a pool); for each front end the pool that it uses. Every
// operator changes one of them. Rules: I1 at most one pool has the XMPP role; I2 a record names
// only a pool with the role; I3 a role needs its service; I4 a front end needs the SIP role; I5
// the SIP record is never empty.
PlanningProblem Core(int pools, int front_ends);

// Every assignment of values with which all clauses hold.
std::vector<std::vector<ValueIndex>> SafeStates(const PlanningProblem& problem);

}  // namespace poolshift::verify
