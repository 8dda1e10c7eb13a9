// The world outside: the new host answers by address before any record moves (D7, I-10), and by
// name after all have.
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"
#include "controller/federation/silence.h"

namespace poolshift {
namespace {

constexpr absl::Duration kProbeTimeout = absl::Minutes(2);
// Caches count whole seconds: a resolver keeps a record for up to a second beyond its time to live
// (measured), and so does the partner's own cache behind it.
constexpr std::int64_t kCacheRounding = 2;

bool AnyRecordDiffers(const Draft& draft, Protocol protocol) {
  for (const RecordGoal* each : draft.memory.RestlessGoals()) {
    const RecordGoal& goal = *each;
    if (goal.protocol != protocol) continue;
    const Value* seen = draft.view.observed().Properties(goal.id);
    const Value* records = seen == nullptr ? nullptr : seen->Find("records");
    const Value* desired = goal.desired.Find("records");
    if ((records == nullptr) != (desired == nullptr)) return true;
    if (records != nullptr && *records != *desired) return true;
  }
  return false;
}

void ExpectAnswer(const Draft& draft,
                  const std::string& address,
                  Protocol protocol,
                  std::vector<Expectation>& expectations) {
  for (const std::string& vantage : draft.view.vantages()) {
    const ObservationKey key{kinds::Reachability(address, Port(protocol)), vantage};
    expectations.push_back({key, "state", Expectation::Compare::kEquals, "open"});
    expectations.push_back({key, "protocol", Expectation::Compare::kEquals, Name(protocol)});
  }
}

std::vector<Expectation> AnswersAt(const Draft& draft, const EdgePool& pool, Protocol protocol) {
  std::vector<Expectation> expectations;
  for (const std::string& address :
       AnsweringAddresses(draft.organization, draft.view.observed(), pool))
    ExpectAnswer(draft, address, protocol, expectations);
  return expectations;
}

// The server listens, and yet so many vantages get no answer from the address that the gate would
// not open: a firewall on the way drops it, or sends it back.
bool IsWalledOff(const Draft& draft,
                 const EdgeServer& server,
                 const std::string& address,
                 Protocol protocol) {
  const View& view = draft.view;
  const Value* service =
      view.observed().Properties(kinds::EdgeService(server.fqdn, Role(protocol)));
  if (service == nullptr || !service->BooleanOr("listening", false) ||
      view.IsFenced(server, protocol))
    return false;
  int walled = 0, others = 0;
  for (const std::string& vantage : view.vantages()) {
    const Value* seen =
        view.observed().Properties(kinds::Reachability(address, Port(protocol)), vantage);
    if (seen == nullptr) continue;
    ++(IsWalled(*seen) ? walled : others);
  }
  return walled > 0 && others < draft.organization.policy.vantages_required;
}

// A firewall is a person's to open; the run waits until enough vantages are let through.
void LowerFirewall(Draft& draft, const Move& move, Conditions& opened) {
  for (const EdgeServer* server : draft.view.Answering(*move.to)) {
    for (const std::string& address : server->addresses) {
      if (!IsWalledOff(draft, *server, address, move.protocol)) continue;
      const std::string place = address + ':' + std::to_string(Port(move.protocol));
      const VariableIndex variable = draft.AddVariable("firewall " + place, {"drops", "open"});
      Gate gate;
      gate.vantages_required = draft.organization.policy.vantages_required;
      ExpectAnswer(draft, address, move.protocol, gate.expectations);
      Action& action = draft.AddTask(variable,
                                     {std::string(kinds::kReachability), place + "/firewall"},
                                     "open the firewall to " + place + ": " + server->fqdn +
                                         " listens, and nobody outside gets "
                                         "an answer",
                                     std::move(gate),
                                     {},
                                     {Because("D7"), Because("I-10")});
      action.sources = {move.protocol == Protocol::kXmpp ? "004 step 6" : "P1 step 9"};
      action.commands = {"1. At every firewall between the Internet and " + address +
                             ", allow TCP from any address to " + place + ", and its answers.",
                         "2. Leave every other rule as it is.",
                         "done when: enough vantages get an answer from " + place + '.'};
      opened.push_back(draft.Done(variable));
    }
  }
}

// The wizard has to run on the server before the protocol works there. A run that only takes the
// other protocol away is nothing to wait for.
bool NeedsInstall(const Draft& draft, const EdgeServer& server, Protocol protocol) {
  const Value* seen = draft.view.observed().Properties(kinds::EdgeComponents(server.fqdn));
  const auto planned = draft.installed.find(server.fqdn);
  if (seen == nullptr || planned == draft.installed.end() || planned->second.empty()) return false;
  const bool late = std::any_of(
      draft.late_installs.begin(), draft.late_installs.end(), [&](const Literal& install) {
        return install.variable == planned->second.front().variable;
      });
  return !late || !seen->BooleanOr(Member(protocol), false);
}

// `first`: before routes change, so without what is installed after that.
Conditions PoolServes(Draft& draft, const EdgePool& pool, Protocol protocol, bool first = false) {
  Conditions serves = ServersUp(draft, pool);
  for (const EdgeServer& server : pool.servers) {
    const bool waits = !first || draft.before_routes.contains(server.fqdn);
    if (waits && NeedsInstall(draft, server, protocol))
      Append(serves, draft.installed[server.fqdn]);
    if (protocol == Protocol::kXmpp) Append(serves, draft.proxy_up[server.fqdn]);
    Append(serves, draft.unfenced[{protocol, server.fqdn}]);
  }
  return serves;
}

// A standby is probed like a host before a record names it for the first time (D7). The former host
// is not: it is known to answer, and closes its port for a while (D9).
void ProbeStandby(Draft& draft, const std::string& name) {
  const Move& move = draft.move(Protocol::kXmpp);
  const EdgePool& pool = draft.organization.edge_pools.at(name);
  if (&pool == move.to || move.Leaves(pool) || draft.standby_probed.count(name) > 0) return;
  const VariableIndex variable =
      draft.AddVariable("probe standby " + name, {"not seen", "answers"});
  Gate gate;
  gate.timeout = kProbeTimeout;
  gate.consecutive = draft.organization.policy.probes;
  gate.evidence = kProbeCounts;
  gate.vantages_required = draft.organization.policy.vantages_required;
  gate.expectations = AnswersAt(draft, pool, Protocol::kXmpp);
  Conditions needs = PoolServes(draft, pool, Protocol::kXmpp);
  draft.AddGate(variable,
                {std::string(kinds::kReachability), pool.fqdn + "/standby"},
                "standby " + name + " answers xmpp on 5269 at every address, seen from outside",
                std::move(gate),
                std::move(needs),
                {Because("D7"), Because("I-10")});
  draft.standby_probed[name] = {draft.Done(variable)};
}

void ProbeStandbys(Draft& draft) {
  for (const auto& [pool, domains] : draft.memory.led_anew()) {
    const Attribution order(draft, draft.DomainLine(*domains.begin(), Protocol::kXmpp));
    ProbeStandby(draft, pool);
  }
}

// Outside any topology, of a move whose records lead to the host already, streams are left.
bool IsLeftOver(const Draft& draft, const Move& move) {
  return move.is_planned() && !draft.view.hosting().IsRouted(move.protocol);
}

// The greatest time to live of the protocol's records, in seconds.
std::int64_t TtlNow(Draft& draft, Protocol protocol) {
  std::int64_t longest = 0;
  for (const RecordGoal& goal : draft.memory.goals()) {
    const Value* seen = draft.view.observed().Properties(goal.id);
    if (goal.protocol == protocol && seen != nullptr)
      longest = std::max(longest, seen->IntegerOr("ttl", 0));
  }
  return longest;
}

// The short time to live of a prepared move stays until the move is proved: the way back is as
// quick.
void RestoreAfterSettling(Draft& draft) {
  for (const auto& [protocol, records] : draft.restored) {
    const Attribution host(draft, HostLine(draft.organization, protocol));
    for (const Literal& restored : records)
      draft.Imply("D18", restored, draft.settled[protocol]);
  }
}

}  // namespace

void LowerProbes(Draft& draft) {
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (move.to == nullptr) continue;
    const bool routes = !draft.routed[protocol].empty();
    if (!move.is_move() && !routes && draft.touched.count(protocol) == 0 &&
        !AnyRecordDiffers(draft, protocol) && !(protocol == Protocol::kSip && AnyGtmDiffers(draft)))
      continue;
    const Attribution host(draft, HostLine(draft.organization, protocol));
    draft.touched.insert(protocol);
    const std::string port = std::to_string(Port(protocol));
    const VariableIndex variable = draft.AddVariable(
        "probe " + std::string(Name(protocol)) + " " + move.to->name, {"not seen", "answers"});
    Gate gate;
    gate.timeout = kProbeTimeout;
    gate.consecutive = draft.organization.policy.probes;
    gate.evidence = kProbeCounts;
    gate.vantages_required = draft.organization.policy.vantages_required;
    gate.expectations = AnswersAt(draft, *move.to, protocol);
    const bool first = draft.served_first.contains(protocol);
    Conditions needs = PoolServes(draft, *move.to, protocol, first);
    if (!first) Append(needs, draft.replicated);
    LowerInside(draft, move, needs);
    LowerNextHop(draft, move, needs);
    if (move.is_move()) LowerFirewall(draft, move, needs);
    const int step = draft.AddGate(variable,
                                   {std::string(kinds::kReachability), move.to->fqdn + '/' + port},
                                   move.to->name + " answers " + std::string(Name(protocol)) +
                                       " on " + port + " at every address, seen from outside",
                                   std::move(gate),
                                   std::move(needs),
                                   {Because("D7"), Because("I-10")});
    draft.problem.operators[static_cast<std::size_t>(step)].action.sources = {
        protocol == Protocol::kXmpp
            ? (move.kind == Move::Kind::kFailback ? "000 step 3d" : "004 step 6")
            : "P1 step 9"};
    draft.probed[protocol] = {draft.Done(variable)};
  }
  ProbeStandbys(draft);
}

