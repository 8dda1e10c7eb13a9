// Rehearsal: a small world of Edge pools in memory, independent of the simulated platform, on which
// a plan's actions take effect one by one. What follows from what is computed, not stored: ports
// answer when services run on installed components, replicas follow when a gate waits for them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "controller/federation/kinds.h"
#include "controller/federation/organization.h"
#include "controller/federation/protocol.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

class Rehearsal {
 public:
  explicit Rehearsal(const Organization& organization) : organization_(&organization) {}

  // --- the world, set up by a test
  std::map<ResourceId, Value> things;  // stored properties, watermarks of designations excluded
  std::set<std::string> powerless;     // servers
  std::set<ResourceId> unreachable;    // cannot be looked at
  std::set<ObservationKey> walls;      // filtered from this vantage
  std::int64_t written = 1;            // central store writes
  std::int64_t published = 1;          // as many were written when the topology last changed
  void SetOrganization(const Organization& organization) { organization_ = &organization; }

  Observation Look(const ObservationKey& key) const;
  // Looks at exactly what the engine asks for, in its two rounds.
  ObservedState ObserveAll() const;

  // Whether the server's port is bound and a service of the protocol stands behind it.
  bool Listens(std::string_view server, Protocol protocol) const;
  bool Answers(std::string_view address, Protocol protocol) const;
  // The server at the address has no power.
  bool IsPowerless(std::string_view address) const;
  std::vector<std::string> SipFlagged() const;
  bool HasFlag(const std::string& fqdn, Protocol protocol) const;
  bool IsCurrent(std::string_view server) const;
  // Something is written that takes no effect yet; with `routes` also where these alone wait.
  bool AwaitsEnabling(bool routes) const;

  // Carries out one action; a gate first waits for what takes time by itself. Returns what is
  // wrong: the platform would have refused it, or the gate would never open. "" when all is well.
  std::string Apply(const Action& action);

  // Partners connect to where the world leads them.
  void Connect();

 private:
  std::string ApplyChange(const Action& action);
  std::string PassGate(const Action& action);
  void DoByHand(const Gate& gate);
  std::string Install(const Action& action);
  const EdgePool* PoolOfServer(std::string_view server) const;
  std::string ServerAt(std::string_view address) const;
  void EndStreams();
  void Publish(const Action& action);
  void NoteEnablement(const Action& action);
  std::string WriteTogether(const JointChange& change);

  const Organization* organization_;
};

}  // namespace poolshift
