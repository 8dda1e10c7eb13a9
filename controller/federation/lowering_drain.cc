// The former host: on Lync its XMPP listener closes before records move, because an old proxy
// accepts what it can no longer deliver (D9); and a move is over only when its streams are gone
// (D8).
#include "controller/federation/hosting.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/roles.h"
#include "controller/federation/rule.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

Value ServiceIn(const Value& seen, std::string_view state) {
  return Value::Map{{"state", state},
                    {"startMode", std::string(seen.StringOr("startMode", "automatic"))}};
}

void CloseProxy(Draft& draft, const EdgeServer& server, bool standby) {
  const ResourceId id = kinds::EdgeService(server.fqdn, "xmppProxy");
  const Value* seen = draft.view.observed().Properties(id);
  if (seen == nullptr || seen->StringOr("state", "") != "running") return;
  std::vector<std::string> values{"running", "stopped"};
  if (standby) values.emplace_back("running again");
  const VariableIndex variable =
      draft.AddVariable("EdgeService/" + server.fqdn + "/xmppProxy", std::move(values));
  const Value running = ServiceIn(*seen, "running");
  const Value stopped = ServiceIn(*seen, "stopped");
  Operator stop;
  stop.action = draft.MakeAction(Verb::kStop, id, running, stopped);
  stop.action.title =
      "stop xmppProxy on " + server.fqdn + ": its streams close, partners connect anew";
  stop.action.duration = absl::Seconds(30);
  stop.action.why = {Because("D9"), Because("D8")};
  stop.effects = {{variable, 0, 1}};
  draft.Add(std::move(stop));
  const Literal closed{variable,
                       standby ? std::vector<ValueIndex>{1, 2} : std::vector<ValueIndex>{1}};
  Conditions before = draft.replicated;
  Append(before, draft.routed[Protocol::kXmpp]);
  Append(before, draft.probed[Protocol::kXmpp]);
  draft.Imply("D9", closed, before);
  draft.former_closed[Protocol::kXmpp].push_back(closed);
  if (!standby) return;
  Operator start;
  start.action = draft.MakeAction(Verb::kStart, id, stopped, running);
  start.action.precondition_revision = RevisionOf(stopped);
  start.action.title = "start xmppProxy on " + server.fqdn + " as standby";
  start.action.why = {Because("D7")};
  start.effects = {{variable, 1, 2}};
  draft.Add(std::move(start));
  draft.standby_restarts.push_back(draft.Done(variable));
  draft.Imply("F13", draft.Done(variable), ReplicaHoldsIt(draft, server));
}

Literal AddClosing(Draft& draft,
                   const ResourceId& id,
                   std::int64_t count,
                   const EdgeServer& server) {
  const VariableIndex variable = draft.AddVariable("Streams/" + id.name, {"open", "closed"});
  Operator step;
  step.action = draft.MakeAction(
      Verb::kStop, id, Value::Map{{"state", "open"}}, Value::Map{{"state", "closed"}});
  step.action.title = "close " + std::to_string(count) + ' ' +
                      id.name.substr(id.name.rfind('/') + 1) +
                      (count == 1 ? " stream" : " streams") + " left on " + server.fqdn;
  step.action.why = {Because("D8")};
  step.effects = {{variable, 0, 1}};
  draft.Add(std::move(step));
  return draft.Done(variable);
}

// The listener of a former host that has served to the end.
void AddStop(Draft& draft,
             const EdgeServer& server,
             Protocol protocol,
             const Conditions& streams,
             Conditions& closed) {
  const std::string role(Role(protocol));
  const ResourceId id = kinds::EdgeService(server.fqdn, role);
  const Value* seen = draft.view.observed().Properties(id);
  if (seen == nullptr || seen->StringOr("state", "") != "running") return;
  const VariableIndex variable =
      draft.AddVariable("EdgeService/" + id.name, {"running", "stopped"});
  Operator stop;
  stop.action =
      draft.MakeAction(Verb::kStop, id, ServiceIn(*seen, "running"), ServiceIn(*seen, "stopped"));
  stop.action.title = "stop " + role + " on " + server.fqdn + ": nobody is led there any more";
  stop.action.duration = absl::Seconds(30);
  stop.action.why = {Because("D8")};
  stop.effects = {{variable, 0, 1}};
  draft.Add(std::move(stop));
  draft.Imply("D8", draft.Done(variable), streams);
  draft.Imply("D8", draft.Done(variable), draft.settled[protocol]);
  closed.push_back(draft.Done(variable));
}

void AddDrainGate(Draft& draft, Protocol protocol, const EdgePool& pool, Conditions needs) {
  const VariableIndex variable = draft.AddVariable(
      "drained " + std::string(Name(protocol)) + " " + pool.name, {"serving", "drained"});
  Gate gate;
  gate.timeout = absl::Minutes(15);  // StreamInactivityTimeout is 600 s (domain.md c.10)
  for (const EdgeServer* server : draft.view.Answering(pool)) {
    gate.expectations.push_back({{kinds::Streams(server->fqdn, Name(protocol)), ""},
                                 "count",
                                 Expectation::Compare::kEquals,
                                 0});
  }
  draft.AddGate(variable,
                {std::string(kinds::kStreams), pool.fqdn + '/' + std::string(Name(protocol))},
                "no " + std::string(Name(protocol)) + " stream is left on " + pool.name,
                std::move(gate),
                std::move(needs),
                {Because("D8")});
}

