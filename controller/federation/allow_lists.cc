#include "controller/federation/allow_lists.h"

#include <algorithm>

#include "absl/strings/str_join.h"

#include "controller/federation/records.h"

namespace poolshift {
namespace {

bool LetsIn(const View& view, const Partner& partner, const std::string& name) {
  const Value* seen = view.observed().Properties(kinds::PartnerAcceptance(partner.domain, name));
  if (seen != nullptr) return seen->BooleanOr("accepted", false);
  const auto& names = partner.accepts_names;
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Calls `use` with partner, protocol and pool for each declared host that a partner with a list
// deals with.
template <typename Use>
void ForEachHost(const Organization& organization, const Hosting& hosting, const Use& use) {
  for (const auto& [domain, partner] : organization.partners) {
    if (partner.accepts_names.empty()) continue;
    for (const Protocol protocol : kProtocols) {
      if (!Speaks(partner, protocol)) continue;
      for (const auto& [name, pool] : organization.edge_pools)
        if (hosting.IsDeclaredHost(protocol, name)) use(partner, protocol, pool);
    }
  }
}

}  // namespace

std::set<std::string> NamesAsked(const Organization& organization,
                                 const EdgePool& pool,
                                 Protocol protocol) {
  std::set<std::string> names;
  for (const auto& [name, domain] : organization.domains) {
    if (protocol == Protocol::kSip) {
      if (domain.sip.has_value()) names.insert(PoolNameIn(pool, name));
    } else if (domain.xmpp.has_value()) {
      const bool floats = domain.xmpp->style == XmppDnsStyle::kFloatingA;
      names.insert(floats ? domain.xmpp->host : PoolNameIn(pool, name));
    }
  }
  return names;
}

bool Speaks(const Partner& partner, Protocol protocol) {
  return protocol == Protocol::kSip ? partner.sip : partner.xmpp;
}

std::vector<AllowListGap> AllowListGaps(const View& view) {
  std::vector<AllowListGap> gaps;
  ForEachHost(view.organization(),
              view.hosting(),
              [&](const Partner& partner, Protocol protocol, const EdgePool& pool) {
                AllowListGap gap{&partner, protocol, &pool, {}};
                for (const std::string& name : NamesAsked(view.organization(), pool, protocol))
                  if (!LetsIn(view, partner, name)) gap.names.push_back(name);
                if (!gap.names.empty()) gaps.push_back(std::move(gap));
              });
  return gaps;
}

std::string ToText(const AllowListGap& gap) {
  return gap.partner->domain + " does not let " + absl::StrJoin(gap.names, ", ") + " in";
}

std::vector<ObservationKey> AllowListsToObserve(const Organization& organization) {
  std::set<ObservationKey> keys;
  const Hosting hosting(organization);
  ForEachHost(
      organization, hosting, [&](const Partner& partner, Protocol protocol, const EdgePool& pool) {
        for (const std::string& name : NamesAsked(organization, pool, protocol))
          keys.insert({kinds::PartnerAcceptance(partner.domain, name), ""});
      });
  return {keys.begin(), keys.end()};
}

}  // namespace poolshift
