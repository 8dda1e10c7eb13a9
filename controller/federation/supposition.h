// Supposition: "what if these pools died now". The same organisation and the same observations,
// with only that changed, so that the planner can answer it like any other question.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/federation/protocol.h"
#include "controller/model/observation.h"

namespace poolshift {

// What dies together. A site takes its Edge pools, its Front End pools and the central store with
// it, if that is there.
struct Supposition {
  enum class Kind { kPool, kSite, kPair };
  Kind kind = Kind::kPool;
  std::string name;                       // "edgepool1", "Site1", "edgepool1 + edgepool2"
  std::set<std::string> edge_pools;       // manifest names
  std::set<std::string> front_end_pools;  // manifest names
  bool operator==(const Supposition&) const = default;
};

// Each Edge pool in service, each Front End pool, then each site with any of them; in the order of
// their names.
std::vector<Supposition> PoolSuppositions(const Organization& organization);
std::vector<Supposition> SiteSuppositions(const Organization& organization);
// Every two Edge pools in service of which at least one hosts a protocol: two that host nothing
// are no more than each alone.
std::vector<Supposition> PairSuppositions(const Organization& organization);

// Living Edge pools that could host the protocol instead of those that died.
struct Successors {
  // The stand-in of the dead host, what the XMPP record order or the order for remote access names
  // next: a person has chosen.
  std::vector<std::string> declared;
  std::vector<std::string> others;  // by name
  bool is_needed = false;           // a host of the protocol is among the dead
};
Successors FindSuccessors(const Organization& organization,
                          const Supposition& supposition,
                          Protocol protocol);

// The organisation with the commit that a person would make: the dead pools out of service, every
// site that a dead pool hosted declared on the successor (empty: left as it is, there is none),
// conferencing on the stand-in, next hops and users of dead Front End pools on their backup.
struct Commit {
  std::string federation, xmpp;  // successors by manifest name
};
Organization SupposeDead(const Organization& organization,
                         const Supposition& supposition,
                         const Commit& commit);

// Worlds in which somebody died, one death after the other, each in place of the one before: what a
// death changes is found by name and put back by the next, so that a drill of a thousand deaths
// does not copy a thousand worlds. Borrows the organisation. Not thread-safe.
class SupposedWorld {
 public:
  SupposedWorld(const Organization& organization, ObservedState observed);
  SupposedWorld(const SupposedWorld&) = delete;
  SupposedWorld& operator=(const SupposedWorld&) = delete;

  // Stands until the next call.
  const ObservedState& Suppose(const Supposition& supposition);

 private:
  // Views into the keys of world_.
  using Places = std::map<std::string_view, std::vector<Observation*>>;
  void Put(const Places& places, std::string_view name, const Observation& supposed);
  void Put(Observation& place, Observation supposed);

  const Organization& organization_;
  ObservedState world_;
  Places by_vantage_, by_address_, by_server_;
  std::vector<Observation*> stores_;
  std::vector<std::pair<Observation*, Observation>> former_;  // in the order of the changes
};

// What would be seen then: nobody can look at the dead servers, no vantage reaches them, and the
// central store is dead when its pool is.
ObservedState SupposeDead(const Organization& organization,
                          const ObservedState& observed,
                          const Supposition& supposition);

}  // namespace poolshift
