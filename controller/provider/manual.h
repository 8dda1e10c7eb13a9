// The provider `manual`: a person with another provider's eyes (domain decision D17). Describe and
// Observe are the other provider's; Preview is what the person does; Apply is a work item that is
// done when observation agrees, and asks nobody to press a key: whoever did it, and however, it is
// done when it is seen.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/provider/provider.h"
#include "controller/world/clock.h"

namespace poolshift {

struct ManualOptions {
  std::string name;                            // manifest name
  bool read_only = true;                       // Apply is refused
  absl::Duration interval = absl::Seconds(5);  // between looks
  absl::Duration look_deadline = absl::Seconds(30);
};

// Thread-safe, like every provider.
class Manual final : public Provider {
 public:
  // `eyes` (observe_with of the manifest) and `clock` are borrowed.
  Manual(ManualOptions options, Provider& eyes, Clock& clock);

  // Type "manual"; the kinds of `eyes`, writable when they are or when a person can change them.
  absl::StatusOr<ProviderDescription> Describe() override;
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration deadline) override;
  absl::StatusOr<std::vector<Listed>> List(absl::Duration deadline) override;
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>& actions,
                                                                absl::Duration deadline) override;

  // Prints the steps as progress, then what is still different whenever that changes.
  // FailedPrecondition when the resource is neither as the plan saw it nor as wanted at the start;
  // DeadlineExceeded, with effect_unknown, when the person was not done in time, retryable;
  // Cancelled after Cancel.
  ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override;

  // A person's work is not recorded here: it is seen. Always NotFound, so that the controller
  // looks.
  absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override;
  void Cancel(const std::string& key) override;

 private:
  // The target, then each of `also`.
  absl::StatusOr<std::vector<Observation>> Look(const Action& action);
  ApplyResult Wait(const ApplyRequest& request, const ProgressSink& progress);
  bool TakeCancelled(const std::string& key);

  const ManualOptions options_;
  Provider& eyes_;
  Clock& clock_;
  std::mutex mutex_;
  std::multiset<std::string> running_;
  std::set<std::string> cancelled_;
};

}  // namespace poolshift
