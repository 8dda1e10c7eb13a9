// DeclarationEyes: looks at what stands in the declaration alone, in its newest version: whether a
// partner's allow list has a name of ours (kinds::kPartnerAcceptance). A run that waits for a
// partner sees the answer when a person has written it down.
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "controller/engine/load.h"
#include "controller/provider/provider.h"

namespace poolshift {

// Reads the newest declaration that may be trusted. Called by one thread at a time.
using NewestTexts = std::function<absl::StatusOr<ManifestTexts>()>;

// Thread-safe, like every provider.
class DeclarationEyes final : public Provider {
 public:
  explicit DeclarationEyes(NewestTexts read) : read_(std::move(read)) {}
  // Of a rehearsal: every partner that is asked agrees at once.
  DeclarationEyes() = default;

  absl::StatusOr<ProviderDescription> Describe() override;
  // A declaration that cannot be read, or has faults, makes everything unreachable: it says nothing
  // about the partner; nor does one in which the partner is not declared any more. A partner that
  // keeps no list any more lets all in.
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration deadline) override;
  // It changes nothing.
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>& actions,
                                                                absl::Duration deadline) override;
  ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override;
  absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override;
  void Cancel(const std::string&) override {}

 private:
  // Reads anew; what has not changed is not parsed again.
  absl::Status Read();

  const NewestTexts read_;
  std::mutex mutex_;
  ManifestTexts texts_;  // of `loaded_`
  LoadedOrganization loaded_;
};

}  // namespace poolshift
