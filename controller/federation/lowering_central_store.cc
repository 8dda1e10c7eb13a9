// The central store: pool flags and next hops (one document, one publish), site routes, Edge
// associations, and the replication gate behind all of them (domain.md c.11).
//
// The orders of a SIP move (d.3) are not scripted. With I-4 as a clause, a route can only change
// while it names a flagged pool, and with I-1 only one pool has the flag, so the search finds
// "detach, swap, attach" by itself (order a). When the former pool is dead I-4 cannot protect
// anything and is not demanded of the old route: "swap, then route" (order b). With I-1 waived by
// policy both pools may have the flag for a while (order c).
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

using Flags = std::vector<std::string>;  // pool FQDNs with the SIP flag, sorted

std::string Join(const Draft& draft, const Flags& flags) {
  std::string text;
  for (const std::string& fqdn : flags)
    text += (text.empty() ? "" : "+") + draft.view.Called(fqdn);
  return text.empty() ? "none" : text;
}

class CentralStoreLowering {
 public:
  explicit CentralStoreLowering(Draft& draft) : draft_(draft), view_(draft.view) {}

  void Run() {
    const Value* topology = view_.observed().Properties(kinds::Topology(draft_.organization.name));
    if (topology == nullptr) return;
    pools_ = topology->Find("pools")->map();
    PlanFlags();
    for (const auto& [name, site] : draft_.organization.sites)
      LowerRoutes(site);
    for (const auto& [name, pool] : draft_.organization.front_end_pools)
      LowerAssociation(pool);
    AddReplicationGate();
  }

 private:
  // ---- flags and next hops
  // -----------------------------------------------------------------------------
  bool AllowsBoth() const {
    return draft_.organization.policy.allow_multiple_federated_pools && Sip().is_planned();
  }
  const Move& Sip() const { return draft_.move(Protocol::kSip); }

  void PlanFlags() {
    start_flags_ = view_.Flagged(Protocol::kSip).value_or(Flags{});
    goal_flags_ = Sip().to == nullptr ? start_flags_ : Flags{Sip().to->fqdn};
    PlanOtherMembers();
    const bool flags_change = start_flags_ != goal_flags_;
    if (flags_change) AddFlagVariable();
    if (!others_.empty()) {
      others_variable_ = draft_.AddVariable("Topology.other", {"as observed", "as declared"});
    }
    AddPublishes(flags_change);
    if (flags_change) draft_.central_store_done.push_back(draft_.Done(*flag_variable_));
    if (others_variable_.has_value())
      draft_.central_store_done.push_back(draft_.Done(*others_variable_));
    if (flags_change) draft_.touched.insert(Protocol::kSip);
  }

  // XMPP flags that hosting needs, and next hops: published with whatever else is published.
  void PlanOtherMembers() {
    for (const auto& [name, pool] : draft_.organization.edge_pools) {
      const auto entry = pools_.find(pool.fqdn);
      if (entry == pools_.end()) continue;
      const bool hosts_xmpp = draft_.move(Protocol::kXmpp).to == &pool;
      if (hosts_xmpp && !entry->second.BooleanOr("xmpp", false))
        others_[pool.fqdn].Set("xmpp", true);
      const bool serves = pool.condition == EdgePool::Condition::kInService;
      if (serves && !pool.next_hop.empty() &&
          entry->second.StringOr("nextHop", "") != pool.next_hop) {
        others_[pool.fqdn].Set("nextHop", pool.next_hop);
      }
    }
    for (const Protocol protocol : kProtocols) {
      const Move& move = draft_.move(protocol);
      if (move.to == nullptr || pools_.count(move.to->fqdn) > 0) continue;
      draft_.Refuse("I-4",
                    "the topology has no Edge pool " + move.to->fqdn,
                    "deploy it (Topology Builder), or correct EdgePool/" + move.to->name +
                        " `spec.internalFqdn`",
                    move.to->origin);
    }
  }

