#include "controller/federation/roles.h"

#include <algorithm>
#include <iterator>

namespace poolshift {

bool Speaks(const EdgePool& pool, Protocol protocol) {
  const auto speaks = protocol == Protocol::kSip ? HasSipFederation : HasXmppFederation;
  return std::any_of(pool.products.begin(), pool.products.end(), speaks);
}

bool SwallowsWithoutRoute(const EdgePool& pool) {
  return std::any_of(pool.products.begin(), pool.products.end(), [](const Product product) {
    return SwallowsWithoutRoute(product);
  });
}

std::vector<std::string_view> RolesOf(const EdgePool& pool) {
  if (pool.in_topology()) return {std::begin(kinds::kRoles), std::end(kinds::kRoles)};
  std::vector<std::string_view> roles;
  for (const Protocol protocol : kProtocols) {
    if (Speaks(pool, protocol)) roles.push_back(Role(protocol));
  }
  return roles;
}

std::string_view CertificateUse(const EdgePool& pool, Protocol protocol) {
  return pool.in_topology() ? "accessEdgeExternal" : Name(protocol);
}

bool HasRole(const EdgePool& pool, std::string_view role) {
  const std::vector<std::string_view> roles = RolesOf(pool);
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

std::vector<std::string_view> StandingRoles(const EdgePool& pool) {
  if (!pool.in_topology()) return {};
  std::vector<std::string_view> roles = RolesOf(pool);
  std::erase(roles, Role(Protocol::kXmpp));
  return roles;
}

}  // namespace poolshift
