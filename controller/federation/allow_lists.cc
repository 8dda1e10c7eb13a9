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

// By which any of our pools may be asked for.
std::set<std::string> NamesOfAll(const Organization& organization, Protocol protocol) {
  std::set<std::string> names;
  for (const auto& [name, pool] : organization.edge_pools)
    names.merge(NamesAsked(organization, pool, protocol));
  return names;
}

// Calls `use` with partner, protocol and pool for each declared host that a partner with a list
// deals with.
template <typename Use>
void ForEachHost(const Organization& organization, const Hosting& hosting, const Use& use) {
  std::map<Protocol, std::set<std::string>> ours;  // made when a partner has a list
  for (const auto& [domain, partner] : organization.partners) {
    if (partner.accepts_names.empty()) continue;
    for (const Protocol protocol : kProtocols) {
      if (!Speaks(partner, protocol)) continue;
      const auto [names, is_new] = ours.try_emplace(protocol);
      if (is_new) names->second = NamesOfAll(organization, protocol);
      const auto is_ours = [&known = names->second](const std::string& name) {
        return known.contains(name);
      };
      // Who lets in by name one protocol only has no name of ours for the other.
      if (std::none_of(partner.accepts_names.begin(), partner.accepts_names.end(), is_ours))
        continue;
      for (const auto& [name, pool] : organization.edge_pools)
        if (hosting.IsDeclaredHost(protocol, name)) use(partner, protocol, pool);
    }
  }
}

// "sip2.contoso.com (198.51.100.21) for SIP federation, TCP 5061"
std::string WishOf(const AllowListGap& gap) {
  return absl::StrJoin(gap.names, ", ") + " (" + absl::StrJoin(gap.host->addresses(), ", ") +
         ") for " + std::string(Title(gap.protocol)) + ", TCP " +
         std::to_string(Port(gap.protocol));
}

// What it lets in today stays right where the way back leads there, or the other protocol.
std::string LetterTo(const Organization& organization, const std::vector<AllowListGap>& gaps) {
  std::vector<std::string> wishes;
  wishes.reserve(gaps.size());
  for (const AllowListGap& gap : gaps)
    wishes.push_back(WishOf(gap));
  std::vector<std::string> domains;
  for (const auto& [name, domain] : organization.domains)
    domains.push_back(name);
  return "“Please let in: " + absl::StrJoin(wishes, "; and ") + ", in both directions. " +
         absl::StrJoin(domains, ", ") + " will federate with you from there. Go on letting " +
         absl::StrJoin(gaps.front().partner->accepts_names, ", ") +
         " in. Please answer when it is done.”";
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

std::map<std::string, std::vector<AllowListGap>> GapsByPartner(
    const View& view, const std::function<bool(Protocol)>& counts) {
  std::map<std::string, std::vector<AllowListGap>> by_partner;
  for (AllowListGap& gap : AllowListGaps(view))
    if (counts(gap.protocol)) by_partner[gap.partner->domain].push_back(std::move(gap));
  return by_partner;
}

std::string Addressee(const Partner& partner) {
  return partner.contact.empty() ? "the people of " + partner.domain : partner.contact;
}

std::vector<std::string> NamesOf(const std::vector<AllowListGap>& gaps) {
  std::set<std::string> names;
  for (const AllowListGap& gap : gaps)
    names.insert(gap.names.begin(), gap.names.end());
  return {names.begin(), names.end()};
}

std::vector<std::string> RequestTo(const Organization& organization,
                                   const std::vector<AllowListGap>& gaps) {
  const Partner& partner = *gaps.front().partner;
  const std::string names = absl::StrJoin(NamesOf(gaps), ", ");
  return {"1. Write to " + Addressee(partner) + ": " + LetterTo(organization, gaps),
          "2. When they have answered that it is done, and not before, add " + names +
              " to `acceptsNames` of Partner/" + partner.domain +
              ", and commit that with their answer.",
          "done when: the newest declaration has " + names +
              " there. Nobody but the partner can look at its list."};
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
