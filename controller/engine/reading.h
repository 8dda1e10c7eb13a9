// Reading: manifests from the disk, within their limits, into an Organization.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/manifest/manifest.h"
#include "controller/world/files.h"

namespace poolshift {

struct ManifestText {
  std::string name;  // the path as it was given, for messages; "-" for the standard input
  std::string text;
};

// The texts that `paths` name, each once, in that order. A folder stands for its own manifests
// (IsManifestName), in the order of their names, not for those of folders in it; world files of the
// provider `sim`, which begin with `world:`, are passed over there. "-" is `standard_input`.
//
// InvalidArgument: a path that is not there, nothing found, more than ManifestLimits allows.
absl::StatusOr<std::vector<ManifestText>> ReadManifestTexts(Files& files,
                                                            const std::vector<std::string>& paths,
                                                            std::string_view standard_input);

// Parses the texts on all cores and joins them.
LoadedOrganization LoadOrganization(const std::vector<ManifestText>& texts);

}  // namespace poolshift
