// Services of pools in service: which must run, and what must be true before each starts (D5, F13).
#include <algorithm>
#include <set>

#include "controller/federation/hosting.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/roles.h"
#include "controller/federation/rule.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

class ServerLowering {
 public:
  ServerLowering(Draft& draft, const EdgePool& pool, const EdgeServer& server)
      : draft_(draft), pool_(pool), server_(server) {}

  void Run() {
    const bool restarts = MustRestartProxy();
    bool starts = restarts;
    const std::vector<std::string_view> roles = RolesOf(pool_);
    for (const std::string_view role : roles)
      starts = starts || (Needs(role) && !Running(role));
    if (!Running("replica")) Start("replica");
    if (starts) WaitForReplica();
    for (const std::string_view role : roles) {
      if (role == "replica" || !Needs(role)) continue;
      if (role == "xmppProxy" && restarts) {
        RestartProxy();
      } else if (!Running(role)) {
        Start(role);
      }
    }
  }

 private:
  bool Needs(std::string_view role) const {
    const Hosting& hosting = draft_.view.hosting();
    if (role == "xmppProxy") return hosting.ServesXmpp(pool_);
    return pool_.in_topology() || hosting.IsDeclaredHost(Protocol::kSip, pool_.name);
  }

  // What cannot be seen is left alone here; LowerServices refuses where it matters.
  bool Running(std::string_view role) const {
    return draft_.view.IsRunning(server_.fqdn, role).value_or(true);
  }

  // 004, the page for moving XMPP to this pool, is followed.
  bool KeepsThePagesOrder() const {
    const Move& move = draft_.move(Protocol::kXmpp);
    return draft_.Demands("004") && move.is_move() && move.kind != Move::Kind::kFailback &&
           move.to == &pool_;
  }

  bool MustRestartProxy() const {
    return KeepsThePagesOrder() && !ServesAlone() &&
           draft_.view.IsRunning(server_.fqdn, "xmppProxy").value_or(false);
  }

  // The move is half done: no former host answers, and whatever is served is served here, so that
  // the page's stop would silence it (D1).
  bool ServesAlone() const {
    const View& view = draft_.view;
    const Move& move = draft_.move(Protocol::kXmpp);
    const std::vector<const EdgePool*> former = move.Former();
    const bool answered = std::any_of(former.begin(), former.end(), [&](const EdgePool* pool) {
      return view.FromOutside(*pool, Protocol::kXmpp) == View::Answer::kAnswers;
    });
    if (answered || move.is_planned()) return !answered;
    const auto& sites = draft_.organization.sites;
    return std::any_of(sites.begin(), sites.end(), [&](const auto& entry) {
      return view.Route(entry.second, Protocol::kXmpp) == pool_.fqdn;
    });
  }

  std::string NameOf(std::string_view role) const { return server_.fqdn + '/' + std::string(role); }

  Value ServiceValue(std::string_view role, std::string_view state) const {
    const Value* seen = draft_.view.observed().Properties(kinds::EdgeService(server_.fqdn, role));
    std::string mode(seen == nullptr ? "automatic" : seen->StringOr("startMode", "automatic"));
    if (state == "running" && mode == "disabled") mode = "automatic";
    return Value::Map{{"state", state}, {"startMode", mode}};
  }

  Value Observed(std::string_view role) const {
    const Value* seen = draft_.view.observed().Properties(kinds::EdgeService(server_.fqdn, role));
    return seen == nullptr ? Value()
                           : WritablePart(*kinds::FindKindSchema(kinds::kEdgeService), *seen);
  }

  Action StartAction(std::string_view role, Value before) {
    Action action = draft_.MakeAction(Verb::kStart,
                                      kinds::EdgeService(server_.fqdn, role),
                                      std::move(before),
                                      ServiceValue(role, "running"));
    action.title = "start " + std::string(role) + " on " + server_.fqdn;
    action.duration = absl::Seconds(30);
    const Move& xmpp = draft_.move(Protocol::kXmpp);
    if (role == "xmppProxy" && xmpp.is_move() && xmpp.kind != Move::Kind::kFailback) {
      action.sources.emplace_back("004 step 7");
    } else {
      action.sources.emplace_back("000 step 1");
    }
    if (!pool_.in_topology()) action.sources.clear();  // the pages know only Lync
    action.why = {Because("I-19")};
    return action;
  }

  void Start(std::string_view role) {
    const VariableIndex variable =
        draft_.AddVariable("EdgeService/" + NameOf(role), {"stopped", "running"});
    Operator step;
    step.action = StartAction(role, Observed(role));
    step.effects = {{variable, 0, 1}};
    draft_.Add(std::move(step));
    const Literal running = draft_.Done(variable);
    if (role == "replica") {
      draft_.replica_up[server_.fqdn].push_back(running);
      return;
    }
    draft_.Imply("F13", running, replica_current_);
    (role == "xmppProxy" ? draft_.proxy_up : draft_.server_up)[server_.fqdn].push_back(running);
    if (role == "xmppProxy" && KeepsThePagesOrder())
      draft_.started_after_routes.push_back(variable);
    for (const Protocol protocol : kProtocols) {
      if (draft_.move(protocol).to == &pool_ && role == Role(protocol))
        draft_.touched.insert(protocol);
    }
  }

