// Findings: what `provider check` found out about every machine, before any plan.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "providers/lync/platform/settings.h"

namespace poolshift::lync {

struct Finding {
  enum class Kind { kFine, kNote, kFault } kind = Kind::kFine;
  std::string machine;
  std::string text;
};

// Asks every machine, one after the other. Writes nothing: cmdlets that would are run with -WhatIf.
std::vector<Finding> CheckEverything(const Machines& machines, absl::Duration each);

}  // namespace poolshift::lync
