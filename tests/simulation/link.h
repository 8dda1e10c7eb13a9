// Link: a provider as a controller reaches it: requests travel, take effect, and answers come back,
// or not. Each call is made in a fiber of the controller's process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "controller/engine/errands.h"
#include "controller/provider/provider.h"
#include "tests/simulation/process.h"

namespace poolshift::simulation {

class Controller;
class Simulation;

class Link final : public Provider {
 public:
  // All borrowed; `name` is the manifest's.
  Link(Simulation& simulation, Controller& controller, Process& process, std::string name)
      : simulation_(simulation),
        controller_(controller),
        process_(process),
        name_(std::move(name)) {}

  // Looks made for planning may be out of date; those of a run are not.
  void SetPlanning(bool planning) { planning_ = planning; }

  absl::StatusOr<ProviderDescription> Describe() override { return ProviderDescription{}; }
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration deadline) override;
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>& actions,
                                                                absl::Duration) override {
    return std::vector<std::vector<std::string>>(actions.size());
  }
  absl::StatusOr<std::vector<ExportedFile>> Export(absl::Duration deadline) override;
  ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override;
  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Duration deadline) override;
  absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override;
  void Cancel(const std::string&) override {}

 private:
  struct Fate;
  template <class Answer>
  struct Slot;
  Fate Draw(const ApplyRequest& request);
  void Send(const ApplyRequest& request,
            const Fate& fate,
            const std::shared_ptr<Slot<ApplyResult>>& slot);
  Observation See(const ObservationKey& key, std::size_t changes_ago);

  Simulation& simulation_;
  Controller& controller_;
  Process& process_;
  const std::string name_;
  bool planning_ = false;
};

// The errands of a run, as fibers of its process.
class FiberErrands final : public Errands {
 public:
  explicit FiberErrands(Process& process) : process_(process) {}
  void Post(std::function<void(const Tell& tell)> call) override;
  std::optional<Item> Next(absl::Duration patience) override;
  int Close(absl::Duration patience) override;

 private:
  struct Box {
    std::vector<Item> items;
    Wait arrival;
    int busy = 0;
  };
  Process& process_;
  std::shared_ptr<Box> box_ = std::make_shared<Box>();
};

}  // namespace poolshift::simulation
