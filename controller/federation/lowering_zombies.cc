// Zombies (D12): a pool that is declared out of service and answers is silenced before anything
// moves away from it, by a fence in front of its port or by stopping the role; one that would come
// back by itself is kept from it. What is back in service is let in again.
#include "controller/federation/fence.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/roles.h"
#include "controller/federation/rule.h"
#include "controller/federation/zombie.h"

namespace poolshift {
namespace {

std::string Place(const std::string& address, Protocol protocol) {
  return address + ':' + std::to_string(Port(protocol));
}

class Silencer {
 public:
  Silencer(Draft& draft, const EdgePool& pool, Protocol protocol)
      : draft_(draft), view_(draft.view), pool_(pool), protocol_(protocol) {}

  void Run() {
    bool answers = false;
    for (const EdgeServer& server : pool_.servers) {
      if (view_.IsReached(server, protocol_)) {
        answers = true;
        Silence(server);
      } else if (WouldReturn(view_, server, protocol_)) {
        KeepAway(server);
      } else if (CanFence(server)) {
        Fence(server, LeavesStreams() ? "partners learn that their streams to it are dead" : "");
      }
    }
    if (const std::string unseen = Unseen(); !unseen.empty()) return LeaveOut(unseen);
    if (!helpless_.empty()) return Refuse();
    TellExpiry();
    if (answers) WaitUntilSilent();
  }

 private:
  ResourceId ServiceOf(const EdgeServer& server) const {
    return kinds::EdgeService(server.fqdn, Role(protocol_));
  }

  bool CanFence(const EdgeServer& server) const {
    return std::all_of(
        server.addresses.begin(), server.addresses.end(), [&](const std::string& address) {
          const ResourceId id = kinds::Fence(address, Port(protocol_));
          return view_.observed().Properties(id) != nullptr &&
                 !draft_.assignment.WriterOf(id).empty();
        });
  }

  bool CanManage(const EdgeServer& server) const {
    return view_.observed().Properties(ServiceOf(server)) != nullptr &&
           !draft_.assignment.WriterOf(ServiceOf(server)).empty();
  }

  // Partners send into the streams of a host that vanished until their own TCP gives up, which
  // takes a quarter of an hour (measured); whoever answers for the host's addresses ends them at
  // once. On Lync a person decides that.
  bool LeavesStreams() const {
    const Move& move = draft_.move(protocol_);
    return !pool_.in_topology() && move.kind == Move::Kind::kFailover && move.from == &pool_;
  }

  // A fence leaves remote access on 443 alone, which stopping accessEdge does not (I-21).
  void Silence(const EdgeServer& server) {
    if (CanFence(server)) {
      Fence(server, "it is out of service and answers");
    } else if (CanManage(server)) {
      Disable(server);
    } else {
      helpless_.push_back(&server);
    }
  }

  // What cannot be managed either is a follow-up for people: notes.h.
  void KeepAway(const EdgeServer& server) {
    const bool running = view_.IsRunning(server.fqdn, Role(protocol_)).value_or(false);
    if (running && protocol_ == Protocol::kSip && CanFence(server)) {
      Fence(server, "it is out of service and would answer");
    } else if (CanManage(server)) {
      Disable(server);
    }
  }

  // Without a reason only what was fenced before is: a fence that runs out is renewed while the
  // pool stays out of service, and lifted when it is declared in service (D15).
  void Fence(const EdgeServer& server, const std::string& reason) {
    for (const std::string& address : server.addresses) {
      const ResourceId id = kinds::Fence(address, Port(protocol_));
      const Value& seen = *view_.observed().Properties(id);
      const bool stands = seen.StringOr("mode", "none") != "none";
      const Policy& policy = draft_.organization.policy;
      const bool renewed = IsToBeRenewed(seen, draft_.preparation.now, policy);
      if (!renewed && (stands || reason.empty())) continue;
      const VariableIndex variable =
          draft_.AddVariable("Fence/" + id.name, {stands ? "runs out" : "open", "fenced"});
      const Value fence =
          Value::Map{{"mode", stands ? std::string(seen.StringOr("mode", "")) : "reset"},
                     {"expires", ExpiryFrom(draft_.preparation.now, policy)}};
      Operator step;
      step.action = draft_.MakeAction(Verb::kUpdate, id, seen, fence);
      step.action.title = (stands ? "renew the fence before " : "fence ") +
                          Place(address, protocol_) + " of " + pool_.name;
      expiry_ = FenceExpiry(fence);
      if (expiry_.has_value()) step.action.title += " until " + ExpiryText(*expiry_);
      step.action.title += ": " + (!reason.empty() ? reason : WhyAgain(seen));
      Finish(std::move(step), variable);
      if (!stands && !view_.IsReached(server, protocol_) && LeavesStreams())
        draft_.reset[protocol_].push_back(draft_.Done(variable));
    }
  }

