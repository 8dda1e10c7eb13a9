// What runs on Edge servers: services, installed components, streams, and dead pools that answer.
#include <algorithm>

#include "controller/diff/comparison.h"
#include "controller/federation/fence.h"
#include "controller/federation/roles.h"
#include "controller/federation/way_inside.h"
#include "controller/federation/zombie.h"

namespace poolshift {
namespace {

using Impact = Difference::Impact;

class PoolComparer {
 public:
  PoolComparer(Comparison& comparison, const EdgePool& pool)
      : comparison_(comparison), view_(comparison.view), pool_(pool) {}

  void Run() {
    if (pool_.condition == EdgePool::Condition::kOutOfService) {
      for (const Protocol protocol : kProtocols)
        CompareZombie(protocol);
      CompareExpiredFences();
      return;
    }
    CompareFences();
    for (const EdgeServer& server : pool_.servers) {
      for (const std::string_view role : RolesOf(pool_))
        CompareService(server, role);
      CompareInside(server);
      if (pool_.in_topology()) CompareComponents(server);
      for (const Protocol protocol : kProtocols)
        CompareStreams(server, protocol);
    }
  }

 private:
  bool Hosts(Protocol protocol) const {
    return view_.hosting().IsDeclaredHost(protocol, pool_.name);
  }

  void CompareZombie(Protocol protocol) {
    if (!view_.hosting().IsDeclared(protocol)) return;
    for (const EdgeServer& server : pool_.servers) {
      if (!WouldReturn(view_, server, protocol)) continue;
      comparison_.Add({kinds::EdgeService(server.fqdn, Role(protocol)),
                       "",
                       "startMode",
                       "disabled",
                       "automatic",
                       Impact::kTraffic,
                       server.fqdn + " of " + pool_.name +
                           ", which is out of service, would answer " +
                           std::string(Name(protocol)) + " by itself: it is installed for it",
                       "D12",
                       pool_.condition_origin});
    }
    if (view_.FromOutside(pool_, protocol) != View::Answer::kAnswers) return;
    comparison_.Add(
        {kinds::Reachability(pool_.addresses().front(), Port(protocol)),
         "",
         "state",
         "refused",
         "open",
         Impact::kTraffic,
         pool_.name + " is declared out of service but answers: " + view_.Evidence(pool_, protocol),
         "D12",
         pool_.condition_origin});
  }

  // What a fence that has run out kept away may come back (D15).
  void CompareExpiredFences() {
    for (const EdgeServer& server : pool_.servers) {
      for (const Protocol protocol : kProtocols) {
        for (const std::string& address : server.addresses)
          CompareExpiry(kinds::Fence(address, Port(protocol)));
      }
    }
  }

  void CompareExpiry(const ResourceId& id) {
    const Observation* seen = comparison_.observed.Find(id);
    const Policy& policy = comparison_.declared.policy;
    if (seen == nullptr || !IsToBeRenewed(seen->properties, seen->at, policy)) return;
    const bool over = HasRunOut(seen->properties, seen->at);
    comparison_.Add({id,
                     "",
                     "expires",
                     "later",
                     std::string(seen->properties.StringOr("expires", "")),
                     Impact::kRedundancy,
                     "the fence before " + id.name + " of " + pool_.name +
                         (over ? " ran out at " : " runs out at ") +
                         ExpiryText(*FenceExpiry(seen->properties)) +
                         ", and the pool is still out of service",
                     "D15",
                     pool_.condition_origin});
  }

  // A fence that stands before a pool in service.
  void CompareFences() {
    for (const EdgeServer& server : pool_.servers) {
      if (!view_.IsSeen(pool_, server)) continue;
      for (const Protocol protocol : kProtocols) {
        for (const std::string& address : server.addresses)
          CompareFence(kinds::Fence(address, Port(protocol)), protocol);
      }
    }
  }

  void CompareFence(const ResourceId& id, Protocol protocol) {
    const Value* fence = comparison_.observed.Properties(id);
    const std::string mode(fence == nullptr ? "none" : fence->StringOr("mode", "none"));
    if (mode == "none") return;
    comparison_.Add({id,
                     "",
                     "mode",
                     "none",
                     mode,
                     Hosts(protocol) ? Impact::kTraffic : Impact::kRedundancy,
                     "a fence (" + mode + ") stands before " + id.name + " of " + pool_.name +
                         ", which is in service" + Overdue(id),
                     "D12",
                     pool_.origin});
  }

  std::string Overdue(const ResourceId& id) const {
    const Observation& seen = *comparison_.observed.Find(id);
    if (!HasRunOut(seen.properties, seen.at)) return "";
    return ", though it was to end at " + ExpiryText(*FenceExpiry(seen.properties));
  }

  void CompareService(const EdgeServer& server, std::string_view role) {
    const bool is_proxy = role == "xmppProxy";
    const bool hosts = Hosts(Protocol::kXmpp);
    if (is_proxy && !view_.hosting().ServesXmpp(pool_)) return;
    if (!is_proxy && !pool_.in_topology() && !Hosts(Protocol::kSip)) return;
    const ResourceId id = kinds::EdgeService(server.fqdn, role);
    if (!comparison_.CanSee(id, "I-19", pool_.origin)) return;
    if (view_.IsRunning(server.fqdn, role).value_or(false)) return CompareListener(server, role);
    const bool carries_traffic =
        (is_proxy && hosts) || (role == "accessEdge" && Hosts(Protocol::kSip));
    const Value* seen = comparison_.observed.Properties(id);
    comparison_.Add({id,
                     "",
                     "state",
                     "running",
                     seen == nullptr ? Value() : Value(seen->StringOr("state", "")),
                     carries_traffic ? Impact::kTraffic : Impact::kRedundancy,
                     std::string(role) + " does not run on " + server.fqdn + " of " + pool_.name,
                     "I-19",
                     pool_.origin});
  }

