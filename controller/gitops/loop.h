// Loop: what `poolshift serve` does, again and again: takes the newest declaration that may be
// trusted, looks at the world, plans, asks the policy, and carries out what it allows. Every round
// starts from what is there (level-based); nothing is remembered but the journal and the
// declaration that the organisation was last seen as.
//
// docs/serve.md tells the whole story. Round() is called from one thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/engine/prepared.h"
#include "controller/engine/run.h"
#include "controller/engine/workspace.h"
#include "controller/gitops/board.h"
#include "controller/gitops/declaration_source.h"
#include "controller/gitops/settled.h"
#include "controller/store/store.h"
#include "controller/world/world.h"

namespace poolshift {

struct LoopOptions {
  std::string state_directory;
  std::string plugin_directory;
  std::string version;  // of this program; recorded with runs
  LeaseHolder holder;
  // Between looks, whatever the declaration says; zero: as it says.
  absl::Duration interval = absl::ZeroDuration();
  std::function<void(const std::string& line)> log;  // what happens, one line each
};

class Loop {
 public:
  // All but `options` borrowed.
  Loop(const World& world,
       LoopOptions options,
       DeclarationSource& source,
       Board& board,
       const Interruption& interruption);
  ~Loop();

  // One round. Puts a snapshot up, and returns when to come again unless woken.
  absl::Time Round();

 private:
  using Opened = absl::StatusOr<std::unique_ptr<Workspace>>;

  void Hear(const Sighting& sighting, Snapshot& next);
  Sighting Sight(absl::Time now);
  // While a run waits for a commit: the newest declaration. Not the loop's own thread.
  absl::StatusOr<ManifestTexts> Newest();
  absl::StatusOr<ManifestTexts> LookForNewest(absl::Time now);
  Opened Open(const Declaration& declaration, bool read_only, std::string& faults);
  // In force from now on; kept, because the next controller may begin with one that has faults.
  void Take(const std::shared_ptr<const Declaration>& declaration);
  // The last without faults, of this controller or of one before it; null: there is none.
  std::shared_ptr<const Declaration> LastGood(const Declaration& newest);
  // The newest declaration, or, when that has faults, the last one that had none.
  Opened OpenBest(const Sighting& sighting, Snapshot& next);
  absl::Status Look(Workspace& workspace, absl::Time now, Snapshot& next);
  absl::StatusOr<MadePlan> PlanNow(Workspace& workspace, absl::Time now, Snapshot& next);
  absl::Status Remember(const Workspace& workspace, const Snapshot& next, absl::Time now);
  void ReadPast(const std::string& organization, absl::Time now, Snapshot& next);
  void DrillWhenDue(Workspace& workspace,
                    const ObservedState& observed,
                    absl::Time now,
                    Snapshot& next);
  absl::StatusOr<DrillChanges> KeepDrill(const DrillReport& report);
  absl::Status Judge(const Workspace& workspace, absl::Time now, Snapshot& next);
  absl::Status KeepAgreements(const std::string& organization);
  absl::Status CarryOut(Snapshot& next);
  absl::Time NextLook(const Snapshot& snapshot, absl::Time now) const;
  void Log(const std::string& line) const;

  const World world_;
  const LoopOptions options_;
  DeclarationSource& source_;
  Board& board_;
  const Interruption& interruption_;
  std::unique_ptr<Store> store_;
  std::shared_ptr<const Declaration> in_force_;  // the last without faults
  std::string faulty_;                           // identity of a newer one that has faults
  std::string faults_;                           // which
  std::optional<Settled> settled_;
  std::optional<Organization> settled_organization_;
  bool settled_read_ = false;
  std::uint64_t round_ = 0;
  // Heard in commits, and not on record yet.
  std::vector<Sighting::Agreement> agreements_;
  std::mutex source_mutex_;                           // a run that waits looks there too
  std::vector<Sighting::Agreement> heard_meanwhile_;  // by it; guarded by the mutex
  absl::Time sighted_ = absl::InfinitePast();         // by it; guarded too, as is what it saw
  absl::StatusOr<ManifestTexts> newest_ = absl::NotFoundError("there is no declaration yet");
  std::vector<std::unique_ptr<Workspace>> lingering_;  // with calls that nobody waits for
  int failures_ = 0;                                   // looks in a row that saw nothing
  int moved_ = 0;  // plans in a row that the world had left behind when they were to begin
};

}  // namespace poolshift