  std::string WhyAgain(const Value& seen) const {
    const std::string when = ExpiryText(*FenceExpiry(seen));
    return HasRunOut(seen, draft_.preparation.now) ? "the former one ran out at " + when
                                                   : "it runs out at " + when;
  }

  // When and by what the fences of this plan are lifted (D15).
  void TellExpiry() {
    if (!expiry_.has_value()) return;
    Note note;
    note.document = "D15";
    note.step = "lift the fence";
    note.treatment = Note::Treatment::kFollowUp;
    note.text =
        "the fence before port " + std::to_string(Port(protocol_)) + " of " + pool_.name +
        " is lifted by the first plan after `condition: inService` is committed to EdgePool/" +
        pool_.name + "; if nobody does, it runs out by itself at " + ExpiryText(*expiry_) +
        ", and until then a plan renews it";
    draft_.notes.push_back(std::move(note));
  }

  void Disable(const EdgeServer& server) {
    const ResourceId id = ServiceOf(server);
    const Value* seen = view_.observed().Properties(id);
    const bool running = seen->StringOr("state", "") != "stopped";
    const std::string role(Role(protocol_));
    const VariableIndex variable = draft_.AddVariable(
        "EdgeService/" + id.name, {running ? "running" : "starts by itself", "disabled"});
    Operator step;
    step.action =
        draft_.MakeAction(running ? Verb::kStop : Verb::kUpdate,
                          id,
                          WritablePart(*kinds::FindKindSchema(kinds::kEdgeService), *seen),
                          Value::Map{{"state", "stopped"}, {"startMode", "disabled"}});
    step.action.title = (running ? "stop and disable " : "disable ") + role + " on " + server.fqdn +
                        ": " + pool_.name + " is out of service";
    step.action.duration = absl::Seconds(30);
    Finish(std::move(step), variable);
    if (!running || protocol_ == Protocol::kXmpp || !pool_.in_topology()) return;
    draft_.warnings.Warning(
        pool_.condition_origin,
        "stopping accessEdge on " + server.fqdn + " also ends remote access through it (I-21)",
        "a fence in front of its port 5061 would not: declare a provider that serves Fence");
  }

  void Finish(Operator step, VariableIndex variable) {
    step.action.why = {Because("D12")};
    step.effects = {{variable, 0, 1}};
    draft_.Add(std::move(step));
    done_.push_back(draft_.Done(variable));
  }

  void WaitUntilSilent() {
    const std::string protocol(Name(protocol_));
    const VariableIndex variable =
        draft_.AddVariable("silent " + protocol + ' ' + pool_.name, {"answers", "silent"});
    Gate gate;
    gate.timeout = absl::Minutes(2);
    for (const std::string& address : pool_.addresses()) {
      for (const std::string& vantage : view_.vantages()) {
        gate.expectations.push_back({{kinds::Reachability(address, Port(protocol_)), vantage},
                                     "protocol",
                                     Expectation::Compare::kEquals,
                                     ""});
      }
    }
    draft_.AddGate(
        variable,
        {std::string(kinds::kReachability), pool_.fqdn + '/' + std::to_string(Port(protocol_))},
        pool_.name + " answers no " + protocol + " on " + std::to_string(Port(protocol_)) +
            " any more, seen from outside",
        std::move(gate),
        done_,
        {Because("D12")});
    if (draft_.move(protocol_).from == &pool_)
      draft_.quenched[protocol_].push_back(draft_.Done(variable));
  }

  // What could silence a server of which that was not seen; "" when nothing could.
  std::string Unseen() const {
    for (const EdgeServer* server : helpless_) {
      std::vector<ResourceId> ways{ServiceOf(*server)};
      for (const std::string& address : server->addresses)
        ways.push_back(kinds::Fence(address, Port(protocol_)));
      for (const ResourceId& way : ways) {
        if (IsHidden(draft_, way) && !draft_.assignment.WriterOf(way).empty())
          return CannotLook(way, view_.observed(), draft_.assignment);
      }
    }
    return "";
  }

  std::string Answers() const {
    return pool_.name + " is declared out of service but answers (" +
           view_.Evidence(pool_, protocol_) + ')';
  }

  std::string ByHand() const {
    std::string servers, block;
    for (const EdgeServer* server : helpless_) {
      servers += (servers.empty() ? "" : ", ") + server->fqdn;
      for (const std::string& address : server->addresses)
        block += (block.empty() ? "" : ", ") + Place(address, protocol_);
    }
    return "block " + block + " at the firewall or shut " + servers +
           " down by hand, then plan again; or declare a Provider of `type: manual` that serves "
           "Fence. If it is healthy again, commit `condition: inService`";
  }

  std::vector<Demand> IsOut() const {
    return {LineDemand(pool_.name + " is out of service", pool_.condition_origin)};
  }

  void LeaveOut(const std::string& unseen) {
    draft_.undecided.push_back(
        UndecidedHosting(protocol_,
                         RefusalBy("D12",
                                   Answers() + ", and what could silence it is not seen: " + unseen,
                                   "mend the provider's way to it; or " + ByHand(),
                                   pool_.condition_origin,
                                   IsOut())));
  }

