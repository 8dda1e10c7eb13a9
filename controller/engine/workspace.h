// Workspace: one organisation, loaded from its manifests, with its providers running. The CLI's and
// the daemon's way to everything: it calls the stages in order and knows nothing itself.
//
// Not thread-safe; several workspaces may live in one process. Providers end with it.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/diff/difference.h"
#include "controller/engine/declaration_eyes.h"
#include "controller/engine/exporting.h"
#include "controller/engine/load.h"
#include "controller/engine/unfenced.h"
#include "controller/federation/assignment.h"
#include "controller/federation/organization.h"
#include "controller/federation/preparation.h"
#include "controller/model/plan.h"
#include "controller/provider/log_pump.h"
#include "controller/provider/provider.h"
#include "controller/world/world.h"

namespace poolshift {

class Workspace {
 public:
  struct Options {
    std::vector<std::string> paths;  // manifest files, directories, or "-" for stdin
    // Read elsewhere, instead of `paths`; relative paths in it begin at `base_directory`.
    std::optional<ManifestTexts> texts;
    std::string base_directory;
    std::string commit;  // with `texts`: which commit they are of, or ""
    // With `texts`: reads what is committed by now, for steps that end with a commit. Empty: these
    // texts are all there will be. Called until the workspace ends, by any thread, one at a time.
    NewestTexts newest;
    std::optional<LockText> lock;  // with `texts`: what stands beside them
    bool base_pins = true;         // with `texts`: a lock file in `base_directory` holds besides
    std::string state_directory;   // created 0700 when missing
    std::string plugin_directory;  // empty: beside the program
    bool read_only = true;         // providers are launched so that Apply is impossible
    LogSink log;                   // lines that providers write; may be empty
  };

  // Loads, validates, starts and configures the providers. Faults and warnings of the manifests go
  // to `diagnostics` (with faults the status is InvalidArgument); everything else is a status that
  // names the provider. What `world` points to outlives the workspace.
  static absl::StatusOr<std::unique_ptr<Workspace>> Open(const World& world,
                                                         const Options& options,
                                                         Diagnostics& diagnostics);
  ~Workspace();

  const Organization& organization() const { return organization_; }
  // By manifest name, and kDeclarationEyes. Borrowed.
  const std::map<std::string, Provider*>& providers() const { return providers_; }
  const std::map<std::string, ProviderDescription>& descriptions() const { return descriptions_; }
  // SHA-256 of the program that runs for each provider, by manifest name; people have none. Reads
  // the programs when it is first asked for.
  std::map<std::string, std::string> programs() const;
  bool runs_programs() const { return !programs_.empty(); }
  // Whether a lock file pins the programs.
  bool is_pinned() const;
  // Which of them is responsible for what. Borrowed.
  const Assignment& assignment() const { return *assignment_; }
  const std::string& state_directory() const { return state_directory_; }
  // The commit of the manifests when they lie in a repository, or "".
  const std::string& commit() const { return commit_; }
  // What it was loaded from, and where that is.
  const ManifestTexts& manifests() const { return manifests_; }
  const std::string& base_directory() const { return base_directory_; }

  // Looks at everything that planning and drift need, all providers side by side. A provider that
  // is away makes its resources unreachable; one that lies is an error.
  absl::StatusOr<ObservedState> Observe();
  // Looks at what is not in `observed` yet.
  absl::Status ObserveMore(const std::vector<ObservationKey>& keys, ObservedState& observed);
  // The same, as if another organisation's declaration decided who looks at what (`poolshift
  // import`): the providers stay these.
  absl::Status ObserveAs(const Assignment& assignment,
                         const std::vector<ObservationKey>& keys,
                         ObservedState& observed);
  // What each provider offers.
  OfferedKinds offered() const;
  // Who saves before writes to the central store.
  Exporters exporters() const { return ExportersOf(organization_, descriptions_); }
  // Who refuses no late write of an older controller.
  Unfenced unfenced() const;
  // Lower, solve, check, limits, preview. A plan with refusals is a value, not an error.
  absl::StatusOr<Plan> MakePlan(const ObservedState& observed,
                                absl::Time now,
                                const Preparation& preparation = {},
                                Objective objective = Objective::kFewestActions);
  // Fills in the exact commands of each action, from the providers' Preview.
  absl::Status AddCommands(Plan& plan);

 private:
  struct Running;
  Workspace();
  absl::Status StartProviders(const World& world, const Options& options, Diagnostics& diagnostics);
  absl::Status ReadLocks(const World& world, const Options& options, Diagnostics& diagnostics);
  absl::Status StartPlugins(const World& world, const Options& options);
  void StartPeople(const World& world, const Options& options);
  void OpenEyes(const World& world, const Options& options);

  Organization organization_;
  ManifestTexts manifests_;
  std::string state_directory_;
  std::string base_directory_;
  std::string commit_;
  std::map<std::string, Provider*> providers_;
  std::map<std::string, ProviderDescription> descriptions_;
  std::map<std::string, std::shared_future<std::string>> programs_;
  std::unique_ptr<Assignment> assignment_;
  std::unique_ptr<Running> running_;
};

}  // namespace poolshift
