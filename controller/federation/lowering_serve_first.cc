// Serve first: a live host keeps its routes until the new one is seen to answer (D2, D9). A new
// host that needs roles for that gets them before the routes: behind a gate of its own, which waits
// until its servers hold what is published, and costs no action. Where that cannot be, routes come
// first, and the plan states what is lost (loss_window.cc).
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

bool LacksRole(const Draft& draft, const EdgeServer& server, Protocol protocol) {
  const Value* seen = draft.view.observed().Properties(kinds::EdgeComponents(server.fqdn));
  return seen != nullptr && !seen->BooleanOr(Member(protocol), false);
}

// The wizard must run on a server of the pool before the protocol works there.
bool LacksRole(const Draft& draft, const EdgePool& pool, Protocol protocol) {
  return std::any_of(pool.servers.begin(), pool.servers.end(), [&](const EdgeServer& server) {
    return MustInstall(draft, pool, server) && LacksRole(draft, server, protocol);
  });
}

class FirstServing {
 public:
  explicit FirstServing(Draft& draft) : draft_(draft) {}

  void Run() {
    for (const Protocol protocol : kProtocols) {
      const Move& move = draft_.move(protocol);
      if (!move.is_planned() || !draft_.Demands("D2") || !MayOverlap(protocol)) continue;
      const bool lacks = LacksRole(draft_, *move.to, protocol);
      if (lacks && !CanInstallBeforeRoutes(*move.to)) continue;
      draft_.served_first.insert(protocol);
      if (lacks && std::count(pools_.begin(), pools_.end(), move.to) == 0)
        pools_.push_back(move.to);
    }
    if (pools_.empty()) return;
    Conditions needs;
    for (const EdgePool* pool : pools_)
      Append(needs, Published(*pool));
    const std::vector<int> writes = WritesOf(needs);
    if (writes.empty()) {
      WaitForReplicas();
    } else {
      AddGate(std::move(needs), writes);
    }
  }

 private:
  // Two pools may serve XMPP at once (D1); SIP only where both may carry the flag.
  bool MayOverlap(Protocol protocol) const {
    return protocol == Protocol::kXmpp || draft_.sip_order == SipOrder::kMakeBeforeBreak;
  }

  // Without one action more. A person's one publish holds the routes; what was published and never
  // enabled is enabled behind the last route (I-15); and a live former SIP host gets its roles when
  // nobody is led there any more (F15).
  bool CanInstallBeforeRoutes(const EdgePool& pool) const {
    if (IsFormerSipHost(draft_, pool) || draft_.one_publish.has_value()) return false;
    return !draft_.view.AwaitsEnabling() || !WritesOf(Published(pool)).empty();
  }

  // What the topology must say before the wizard runs on the pool's servers; empty when it does.
  Conditions Published(const EdgePool& pool) const {
    Conditions published;
    if (draft_.other_members.has_value()) published.push_back(draft_.Done(*draft_.other_members));
    const auto flag = draft_.HasSipFlag(pool.fqdn);
    if (!flag.has_value()) return published;
    const bool hosts = draft_.move(Protocol::kSip).to == &pool;
    const Literal right = hosts ? *flag : draft_.Not(*flag);
    if (!Holds(right, 0)) published.push_back(right);
    return published;
  }

  static bool Holds(const Literal& literal, ValueIndex value) {
    return std::binary_search(literal.values.begin(), literal.values.end(), value);
  }

  // The publishes that bring one of these about.
  std::vector<int> WritesOf(const Conditions& published) const {
    std::vector<int> writes;
    for (const int write : draft_.central_store_writes) {
      const auto& effects = draft_.problem.operators[static_cast<std::size_t>(write)].effects;
      const bool makes = std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
        return std::any_of(published.begin(), published.end(), [&](const Literal& each) {
          return each.variable == effect.variable && !Holds(each, effect.from) &&
                 Holds(each, effect.to);
        });
      });
      if (makes) writes.push_back(write);
    }
    return writes;
  }

  void AddGate(Conditions needs, const std::vector<int>& writes) {
    draft_.roles_follow_publish = true;
    const Attribution moves(draft_, draft_.MoveLine());
    Gate gate;
    gate.timeout = draft_.organization.policy.replication_timeout;
    gate.interval = absl::Milliseconds(500);
    std::vector<std::string> servers;
    for (const EdgePool* pool : pools_) {
      for (const EdgeServer& server : pool->servers) {
        if (!CanTellCurrency(draft_, server)) continue;
        servers.push_back(server.fqdn);
        Append(needs, draft_.replica_up[server.fqdn]);
        gate.expectations.push_back({{kinds::Replica(server.fqdn), ""},
                                     "watermark",
                                     Expectation::Compare::kAtLeastProduced,
                                     Value()});
      }
    }
    const VariableIndex variable = draft_.AddVariable("publication", {"behind", "current"});
    const std::string count = std::to_string(servers.size());
    const int step = draft_.AddGate(
        variable,
        {std::string(kinds::kReplica), draft_.organization.name + "/published"},
        "wait until " + count + (servers.size() == 1 ? " replica holds" : " replicas hold") +
            " what is published; roles come before routes",
        std::move(gate),
        std::move(needs),
        {Because("I-14"), Because("D2")});
    Operator& added = draft_.problem.operators[static_cast<std::size_t>(step)];
    added.produced_by = writes;
    added.action.duration = absl::Minutes(2);
    for (const std::string& server : servers)
      draft_.before_routes[server] = {draft_.Done(variable)};
  }

  // Nothing that they need is published: an earlier run did, and their replicas have to hold that.
  void WaitForReplicas() {
    for (const EdgePool* pool : pools_) {
      const Attribution host(draft_, pool->origin);
      for (const EdgeServer& server : pool->servers) {
        if (!CanTellCurrency(draft_, server)) continue;
        const bool current = draft_.view.IsCurrent(server.fqdn).value_or(false) &&
                             draft_.replica_up[server.fqdn].empty();
        Conditions& holds = draft_.before_routes[server.fqdn];
        if (!current) holds.push_back(AddReplicaGate(draft_, server.fqdn, "I-14"));
      }
    }
  }

  Draft& draft_;
  std::vector<const EdgePool*> pools_;  // that get roles before routes change
};

}  // namespace

void LowerFirstServing(Draft& draft) { FirstServing(draft).Run(); }

void KeepRoutesUntilServed(Draft& draft) {
  const bool roles_first = !draft.before_routes.empty();
  for (const Protocol protocol : draft.served_first) {
    const Attribution host(draft, HostLine(draft.organization, protocol));
    const Conditions& probed = draft.probed[protocol];
    // Where roles come first, every route comes behind them (c.11).
    for (const auto& [of, routes] : draft.routed) {
      if (of != protocol && !roles_first) continue;
      for (const Literal& routed : routes)
        draft.Imply("D2", routed, probed);
    }
    // The publish that roles wait for waits for the detached routes itself; any other would make
    // the replicas stale before the wizard runs.
    if (draft.roles_follow_publish) continue;
    if (roles_first && draft.flag_variable.has_value())
      draft.Imply("D2", draft.Not(Draft::Is(*draft.flag_variable, 0)), probed);
    // One cmdlet sets both routes of a site, so SIP is not detached before XMPP may follow.
    if (protocol == Protocol::kSip) continue;
    for (const Literal& attached : draft.former_sip_routes)
      draft.Imply("D2", draft.Not(attached), probed);
  }
}

}  // namespace poolshift
