#include "providers/dns/update/dns_service.h"

#include "controller/federation/kinds.h"
#include "fmt/format.h"
#include "providers/dns/update/decision.h"
#include "providers/dns/update/fence.h"
#include "providers/dns/update/observer.h"
#include "providers/dns/update/preview.h"
#include "providers/dns/update/signed_transport.h"
#include "providers/dns/update/writer.h"

namespace poolshift::dns {

std::vector<std::string> DnsService::Configure(const sdk::Configuration& configuration) {
  std::vector<std::string> problems;
  settings_ = ReadSettings(configuration, problems);
  if (problems.empty()) {
    // Three questions before a server counts as silent.
    transport_ = MakeSignedTransport(settings_.key, settings_.query_timeout / 3);
  }
  return problems;
}

sdk::Description DnsService::Describe() {
  sdk::Description description{.type = "dns",
                               .version = POOLSHIFT_VERSION,
                               .kinds = {*kinds::FindKindSchema(kinds::kDnsRecordSet)},
                               .fenced = !settings_.zones.empty(),
                               .remarks = {},
                               .settable = {fmt::format("{}.owner", kinds::kDnsRecordSet)}};
  for (const Zone& zone : settings_.zones) {
    if (zone.owned) continue;
    description.fenced = false;
    description.remarks.push_back(
        fmt::format("zone {} is unfenced (`ownership: none`): no marks, no fencing token, only the "
                    "comparison with what was planned",
                    zone.name));
  }
  return description;
}

std::vector<Observation> DnsService::Observe(const std::vector<ObservationKey>& keys,
                                             absl::Time deadline) {
  return ObserveSets(*transport_, settings_, keys, deadline);
}

std::vector<std::string> DnsService::Preview(const Action& action) {
  const auto intent = ReadIntent(settings_, action);
  if (!intent.ok()) return {fmt::format("; {}", std::string(intent.status().message()))};
  return NsupdateLines(settings_, *intent);
}

sdk::Result DnsService::Apply(const Action& action,
                              std::string_view key,
                              std::int64_t token,
                              sdk::Call& call) {
  return Writer(*transport_, settings_).Apply(action, key, token, call);
}

std::optional<sdk::Result> DnsService::Lookup(std::string_view key) {
  return Writer(*transport_, settings_).Lookup(key);
}

absl::StatusOr<FenceAnswer> DnsService::Fence(const FenceClaim& claim, absl::Time deadline) {
  return RaiseFences(*transport_, settings_, claim, deadline);
}

}  // namespace poolshift::dns
