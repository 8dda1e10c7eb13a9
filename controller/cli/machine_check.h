// MachineCheck: what a provider's own program finds out about the machines that it works on, before
// any plan: account, rights, commands. For providers whose program has the word `check`.
#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "controller/cli/session.h"
#include "controller/federation/organization.h"

namespace poolshift {

struct MachineCheck {
  std::string text;  // a line for each finding
  bool fine = false;
};

// `folder` is where relative paths of the configuration begin. Secrets go as references only.
absl::StatusOr<MachineCheck> CheckByProgram(const Session& session,
                                            const Organization& organization,
                                            const ProviderDeclaration& provider,
                                            const std::string& folder);

}  // namespace poolshift
