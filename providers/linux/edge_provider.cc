#include "providers/linux/edge_provider.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "providers/linux/listing.h"
#include "providers/linux/service_change.h"

namespace poolshift::linux_host {
namespace {

constexpr std::size_t kMostThreads = 128;

// Runs `task` for 0 … count-1, as many at a time as there are threads.
template <typename Task>
void SideBySide(std::size_t count, const Task& task) {
  if (count == 1) return task(0);
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (std::size_t number = 0; number < std::min(count, kMostThreads); ++number) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++)
        task(at);
    });
  }
}

sdk::Result Refused(std::string message) {
  sdk::Result result;
  result.outcome = sdk::Outcome::kFailed;
  result.message = std::move(message);
  return result;
}

std::string NotDeclared(const std::string& server) {
  return server + " is not declared in the provider's `servers`";
}

}  // namespace

std::string ServerOf(const ResourceId& id) { return id.name.substr(0, id.name.find('/')); }
std::string LastPartOf(const ResourceId& id) { return id.name.substr(id.name.rfind('/') + 1); }

std::vector<std::string> EdgeProvider::Configure(const sdk::Configuration& configuration) {
  std::vector<std::string> problems;
  sdk::Section root(&configuration.configuration, "", problems);
  inventory_.Read(configuration, root, [this](Server& server, sdk::Section& section) {
    ReadOwnOf(server, section);
  });
  ReadOwn(root);
  root.RefuseOthers();
  return problems;
}

sdk::Description EdgeProvider::Describe() {
  std::vector<KindSchema> served = {*kinds::FindKindSchema(kinds::kEdgeService),
                                    *kinds::FindKindSchema(kinds::kCertificate)};
  for (KindSchema& kind : OwnKinds())
    served.push_back(std::move(kind));
  return {.type = type_,
          .version = POOLSHIFT_VERSION,
          .kinds = std::move(served),
          .fenced = false,
          .remarks = {}};
}

std::string EdgeProvider::PlaceOf(const ResourceId& id) const { return ServerOf(id); }

std::vector<Observation> EdgeProvider::Observe(const std::vector<ObservationKey>& keys,
                                               absl::Time deadline) {
  std::map<std::string, std::vector<std::size_t>> by_place;
  for (std::size_t at = 0; at < keys.size(); ++at)
    by_place[PlaceOf(keys[at].id)].push_back(at);
  std::vector<const std::vector<std::size_t>*> groups;
  for (const auto& [place, group] : by_place)
    groups.push_back(&group);
  std::vector<Observation> observations(keys.size());
  SideBySide(groups.size(), [&](std::size_t number) {
    std::optional<Look> look;
    for (const std::size_t at : *groups[number]) {
      const Server* server = inventory_.Find(ServerOf(keys[at].id));
      if (server != nullptr && !look.has_value()) look.emplace(*server, deadline);
      observations[at] = ObserveOne(keys[at].id, server == nullptr ? nullptr : &*look, deadline);
    }
  });
  return observations;
}

Observation EdgeProvider::ObserveOne(const ResourceId& id, Look* look, absl::Time deadline) {
  const bool is_service = id.kind == kinds::kEdgeService;
  if (!is_service && id.kind != kinds::kCertificate) return ObserveOwn(id, look, deadline);
  if (look == nullptr) return Unreachable(NotDeclared(ServerOf(id)));
  return is_service ? look->Service(LastPartOf(id)) : look->Certificate(LastPartOf(id));
}

absl::StatusOr<std::vector<std::string>> EdgeProvider::DomainsOf(const Server& server,
                                                                 absl::Time deadline) {
  (void)server, (void)deadline;
  return absl::UnimplementedError("it carries no XMPP");
}

absl::StatusOr<std::vector<Listed>> EdgeProvider::List(absl::Time deadline) {
  std::vector<const Server*> servers;
  for (const auto& [name, server] : inventory_.servers())
    if (CarriesFederation(server)) servers.push_back(&server);
  std::vector<Listed> entities(servers.size());
  // One machine that says nothing must not keep the others from being listed.
  const absl::Time until = absl::Now() + (deadline - absl::Now()) / 2;
  SideBySide(servers.size(), [&](std::size_t at) {
    entities[at] = ListedAs(*servers[at], until);
    const auto domains = DomainsOf(*servers[at], until);
    if (domains.ok())
      entities[at].properties.Set("domains", Value::List(domains->begin(), domains->end()));
  });
  return entities;
}

std::vector<std::string> EdgeProvider::Preview(const Action& action) {
  if (action.target.kind != kinds::kEdgeService) return PreviewOwn(action);
  const Server* server = inventory_.Find(ServerOf(action.target));
  if (server == nullptr) return {"# " + NotDeclared(ServerOf(action.target))};
  const auto service = server->services.find(LastPartOf(action.target));
  if (service == server->services.end())
    return {"# no unit is declared for " + ToString(action.target)};
  return ServiceChange(*server, service->second, inventory_.settle()).Preview(action);
}

sdk::Result EdgeProvider::Apply(const Action& action,
                                std::string_view /*key*/,
                                std::int64_t /*token*/,
                                sdk::Call& call) {
  if (action.target.kind != kinds::kEdgeService) return ApplyOwn(action, call);
  const Server* server = inventory_.Find(ServerOf(action.target));
  if (server == nullptr) return Refused(NotDeclared(ServerOf(action.target)));
  const auto service = server->services.find(LastPartOf(action.target));
  if (service == server->services.end())
    return Refused("no unit is declared for " + ToString(action.target));
  return ServiceChange(*server, service->second, inventory_.settle()).Apply(action, call);
}

}  // namespace poolshift::linux_host
