// ProbeService: the provider itself. Observed only: it looks, from many places.
// docs/probe-provider.md
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "providers/probe/service/channel.h"
#include "providers/probe/service/settings.h"
#include "providers/sdk/service.h"

namespace poolshift::probe {

class ProbeService : public sdk::Service {
 public:
  std::vector<std::string> Configure(const sdk::Configuration& configuration) override;
  sdk::Description Describe() override;
  std::vector<Observation> Observe(const std::vector<ObservationKey>& keys,
                                   absl::Time deadline) override;
  // Nothing can be changed here: the SDK refuses before it asks these.
  std::vector<std::string> Preview(const Action& action) override;
  sdk::Result Apply(const Action& action,
                    std::string_view key,
                    std::int64_t token,
                    sdk::Call& call) override;

 private:
  Told Ask(const Vantage& vantage, const std::vector<Question>& questions, absl::Time deadline);

  Settings settings_;
  std::map<std::string, std::unique_ptr<Channel>> channels_;  // by vantage, of those with an agent
};

}  // namespace poolshift::probe