  // A service that runs without its ports serves nobody. Who hosts no federation binds none.
  void CompareListener(const EdgeServer& server, std::string_view role) {
    const bool hosts = (role == "xmppProxy" && Hosts(Protocol::kXmpp)) ||
                       (role == "accessEdge" && Hosts(Protocol::kSip));
    const ResourceId id = kinds::EdgeService(server.fqdn, role);
    const Value* seen = comparison_.observed.Properties(id);
    if (!hosts || seen == nullptr || seen->BooleanOr("listening", true)) return;
    comparison_.Add({id,
                     "",
                     "listening",
                     true,
                     false,
                     Impact::kTraffic,
                     std::string(role) + " runs on " + server.fqdn + " of " + pool_.name +
                         " and does not listen",
                     "I-19",
                     pool_.origin});
  }

  // A server that runs and has nobody inside loses what partners send it (k.5). Of one that does
  // not run, CompareService speaks.
  void CompareInside(const EdgeServer& server) {
    if (!view_.hosting().IsDeclared(Protocol::kSip)) return;
    const std::string_view role = Role(Protocol::kSip);
    const WayInside way = WayInsideOf(view_, server.fqdn);
    const bool lacks = way == WayInside::kNone || way == WayInside::kUnread;
    if (!lacks || !view_.IsRunning(server.fqdn, role).value_or(false)) return;
    comparison_.Add({kinds::EdgeService(server.fqdn, role),
                     "",
                     "waysInside",
                     1,
                     0,
                     Hosts(Protocol::kSip) ? Impact::kTraffic : Impact::kRedundancy,
                     server.fqdn + " of " + pool_.name + " has no way inside" +
                         RemarkOnInside(view_, server.fqdn),
                     "k.5",
                     pool_.origin});
  }

  // What the topology will say once it is as declared (D11).
  bool WantsInstalled(Protocol protocol) const {
    const bool flagged = view_.HasFlag(pool_, protocol).value_or(false);
    if (protocol == Protocol::kXmpp) return flagged || view_.hosting().ServesXmpp(pool_);
    const std::string& host = view_.hosting().CommonHost(Protocol::kSip);
    return host.empty() ? flagged : host == pool_.name;
  }

  void CompareComponents(const EdgeServer& server) {
    const ResourceId id = kinds::EdgeComponents(server.fqdn);
    if (!comparison_.CanSee(id, "I-14", pool_.origin)) return;
    const Value* seen = comparison_.observed.Properties(id);
    if (seen == nullptr) return;
    for (const Protocol protocol : kProtocols) {
      const bool wanted = WantsInstalled(protocol);
      const bool installed = seen->BooleanOr(Member(protocol), false);
      if (installed == wanted) continue;
      comparison_.Add({id,
                       "",
                       std::string(Member(protocol)),
                       wanted,
                       installed,
                       Hosts(protocol) ? Impact::kTraffic : Impact::kRedundancy,
                       "the components of " + server.fqdn + " are installed " +
                           (installed ? "with " : "without ") + std::string(Title(protocol)) +
                           ", the topology says " + (wanted ? "with" : "without"),
                       "I-14",
                       pool_.origin});
    }
    CompareInstalledNextHop(server, *seen);
  }

  void CompareInstalledNextHop(const EdgeServer& server, const Value& seen) {
    const std::string wanted = view_.WantedNextHop(pool_);
    const std::string installed(seen.StringOr("nextHop", ""));
    if (installed == wanted) return;
    comparison_.Add({kinds::EdgeComponents(server.fqdn),
                     "",
                     "nextHop",
                     wanted,
                     installed,
                     Impact::kTraffic,
                     "the components of " + server.fqdn + " hand over to " +
                         DisplayText(Value(installed)) + ", declared is " + wanted,
                     "I-14",
                     pool_.origin});
  }

  void CompareStreams(const EdgeServer& server, Protocol protocol) {
    const bool may_serve =
        Hosts(protocol) || (protocol == Protocol::kXmpp && view_.hosting().ServesXmpp(pool_));
    if (view_.hosting().CommonHost(protocol).empty() || may_serve) return;
    const ResourceId id = kinds::Streams(server.fqdn, Name(protocol));
    const Value* seen = comparison_.observed.Properties(id);
    const std::int64_t count = seen == nullptr ? 0 : seen->IntegerOr("count", 0);
    if (count == 0) return;
    comparison_.Add({id,
                     "",
                     "count",
                     0,
                     count,
                     Impact::kTraffic,
                     std::to_string(count) + ' ' + std::string(Name(protocol)) +
                         (count == 1 ? " stream still ends on " : " streams still end on ") +
                         server.fqdn + ", whose pool hosts no " + std::string(Title(protocol)),
                     "D8",
                     pool_.origin});
  }

  Comparison& comparison_;
  const View& view_;
  const EdgePool& pool_;
};

}  // namespace

void CompareEdgePools(Comparison& comparison) {
  for (const auto& [name, pool] : comparison.declared.edge_pools)
    PoolComparer(comparison, pool).Run();
}

}  // namespace poolshift