  void AddFlagVariable() {
    Flags both = start_flags_;
    both.insert(both.end(), goal_flags_.begin(), goal_flags_.end());
    std::sort(both.begin(), both.end());
    both.erase(std::unique(both.begin(), both.end()), both.end());
    flag_sets_ = {start_flags_};
    if (AllowsBoth() && both != goal_flags_ && both != start_flags_) flag_sets_.push_back(both);
    flag_sets_.push_back(goal_flags_);
    std::vector<std::string> labels;
    for (const Flags& flags : flag_sets_)
      labels.push_back(Join(draft_, flags));
    flag_variable_ = draft_.AddVariable("Topology.federation", labels);
    if (AllowsBoth()) return;
    Literal one{*flag_variable_, {}};
    for (ValueIndex i = 0; i < static_cast<ValueIndex>(flag_sets_.size()); ++i) {
      if (flag_sets_[static_cast<std::size_t>(i)].size() == 1) one.values.push_back(i);
    }
    draft_.problem.clauses.push_back({Because("I-1"), {one}, 1});
  }

  // Values of the flag variable in which the pool has the flag; absent when the variable does not
  // exist.
  std::optional<Literal> HasFlag(const std::string& fqdn) const {
    if (!flag_variable_.has_value()) return std::nullopt;
    Literal literal{*flag_variable_, {}};
    for (std::size_t i = 0; i < flag_sets_.size(); ++i) {
      if (std::count(flag_sets_[i].begin(), flag_sets_[i].end(), fqdn) > 0) {
        literal.values.push_back(static_cast<ValueIndex>(i));
      }
    }
    return literal;
  }

  // One publish per step of the flag variable, alone or together with the other members; and these
  // alone.
  void AddPublishes(bool flags_change) {
    if (flags_change) {
      for (ValueIndex i = 0; i + 1 < static_cast<ValueIndex>(flag_sets_.size()); ++i) {
        const auto next = static_cast<ValueIndex>(i + 1);
        if (!others_variable_.has_value()) {
          AddPublish(i, next, false, false);
          continue;
        }
        AddPublish(i, next, false, true);
        AddPublish(i, next, false, false);
        AddPublish(i, next, true, true);
      }
    }
    if (!others_variable_.has_value()) return;
    const auto values = static_cast<ValueIndex>(flags_change ? flag_sets_.size() : 1);
    for (ValueIndex i = 0; i < values; ++i)
      AddPublish(i, i, false, true);
  }

  void AddPublish(ValueIndex from, ValueIndex to, bool others_before, bool others_after) {
    Operator step;
    const Value::Map before = PoolsAt(from, others_before);
    const Value::Map after = PoolsAt(to, others_after);
    Value::Map changed_before, changed_after;
    for (const auto& [fqdn, entry] : after) {
      for (const auto& [member, value] : entry.map()) {
        const Value* old = before.at(fqdn).Find(member);
        if (old != nullptr && *old == value) continue;
        changed_before[fqdn].Set(member, old == nullptr ? Value() : *old);
        changed_after[fqdn].Set(member, value);
      }
    }
    step.action = draft_.MakeAction(Verb::kUpdate,
                                    kinds::Topology(draft_.organization.name),
                                    Value::Map{{"pools", changed_before}},
                                    Value::Map{{"pools", changed_after}});
    if (from != 0 || others_before)
      step.action.precondition_revision = RevisionOf(Value::Map{{"pools", before}});
    step.action.title = PublishTitle(from, to, others_before != others_after);
    step.action.duration = absl::Minutes(1);
    step.action.locks = {"cms"};
    step.action.why = {Because(from == to ? "goal" : "I-1")};
    if (others_before != others_after && draft_.move(Protocol::kXmpp).is_move())
      step.action.why.push_back(Because("I-4"));
    step.action.sources = PublishSources(from != to);
    if (from != to) {
      step.effects.push_back({*flag_variable_, from, to});
    } else if (flag_variable_.has_value()) {
      step.preconditions.push_back(Draft::Is(*flag_variable_, from));
    }
    if (others_before != others_after) {
      step.effects.push_back({*others_variable_, 0, 1});
    } else if (others_variable_.has_value()) {
      step.preconditions.push_back(
          Draft::Is(*others_variable_, others_before ? ValueIndex{1} : ValueIndex{0}));
    }
    draft_.central_store_writes.push_back(draft_.Add(std::move(step)));
  }