// A former host that swallows nothing serves on until caches have forgotten it; then its streams
// are closed, and only then it stops (D8, measured: in this order no message is lost).
Conditions CloseLast(Draft& draft, Protocol protocol, const EdgePool& pool) {
  Conditions closed;
  // Outside any topology 5061 carries federation alone, so that it ends with it (D5).
  const bool stops =
      protocol == Protocol::kXmpp ? !draft.view.hosting().IsXmppStandby(pool) : !pool.in_topology();
  if (stops) LeaveOutUnseenListener(draft, protocol, pool);
  for (const EdgeServer& server : pool.servers) {
    const std::size_t before = closed.size();
    const ResourceId id = kinds::Streams(server.fqdn, Name(protocol));
    const Value* seen = draft.view.observed().Properties(id);
    if (seen != nullptr && seen->StringOr("state", "") != "closed" &&
        seen->IntegerOr("count", 0) > 0) {
      const Literal done = AddClosing(draft, id, seen->IntegerOr("count", 0), server);
      draft.Imply("D8", done, draft.settled[protocol]);
      closed.push_back(done);
    }
    if (!stops) continue;
    const Conditions streams(closed.begin() + static_cast<std::ptrdiff_t>(before), closed.end());
    AddStop(draft, server, protocol, streams, closed);
  }
  return closed;
}

// Whether a partner ever gives an idle SIP connection up is not known, so none is waited for: the
// wizard closes the port below those that are left.
void WarnOfCutConnections(Draft& draft, const EdgePool& pool) {
  draft.warnings.Warning(
      pool.origin,
      "SIP connections that partners still hold to " + pool.name +
          " are cut when 5061 is taken away there; that they end by themselves is not known (D8)",
      "partners connect anew, to the new host; move in a quiet hour");
}

void Drain(Draft& draft, Protocol protocol, const EdgePool& pool) {
  Conditions closed = protocol == Protocol::kXmpp ? draft.former_closed[protocol] : Conditions{};
  for (const EdgeServer& server : pool.servers) {
    if (protocol == Protocol::kSip) Append(closed, draft.installed[server.fqdn]);
  }
  if (protocol == Protocol::kSip && !closed.empty()) WarnOfCutConnections(draft, pool);
  Append(closed, draft.settled[protocol]);
  if (!SwallowsWithoutRoute(pool)) Append(closed, CloseLast(draft, protocol, pool));
  AddDrainGate(draft, protocol, pool, std::move(closed));
}

// Streams left on a pool in service that hosts nothing any more: they are closed where they are.
void CloseLeftovers(Draft& draft, Protocol protocol, const EdgePool& pool) {
  for (const EdgeServer& server : pool.servers) {
    const ResourceId id = kinds::Streams(server.fqdn, Name(protocol));
    const Value* seen = draft.view.observed().Properties(id);
    const std::int64_t count = seen == nullptr ? 0 : seen->IntegerOr("count", 0);
    // Where the protocol is uninstalled, its streams end with it.
    const bool stays =
        protocol == Protocol::kXmpp && draft.view.HasFlag(pool, Protocol::kXmpp).value_or(false);
    const bool ends = !stays && !draft.installed[server.fqdn].empty();
    const bool closed = seen != nullptr && seen->StringOr("state", "") == "closed";
    if (count == 0 || closed || ends) continue;
    draft.Imply("D8", AddClosing(draft, id, count, server), draft.probed[protocol]);
  }
}

}  // namespace

void LowerClosing(Draft& draft) {
  const Move& move = draft.move(Protocol::kXmpp);
  if (!move.is_planned()) return;
  for (const EdgePool* former : move.Former()) {
    if (!SwallowsWithoutRoute(*former)) continue;
    LeaveOutUnseenListener(draft, Protocol::kXmpp, *former);
    const bool standby = draft.view.hosting().IsXmppStandby(*former);
    const Attribution product(draft, former->product_origin);
    for (const EdgeServer& server : former->servers)
      CloseProxy(draft, server, standby);
  }
}

void LowerDrain(Draft& draft) {
  {
    const Attribution host(draft, HostLine(draft.organization, Protocol::kXmpp));
    for (const Literal& restarted : draft.standby_restarts)
      draft.Imply("D9", restarted, draft.settled[Protocol::kXmpp]);
  }
  for (const Protocol protocol : kProtocols) {
    const Attribution host(draft, HostLine(draft.organization, protocol));
    const Move& move = draft.move(protocol);
    if (move.is_planned()) {
      for (const EdgePool* pool : move.Former())
        Drain(draft, protocol, *pool);
    }
    if (move.to == nullptr) continue;
    const LoweringPart part =
        protocol == Protocol::kSip ? LoweringPart::kSipDrain : LoweringPart::kXmppDrain;
    draft.ForEach(part, draft.organization.edge_pools, [&](const EdgePool& pool) {
      const bool serves = pool.condition == EdgePool::Condition::kInService;
      const bool is_standby =
          protocol == Protocol::kXmpp && draft.view.hosting().IsXmppStandby(pool);
      // A domain whose records were not seen may be led there.
      const bool maybe_led = draft.memory.omission().LeavesRecords(protocol);
      if (serves && &pool != move.to && !move.Leaves(pool) && !is_standby && !maybe_led)
        CloseLeftovers(draft, protocol, pool);
    });
  }
}

}  // namespace poolshift
