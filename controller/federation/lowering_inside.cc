// The world inside: every Front End server that can look reaches the new host before any record
// moves, and its next hop is seen (I-7, I-18). A wall that was seen is opened by a person before
// anything is written that would lead to it.
#include <algorithm>
#include <set>

#include "absl/strings/str_join.h"

#include "controller/federation/inside_paths.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// All Front End servers behind some wall, sorted.
std::vector<std::string> WalledOff(const InsideSight& sight) {
  std::set<std::string> servers;
  for (const auto& [to, from] : sight.walled)
    servers.insert(from.begin(), from.end());
  return {servers.begin(), servers.end()};
}

std::string PlaceOf(const Move& move) {
  return move.to->name + " on " + std::to_string(InsidePort(move.protocol));
}

std::string WallInWords(const Move& move, const InsideSight& sight) {
  const std::vector<std::string> from = WalledOff(sight);
  return FrontEndsInWords(from) + (from.size() == 1 ? " gets" : " get") + " no answer from " +
         PlaceOf(move) + " inside";
}

// Flag and routes lead to the host only through what is open: neither leaves its first value.
void HoldWrites(Draft& draft, Protocol protocol, const Literal& opened) {
  const auto hold = [&](VariableIndex written) {
    draft.Imply("I-7", draft.Not(Draft::Is(written, 0)), {opened});
  };
  if (protocol == Protocol::kSip && draft.flag_variable.has_value()) hold(*draft.flag_variable);
  std::set<VariableIndex> routes;
  for (const Literal& routed : draft.routed[protocol])
    routes.insert(routed.variable);
  for (const VariableIndex route : routes)
    hold(route);
}

// A port of a service that does not run refuses, and that is no wall: it may run only later.
Literal AddFirewallTask(Draft& draft, const Move& move, const InsideSight& sight) {
  const std::string port = std::to_string(InsidePort(move.protocol));
  Gate gate;
  std::vector<std::string> commands;
  for (const auto& [to, from] : sight.walled) {
    for (const std::string& vantage : from) {
      gate.expectations.push_back({{kinds::Reachability(to, InsidePort(move.protocol)), vantage},
                                   "state",
                                   Expectation::Compare::kAmong,
                                   Value::List{"open", "refused"}});
    }
    commands.push_back(std::to_string(commands.size() + 1) + ". At every firewall on the way to " +
                       to + ", allow TCP to its port " + port + " from " +
                       absl::StrJoin(from, ", ") + ", and its answers.");
  }
  commands.push_back(std::to_string(commands.size() + 1) + ". Leave every other rule as it is.");
  commands.emplace_back(
      "done when: each of them is answered, if only by a refusal while the service does not run.");
  const VariableIndex variable =
      draft.AddVariable("firewall inside " + move.to->name + ':' + port, {"drops", "open"});
  Action& action = draft.AddTask(
      variable,
      {std::string(kinds::kReachability), move.to->fqdn + '/' + port + "/inside/firewall"},
      "open the firewall inside: " + WallInWords(move, sight),
      std::move(gate),
      {},
      {Because("I-7")});
  action.sources = {move.protocol == Protocol::kXmpp ? "P2 step 1" : "001 note"};
  action.commands = std::move(commands);
  return draft.Done(variable);
}

void SayWhoIsBlind(Draft& draft, const Move& move, const InsideSight& sight) {
  if (sight.blind.empty()) return;
  draft.warnings.Note({},
                      "whether " + FrontEndsInWords(sight.blind) + " can reach " + PlaceOf(move) +
                          " inside is not known: " + sight.why_blind + " (I-7)",
                      "Test-NetConnection on each of them tells");
}

const FrontEndPool* NextHopOf(const Draft& draft, const EdgePool& pool) {
  const std::string hop = draft.view.WantedNextHop(pool);
  const auto& all = draft.organization.front_end_pools;
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const auto& entry) { return entry.second.fqdn == hop; });
  return found == all.end() ? nullptr : &found->second;
}

// Somebody is there to look at one of its servers, and could not. Where nobody is, nothing is
// demanded that nobody could find out.
bool IsInDoubt(const Draft& draft, const FrontEndPool& hop) {
  return !draft.view.Answers(hop) &&
         std::any_of(hop.servers.begin(), hop.servers.end(), [&](const std::string& server) {
           return IsHidden(draft, kinds::Replica(server));
         });
}

void RefuseDeadNextHop(Draft& draft, const Move& move, const FrontEndPool& hop) {
  draft.Refuse("I-18",
               hop.name + ", the next hop of " + move.to->name + ", is out of service (" +
                   hop.reason + "): what partners send would end there",
               "declare `nextHop: <a Front End pool that lives>` in EdgePool/" + move.to->name +
                   ", or a `backupPool` that is in service in FrontEndPool/" + hop.name,
               move.to->next_hop_origin.line > 0 ? move.to->next_hop_origin : move.to->origin,
               {LineDemand(hop.name + " is out of service", hop.condition_origin),
                HostDemand(draft.organization, move.protocol)});
}