  // The documented procedure bounces the proxy of the new pool: stop, route, start (004 steps 2, 3,
  // 7).
  void RestartProxy() {
    const VariableIndex variable = draft_.AddVariable("EdgeService/" + NameOf("xmppProxy"),
                                                      {"running", "stopped", "running again"});
    const Value running = Observed("xmppProxy");
    const Value stopped = ServiceValue("xmppProxy", "stopped");
    Operator stop;
    stop.action = draft_.MakeAction(
        Verb::kStop, kinds::EdgeService(server_.fqdn, "xmppProxy"), running, stopped);
    stop.action.title = "stop xmppProxy on " + server_.fqdn;
    stop.action.sources = {"004 step 2"};
    stop.action.why = {Because("004")};
    stop.effects = {{variable, 0, 1}};
    draft_.Add(std::move(stop));
    Operator start;
    start.action = StartAction("xmppProxy", stopped);
    start.action.precondition_revision = RevisionOf(stopped);
    start.action.why = {Because("004"), Because("I-19")};
    start.effects = {{variable, 1, 2}};
    draft_.Add(std::move(start));
    draft_.proxy_up[server_.fqdn].push_back(draft_.Done(variable));
    draft_.Imply("F13", draft_.Done(variable), replica_current_);
    draft_.restarted.push_back(variable);
    draft_.started_after_routes.push_back(variable);
    draft_.touched.insert(Protocol::kXmpp);
  }

  void WaitForReplica() {
    const bool current = draft_.view.IsCurrent(server_.fqdn).value_or(false) && Running("replica");
    if (current) return;
    replica_current_ = {AddReplicaGate(draft_, server_.fqdn, "F13")};
    Append(draft_.replica_up[server_.fqdn], replica_current_);
  }

  Draft& draft_;
  const EdgePool& pool_;
  const EdgeServer& server_;
  Conditions replica_current_;
};

// Names that remote clients use and that go on naming a silent server of the pool (D6).
std::string NamesThatStay(Draft& draft, const EdgePool& pool) {
  std::set<std::string> names;
  for (const RecordGoal& goal : draft.memory.goals()) {
    const bool leads = std::count(goal.leads_to.begin(), goal.leads_to.end(), pool.name) > 0;
    if (leads && goal.is_asserted) names.insert(goal.id.name.substr(0, goal.id.name.rfind('/')));
  }
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

void WarnOfLostRedundancy(Draft& draft, const EdgePool& pool) {
  std::string silent;
  int serving = 0;
  for (const EdgeServer& server : pool.servers) {
    if (draft.view.IsSilent(server)) {
      silent += (silent.empty() ? "" : ", ") + server.fqdn;
    } else {
      ++serving;
    }
  }
  if (silent.empty()) return;
  const std::string names = NamesThatStay(draft, pool);
  draft.warnings.Warning(
      pool.origin,
      "redundancy lost: " + pool.name + " serves with " + std::to_string(serving) + " of " +
          std::to_string(pool.servers.size()) +
          " servers (D7). Left out, because nobody can look "
          "at it or reach it: " +
          silent +
          (names.empty() ? "" : "; remote clients use " + names + ", so that name keeps it"),
      "mend it, then plan again: its replica, roles and port are checked before it serves");
}

void RefuseSilentPool(Draft& draft, Protocol protocol, const EdgePool& pool) {
  std::string living;
  for (const std::string& name : draft.view.LivingPools()) {
    if (name != pool.name) living += (living.empty() ? "" : " or ") + name;
  }
  draft.Refuse("I-19",
               pool.name + " is to host, but none of its servers can be looked at or answers",
               living.empty() ? "bring it up: no other Edge pool is in service"
                              : "bring it up, or commit `hosts` with one that lives: " + living,
               pool.origin,
               {HostDemand(draft.organization, protocol)});
}

}  // namespace

void LowerServices(Draft& draft) {
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (move.to == nullptr) continue;
    const bool said = protocol == Protocol::kXmpp && move.to == draft.move(Protocol::kSip).to;
    if (draft.view.IsSilent(*move.to)) {
      if (!said) RefuseSilentPool(draft, protocol, *move.to);
      continue;
    }
    // A silent server of several is left out by name; it is looked at again when it is back (D7).
    LeaveOutUnseenServices(draft, protocol, *move.to);
    if (!said) WarnOfLostRedundancy(draft, *move.to);
  }
  const auto& pools = draft.organization.edge_pools;
  draft.ForEach(LoweringPart::kRedundancy, pools, [&](const EdgePool& pool) {
    const bool is_standby = draft.view.hosting().IsXmppStandby(pool) &&
                            pool.condition == EdgePool::Condition::kInService;
    const bool said =
        draft.move(Protocol::kSip).to == &pool || draft.move(Protocol::kXmpp).to == &pool;
    if (is_standby && !said) WarnOfLostRedundancy(draft, pool);
  });
  draft.ForEach(LoweringPart::kServices, pools, [&](const EdgePool& pool) {
    if (pool.condition == EdgePool::Condition::kOutOfService) return;
    const Attribution in_service(draft, pool.condition_origin);
    for (const EdgeServer& server : pool.servers)
      ServerLowering(draft, pool, server).Run();
  });
}

}  // namespace poolshift
