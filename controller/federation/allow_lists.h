// Allow lists of partners (D19): which names of ours a partner must let in before traffic goes over
// them, and whether it does. Nobody but the partner can look at its list, so what is declared of it
// is what is known; decision 42.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "controller/federation/view.h"

namespace poolshift {

// By which names the pool is known to partners when it hosts the protocol: of SIP its Access Edge
// name in each domain, of XMPP what the domain's records lead to.
std::set<std::string> NamesAsked(const Organization& organization,
                                 const EdgePool& pool,
                                 Protocol protocol);

// A partner whose list lacks names of a host.
struct AllowListGap {
  const Partner* partner = nullptr;  // borrowed from the organisation, as is the pool
  Protocol protocol = Protocol::kSip;
  const EdgePool* host = nullptr;
  std::vector<std::string> names;  // sorted, not empty
};

// For every declared host, by partner, then protocol. By what was seen of the newest declaration;
// by this one where nobody looked.
std::vector<AllowListGap> AllowListGaps(const View& view);

// Those of the protocols that count, by the partner's domain.
std::map<std::string, std::vector<AllowListGap>> GapsByPartner(
    const View& view, const std::function<bool(Protocol)>& counts);

// The contact, or whom to look for.
std::string Addressee(const Partner& partner);
// Of all gaps of one partner: one letter asks for them. Sorted.
std::vector<std::string> NamesOf(const std::vector<AllowListGap>& gaps);
// What a person does for them, by steps: the letter, where the answer is written down, when it is
// done.
std::vector<std::string> RequestTo(const Organization& organization,
                                   const std::vector<AllowListGap>& gaps);

// "fabrikam.com does not let sip2.contoso.com in".
std::string ToText(const AllowListGap& gap);

// What the gaps are found by; no provider is asked for it.
std::vector<ObservationKey> AllowListsToObserve(const Organization& organization);

}  // namespace poolshift
