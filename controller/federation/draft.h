// Draft: a planning problem while the domain is being lowered to it, with the handles that one part
// of the lowering leaves for the next. Made and consumed inside one call of Lower(); never seen
// outside this floor.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/federation/assignment.h"
#include "controller/federation/demand.h"
#include "controller/federation/left_out.h"
#include "controller/federation/lowering_memory.h"
#include "controller/federation/preparation.h"
#include "controller/federation/rule.h"
#include "controller/model/problem.h"

namespace poolshift {

// FQDNs of the Edge pools that have the SIP flag, sorted.
using FlagSet = std::vector<std::string>;

// Conditions that must all hold; empty = they hold already.
using Conditions = std::vector<Literal>;

// A record set that a planned move changes or removes.
struct MovingRecord {
  ResourceId id;
  std::string domain;             // Domain name
  Value before;                   // {records, ttl} as observed
  std::int64_t ttl = 0;           // seconds, as observed
  std::int64_t declared_ttl = 0;  // seconds, at rest
};

class Draft {
 public:
  Draft(const View& seen,
        const Judgement& judged,
        const Assignment& assigned,
        const Preparation& prepared,
        LoweringMemory& remembered)
      : view(seen),
        organization(seen.organization()),
        judgement(judged),
        assignment(assigned),
        preparation(prepared),
        memory(remembered) {}

  const View& view;
  const Organization& organization;
  const Judgement& judgement;
  const Assignment& assignment;
  const Preparation& preparation;
  LoweringMemory& memory;

  PlanningProblem problem;
  Origin line;  // what variables and clauses are attributed to as they are added: Attribution
  std::vector<Choice> choices;
  std::vector<Note> notes;  // work by hand that no operator can stand for
  std::vector<Refusal> refusals;
  std::vector<Undecided> undecided;  // what is left out, for want of a look
  Diagnostics warnings;

  // --- left by one part for the next
  // -------------------------------------------------------------------
  std::map<std::string, Conditions> server_up;   // by server: its services run
  Conditions sip_host_up;                        // of a planned move of SIP: those of the new host
  std::map<std::string, Conditions> proxy_up;    // by server: its XMPP proxy runs (for good)
  std::map<std::string, Conditions> replica_up;  // by server: the replica service runs
  std::map<std::string, Literal> replica_gates;  // by server: AddReplicaGate(), made once
  std::map<std::string, Conditions> installed;   // by server: components match
  // Never kAuto: in which order flags and routes change.
  SipOrder sip_order = SipOrder::kSwapThenRoute;
  // A person publishes flags, next hops and routes together: the one operator, grown part by part.
  std::optional<Operator> one_publish;
  std::optional<Literal> central_store_alive;  // it is failed over first: after that
  std::optional<Literal> enabled;              // it is enabled by an action of its own (I-15)
  ClosingSites closing_sites;                  // their routes are the last that are written (U8)
  std::vector<FlagSet> flag_sets;              // values of `flag_variable`
  std::optional<VariableIndex> flag_variable;  // who has the SIP flag; absent: nothing changes
  std::optional<VariableIndex> other_members;  // XMPP flags and next hops: as observed, as declared
  Conditions central_store_done;               // all writes
  std::vector<int> central_store_writes;       // operators
  Conditions replicated;                       // the gate behind all writes
  std::set<Protocol> served_first;             // the new host answers before routes change (D2)
  // By server whose roles come before routes: its replica holds what is published.
  std::map<std::string, Conditions> before_routes;
  bool roles_follow_publish = false;      // these do, a publish of this plan
  std::map<Protocol, Conditions> let_in;  // planned: every partner's allow list has the new host
  std::map<Protocol, Conditions> routed;  // all routes of the protocol lead to the host
  Conditions former_sip_routes;           // planned: sites still routed to the former host
  std::map<Protocol, Conditions> probed;  // the host answers by address
  std::map<std::string, Conditions> next_hop_seen;   // by new host: where none could be looked at
  std::map<std::string, Conditions> standby_probed;  // by Edge pool: a standby's listener answers
  std::map<Protocol, Conditions> addressed;          // all records of the protocol lead to the host
  std::map<Protocol, Conditions> settled;            // caches have forgotten the former records
  std::map<Protocol, Conditions> former_closed;      // the former host's listener is closed
  std::map<Protocol, Conditions> quenched;           // pools out of service answer no longer (D12)
  std::map<Protocol, Conditions> reset;              // streams to a dead host are turned away (D8)
  // By protocol and server in service: no fence stands before it.
  std::map<std::pair<Protocol, std::string>, Conditions> unfenced;
  std::vector<MovingRecord> moving;                   // of planned moves
  std::vector<Expectation> gtm_answers;               // what outside vantages must resolve (D16)
  std::map<Protocol, std::vector<Literal>> restored;  // records with their declared TTL again
  std::set<Protocol> touched;                   // something changes that outside vantages could see
  std::map<Protocol, std::int64_t> former_ttl;  // greatest TTL of a record that changes, seconds
  std::map<std::string, Conditions> associated;     // by Front End pool
  std::optional<Conditions> federation_done;        // what AfterFederation() has found
  Conditions standby_restarts;                      // former XMPP hosts that go on as standby
  Conditions late_installs;                         // former SIP hosts' components, after settling
  std::vector<VariableIndex> started_after_routes;  // XMPP proxies that start in the page's order
  bool detaches = false;                            // SIP routes are cleared for a while
  std::vector<VariableIndex> restarted;             // XMPP proxies: running, stopped, running again

