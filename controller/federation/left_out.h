// What a plan leaves as it is, because something that it depends on could not be looked at
// (docs/decisions/0038-left-out.md). The rest is lowered as a smaller declaration.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/federation/assignment.h"
#include "controller/federation/observed_index.h"
#include "controller/federation/protocol.h"
#include "controller/model/plan.h"

namespace poolshift {

// One part that cannot be decided.
struct Undecided {
  LeftOut what;
  std::optional<Protocol> protocol;  // hosting of this protocol is the part; absent: a part that
                                     // nothing else depends on
  std::string domain;                // with a protocol: only this domain's records are
};

// `because`: as it would refuse the part alone.
Undecided UndecidedHosting(Protocol protocol, Refusal because);
Undecided UndecidedRecords(Protocol protocol, const std::string& domain, Refusal because);
Undecided UndecidedPart(std::string part, Refusal because);

// What is taken out of a declaration.
struct Omission {
  std::set<Protocol> protocols;
  std::set<std::pair<Protocol, std::string>> records;  // of domains; of no protocol above
  bool operator==(const Omission&) const = default;

  bool Leaves(Protocol protocol) const { return protocols.contains(protocol); }
  bool LeavesRecords(Protocol protocol, const std::string& domain) const {
    return records.contains({protocol, domain});
  }
  bool LeavesRecords(Protocol protocol) const;  // of some domain
};

Omission OmissionOf(const std::vector<Undecided>& undecided);

// The declaration without these protocols, as if nobody had declared a host for them. Records of
// single domains are left out where goals are made (LoweringMemory::goals).
Organization Without(const Organization& organization, const Omission& omission);

// A protocol was taken out, and no other is declared.
bool LeavesNothing(const Organization& organization, const Omission& omission);

// "cannot look at DnsRecordSet/xmpp.contoso.com/A, by world: timed out".
std::string CannotLook(const ResourceId& id,
                       const ObservedIndex& observed,
                       const Assignment& assignment);

// Adds those of `more` that are not there yet.
void Merge(std::vector<Undecided>& undecided, std::vector<Undecided> more);
// Where nothing is planned: as refusals behind those that are there, each text once.
void RefuseLeftOut(const std::vector<LeftOut>& left_out, std::vector<Refusal>& refusals);

}  // namespace poolshift