void LowerSettling(Draft& draft) {
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    const bool resolves = protocol == Protocol::kSip && !draft.gtm_answers.empty();
    const bool moves = !draft.addressed[protocol].empty();
    if (move.to == nullptr || !(moves || (move.is_move() && resolves) || IsLeftOver(draft, move)))
      continue;
    const Attribution host(draft, HostLine(draft.organization, protocol));
    const VariableIndex variable = draft.AddVariable("by name " + std::string(Name(protocol)),
                                                     {"not seen", "leads to the host"});
    Gate gate;
    gate.timeout = kProbeTimeout;
    gate.vantages_required = draft.organization.policy.vantages_required;
    // Only a live former host must be kept until caches have forgotten it; a dead one serves nobody
    // meanwhile.
    // For XMPP that is so where the former host listens again as standby: a partner that still
    // remembers the record would open its stream there, and it would be accepted (D9).
    const bool listens_on =
        protocol == Protocol::kSip || !draft.standby_restarts.empty() || ServesToTheEnd(move);
    const bool waits = move.is_planned() && listens_on;
    if (IsLeftOver(draft, move) && !moves)
      draft.former_ttl[protocol] = TtlNow(draft, protocol);  // nobody says when they were moved
    if (waits && draft.former_ttl[protocol] > 0)
      gate.hold = absl::Seconds(draft.former_ttl[protocol] + kCacheRounding);
    for (const RecordGoal& goal : draft.memory.goals()) {
      if (goal.protocol != protocol || goal.desired.is_null()) continue;
      const ObservationKey key{goal.id, ""};
      gate.expectations.push_back(
          {key, "records", Expectation::Compare::kEquals, *goal.desired.Find("records")});
      gate.expectations.push_back({key, "disagreement", Expectation::Compare::kEquals, ""});
    }
    if (protocol == Protocol::kSip) {
      for (const Expectation& expectation : draft.gtm_answers)
        gate.expectations.push_back(expectation);
    }
    for (Expectation& answer : AnswersAt(draft, *move.to, protocol))
      gate.expectations.push_back(std::move(answer));
    if (move.kind == Move::Kind::kFailover && draft.former_ttl[protocol] > 0) {
      draft.warnings.Note({},
                          "resolvers may lead partners of " + std::string(Title(protocol)) +
                              " to " + move.from->name + " for up to " +
                              std::to_string(draft.former_ttl[protocol]) +
                              " s after the records have moved: that is their former TTL");
    }
    const bool ours = std::any_of(
        gate.expectations.begin(), gate.expectations.end(), [](const Expectation& each) {
          return each.subject.id.kind == kinds::kDnsRecordSet && each.property == "disagreement";
        });
    std::string title =
        std::string(ours ? "every authoritative server leads to " : "enough vantages are led to ") +
        move.to->name + ", which answers";
    if (gate.hold > absl::ZeroDuration()) title = "caches forget the former records, then " + title;
    Conditions needs = draft.addressed[protocol];
    Append(needs, draft.probed[protocol]);
    draft.AddGate(variable,
                  {std::string(kinds::kDnsRecordSet),
                   std::string(Name(protocol)) + " of " + draft.organization.name},
                  std::move(title),
                  std::move(gate),
                  std::move(needs),
                  {Because(protocol == Protocol::kSip ? "I-8" : "I-9")});
    draft.settled[protocol] = {draft.Done(variable)};
  }
  RestoreAfterSettling(draft);
  // Also where no record of ours moves (a traffic manager answers), the new host answers first.
  const Attribution host(draft, HostLine(draft.organization, Protocol::kSip));
  for (const Literal& installed : draft.late_installs) {
    draft.Imply("F15", installed, draft.probed[Protocol::kSip]);
    draft.Imply("F15", installed, draft.settled[Protocol::kSip]);
  }
}

}  // namespace poolshift
