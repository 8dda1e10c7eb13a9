// A look for drift: what differs from the declaration, who saw it and when, and what would mend it.
// Since when it has been so is added by who keeps the store (drift_memory.h).
#pragma once

#include "absl/time/time.h"

#include "controller/engine/workspace.h"
#include "controller/federation/preparation.h"
#include "controller/report/drift_report.h"

namespace poolshift {

// Of a property whose name says that it is a secret, or of such a member of one, only digests stay;
// and nothing of the sentences about it.
void HideSecrets(DriftEntry& entry);

// The report of what is observed, without history or suggestions, and without secrets. Pure.
DriftReport ReportDrift(const Organization& organization,
                        const ObservedState& observed,
                        absl::Time looked_at);

// Plans once from what was observed, when something differs, and tells of each difference what
// would mend it. That no plan can be made is told in the same place.
void SuggestMends(const Workspace& workspace,
                  const ObservedState& observed,
                  const Preparation& preparation,
                  DriftReport& report);

}  // namespace poolshift
