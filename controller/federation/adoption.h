// Adoption: an outside change of who hosts what (a manual override, D13), as the lines that a
// person commits to agree with it, and record sets that others made, as a plan that marks them as
// ours. Nothing is undone and nothing is guessed: a change that stopped half way, or that leads to
// a pool that does not answer, is refused.
#pragma once

#include <string>
#include <vector>

#include "controller/federation/assignment.h"
#include "controller/federation/view.h"
#include "controller/model/plan.h"

namespace poolshift {

struct AdoptionLine {
  Origin at;           // the manifest line that says otherwise
  std::string commit;  // "hosts: {federation: edgepool2}"
  std::string was;     // "edgepool1"
  std::string seen;    // what the world says, a sentence
};

struct Adoption {
  std::vector<AdoptionLine> lines;
  std::vector<Refusal> refusals;
  // Some refusal is about a record set: what is said of the others may be wrong too. A move that is
  // refused says nothing about marks.
  bool marks_refused = false;
  // Record sets of the declaration that exist and bear no organisation's mark.
  std::vector<ResourceId> unmarked;
  // The same, where there are no marks: a person changes them, or their zone keeps none.
  struct Markless {
    ResourceId id;
    std::string why;  // "`hoster` is a person"
  };
  std::vector<Markless> markless;
};

Adoption FindAdoption(const View& view, const Assignment& assignment);

// The plan that marks what is `unmarked`, without commands: one action for each record set, which
// changes nothing in it. Empty while a record set is refused.
Plan MarkingPlan(const View& view, const Assignment& assignment, const Adoption& adoption);

}  // namespace poolshift
