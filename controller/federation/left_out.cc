#include "controller/federation/left_out.h"

#include <algorithm>
#include <utility>

#include "controller/federation/hosting.h"

namespace poolshift {

Undecided UndecidedHosting(Protocol protocol, Refusal because) {
  return {{std::string(Title(protocol)), std::move(because)}, protocol, ""};
}

Undecided UndecidedRecords(Protocol protocol, const std::string& domain, Refusal because) {
  const std::string of = protocol == Protocol::kSip ? "SIP" : "XMPP";
  return {{of + " records of " + domain, std::move(because)}, protocol, domain};
}

Undecided UndecidedPart(std::string part, Refusal because) {
  return {{std::move(part), std::move(because)}, std::nullopt, ""};
}

bool Omission::LeavesRecords(Protocol protocol) const {
  const auto next = records.lower_bound({protocol, ""});
  return next != records.end() && next->first == protocol;
}

Omission OmissionOf(const std::vector<Undecided>& undecided) {
  Omission omission;
  for (const Undecided& each : undecided) {
    if (each.protocol.has_value() && each.domain.empty()) omission.protocols.insert(*each.protocol);
  }
  for (const Undecided& each : undecided) {
    if (each.protocol.has_value() && !each.domain.empty() && !omission.Leaves(*each.protocol))
      omission.records.insert({*each.protocol, each.domain});
  }
  return omission;
}

Organization Without(const Organization& organization, const Omission& omission) {
  Organization rest = organization;
  for (const Protocol protocol : omission.protocols) {
    const bool sip = protocol == Protocol::kSip;
    for (auto& [name, site] : rest.sites)
      DeclaredHost(site, protocol).clear();
    for (auto& [name, domain] : rest.domains) {
      if (sip) {
        domain.sip.reset();
      } else {
        domain.xmpp.reset();
      }
    }
    for (auto& [name, partner] : rest.partners)
      (sip ? partner.sip : partner.xmpp) = false;
  }
  return rest;
}

bool LeavesNothing(const Organization& organization, const Omission& omission) {
  return !omission.protocols.empty() &&
         std::all_of(std::begin(kProtocols), std::end(kProtocols), [&](Protocol protocol) {
           return omission.Leaves(protocol) || !IsDeclared(organization, protocol);
         });
}

std::string CannotLook(const ResourceId& id,
                       const ObservedIndex& observed,
                       const Assignment& assignment) {
  const Observation* seen = observed.Find(id);
  const std::string provider = assignment.ObserverOf({id, ""});
  std::string text = "cannot look at " + ToString(id);
  if (!provider.empty()) text += ", by " + provider;
  if (seen != nullptr && !seen->reason.empty()) text += ": " + seen->reason;
  return text;
}

void Merge(std::vector<Undecided>& undecided, std::vector<Undecided> more) {
  for (Undecided& each : more) {
    const bool known = std::any_of(undecided.begin(), undecided.end(), [&](const Undecided& is) {
      return is.what.part == each.what.part && is.what.because.text == each.what.because.text;
    });
    if (!known) undecided.push_back(std::move(each));
  }
}

void RefuseLeftOut(const std::vector<LeftOut>& left_out, std::vector<Refusal>& refusals) {
  for (const LeftOut& each : left_out) {
    const bool said = std::any_of(refusals.begin(), refusals.end(), [&](const Refusal& refusal) {
      return refusal.text == each.because.text;
    });
    if (!said) refusals.push_back(each.because);
  }
}

}  // namespace poolshift
