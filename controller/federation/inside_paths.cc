#include "controller/federation/inside_paths.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_join.h"

#include "controller/federation/silence.h"

namespace poolshift {
namespace {

template <typename Look>
void ForEachFrontEnd(const Organization& organization, const Look& look) {
  for (const auto& [name, pool] : organization.front_end_pools) {
    if (pool.condition == FrontEndPool::Condition::kOutOfService) continue;
    for (const std::string& server : pool.servers)
      look(server);
  }
}

}  // namespace

const EdgePool* HostToReach(const View& view, Protocol protocol) {
  const Organization& organization = view.organization();
  const auto found = organization.edge_pools.find(view.hosting().CommonHost(protocol));
  if (found == organization.edge_pools.end() || !found->second.in_topology()) return nullptr;
  const EdgePool& host = found->second;
  const std::string& in_dns = view.InDns(protocol);
  if (!in_dns.empty() && in_dns != host.name) return &host;
  if (protocol == Protocol::kSip && !view.HasFlag(host, protocol).value_or(true)) return &host;
  const bool led_elsewhere = std::any_of(
      organization.sites.begin(), organization.sites.end(), [&, &to = host.fqdn](const auto& site) {
        return view.Route(site.second, protocol).value_or(to) != to;
      });
  return led_elsewhere ? &host : nullptr;
}

void AddInsidePaths(const Organization& organization,
                    const EdgePool& pool,
                    Protocol protocol,
                    std::size_t most,
                    std::vector<ObservationKey>& keys) {
  std::vector<const std::string*> front_ends;
  ForEachFrontEnd(organization, [&](const std::string& from) { front_ends.push_back(&from); });
  const std::size_t all = front_ends.size() * pool.servers.size();
  if (all == 0) return;
  // Such that it comes by each of the servers.
  std::size_t stride = all <= most ? 1 : all / most;
  while (std::gcd(stride, pool.servers.size()) != 1)
    ++stride;
  for (std::size_t i = 0; i < all; i += stride) {
    const EdgeServer& server = pool.servers[i % pool.servers.size()];
    keys.push_back({kinds::Reachability(server.fqdn, InsidePort(protocol)),
                    *front_ends[i / pool.servers.size()]});
  }
}

InsideSight LookInside(const View& view, const EdgePool& pool, Protocol protocol) {
  InsideSight sight;
  std::vector<std::string>& blind = sight.blind;
  for (const EdgeServer* server : view.Answering(pool)) {
    if (!view.IsSeen(pool, *server)) continue;
    const ResourceId id = kinds::Reachability(server->fqdn, InsidePort(protocol));
    ForEachFrontEnd(view.organization(), [&](const std::string& from) {
      const Observation* asked = view.observed().Find(id, from);
      if (asked == nullptr) return void(++sight.unasked);
      const Value* seen = view.observed().Properties(id, from);
      if (seen == nullptr) {
        // One that is down reaches nothing, and must not hold a failover up.
        if (view.observed().Properties(kinds::Replica(from)) == nullptr) return;
        blind.push_back(from);
        if (sight.why_blind.empty())
          sight.why_blind = asked->reason.empty() ? "nobody looks from there" : asked->reason;
        return;
      }
      sight.seen.push_back({id, from});
      if (IsWalled(*seen)) sight.walled[server->fqdn].push_back(from);
    });
  }
  std::sort(blind.begin(), blind.end());
  blind.erase(std::unique(blind.begin(), blind.end()), blind.end());
  return sight;
}

std::string FrontEndsInWords(const std::vector<std::string>& servers) {
  constexpr std::size_t kFew = 3;
  if (servers.size() > kFew) return std::to_string(servers.size()) + " Front End servers";
  return absl::StrJoin(servers, ", ");
}

}  // namespace poolshift