  std::string PublishTitle(ValueIndex from, ValueIndex to, bool others) const {
    std::string title = "publish the topology: ";
    if (from != to) {
      title += "SIP federation " + Join(draft_, flag_sets_[static_cast<std::size_t>(from)]) +
               " -> " + Join(draft_, flag_sets_[static_cast<std::size_t>(to)]);
    }
    if (!others) return title;
    for (const auto& [fqdn, entry] : others_) {
      for (const auto& [member, value] : entry.map()) {
        if (title.back() != ' ') title += ", ";
        title += (member == "xmpp" ? "XMPP" : "next hop") + (" of " + view_.Called(fqdn)) + " -> " +
                 DisplayText(value);
      }
    }
    return title;
  }

  std::vector<std::string> PublishSources(bool flags) const {
    std::vector<std::string> sources;
    if (flags)
      sources.emplace_back(Sip().kind == Move::Kind::kFailover ? "P1 step 2" : "000 step 2");
    if (!others_.empty() && draft_.move(Protocol::kXmpp).is_move())
      sources.emplace_back("004 step 0");
    return sources;
  }

  Value::Map PoolsAt(ValueIndex flags, bool others) const {
    Value::Map pools = pools_;
    if (!flag_sets_.empty()) {
      const Flags& flagged = flag_sets_[static_cast<std::size_t>(flags)];
      for (auto& [fqdn, entry] : pools) {
        entry.Set("federation", std::count(flagged.begin(), flagged.end(), fqdn) > 0);
      }
    }
    if (!others) return pools;
    for (const auto& [fqdn, entry] : others_) {
      for (const auto& [member, value] : entry.map())
        pools[fqdn].Set(member, value);
    }
    return pools;
  }

  // ---- routes
  // -----------------------------------------------------------------------------------------------
  // A route as a variable: its values, from observed to declared. "" stands for unset.
  struct RouteVariable {
    std::optional<VariableIndex> variable;  // absent: it is as declared
    std::vector<std::string> values;        // FQDNs
  };

  void LowerRoutes(const Site& site) {
    if (view_.observed().Properties(kinds::SiteRoute(site.name)) == nullptr) return;
    const RouteVariable sip = MakeRoute(site, Protocol::kSip);
    const RouteVariable xmpp = MakeRoute(site, Protocol::kXmpp);
    AddRouteOperators(site, sip, xmpp);
    AddRouteRules(sip, xmpp);
  }

  RouteVariable MakeRoute(const Site& site, Protocol protocol) {
    RouteVariable route;
    const std::string observed = view_.Route(site, protocol).value_or("");
    const std::string& host = DeclaredHost(site, protocol);
    route.values = {observed};
    if (host.empty()) return route;
    const std::string declared = draft_.organization.edge_pools.at(host).fqdn;
    if (observed == declared || (protocol == Protocol::kSip && LeadsTo(observed, host)))
      return route;
    // Only a live SIP route must be detached first; elsewhere the value would never be used.
    if (protocol == Protocol::kSip && !observed.empty() && Sip().is_planned() && !AllowsBoth()) {
      route.values.emplace_back();
    }
    route.values.push_back(declared);
    std::vector<std::string> labels;
    for (const std::string& fqdn : route.values)
      labels.push_back(view_.Called(fqdn));
    route.variable =
        draft_.AddVariable("SiteRoute/" + site.name + '.' + std::string(Member(protocol)), labels);
    draft_.central_store_done.push_back(draft_.Done(*route.variable));
    draft_.routed[protocol].push_back(draft_.Done(*route.variable));
    return route;
  }

  // A Director that hands federation to the host (I-4).
  bool LeadsTo(const std::string& fqdn, const std::string& host) const {
    return std::any_of(draft_.organization.directors.begin(),
                       draft_.organization.directors.end(),
                       [&](const auto& entry) {
                         return entry.second.fqdn == fqdn && entry.second.edge_pool == host;
                       });
  }

