// Records: the DNS record sets that an organisation's declaration asks for (domain.md §b.7, §d.2;
// D6, D7).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/federation/observed_index.h"
#include "controller/federation/protocol.h"
#include "controller/model/observation.h"

namespace poolshift {

struct RecordGoal {
  ResourceId id;
  Value desired;  // {records, ttl}; null = must be absent. Without what silent servers have (D7)
  std::string domain;  // Domain name
  Protocol protocol = Protocol::kSip;
  std::vector<std::string> leads_to;  // Edge pools (manifest names), the preferred first
  bool is_locator = false;            // an SRV: names the addresses below it (I-11)
  bool is_asserted = false;  // shared with remote access: created when absent, never changed (D6)
};

// Where partners look for the federation of a domain.
std::string SrvName(Protocol protocol, const std::string& domain);

// The external name of a pool in a domain: its Access Edge name when that lies in the domain, else
// the same host label there (an SRV target must be in the record's own domain: domain.md §b.7).
std::string PoolNameIn(const EdgePool& pool, std::string_view domain);

// Every record set that hosting asks for, locators after the addresses that they name. Priorities
// and weights of a locator that already has a single record are kept (they decide nothing there).
// Empty for GTM domains (D16).
std::vector<RecordGoal> RecordGoals(const Organization& organization,
                                    const ObservedIndex& observed);
std::vector<RecordGoal> RecordGoals(const Organization& organization,
                                    const ObservedState& observed);

// Whether the goal makes its record set lead to the Edge pool (manifest name), which what is
// observed does not do yet: then the pool must be seen to answer first (I-10).
bool LeadsAnew(const RecordGoal& goal,
               const Organization& organization,
               const ObservedIndex& observed,
               const std::string& pool);

// The record sets to look at before goals can be made: the same names, both address families,
// remote access included.
std::vector<ResourceId> RecordsToObserve(const Organization& organization);

// How many addresses of each Edge pool (manifest name) the protocol's records lead to now.
std::map<std::string, int> PoolsInDns(const Organization& organization,
                                      const ObservedIndex& observed,
                                      Protocol protocol);

// Of the records that PoolsInDns() follows, the first that could not be looked at, and why; "" when
// it has seen all. A traffic manager's are not looked at (D16).
std::string UnseenInDns(const Organization& organization,
                        const ObservedIndex& observed,
                        Protocol protocol);

// The Edge pool that most of the protocol's records lead to now, by manifest name; "" when none.
std::string PoolInDns(const Organization& organization,
                      const ObservedIndex& observed,
                      Protocol protocol);
std::string PoolInDns(const Organization& organization,
                      const ObservedState& observed,
                      Protocol protocol);

}  // namespace poolshift