void SayDoubtOfNextHop(const EdgePool& pool, const FrontEndPool& hop, Diagnostics& warnings) {
  warnings.Warning(
      hop.origin,
      "no server of " + hop.name + ", the next hop of " + pool.name +
          ", can be looked at: no record moves until one is seen (I-18)",
      "if it is dead, commit `condition: outOfService` with a `reason` to it, and its backup takes "
      "its place; or `nextHop: <another Front End pool>` to EdgePool/" +
          pool.name);
}

Conditions AddNextHopGate(Draft& draft, const EdgePool& pool, const FrontEndPool& hop) {
  const Attribution line(draft, pool.next_hop_origin.line > 0 ? pool.next_hop_origin : pool.origin);
  SayDoubtOfNextHop(pool, hop, draft.warnings);
  Gate gate;
  gate.timeout = kProbeTimeout;
  gate.evidence = kProbeCounts;
  gate.quorum = 1;
  for (const std::string& server : hop.servers)
    gate.expectations.push_back({{kinds::Replica(server), ""},
                                 "watermark",
                                 Expectation::Compare::kAtLeast,
                                 std::int64_t{0}});
  const VariableIndex variable = draft.AddVariable("next hop of " + pool.name, {"unseen", "alive"});
  draft.AddGate(variable,
                {std::string(kinds::kReplica), hop.fqdn + "/next hop"},
                "a server of " + hop.name + ", the next hop of " + pool.name + ", is seen",
                std::move(gate),
                {},
                {Because("I-18")});
  return {draft.Done(variable)};
}

}  // namespace

std::string WallInside(const View& view, const Move& move) {
  if (move.to == nullptr || !move.to->in_topology()) return "";
  const InsideSight sight = LookInside(view, *move.to, move.protocol);
  return sight.walled.empty() ? "" : WallInWords(move, sight);
}

void SayUnseenNextHop(const Draft& draft, const Move& move, Diagnostics& warnings) {
  if (move.to == nullptr || !move.to->in_topology()) return;
  const FrontEndPool* hop = NextHopOf(draft, *move.to);
  const bool lives = hop != nullptr && hop->condition != FrontEndPool::Condition::kOutOfService;
  if (lives && IsInDoubt(draft, *hop)) SayDoubtOfNextHop(*move.to, *hop, warnings);
}

void LowerInside(Draft& draft, const Move& move, Conditions& needs) {
  if (!move.is_move() || !move.to->in_topology()) return;
  InsideSight sight = LookInside(draft.view, *move.to, move.protocol);
  SayWhoIsBlind(draft, move, sight);
  if (sight.seen.empty()) return;
  if (sight.unasked > 0) {
    draft.warnings.Note({},
                        "of " + std::to_string(sight.seen.size() + sight.unasked) +
                            " paths from Front End servers to " + PlaceOf(move) + " " +
                            std::to_string(sight.seen.size()) + " are looked at (I-7)",
                        "`poolshift drill` looks at every one");
  }
  if (!sight.walled.empty()) {
    const Literal opened = AddFirewallTask(draft, move, sight);
    HoldWrites(draft, move.protocol, opened);
    needs.push_back(opened);
  }
  const std::string port = std::to_string(InsidePort(move.protocol));
  const std::string protocol(Name(move.protocol));
  Gate gate;
  gate.timeout = kProbeTimeout;
  gate.evidence = kProbeCounts;
  gate.expectations.reserve(sight.seen.size());
  for (ObservationKey& path : sight.seen)
    gate.expectations.push_back({std::move(path), "state", Expectation::Compare::kEquals, "open"});
  const VariableIndex variable =
      draft.AddVariable("inside " + protocol + ' ' + move.to->name, {"not seen", "reachable"});
  const int step =
      draft.AddGate(variable,
                    {std::string(kinds::kReachability), move.to->fqdn + '/' + port + "/inside"},
                    "the Front End servers reach " + PlaceOf(move) + " inside",
                    std::move(gate),
                    std::exchange(needs, {draft.Done(variable)}),
                    {Because("I-7")});
  draft.problem.operators[static_cast<std::size_t>(step)].action.sources = {
      move.protocol == Protocol::kXmpp ? "P2 step 1" : "001 note"};
}

void LowerNextHop(Draft& draft, const Move& move, Conditions& needs) {
  if (!move.is_move() || !move.to->in_topology()) return;
  const FrontEndPool* hop = NextHopOf(draft, *move.to);
  if (hop == nullptr || draft.view.Answers(*hop)) return;
  if (hop->condition == FrontEndPool::Condition::kOutOfService)
    return RefuseDeadNextHop(draft, move, *hop);
  if (!IsInDoubt(draft, *hop)) return;
  const auto [seen, is_new] = draft.next_hop_seen.try_emplace(move.to->name);
  if (is_new) seen->second = AddNextHopGate(draft, *move.to, *hop);
  Append(needs, seen->second);
}

}  // namespace poolshift
