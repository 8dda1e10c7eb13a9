// SimService: the simulated organisation as a provider. Configuration: `world`, the world file, and
// `state`, where it lives on, relative to the manifest's folder; `fenced: false`, a platform
// without a fence; `clock`, for rehearsals. docs/sim.md.
#pragma once

#include <memory>
#include <mutex>

#include "providers/sdk/service.h"
#include "providers/sim/platform/state_directory.h"
#include "providers/sim/world/fault_rule.h"

namespace poolshift::sim {

class SimService : public sdk::Service {
 public:
  // Looking: any number at a time.
  sdk::Description Describe() override;
  std::vector<std::string> Preview(const Action& action) override;
  std::vector<Observation> Observe(const std::vector<ObservationKey>& keys,
                                   absl::Time deadline) override;
  absl::StatusOr<std::vector<Listed>> List(absl::Time deadline) override;
  absl::StatusOr<std::vector<ExportedFile>> Export(absl::Time deadline) override;
  std::optional<sdk::Result> Lookup(std::string_view key) override;
  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Time deadline) override;

  // Beginning, and changing.
  std::vector<std::string> Configure(const sdk::Configuration& configuration) override;
  sdk::Result Apply(const Action& action,
                    std::string_view key,
                    std::int64_t token,
                    sdk::Call& call) override;

 private:
  // The world's time: the machine's, or that of a rehearsal.
  absl::Time Now() const;
  // A copy of the rule that strikes this call, if any.
  std::optional<FaultRule> Strike(FaultRule::Operation operation, std::string_view resource);
  void NoteWrite(std::int64_t token, const std::string& what) const;
  Observation See(const ObservationKey& key);
  std::optional<sdk::Result> Before(const FaultRule& fault, const Action& action, sdk::Call& call);
  absl::Status CutPower(const std::vector<std::string>& pools);
  sdk::Result Commit(const Action& action,
                     std::string_view key,
                     std::int64_t token,
                     bool half_done,
                     sdk::Call& call);
  void After(const FaultRule& fault, sdk::Call& call, sdk::Result& result);

  std::unique_ptr<StateDirectory> state_;
  bool fenced_ = true;
  std::string writes_;  // file that accepted changes are appended to; "" = none
  std::string clock_;   // file that says what time it is in the world; "" = the machine's clock
  std::mutex faults_mutex_;
  FaultCounts fault_counts_;
};

}  // namespace poolshift::sim
