// What the lowering needed to see and could not: which part of the declaration depends on it, and
// is left out of the plan (docs/decisions/0038-left-out.md). Could not look is not absent.
#include <algorithm>
#include <map>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/roles.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

bool IsReached(const Draft& draft, const EdgeServer& server) {
  return draft.view.IsReached(server, Protocol::kSip) ||
         draft.view.IsReached(server, Protocol::kXmpp);
}

std::string_view RemedyFor(bool answers) {
  return answers ? "mend the provider's way to it: a server that serves unseen is neither dead nor "
                   "known to be right"
                 : "mend the provider's way to it, then plan again";
}

void LeaveOutServer(Draft& draft,
                    Protocol protocol,
                    const EdgePool& pool,
                    const EdgeServer& server) {
  const Observation* seen =
      draft.view.observed().Find(kinds::EdgeService(server.fqdn, RolesOf(pool).front()));
  const std::string why = seen == nullptr || seen->reason.empty() ? "" : " (" + seen->reason + ")";
  const bool answers = IsReached(draft, server);
  draft.undecided.push_back(UndecidedHosting(
      protocol,
      RefusalBy("I-19",
                "cannot look at the services of " + server.fqdn + why + ", a server of " +
                    pool.name + (answers ? ", though it answers from outside" : ""),
                answers
                    ? std::string(RemedyFor(true))
                    : "bring it up, or take it out of EdgePool/" + pool.name + " `spec.servers`",
                pool.origin,
                {HostDemand(draft.organization, protocol)})));
}

// Roles of one protocol are that protocol's; the replica brings the roles of both. What carries no
// federation is left by itself: nothing waits for it.
void LeaveOutRole(Draft& draft,
                  Protocol protocol,
                  const EdgePool& pool,
                  const EdgeServer& server,
                  std::string_view role) {
  const bool carries = role == Role(protocol) || role == "replica";
  const bool other = std::any_of(std::begin(kProtocols), std::end(kProtocols), [&](Protocol each) {
    return each != protocol && role == Role(each);
  });
  if (!carries && other) return;
  Refusal because = RefusalBy(
      "I-19",
      CannotLook(kinds::EdgeService(server.fqdn, role), draft.view.observed(), draft.assignment) +
          (role == "replica" ? "; the roles of both federations come by it" : ""),
      std::string(RemedyFor(IsReached(draft, server))),
      pool.origin,
      {HostDemand(draft.organization, protocol)});
  Merge(draft.undecided,
        {carries ? UndecidedHosting(protocol, std::move(because))
                 : UndecidedPart(std::string(role) + " on " + server.fqdn, std::move(because))});
}

std::string OwnerOf(const RecordGoal& goal) {
  return goal.id.name.substr(0, goal.id.name.rfind('/'));
}

// What was not seen, by domain.
using ByDomain = std::map<std::string, std::vector<const RecordGoal*>>;

std::map<Protocol, ByDomain> ByProtocol(const std::vector<const RecordGoal*>& unseen) {
  std::map<Protocol, ByDomain> by_protocol;
  for (const RecordGoal* goal : unseen)
    by_protocol[goal->protocol][goal->domain].push_back(goal);
  return by_protocol;
}

bool IsAmong(const RecordGoal& goal, const std::map<Protocol, ByDomain>& concerned) {
  const auto of = concerned.find(goal.protocol);
  return of != concerned.end() && of->second.contains(goal.domain);
}

// Records that lead to names of which the addresses are left as they are, are left too.
std::map<Protocol, ByDomain> Concerned(Draft& draft, const std::vector<const RecordGoal*>& unseen) {
  std::map<Protocol, ByDomain> concerned = ByProtocol(unseen);
  std::map<std::string, const RecordGoal*, std::less<>> names;  // that are left, and why
  const std::vector<RecordGoal>& goals = draft.memory.goals();
  for (bool grows = !unseen.empty(); grows;) {
    grows = false;
    for (const RecordGoal& goal : goals) {
      if (!goal.is_locator && IsAmong(goal, concerned))
        names.emplace(OwnerOf(goal), concerned[goal.protocol][goal.domain].front());
    }
    for (const RecordGoal& goal : goals) {
      if (!goal.is_locator || IsAmong(goal, concerned)) continue;
      for (const Value& record : goal.desired.Find("records")->list()) {
        const std::string_view text = record.string();
        const auto name = names.find(text.substr(text.rfind(' ') + 1));
        if (name == names.end()) continue;
        concerned[goal.protocol][goal.domain].push_back(name->second);
        grows = true;
        break;
      }
    }
  }
  return concerned;
}

bool SomeZombieAnswers(const Draft& draft, Protocol protocol) {
  const auto& pools = draft.organization.edge_pools;
  return std::any_of(pools.begin(), pools.end(), [&](const auto& entry) {
    const EdgePool& pool = entry.second;
    return pool.condition == EdgePool::Condition::kOutOfService &&
           std::any_of(pool.servers.begin(), pool.servers.end(), [&](const EdgeServer& server) {
             return draft.view.IsReached(server, protocol);
           });
  });
}

