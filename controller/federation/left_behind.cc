#include "controller/federation/left_behind.h"

#include <algorithm>

namespace poolshift {
namespace {

bool HasStreams(const View& view, Protocol protocol, const EdgePool& pool) {
  return std::any_of(pool.servers.begin(), pool.servers.end(), [&](const EdgeServer& server) {
    const Value* streams = view.observed().Properties(kinds::Streams(server.fqdn, Name(protocol)));
    return streams != nullptr && streams->IntegerOr("count", 0) > 0;
  });
}

}  // namespace

std::vector<const EdgePool*> LeftBehind(const View& view, Protocol protocol, const EdgePool& host) {
  std::vector<const EdgePool*> pools;
  for (const auto& [name, pool] : view.organization().edge_pools) {
    const bool is_standby = protocol == Protocol::kXmpp && view.hosting().IsXmppStandby(pool);
    if (&pool == &host || is_standby || pool.in_topology() ||
        pool.condition == EdgePool::Condition::kOutOfService)
      continue;
    if (HasStreams(view, protocol, pool) &&
        view.FromOutside(pool, protocol) == View::Answer::kAnswers)
      pools.push_back(&pool);
  }
  return pools;
}

}  // namespace poolshift
