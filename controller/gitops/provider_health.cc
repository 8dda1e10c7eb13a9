#include "controller/gitops/provider_health.h"

#include <algorithm>
#include <utility>

namespace poolshift {

void NoteLook(const ObservedState& observed, std::map<std::string, ProviderHealth>& health) {
  std::map<std::string, ProviderHealth> now;
  for (const auto& [key, seen] : observed.observations) {
    if (seen.provider.empty()) continue;  // nobody is responsible
    ProviderHealth& own = now[seen.provider];
    if (seen.presence == Presence::kUnreachable) {
      ++own.unreachable;
    } else {
      own.answered = std::max(own.answered, seen.at);
    }
  }
  for (auto& [name, own] : now) {
    const auto before = health.find(name);
    if (before != health.end()) own.answered = std::max(own.answered, before->second.answered);
  }
  health = std::move(now);
}

}  // namespace poolshift
