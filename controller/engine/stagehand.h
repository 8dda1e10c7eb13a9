// Stagehand: the simulated platform of a rehearsal, with somebody who does what a plan asks of
// people: what a person changes together with the target of an action, and names that point where a
// person points them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "controller/provider/provider.h"

namespace poolshift {

// What of a person's steps is done before anything begins, because the simulated platform has
// nobody who would do it in between: walls are opened, permissions given.
void DoBeforehand(const Plan& plan, ObservedState& observed);

// Thread-compatible.
class Stagehand final : public Provider {
 public:
  Stagehand(std::string organization, std::unique_ptr<Provider> stage)
      : organization_(std::move(organization)), stage_(std::move(stage)) {}

  // A person begins with this step, whose gate waits for it.
  void Begin(const Action& step);

  absl::StatusOr<ProviderDescription> Describe() override { return stage_->Describe(); }
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration deadline) override {
    return stage_->Observe(keys, deadline);
  }
  absl::StatusOr<std::vector<ExportedFile>> Export(absl::Duration deadline) override {
    return stage_->Export(deadline);
  }
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>& actions,
                                                                absl::Duration deadline) override {
    return stage_->Preview(actions, deadline);
  }
  ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override;
  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Duration deadline) override;
  absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override {
    return stage_->Lookup(key, deadline);
  }
  void Cancel(const std::string& key) override { stage_->Cancel(key); }

 private:
  // By hand: whatever is there now is replaced.
  absl::Status Put(Action change);

  const std::string organization_;
  std::unique_ptr<Provider> stage_;
  std::int64_t token_ = 0;  // of the run; a smaller one is refused
  int changes_ = 0;         // made by hand
};

}  // namespace poolshift
