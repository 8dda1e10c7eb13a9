// Checked: a provider whose every answer is held against its own description: schemas, revisions,
// counts, and that a success shows what was asked for. The core never trusts a plugin.
//
// After the first broken promise the provider is not asked again: every later call answers with
// that same violation, so that a run stops before more is built on lies. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "controller/provider/provider.h"

namespace poolshift {

class Checked final : public Provider {
 public:
  // Asks `inner` for its description once. `name` is the manifest's.
  static absl::StatusOr<std::unique_ptr<Provider>> Wrap(std::string name,
                                                        std::unique_ptr<Provider> inner);

  absl::StatusOr<ProviderDescription> Describe() override { return description_; }
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration deadline) override;
  absl::StatusOr<std::vector<Listed>> List(absl::Duration deadline) override;
  absl::StatusOr<std::vector<ExportedFile>> Export(absl::Duration deadline) override;
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>& actions,
                                                                absl::Duration deadline) override;
  ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override;
  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Duration deadline) override;
  absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override;
  void Cancel(const std::string& key) override;

 private:
  Checked(std::string who, std::unique_ptr<Provider> inner, ProviderDescription description);
  absl::Status Serves(const ResourceId& id, bool writing) const;
  // What is wrong with an observation, or "".
  std::string Fault(const ResourceId& id, const Observation& observation) const;
  // Of the first that has one; many are looked at on two cores.
  std::string FirstFault(const std::vector<ObservationKey>& keys,
                         const std::vector<Observation>& observations) const;
  absl::Status Condemned() const;
  // Remembers a violation; passes everything else through.
  absl::Status Note(absl::Status status);
  absl::Status Condemn(const std::string& call, const std::string& what);

  const std::string who_;
  const std::unique_ptr<Provider> inner_;
  const ProviderDescription description_;
  std::map<std::string, const KindSchema*> kinds_;
  mutable std::mutex mutex_;
  absl::Status condemned_;
};

}  // namespace poolshift
