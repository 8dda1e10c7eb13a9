// Adoption: an outside change of who hosts what (a manual override, D13), as the lines that a
// person commits to agree with it. Nothing is undone and nothing is guessed: a change that stopped
// half way, or that leads to a pool that does not answer, is refused.
#pragma once

#include <string>
#include <vector>

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
  // Record sets of the declaration that exist and bear no organisation's mark: they are taken with
  // the first change, if their provider may (docs/dns-provider.md).
  std::vector<ResourceId> unmarked;
};

Adoption FindAdoption(const View& view);

}  // namespace poolshift
