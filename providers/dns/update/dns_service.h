// DnsService: the provider itself, kind DnsRecordSet over RFC 2136 with TSIG. docs/dns-provider.md.
#pragma once

#include <memory>

#include "providers/dns/update/dns_transport.h"
#include "providers/dns/update/settings.h"
#include "providers/sdk/service.h"

namespace poolshift::dns {

class DnsService : public sdk::Service {
 public:
  std::vector<std::string> Configure(const sdk::Configuration& configuration) override;
  sdk::Description Describe() override;
  std::vector<Observation> Observe(const std::vector<ObservationKey>& keys,
                                   absl::Time deadline) override;
  std::vector<std::string> Preview(const Action& action) override;
  sdk::Result Apply(const Action& action,
                    std::string_view key,
                    std::int64_t token,
                    sdk::Call& call) override;
  std::optional<sdk::Result> Lookup(std::string_view key) override;
  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Time deadline) override;

 private:
  Settings settings_;
  std::unique_ptr<DnsTransport> transport_;
};

}  // namespace poolshift::dns