  struct RouteStep {
    ValueIndex from = 0, to = 0;
  };

  // Every change of the SIP route: to each later value, so that the rules decide between the direct
  // way and the detour. "No change" stands first at each value.
  static std::vector<RouteStep> StepsOf(const RouteVariable& route) {
    std::vector<RouteStep> steps;
    const auto size = static_cast<ValueIndex>(route.values.size());
    for (ValueIndex from = 0; from < size; ++from) {
      for (ValueIndex to = from; to < size; ++to)
        steps.push_back({from, to});
    }
    return steps;
  }

  void AddRouteOperators(const Site& site, const RouteVariable& sip, const RouteVariable& xmpp) {
    for (const RouteStep sip_step : StepsOf(sip)) {
      for (const RouteStep xmpp_step : StepsOf(xmpp)) {
        const bool sip_changes = sip_step.from != sip_step.to;
        const bool xmpp_changes = xmpp_step.from != xmpp_step.to;
        if (sip_changes || xmpp_changes) AddRouteOperator(site, {sip, xmpp}, {sip_step, xmpp_step});
      }
    }
  }

  void AddRouteOperator(const Site& site,
                        const std::pair<const RouteVariable&, const RouteVariable&>& routes,
                        const std::pair<RouteStep, RouteStep>& steps) {
    Operator step;
    const auto value = [&](ValueIndex sip, ValueIndex xmpp) {
      return Value(Value::Map{{"federation", routes.first.values[static_cast<std::size_t>(sip)]},
                              {"xmpp", routes.second.values[static_cast<std::size_t>(xmpp)]}});
    };
    const Value before = value(steps.first.from, steps.second.from);
    const Value after = value(steps.first.to, steps.second.to);
    step.action = draft_.MakeAction(Verb::kUpdate, kinds::SiteRoute(site.name), before, after);
    if (steps.first.from != 0 || steps.second.from != 0)
      step.action.precondition_revision = RevisionOf(before);
    std::string what;
    const auto add = [&](const RouteVariable& route, RouteStep change, Protocol protocol) {
      if (!route.variable.has_value()) return;
      if (change.from == change.to) {
        step.preconditions.push_back(Draft::Is(*route.variable, change.from));
        return;
      }
      step.effects.push_back({*route.variable, change.from, change.to});
      what += (what.empty() ? "" : " and ") +
              std::string(protocol == Protocol::kSip ? "SIP" : "XMPP") + " " +
              view_.Called(route.values[static_cast<std::size_t>(change.from)]) + " -> " +
              view_.Called(route.values[static_cast<std::size_t>(change.to)]);
      step.action.sources.push_back(RouteSource(protocol));
    };
    add(routes.first, steps.first, Protocol::kSip);
    add(routes.second, steps.second, Protocol::kXmpp);
    step.action.title = "route " + site.name + ": " + what;
    step.action.duration = absl::Seconds(10);
    step.action.locks = {"cms"};
    step.action.why = {Because("I-5"), Because("I-4")};
    draft_.central_store_writes.push_back(draft_.Add(std::move(step)));
  }

  std::string RouteSource(Protocol protocol) const {
    const bool failover = draft_.move(protocol).kind == Move::Kind::kFailover ||
                          draft_.move(protocol).kind == Move::Kind::kPlanned;
    if (protocol == Protocol::kXmpp) return failover ? "004 step 3" : "000 step 3a";
    return draft_.move(protocol).kind == Move::Kind::kFailover ? "P1 step 6" : "000 step 2h";
  }