// Why the records of a domain cannot stay while those of others move; "" when they can: they lead
// to a host that is dead already, or to where nothing changes.
std::string WhyTogether(Draft& draft, Protocol protocol, const ByDomain& domains) {
  const Move& move = draft.move(protocol);
  if (move.is_planned())
    return "; " + move.from->name + " lives, and is left only when every record is known to follow";
  if (SomeZombieAnswers(draft, protocol))
    return "; a pool out of service answers, and is silenced only when no record may lead there";
  const bool routed = draft.view.hosting().IsRouted(protocol);
  const bool known = move.kind == Move::Kind::kFailover || (move.to != nullptr && routed);
  const auto& goals = draft.memory.goals();
  const bool others = std::any_of(goals.begin(), goals.end(), [&](const RecordGoal& goal) {
    return goal.protocol == protocol && !domains.contains(goal.domain);
  });
  if (!known) return "; nothing but records says who hosts it";
  return others ? "" : "; there is no other domain whose records could move";
}

std::string AndMore(std::size_t more) {
  return more == 0 ? "" : " (and " + std::to_string(more) + " more)";
}

Refusal RecordsUnseen(const Draft& draft,
                      Protocol protocol,
                      const std::vector<const RecordGoal*>& unseen,
                      const std::string& why) {
  const RecordGoal& goal = *unseen.front();
  return RefusalBy(
      protocol == Protocol::kSip ? "I-8" : "I-9",
      CannotLook(goal.id, draft.view.observed(), draft.assignment) + AndMore(unseen.size() - 1) +
          why,
      "what cannot be seen is never taken for absent; mend the provider that serves its zone, then "
      "plan again",
      draft.organization.domains.at(goal.domain).origin,
      {HostDemand(draft.organization, protocol)});
}

// Where records of single domains cannot stay while others move, the protocol is left out.
bool LeavesOutHosting(Draft& draft, Protocol protocol, const ByDomain& by_domain) {
  const std::string why = WhyTogether(draft, protocol, by_domain);
  if (why.empty()) return false;
  std::vector<const RecordGoal*> all;
  for (const auto& [domain, goals] : by_domain)
    all.insert(all.end(), goals.begin(), goals.end());
  draft.undecided.push_back(UndecidedHosting(protocol, RecordsUnseen(draft, protocol, all, why)));
  return true;
}

}  // namespace

bool IsHidden(const Draft& draft, const ResourceId& id) {
  const Observation* seen = draft.view.observed().Find(id);
  return seen != nullptr && seen->presence == Presence::kUnreachable &&
         !draft.assignment.ObserverOf({id, ""}).empty();
}

void LeaveOutUnseenServices(Draft& draft, Protocol protocol, const EdgePool& pool) {
  const std::vector<std::string_view> roles = RolesOf(pool);
  for (const EdgeServer* server : draft.view.Answering(pool)) {
    const auto unseen = [&](const std::string_view role) {
      return !draft.view.IsRunning(server->fqdn, role).has_value();
    };
    if (std::all_of(roles.begin(), roles.end(), unseen)) {
      LeaveOutServer(draft, protocol, pool, *server);
      continue;
    }
    for (const std::string_view role : roles)
      if (unseen(role)) LeaveOutRole(draft, protocol, pool, *server, role);
  }
}

void LeaveOutUnseenListener(Draft& draft, Protocol protocol, const EdgePool& former) {
  for (const EdgeServer* server : draft.view.Answering(former)) {
    const ResourceId id = kinds::EdgeService(server->fqdn, Role(protocol));
    if (!IsHidden(draft, id) || draft.view.IsSilent(*server)) continue;
    draft.undecided.push_back(
        UndecidedHosting(protocol,
                         RefusalBy("D9",
                                   CannotLook(id, draft.view.observed(), draft.assignment) + "; " +
                                       former.name + " must stop serving when it is left",
                                   std::string(RemedyFor(IsReached(draft, *server))),
                                   former.origin,
                                   {HostDemand(draft.organization, protocol)})));
  }
}

void LeaveOutRecords(Draft& draft, const std::vector<const RecordGoal*>& unseen) {
  std::vector<const RecordGoal*> alone;  // that leave out their own domains
  for (const auto& [protocol, by_domain] : ByProtocol(unseen)) {
    if (LeavesOutHosting(draft, protocol, by_domain)) continue;
    for (const auto& [domain, goals] : by_domain)
      alone.insert(alone.end(), goals.begin(), goals.end());
  }
  for (const auto& [protocol, by_domain] : Concerned(draft, alone)) {
    if (LeavesOutHosting(draft, protocol, by_domain)) continue;
    for (const auto& [domain, goals] : by_domain)
      draft.undecided.push_back(
          UndecidedRecords(protocol, domain, RecordsUnseen(draft, protocol, goals, "")));
  }
}

}  // namespace poolshift
