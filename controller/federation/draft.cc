#include "controller/federation/draft.h"

#include <algorithm>
#include <utility>

#include "controller/federation/rule.h"
#include "controller/model/digest.h"

namespace poolshift {

namespace {

bool IsCentralStoreWrite(const Action& action) {
  const std::string& kind = action.target.kind;
  return action.verb != Verb::kGate &&
         (kind == kinds::kTopology || kind == kinds::kSiteRoute || kind == kinds::kEnablement ||
          kind == kinds::kEdgeAssociation || kind == kinds::kPoolFailover ||
          kind == kinds::kCentralStore);
}

}  // namespace

void Append(Conditions& to, const Conditions& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Conditions ServersUp(const Draft& draft, const EdgePool& pool) {
  Conditions up;
  for (const EdgeServer& server : pool.servers) {
    const auto found = draft.server_up.find(server.fqdn);
    if (found != draft.server_up.end()) Append(up, found->second);
  }
  return up;
}

Literal AddReplicaGate(Draft& draft, const std::string& server, std::string_view rule) {
  const auto made = draft.replica_gates.find(server);
  if (made != draft.replica_gates.end()) return made->second;
  const VariableIndex variable = draft.AddVariable("Replica/" + server, {"behind", "current"});
  Gate gate;
  gate.timeout = draft.organization.policy.replication_timeout;
  gate.expectations = {{{kinds::Replica(server), ""},
                        "watermark",
                        Expectation::Compare::kAtLeast,
                        draft.view.Watermark()}};
  draft.AddGate(variable,
                kinds::Replica(server),
                "wait until the replica of " + server + " is current",
                std::move(gate),
                draft.replica_up[server],
                {Because(rule)});
  return draft.replica_gates[server] = draft.Done(variable);
}

namespace {

Conditions FederationDone(const Draft& draft) {
  Conditions done;
  for (const Protocol protocol : kProtocols) {
    const auto settled = draft.settled.find(protocol);
    const auto probed = draft.probed.find(protocol);
    if (settled != draft.settled.end()) {
      Append(done, settled->second);
    } else if (probed != draft.probed.end()) {
      Append(done, probed->second);
    }
  }
  if (done.empty()) Append(done, draft.replicated);
  for (const auto& [server, installed] : draft.installed)
    Append(done, installed);
  Append(done, draft.standby_restarts);
  // A write that enables too comes after the enabling that the plan owes.
  if (draft.enabled.has_value()) done.push_back(*draft.enabled);
  return done;
}

}  // namespace

const Conditions& AfterFederation(Draft& draft) {
  constexpr std::size_t kFew = 8;
  if (draft.federation_done.has_value()) return *draft.federation_done;
  const Attribution moves(draft, draft.MoveLine());
  Conditions done = FederationDone(draft);
  if (done.size() > kFew) {
    done = draft.Join(draft.AddVariable("federation", {"moving", "done"}),
                      {std::string(kinds::kTopology), draft.organization.name + "/done"},
                      "federation is done; conferencing and users follow",
                      std::move(done),
                      "F17");
  }
  draft.federation_done = std::move(done);
  return *draft.federation_done;
}

std::optional<Literal> Draft::HasSipFlag(const std::string& fqdn) const {
  if (!flag_variable.has_value()) return std::nullopt;
  Literal literal{*flag_variable, {}};
  for (std::size_t i = 0; i < flag_sets.size(); ++i) {
    if (std::count(flag_sets[i].begin(), flag_sets[i].end(), fqdn) > 0) {
      literal.values.push_back(static_cast<ValueIndex>(i));
    }
  }
  return literal;
}

VariableIndex Draft::AddVariable(std::string name, std::vector<std::string> values) {
  Variable variable;
  variable.name = std::move(name);
  variable.goal = static_cast<ValueIndex>(values.size() - 1);
  variable.values = std::move(values);
  variable.origin = line;
  problem.variables.push_back(std::move(variable));
  return static_cast<VariableIndex>(problem.variables.size() - 1);
}

Literal Draft::Done(VariableIndex variable) const {
  return {variable, {problem.variables[static_cast<std::size_t>(variable)].goal}};
}

Literal Draft::Not(const Literal& literal) const {
  Literal negated{literal.variable, {}};
  const auto size = problem.variables[static_cast<std::size_t>(literal.variable)].values.size();
  for (ValueIndex value = 0; value < static_cast<ValueIndex>(size); ++value) {
    if (!std::binary_search(literal.values.begin(), literal.values.end(), value))
      negated.values.push_back(value);
  }
  return negated;
}

int Draft::Add(Operator step) {
  if (IsCentralStoreWrite(step.action)) step.action.locks = {"cms"};
  if (step.action.human) step.action.duration = organization.policy.human_time;
  problem.operators.push_back(std::move(step));
  return static_cast<int>(problem.operators.size()) - 1;
}

void Draft::AfterCentralStore(VariableIndex written) {
  if (central_store_alive.has_value()) Imply("I-17", Not(Is(written, 0)), {*central_store_alive});
}

void Draft::Imply(std::string_view rule, const Literal& a, const Conditions& b) {
  if (!MakesClauses(rule)) return;
  for (const Literal& needed : b)
    problem.clauses.push_back({Because(rule), {Not(a), needed}, 1, INT32_MAX, line});
}

void Draft::AtLeast(std::string_view rule, std::vector<Literal> literals, int count) {
  if (!MakesClauses(rule)) return;
  problem.clauses.push_back({Because(rule), std::move(literals), count, INT32_MAX, line});
}

void Draft::Refuse(std::string_view rule,
                   std::string text,
                   std::string hint,
                   Origin origin,
                   std::vector<Demand> against) {
  refusals.push_back(
      RefusalBy(rule, std::move(text), std::move(hint), std::move(origin), std::move(against)));
}

Origin Draft::MoveLine() const {
  Origin any;
  for (const Protocol protocol : kProtocols) {
    Origin host = HostLine(organization, protocol);
    if (move(protocol).is_move()) return host;
    if (any.line == 0) any = std::move(host);
  }
  return any;
}

const Origin& Draft::DomainLine(const std::string& domain, Protocol protocol) const {
  const Domain& declared = organization.domains.at(domain);
  const Origin& asked = protocol == Protocol::kSip ? declared.sip_origin : declared.xmpp_origin;
  return asked.line > 0 ? asked : declared.origin;
}

Action Draft::MakeAction(Verb verb, ResourceId target, Value before, Value after) {
  Action action;
  action.verb = verb;
  action.provider = assignment.WriterOf(target);
  action.human = assignment.IsHuman(action.provider);
  if (action.provider.empty()) {
    Refuse("goal",
           "no provider is responsible for " + ToString(target),
           "declare a Provider that serves the kind " + target.kind,
           organization.origin);
  }
  if (const Observation* seen = view.observed().Find(target))
    action.precondition_revision = seen->revision;
  action.target = std::move(target);
  action.before = std::move(before);
  action.after = std::move(after);
  return action;
}

int Draft::AddGate(VariableIndex variable,
                   ResourceId subject,
                   std::string title,
                   Gate gate,
                   Conditions needs,
                   std::vector<Reason> why) {
  if (!MakesClauses(why.front().rule)) {
    Variable& waits = problem.variables[static_cast<std::size_t>(variable)];
    waits.start = waits.goal;
  }
  Operator step;
  step.action.verb = Verb::kGate;
  step.action.target = std::move(subject);
  step.action.title = std::move(title);
  step.action.after =
      Value::Map{{"gate", problem.variables[static_cast<std::size_t>(variable)].name}};
  step.action.duration = gate.hold + gate.interval * gate.consecutive;
  step.action.gate = std::move(gate);
  step.action.why = std::move(why);
  step.effects = {{variable, 0, Done(variable).values.front()}};
  step.preconditions = std::move(needs);
  step.cost = 0;
  return Add(std::move(step));
}

Conditions Draft::Join(VariableIndex variable,
                       ResourceId subject,
                       std::string title,
                       Conditions conditions,
                       std::string_view rule) {
  AddGate(
      variable, std::move(subject), std::move(title), {}, std::move(conditions), {Because(rule)});
  return {Done(variable)};
}

Action& Draft::AddTask(VariableIndex variable,
                       ResourceId subject,
                       std::string title,
                       Gate gate,
                       Conditions needs,
                       std::vector<Reason> why) {
  gate.timeout = absl::Hours(12);  // a person has to come
  gate.interval = absl::Seconds(5);
  const int step = AddGate(variable,
                           std::move(subject),
                           std::move(title),
                           std::move(gate),
                           std::move(needs),
                           std::move(why));
  Operator& task = problem.operators[static_cast<std::size_t>(step)];
  task.cost = 1;
  task.action.human = true;
  task.action.duration = organization.policy.human_time;
  return task.action;
}

}  // namespace poolshift