  void AddRouteRules(const RouteVariable& sip, const RouteVariable& xmpp) {
    if (sip.variable.has_value()) {
      for (ValueIndex i = 0; i < static_cast<ValueIndex>(sip.values.size()); ++i) {
        const std::string& fqdn = sip.values[static_cast<std::size_t>(i)];
        const bool is_former = i == 0;
        if (fqdn.empty() || (is_former && !Sip().is_planned())) continue;
        if (const auto flag = HasFlag(fqdn))
          draft_.Imply("I-4", Draft::Is(*sip.variable, i), {*flag});
      }
    }
    if (!xmpp.variable.has_value()) return;
    const Literal routed = draft_.Done(*xmpp.variable);
    if (others_variable_.has_value()) draft_.Imply("I-4", routed, {draft_.Done(*others_variable_)});
    for (const VariableIndex proxy : draft_.restarted) {
      draft_.Imply("004", routed, {Literal{proxy, {1, 2}}});
      draft_.Imply("004", draft_.Done(proxy), {routed});
    }
    if (draft_.is_documented() && draft_.move(Protocol::kXmpp).kind == Move::Kind::kFailback) {
      if (flag_variable_.has_value()) draft_.Imply("000", routed, {draft_.Done(*flag_variable_)});
      if (sip.variable.has_value()) draft_.Imply("000", routed, {draft_.Done(*sip.variable)});
    }
  }

  // ---- Edge associations
  // ------------------------------------------------------------------------------------
  void LowerAssociation(const FrontEndPool& pool) {
    if (pool.conferencing.empty()) return;
    const EdgePool& edge = draft_.organization.edge_pools.at(pool.conferencing);
    const Value* seen = view_.observed().Properties(kinds::EdgeAssociation(pool.fqdn));
    if (seen == nullptr) {
      draft_.Refuse("I-6",
                    "cannot look at the Edge association of " + pool.fqdn,
                    "mend the provider that serves EdgeAssociation, then plan again",
                    pool.origin);
      return;
    }
    const bool consistent = seen->BooleanOr("consistent", true);
    if (seen->StringOr("edgePool", "") == edge.fqdn && consistent) return;
    if (edge.condition == EdgePool::Condition::kOutOfService) {
      draft_.Refuse(
          "I-6",
          "FrontEndPool/" + pool.name + " is declared to use " + edge.name +
              ", which is out of service",
          "commit `conferencing: <another Edge pool>`, or `standIn` in EdgePool/" + edge.name,
          pool.conferencing_origin);
      return;
    }
    const Literal media = AddMediaGate(pool, edge);
    const VariableIndex variable = draft_.AddVariable(
        "EdgeAssociation/" + pool.fqdn, {view_.Called(seen->StringOr("edgePool", "")), edge.name});
    Operator step;
    step.action =
        draft_.MakeAction(Verb::kUpdate,
                          kinds::EdgeAssociation(pool.fqdn),
                          Value::Map{{"edgePool", std::string(seen->StringOr("edgePool", ""))}},
                          Value::Map{{"edgePool", edge.fqdn}});
    step.action.title = "conferencing of " + pool.name + ": " +
                        view_.Called(seen->StringOr("edgePool", "")) + " -> " + edge.name +
                        (pool.conferencing_is_temporary ? " (temporary)" : "");
    step.action.duration = absl::Seconds(30);
    step.action.locks = {"cms"};
    step.action.why = {Because("I-6")};
    step.action.sources = {pool.conferencing_is_temporary || edge.site != pool.site ? "001 step 4"
                                                                                    : "000 step 4"};
    step.effects = {{variable, 0, 1}};
    draft_.central_store_writes.push_back(draft_.Add(std::move(step)));
    draft_.Imply("I-7", draft_.Done(variable), {media});
    draft_.central_store_done.push_back(draft_.Done(variable));
    draft_.associated[pool.name].push_back(draft_.Done(variable));
    if (draft_.is_documented())
      draft_.Imply("000", draft_.Done(variable), draft_.routed[Protocol::kXmpp]);
  }

