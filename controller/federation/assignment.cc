#include "controller/federation/assignment.h"

#include <algorithm>

#include "controller/federation/kinds.h"

namespace poolshift {
namespace {

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// -1: the list excludes `name`; 0: it says nothing; else `weight`.
int Match(const std::vector<std::string>& names, std::string_view name, int weight) {
  if (names.empty() || Contains(names, "*")) return 0;
  return Contains(names, name) ? weight : -1;
}

// Whether it matters anywhere at which site a machine stands.
bool AsksForSites(const Organization& organization) {
  return std::ranges::any_of(organization.providers, [](const auto& provider) {
    return std::ranges::any_of(provider.second.serves,
                               [](const Responsibility& serves) { return !serves.sites.empty(); });
  });
}

}  // namespace

Assignment::Assignment(const Organization& organization, const OfferedKinds& offered)
    : organization_(organization), offered_(offered) {
  if (AsksForSites(organization)) places_.emplace(organization);
}

std::string Assignment::SiteOf(const ResourceId& id) const {
  return places_.has_value() ? places_->SiteOf(id) : "";
}

std::string Assignment::ZoneOf(const ResourceId& id) const {
  const std::string name = id.name.substr(0, id.name.find('/'));
  std::string best;
  for (const auto& [domain_name, domain] : organization_.domains) {
    const std::string& zone = domain.zone;
    const bool inside =
        name == zone || (name.size() > zone.size() &&
                         name.compare(name.size() - zone.size(), zone.size(), zone) == 0 &&
                         name[name.size() - zone.size() - 1] == '.');
    if (inside && zone.size() > best.size()) best = zone;
  }
  return best;
}

int Assignment::Score(const ProviderDeclaration& provider, const ObservationKey& key) const {
  const auto offered = offered_.find(provider.name);
  if (offered == offered_.end() || !Contains(offered->second, key.id.kind)) return -1;
  if (provider.serves.empty()) return 0;
  constexpr int kKindWeight = 4;
  constexpr int kPlaceWeight = 2;
  int best = -1;
  for (const Responsibility& serves : provider.serves) {
    const bool is_record = key.id.kind == kinds::kDnsRecordSet;
    const int scores[] = {Match(serves.kinds, key.id.kind, kKindWeight),
                          is_record ? Match(serves.zones, ZoneOf(key.id), kPlaceWeight) : 0,
                          is_record ? 0 : Match(serves.sites, SiteOf(key.id), kPlaceWeight),
                          Match(serves.vantages, key.vantage, kPlaceWeight)};
    if (*std::min_element(std::begin(scores), std::end(scores)) < 0) continue;
    int sum = 0;
    for (const int score : scores)
      sum += score;
    best = std::max(best, sum);
  }
  return best;
}

std::string Assignment::Best(const ObservationKey& key) const {
  std::string best;
  int best_score = -1;
  for (const auto& [name, provider] : organization_.providers) {
    const int score = Score(provider, key);
    if (score > best_score) {
      best = name;
      best_score = score;
    }
  }
  return best;
}

std::string Assignment::WriterOf(const ResourceId& id) const { return Best({id, ""}); }

std::string Assignment::ObserverOf(const ObservationKey& key) const {
  if (key.id.kind == kinds::kPartnerAcceptance) return std::string(kDeclarationEyes);
  std::string name = Best(key);
  const auto found = organization_.providers.find(name);
  if (found != organization_.providers.end() && !found->second.observe_with.empty()) {
    return found->second.observe_with;
  }
  return name;
}

bool Assignment::IsHuman(std::string_view provider) const {
  const auto found = organization_.providers.find(std::string(provider));
  return found != organization_.providers.end() && found->second.type == "manual";
}

}  // namespace poolshift
