// LyncService: provider `lync`. Looks are two questions, one to the store and one to each server,
// all side by side; changes are one script each (changer.h).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "providers/lync/platform/bookkeeping.h"
#include "providers/lync/platform/changer.h"
#include "providers/lync/platform/facts.h"
#include "providers/lync/platform/settings.h"
#include "providers/sdk/service.h"

namespace poolshift::lync {

class LyncService final : public sdk::Service {
 public:
  std::vector<std::string> Configure(const sdk::Configuration& configuration) override;
  sdk::Description Describe() override;
  std::vector<Observation> Observe(const std::vector<ObservationKey>& keys,
                                   absl::Time deadline) override;
  absl::StatusOr<std::vector<Listed>> List(absl::Time deadline) override;
  absl::StatusOr<std::vector<ExportedFile>> Export(absl::Time deadline) override;
  std::vector<std::string> Preview(const Action& action) override;
  sdk::Result Apply(const Action& action,
                    std::string_view key,
                    std::int64_t token,
                    sdk::Call& call) override;
  std::optional<sdk::Result> Lookup(std::string_view key) override;

 private:
  struct Look;

  void Ask(const std::vector<ObservationKey>& keys, absl::Time deadline, Look& look);
  Observation Show(const ResourceId& id, const Look& look) const;
  Observation ShowReplica(const std::string& server, const Look& look) const;

  Settings settings_;
  Machines machines_;
  Bookkeeping books_;
  std::unique_ptr<Changer> changer_;
};

}  // namespace poolshift::lync