  // --- building
  // ------------------------------------------------------------------------------------------
  // Under the declared procedure and the chosen order of the SIP move.
  bool Demands(std::string_view rule) const {
    return Holds(rule, organization.policy.procedure, sip_order);
  }
  const Move& move(Protocol protocol) const {
    return judgement.moves[static_cast<std::size_t>(protocol)];
  }

  // Calls `lower` for each entity that may not be at rest: it is at rest when that adds nothing.
  template <typename Entity, typename Lower>
  void ForEach(LoweringPart part, const std::map<std::string, Entity>& all, const Lower& lower) {
    memory.ForEach(part, all, [&](const Entity& entity) { return Adds([&] { lower(entity); }); });
  }
  // Whether `work` adds anything.
  template <typename Work>
  bool Adds(const Work& work) {
    const std::size_t before = Size();
    work();
    return Size() != before;
  }

  // A variable that starts at its first value and must reach its last.
  VariableIndex AddVariable(std::string name, std::vector<std::string> values);
  // "variable has its last value".
  Literal Done(VariableIndex variable) const;
  static Literal Is(VariableIndex variable, ValueIndex value) { return {variable, {value}}; }
  // "variable has any value but these".
  Literal Not(const Literal& literal) const;

  // The values of `flag_variable` in which the pool has the SIP flag; absent when nothing changes.
  std::optional<Literal> HasSipFlag(const std::string& fqdn) const;

  // Writes to the central store take its lock here (I-16).
  int Add(Operator step);
  // The variable leaves its first value only after the central store answers again (I-17).
  void AfterCentralStore(VariableIndex written);
  // "a implies every one of b", in every state. The rule must be one that makes clauses.
  void Imply(std::string_view rule, const Literal& a, const Conditions& b);
  // "at least so many hold", in every state. The rule must be one that makes clauses.
  void AtLeast(std::string_view rule, std::vector<Literal> literals, int count);
  // With `against`: the rule, brought in by the line at `origin`, cannot hold together with these.
  void Refuse(std::string_view rule,
              std::string text,
              std::string hint,
              Origin origin = {},
              std::vector<Demand> against = {});
  // The line that moves something: of the protocol that moves, else of any that is declared.
  Origin MoveLine() const;
  // The line of a domain's records of the protocol.
  const Origin& DomainLine(const std::string& domain, Protocol protocol) const;

  // An action on a resource with everything filled in that assignment and observation know. `after`
  // null = delete.
  Action MakeAction(Verb verb, ResourceId target, Value before, Value after);
  // A free operator: it moves `variable` from waiting to done. The first reason must be a rule that
  // makes clauses; when the table has it switched off, the gate counts as passed.
  int AddGate(VariableIndex variable,
              ResourceId subject,
              std::string title,
              Gate gate,
              Conditions needs,
              std::vector<Reason> why);
  // Conditions that many wait for, as one: many that wait for many make too many arrows, and a gate
  // that looks at nothing joins them.
  Conditions Join(VariableIndex variable,
                  ResourceId subject,
                  std::string title,
                  Conditions conditions,
                  std::string_view rule);
  // What only a person can do, and anybody can see: a gate that counts as an action. How long the
  // run waits and how often it looks is the same for all; the caller adds the instructions.
  Action& AddTask(VariableIndex variable,
                  ResourceId subject,
                  std::string title,
                  Gate gate,
                  Conditions needs,
                  std::vector<Reason> why);

 private:
  // Of all that is added to. A handle is left for the next part only with something added, or in
  // vain.
  std::size_t Size() const {
    return problem.variables.size() + problem.operators.size() + problem.clauses.size() +
           choices.size() + notes.size() + refusals.size() + undecided.size() +
           warnings.items().size() + moving.size();
  }
};

// While it lives, variables and clauses are attributed to this line of the manifest. A line that is
// not known leaves them to the one in force.
class Attribution {
 public:
  Attribution(Draft& draft, const Origin& line) : draft_(draft), outer_(draft.line) {
    if (line.line > 0) draft.line = line;
  }
  ~Attribution() { draft_.line = std::move(outer_); }
  Attribution(const Attribution&) = delete;
  Attribution& operator=(const Attribution&) = delete;

 private:
  Draft& draft_;
  Origin outer_;
};

// A gate that waits until the server's replica holds what was written before this plan; asked for
// again it is the same one.
Literal AddReplicaGate(Draft& draft, const std::string& server, std::string_view rule);

void Append(Conditions& to, const Conditions& more);

// The services of every server of the pool run.
Conditions ServersUp(const Draft& draft, const EdgePool& pool);
// What federation needs has been seen and every server is installed: what is behind it cannot hold
// it up, and writes the central store when no work on servers relies on it any more (c.11).
const Conditions& AfterFederation(Draft& draft);

}  // namespace poolshift
