#include "controller/federation/silence.h"

#include <algorithm>

#include "controller/federation/protocol.h"

namespace poolshift {
namespace {

bool CanBeLookedAt(const ObservedState& observed, const EdgeServer& server) {
  if (observed.Properties(kinds::Replica(server.fqdn)) != nullptr) return true;
  return std::any_of(
      std::begin(kinds::kRoles), std::end(kinds::kRoles), [&](const std::string_view role) {
        return observed.Properties(kinds::EdgeService(server.fqdn, role)) != nullptr;
      });
}

enum class Answer { kOpen, kFails, kUnknown };

// What vantages see on the protocol's port of every address.
Answer FromOutside(const Policy& policy,
                   const ObservedState& observed,
                   const EdgeServer& server,
                   Protocol protocol) {
  const std::vector<std::string> own{""};
  bool fails = true;
  for (const std::string& address : server.addresses) {
    const ResourceId id = kinds::Reachability(address, Port(protocol));
    int failing = 0;
    for (const std::string& vantage : policy.vantages.empty() ? own : policy.vantages) {
      const Value* seen = observed.Properties(id, vantage);
      if (seen == nullptr) continue;
      if (seen->StringOr("state", "") == "open") return Answer::kOpen;
      ++failing;
    }
    fails = fails && failing >= policy.vantages_required;
  }
  return fails ? Answer::kFails : Answer::kUnknown;
}

}  // namespace

bool IsWalled(const Value& seen) {
  const std::string_view state = seen.StringOr("state", "");
  return state == "filtered" || state == "unreachable";
}

bool IsSilent(const Organization& organization,
              const ObservedState& observed,
              const EdgeServer& server) {
  if (CanBeLookedAt(observed, server)) return false;
  bool fails = false;
  for (const Protocol protocol : kProtocols) {
    const Answer answer = FromOutside(organization.policy, observed, server, protocol);
    if (answer == Answer::kOpen) return false;
    fails = fails || answer == Answer::kFails;
  }
  return fails;
}

std::vector<const EdgeServer*> AnsweringServers(const Organization& organization,
                                                const ObservedState& observed,
                                                const EdgePool& pool) {
  std::vector<const EdgeServer*> all, answering;
  for (const EdgeServer& server : pool.servers) {
    all.push_back(&server);
    if (!IsSilent(organization, observed, server)) answering.push_back(&server);
  }
  return answering.empty() ? all : answering;
}

std::vector<std::string> AnsweringAddresses(const Organization& organization,
                                            const ObservedState& observed,
                                            const EdgePool& pool) {
  std::vector<std::string> addresses;
  for (const EdgeServer* server : AnsweringServers(organization, observed, pool))
    addresses.insert(addresses.end(), server->addresses.begin(), server->addresses.end());
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

}  // namespace poolshift