  void Refuse() {
    draft_.Refuse("D12",
                  Answers() +
                      ", and nothing here can silence it: no provider serves Fence for its "
                      "addresses, and its services cannot be managed",
                  ByHand(),
                  pool_.condition_origin,
                  IsOut());
  }

  Draft& draft_;
  const View& view_;
  const EdgePool& pool_;
  Protocol protocol_;
  std::vector<const EdgeServer*> helpless_;
  std::optional<absl::Time> expiry_;  // of the fences that this puts up
  Conditions done_;
};

// What was installed may claim SIP federation until it is installed anew; an XMPP proxy that nobody
// is routed to harms nobody (D1), and is probed before routes change.
Conditions MayAnswer(Draft& draft, const EdgeServer& server, Protocol protocol) {
  if (protocol == Protocol::kSip) {
    Conditions right = ReplicaHoldsIt(draft, server);
    Append(right, draft.installed[server.fqdn]);
    return right;
  }
  if (draft.view.IsCurrent(server.fqdn).value_or(false)) return draft.replica_up[server.fqdn];
  return {AddReplicaGate(draft, server.fqdn, "I-14")};
}

void LiftFence(Draft& draft, const EdgePool& pool, const EdgeServer& server, Protocol protocol) {
  for (const std::string& address : server.addresses) {
    const ResourceId id = kinds::Fence(address, Port(protocol));
    const Value* seen = draft.view.observed().Properties(id);
    if (seen == nullptr || seen->StringOr("mode", "none") == "none") continue;
    if (!CanTellCurrency(draft, server)) {
      draft.warnings.Warning(pool.origin,
                             "the fence before " + Place(address, protocol) + " stays: whether " +
                                 server.fqdn + " is current cannot be looked at (D12)",
                             "plan again when its replica can be seen");
      continue;
    }
    const VariableIndex variable = draft.AddVariable("Fence/" + id.name, {"fenced", "open"});
    Operator step;
    step.action =
        draft.MakeAction(Verb::kUpdate, id, *seen, Value::Map{{"mode", "none"}, {"expires", ""}});
    step.action.title = "lift the fence before " + Place(address, protocol) + " of " + pool.name;
    step.action.why = {Because("D15")};
    step.effects = {{variable, 0, 1}};
    draft.Add(std::move(step));
    const Literal lifted = draft.Done(variable);
    draft.Imply("D15", lifted, MayAnswer(draft, server, protocol));
    draft.unfenced[{protocol, server.fqdn}].push_back(lifted);
    if (draft.move(protocol).to == &pool) draft.touched.insert(protocol);
  }
}

}  // namespace

bool CanTellCurrency(const Draft& draft, const EdgeServer& server) {
  if (draft.view.IsCurrent(server.fqdn).has_value()) return true;
  const auto rising = draft.replica_up.find(server.fqdn);
  return rising != draft.replica_up.end() && !rising->second.empty();
}

void LowerZombies(Draft& draft) {
  for (const auto& [name, pool] : draft.organization.edge_pools) {
    if (pool.condition != EdgePool::Condition::kOutOfService) continue;
    const Attribution out(draft, pool.condition_origin);
    for (const Protocol protocol : kProtocols) {
      if (draft.view.hosting().IsDeclared(protocol) && HasRole(pool, Role(protocol)))
        Silencer(draft, pool, protocol).Run();
    }
  }
}

void LowerFences(Draft& draft) {
  for (const std::string& name : draft.memory.pools_of_interest()) {
    const EdgePool& pool = draft.organization.edge_pools.at(name);
    if (pool.condition == EdgePool::Condition::kOutOfService) continue;
    const Attribution in_service(draft, pool.condition_origin);
    for (const EdgeServer& server : pool.servers) {
      for (const Protocol protocol : kProtocols) {
        if (!draft.memory.omission().Leaves(protocol)) LiftFence(draft, pool, server, protocol);
      }
    }
  }
}

void WaitForSilence(Draft& draft) {
  // Whoever is turned away looks for the host anew, and must find the other one.
  for (const auto& [protocol, resets] : draft.reset) {
    const Attribution out(draft, draft.move(protocol).from->condition_origin);
    for (const Literal& reset : resets)
      draft.Imply("D8", reset, draft.addressed[protocol]);
  }
  for (const auto& [protocol, silent] : draft.quenched) {
    const Attribution out(draft, draft.move(protocol).from->condition_origin);
    for (const Literal& routed : draft.routed[protocol])
      draft.Imply("D12", routed, silent);
    for (const Literal& addressed : draft.addressed[protocol])
      draft.Imply("D12", addressed, silent);
    if (protocol == Protocol::kSip && draft.flag_variable.has_value())
      draft.Imply("D12", draft.Not(Draft::Is(*draft.flag_variable, 0)), silent);
  }
}

}  // namespace poolshift