  // Every server of the Front End pool reaches every server of the Edge pool (domain.md c.7).
  Literal AddMediaGate(const FrontEndPool& pool, const EdgePool& edge) {
    constexpr int kInternalPorts[] = {443, 5061, 5062, 8057};  // domain.md §b.6: I1, I3, I4, I5
    const VariableIndex variable =
        draft_.AddVariable("media " + pool.name + " -> " + edge.name, {"not seen", "reachable"});
    Gate gate;
    gate.timeout = absl::Minutes(2);
    Conditions needs;
    for (const EdgeServer& server : edge.servers) {
      Append(needs, draft_.server_up[server.fqdn]);
      for (const std::string& vantage : pool.servers) {
        for (const int port : kInternalPorts) {
          gate.expectations.push_back({{kinds::Reachability(server.fqdn, port), vantage},
                                       "state",
                                       Expectation::Compare::kEquals,
                                       "open",
                                       {}});
        }
      }
    }
    draft_.AddGate(variable,
                   {std::string(kinds::kReachability), edge.fqdn + "/media"},
                   "the servers of " + pool.name + " reach " + edge.name + " on the internal ports",
                   std::move(gate),
                   std::move(needs),
                   {Because("I-7")});
    return draft_.Done(variable);
  }

  // ---- replication
  // --------------------------------------------------------------------------------------------
  void AddReplicationGate() {
    if (draft_.central_store_writes.empty()) return;
    const VariableIndex variable = draft_.AddVariable("replication", {"behind", "current"});
    Gate gate;
    gate.timeout = draft_.organization.policy.replication_timeout;
    gate.interval = absl::Milliseconds(500);
    Conditions needs = draft_.central_store_done;
    for (const std::string& server : ServersToWaitFor(needs)) {
      gate.expectations.push_back({{kinds::Replica(server), ""},
                                   "watermark",
                                   Expectation::Compare::kAtLeastProduced,
                                   Value(),
                                   {}});
    }
    const std::size_t count = gate.expectations.size();
    const int step =
        draft_.AddGate(variable,
                       {std::string(kinds::kReplica), draft_.organization.name},
                       "wait until " + std::to_string(count) + " replicas hold the writes above",
                       std::move(gate),
                       std::move(needs),
                       {Because("I-14")});
    draft_.problem.operators[static_cast<std::size_t>(step)].produced_by =
        draft_.central_store_writes;
    draft_.problem.operators[static_cast<std::size_t>(step)].action.duration = absl::Minutes(2);
    draft_.replicated = {draft_.Done(variable)};
  }

  // Front End servers and the servers of pools that matter; what is down is left out by name
  // (domain.md G1).
  std::vector<std::string> ServersToWaitFor(Conditions& needs) {
    std::vector<std::string> servers, left_out;
    const auto add = [&](const std::string& server) {
      const auto rising = draft_.replica_up.find(server);
      const bool rises = rising != draft_.replica_up.end() && !rising->second.empty();
      if (!rises && view_.observed().Properties(kinds::Replica(server)) == nullptr) {
        left_out.push_back(server);
        return;
      }
      if (rises) Append(needs, rising->second);
      servers.push_back(server);
    };
    for (const auto& [name, pool] : draft_.organization.front_end_pools) {
      for (const std::string& server : pool.servers)
        add(server);
    }
    for (const std::string& name : view_.PoolsOfInterest()) {
      const EdgePool& pool = draft_.organization.edge_pools.at(name);
      if (pool.condition == EdgePool::Condition::kOutOfService) continue;
      for (const EdgeServer& server : pool.servers)
        add(server.fqdn);
    }
    if (!left_out.empty()) {
      std::string names;
      for (const std::string& server : left_out)
        names += (names.empty() ? "" : ", ") + server;
      draft_.warnings.Warning(
          {},
          "replication does not wait for " + names + ": they cannot be looked at",
          "their replicas are checked again before they serve");
    }
    return servers;
  }

  Draft& draft_;
  const View& view_;
  Value::Map pools_;  // observed, by FQDN
  Flags start_flags_, goal_flags_;
  std::vector<Flags> flag_sets_;  // values of the flag variable
  std::optional<VariableIndex> flag_variable_;
  std::map<std::string, Value> others_;  // other members to change, by FQDN
  std::optional<VariableIndex> others_variable_;
};

}  // namespace

void LowerCentralStore(Draft& draft) { CentralStoreLowering(draft).Run(); }

}  // namespace poolshift
