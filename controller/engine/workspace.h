// Workspace: one organisation, loaded from its manifests, with its providers running. The CLI's and
// the daemon's way to everything: it calls the stages in order and knows nothing itself.
//
// Not thread-safe; several workspaces may live in one process. Providers end with it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/diff/difference.h"
#include "controller/federation/organization.h"
#include "controller/model/plan.h"
#include "controller/provider/provider.h"

namespace poolshift {

class Workspace {
 public:
  struct Options {
    std::vector<std::string> paths;  // manifest files, directories, or "-" for stdin
    std::string state_directory;     // created 0700 when missing
    std::string
        plugin_directory;   // empty: beside the program (installed: ../lib/poolshift/plugins)
    bool read_only = true;  // providers are launched so that Apply is impossible
  };

  // Loads, validates, starts and configures the providers. Faults of the manifests go to
  // `diagnostics` (then the status is InvalidArgument); everything else is a status that names the
  // provider.
  static absl::StatusOr<std::unique_ptr<Workspace>> Open(const Options& options,
                                                         Diagnostics& diagnostics);
  ~Workspace();

  const Organization& organization() const { return organization_; }
  // By manifest name. Borrowed.
  const std::map<std::string, Provider*>& providers() const { return providers_; }
  const std::string& state_directory() const { return state_directory_; }

  // Looks at everything that planning and drift need, all providers side by side.
  absl::StatusOr<ObservedState> Observe();
  // Lower, solve, check, policy, preview. A plan with refusals is a value, not an error.
  absl::StatusOr<Plan> MakePlan(const ObservedState& observed, absl::Time now);

 private:
  struct Running;
  Workspace();
  Organization organization_;
  std::string state_directory_;
  std::map<std::string, Provider*> providers_;
  std::unique_ptr<Running> running_;
};

}  // namespace poolshift
