// Exporting: before the first write to the central store of a run, what that write could spoil is
// saved (D20), by the provider that can, into a private folder.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/federation/organization.h"
#include "controller/model/plan.h"
#include "controller/provider/provider.h"
#include "controller/world/files.h"

namespace poolshift {

// By the provider of an action: who saves. Itself, or the eyes of a person. Who is not here cannot.
using Exporters = std::map<std::string, std::string>;

Exporters ExportersOf(const Organization& organization,
                      const std::map<std::string, ProviderDescription>& descriptions);

// Whether the action writes to the central store.
bool IsCentralStoreWrite(const Action& action);

// Where every such action of the plan has somebody who saves: the plan's note "export first" says
// by whom, and is nobody's work by hand any more. Its commands stay, for those who follow the plan
// by hand.
void TellExport(const Exporters& exporters, Plan& plan);

// Writes the files (0600) into `folder` (0700), each whole and on disk. The lines "file NAME
// SHA256" for the record.
absl::StatusOr<std::string> KeepExport(Files& files,
                                       const std::string& folder,
                                       const std::vector<ExportedFile>& exported);

}  // namespace poolshift
