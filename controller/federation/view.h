// View: what is observed, in the domain's words. Every question has three answers: yes, no, and
// "could not look".
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/federation/hosting.h"
#include "controller/federation/observed_index.h"
#include "controller/federation/protocol.h"
#include "controller/model/observation.h"

namespace poolshift {

// Borrows both; they must outlive it. Thread-compatible.
class View {
 public:
  View(const Organization& organization, const ObservedState& observed);

  const Organization& organization() const { return organization_; }
  const ObservedIndex& observed() const { return observed_; }

  const Hosting& hosting() const { return hosting_; }

  // Manifest name of the Edge pool with this internal FQDN, or "".
  std::string PoolOf(std::string_view fqdn) const;
  // For people: the manifest name, or the FQDN itself when it is no declared pool, or "(none)".
  std::string Called(std::string_view fqdn) const;

  // Edge pools with the protocol's flag, by FQDN, sorted. Absent: the topology could not be read.
  std::optional<std::vector<std::string>> Flagged(Protocol protocol) const;
  std::optional<bool> HasFlag(const EdgePool& pool, Protocol protocol) const;
  std::optional<std::string> NextHop(const EdgePool& pool) const;
  // As declared of a pool in service; where that is out of service, or else, as observed. Instead
  // of what its backup serves, or a host's that is out of service, the backup (I-18). "" = unknown.
  std::string WantedNextHop(const EdgePool& pool) const;
  // Some server of the Front End pool can be looked at.
  bool Answers(const FrontEndPool& pool) const;
  // records.h: the Edge pool that most addresses in DNS lead to.
  const std::string& InDns(Protocol protocol) const {
    return in_dns_[static_cast<std::size_t>(protocol)];
  }
  // The FQDN in the site's route, "" when unset.
  std::optional<std::string> Route(const Site& site, Protocol protocol) const;
  // Something is published or written and takes no effect, because the topology was not enabled
  // after it (I-15); routes alone only where the policy has them enabled (U8). What could not be
  // looked at awaits nothing.
  bool AwaitsEnabling() const;
  std::optional<bool> IsRunning(std::string_view server, std::string_view role) const;

  // Management sees the server of the pool: its replica, or outside any topology a service of it.
  bool IsSeen(const EdgePool& pool, const EdgeServer& server) const;

  // silence.h: nobody can look at the server and it answers nobody.
  bool IsSilent(const EdgeServer& server) const;
  bool IsSilent(const EdgePool& pool) const;  // every server of it
  // The servers that are not silent; all of them when all are.
  std::vector<const EdgeServer*> Answering(const EdgePool& pool) const;
  // A vantage reaches the server on the protocol's port.
  bool IsReached(const EdgeServer& server, Protocol protocol) const;
  // Something stands before the protocol's port at every address of the server (D15). What could
  // not be looked at is no fence.
  bool IsFenced(const EdgeServer& server, Protocol protocol) const;
  // Manifest names of the Edge pools in service of which a server can be looked at; where there is
  // none, of all in service.
  std::vector<std::string> LivingPools() const;

  enum class Answer { kAnswers, kDead, kUnknown };
  // From outside (D3): answers when any vantage reaches any server's address on the protocol's
  // port; dead when at least the required number of vantages fail on every address; else unknown.
  Answer FromOutside(const EdgePool& pool, Protocol protocol) const;
  // "2 of 3 vantages: 203.0.113.11:5269 filtered, ..." for FromOutside.
  std::string Evidence(const EdgePool& pool, Protocol protocol) const;

  // The newest central store write that any observed designation reflects: what a replica must hold
  // to be current.
  std::int64_t Watermark() const { return watermark_; }
  // Whether the server's local replica holds all of it. A server outside any topology has none, and
  // nothing to be behind of.
  std::optional<bool> IsCurrent(std::string_view server) const;

  // Outside vantages to ask; at least one ("" = the provider's own).
  const std::vector<std::string>& vantages() const { return vantages_; }

  // Edge pools that a plan may concern: declared hosts, flagged, routed, named in DNS, out of
  // service; and all outside any topology. Manifest names.
  std::set<std::string> PoolsOfInterest() const;

 private:
  const Value* TopologyOf(const EdgePool& pool) const;

  const Organization& organization_;
  const ObservedIndex observed_;
  const Hosting hosting_;
  std::optional<std::vector<std::string>> flagged_[2];  // by protocol: every site asks
  std::string in_dns_[2];                               // by protocol
  std::map<std::string, std::string, std::less<>> pool_by_fqdn_;
  std::set<std::string, std::less<>> without_replica_;  // servers outside any topology
  std::vector<std::string> vantages_;
  std::int64_t watermark_ = 0;
};

}  // namespace poolshift
