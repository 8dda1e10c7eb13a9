#include "controller/federation/situation.h"

#include <algorithm>

#include "controller/federation/demand.h"
#include "controller/federation/hosting.h"
#include "controller/federation/left_behind.h"
#include "controller/federation/roles.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

using Condition = EdgePool::Condition;

class ProtocolJudge {
 public:
  ProtocolJudge(const View& view, Protocol protocol, Judgement& judgement)
      : view_(view),
        organization_(view.organization()),
        protocol_(protocol),
        judgement_(judgement) {}

  Move Run() {
    Move move{protocol_, Move::Kind::kSteady, nullptr, nullptr, ""};
    const std::string host = DeclaredHost(organization_, protocol_);
    if (host.empty()) {
      move.evidence = "not declared";
      if (IsDeclared(organization_, protocol_)) CheckDivergentHosts();
      return move;
    }
    move.to = &organization_.edge_pools.at(host);
    move.kind = Move::Kind::kUnknown;
    if (const std::string missing = Missing(); !missing.empty()) {
      LeaveUnread(missing);
      move.evidence = "cannot look at " + missing;
      return move;
    }
    if (!HostServes(*move.to)) return OfHostThatIsOut(std::move(move));
    const std::size_t refused = Objections();
    const std::vector<const EdgePool*> former = FindFormerHosts(*move.to);
    if (Objections() > refused) move.evidence = judgement_.refusals.back().text;
    ClassifyBy(former, move);
    if (move.from == nullptr && Objections() == refused) {
      move.kind = Move::Kind::kSteady;
      move.evidence = move.to->name + " is declared and hosts it";
    }
    return move;
  }

 private:
  // Refuses because of `rule`, which the line at `origin` brings in; `against` (may be empty) is
  // what cannot hold with it.
  void Refuse(std::string_view rule,
              std::string text,
              std::string hint,
              const Origin& origin,
              std::vector<Demand> against) {
    judgement_.refusals.push_back(
        RefusalBy(rule, std::move(text), std::move(hint), origin, std::move(against)));
  }

  std::size_t Objections() const {
    return judgement_.refusals.size() + judgement_.undecided.size();
  }

  // That the protocol is hosted by this pool, and where it says so.
  Demand Wanted(const EdgePool& host) const {
    for (const auto& [name, site] : organization_.sites) {
      if (DeclaredHost(site, protocol_) != host.name) continue;
      return LineDemand(
          std::string(Title(protocol_)) + " is hosted by " + host.name,
          protocol_ == Protocol::kSip ? site.hosts.federation_origin : site.hosts.xmpp_origin);
    }
    return HostDemand(organization_, protocol_);
  }

  // What must be seen before anything is concluded, and was not; "" when it was.
  std::string Missing() const {
    if (!IsRouted()) return "";
    std::string missing = view_.Flagged(protocol_).has_value() ? "" : "the topology";
    for (const auto& [name, site] : organization_.sites) {
      if (view_.Route(site, protocol_).has_value()) continue;
      missing += (missing.empty() ? "" : ", ") + ("the routes of " + name);
    }
    if (missing.empty()) return "";
    const Observation* seen = view_.observed().Find(kinds::Topology(organization_.name));
    const std::string why = seen == nullptr ? "" : seen->reason;
    return missing + (why.empty() ? "" : " (" + why + ")");
  }

  void LeaveUnread(const std::string& missing) {
    judgement_.undecided.push_back(UndecidedHosting(
        protocol_,
        RefusalBy("D3",
                  "cannot look at " + missing +
                      ": the topology holds the flags of both federations, and a site's routes of "
                      "both are one resource, so that neither can be moved",
                  "what cannot be seen is never taken for absent; mend the provider and plan again",
                  {},
                  {})));
  }

  // Sites that name different hosts (`allowDivergentRoutes`): each must be in service.
  void CheckDivergentHosts() {
    if (const std::string missing = Missing(); !missing.empty()) return LeaveUnread(missing);
    for (const auto& [name, pool] : organization_.edge_pools) {
      if (view_.hosting().IsDeclaredHost(protocol_, name) && !HostServes(pool)) return;
    }
  }

  bool HostServes(const EdgePool& host) {
    if (host.condition == Condition::kInService) return true;
    const std::vector<std::string> others = view_.LivingPools();
    const std::string member(Member(protocol_));
    std::string text = std::string(Title(protocol_)) + " is declared on " + host.name +
                       ", which is out of service (" + host.reason + ")";
    if (others.empty()) {
      Refusal refusal{
          "004 step 1",
          text + ", and there is no other Edge pool" +
              (organization_.edge_pools.size() > 1 ? " in service" : ""),
          "deploy another Edge pool at another site, declare it, then commit `hosts: {" + member +
              ": <that pool>}`" +
              (organization_.edge_pools.size() > 1
                   ? "; or repair one, and commit `condition: inService` to it"
                   : ""),
          "004 step 1",
          host.condition_origin,
          {LineDemand(host.name + " is out of service", host.condition_origin), Wanted(host)}};
      judgement_.refusals.push_back(std::move(refusal));
    } else {
      std::string hint = "commit `hosts: {" + member + ": " + others.front() + "}`";
      for (std::size_t i = 1; i < others.size(); ++i)
        hint += (i == 1 ? "; in its place could stand " : ", ") + others[i];
      Refuse("D3", text, std::move(hint), host.condition_origin, {Wanted(host)});
    }
    return false;
  }

  // The declared host is out of service: what is declared and seen of it, and who hosts instead.
  Move OfHostThatIsOut(Move move) const {
    move.kind = Move::Kind::kHostOut;
    move.evidence = Seen(*move.to);
    for (const std::string& fqdn : Designated()) {
      const std::string name = view_.PoolOf(fqdn);
      if (!name.empty() && (move.from == nullptr || name == move.to->name))
        move.from = &organization_.edge_pools.at(name);
    }
    if (move.from == move.to) {
      move.evidence += "; flag and routes still name it";
    } else if (move.from != nullptr) {
      move.evidence += "; who hosts now: " + Seen(*move.from);
    }
    return move;
  }

  // What is declared of a pool and seen of it from outside.
  std::string Seen(const EdgePool& pool) const {
    return pool.name +
           (pool.condition == Condition::kOutOfService
                ? " is declared out of service (" + pool.reason + ")"
                : std::string(" is in service")) +
           "; from outside: " + view_.Evidence(pool, protocol_);
  }

  bool IsRouted() const { return view_.hosting().IsRouted(protocol_); }

  // FQDNs that the topology and the sites' routes name as host.
  std::vector<std::string> Designated() const {
    std::vector<std::string> designated;
    if (!IsRouted()) return designated;
    if (protocol_ == Protocol::kSip) designated = *view_.Flagged(protocol_);
    for (const auto& [name, site] : organization_.sites) {
      if (!DeclaredHost(site, protocol_).empty())
        designated.push_back(*view_.Route(site, protocol_));
    }
    return designated;
  }

  // The pools that still are, or half are, what the declared host should be alone. Usually one; a
  // move that stopped half way, or a hand at night, may leave several.
  std::vector<const EdgePool*> FindFormerHosts(const EdgePool& host) {
    std::vector<const EdgePool*> former;
    for (const std::string& fqdn : Designated()) {
      if (fqdn.empty() || fqdn == host.fqdn || IsDirector(fqdn)) continue;
      const std::string name = view_.PoolOf(fqdn);
      if (name.empty()) {
        Refuse("I-4",
               fqdn + " hosts " + std::string(Title(protocol_)) + " but is no declared Edge pool",
               "declare it as an EdgePool, so that it can be moved away from safely",
               host.origin,
               {Wanted(host)});
        return {};
      }
      const EdgePool* pool = &organization_.edge_pools.at(name);
      if (std::find(former.begin(), former.end(), pool) == former.end()) former.push_back(pool);
    }
    const std::string& in_dns = view_.InDns(protocol_);
    if (former.empty() && !in_dns.empty() && in_dns != host.name)
      former.push_back(&organization_.edge_pools.at(in_dns));
    if (former.empty() && !IsRouted()) former = LeftBehind(view_, protocol_, host);
    for (const EdgePool* pool : former) {
      if (pool->in_topology() != host.in_topology()) RefuseOtherWorld(*pool, host);
    }
    return former;
  }

  void RefuseOtherWorld(const EdgePool& pool, const EdgePool& host) {
    Refuse("I-4",
           std::string(Title(protocol_)) + " would move from " + pool.name + " to " + host.name +
               ", and a topology stands behind only one of them",
           "users have to move with it, which no plan can do: set the records by hand, then commit",
           host.origin,
           {Wanted(host)});
  }

  // A live former host decides: then the order must be one that breaks nothing. Of several the
  // first gives the move its name, and all are left alike.
  void ClassifyBy(const std::vector<const EdgePool*>& former, Move& move) {
    std::vector<const EdgePool*> alive;
    for (const EdgePool* pool : former) {
      if (IsStray(*pool, *move.to)) continue;
      Move by = move;
      by.from = pool;
      Classify(by);
      if (by.is_planned()) alive.push_back(pool);
      if (move.from == nullptr || (by.is_planned() && !move.is_planned())) move = std::move(by);
    }
    std::erase(alive, move.from);
    for (const EdgePool* pool : alive)
      move.evidence += "; " + pool->name + " hosts it in part";
    move.also_from = std::move(alive);
  }

  // A designation that a hand left at a pool that serves nobody, while the declared host is the one
  // that records lead to and that answers: nothing is moved, the designation is set right.
  bool IsStray(const EdgePool& pool, const EdgePool& host) const {
    return pool.condition == Condition::kInService && view_.InDns(protocol_) == host.name &&
           view_.FromOutside(pool, protocol_) == View::Answer::kDead &&
           view_.FromOutside(host, protocol_) == View::Answer::kAnswers;
  }

  bool IsDirector(const std::string& fqdn) const {
    return std::any_of(organization_.directors.begin(),
                       organization_.directors.end(),
                       [&](const auto& director) { return director.second.fqdn == fqdn; });
  }

  void Classify(Move& move) {
    const EdgePool& from = *move.from;
    const bool declared_dead = from.condition == Condition::kOutOfService;
    const View::Answer answer = view_.FromOutside(from, protocol_);
    move.evidence = Seen(from);
    if (answer == View::Answer::kUnknown) {
      judgement_.undecided.push_back(UndecidedHosting(
          protocol_,
          RefusalBy(
              "D3",
              "cannot tell whether " + from.name + " is dead: " + view_.Evidence(from, protocol_),
              "let the vantages look again; a pool that management cannot reach is not dead",
              from.origin,
              {Wanted(*move.to)})));
    } else if (declared_dead && answer == View::Answer::kDead) {
      move.kind = Move::Kind::kFailover;
    } else if (declared_dead && AnswersInPart(from)) {
      RefuseHalfDead(from, *move.to);
    } else if (declared_dead) {
      move.kind = Move::Kind::kFailover;
      move.evidence += "; it is silenced before anything moves (D12)";
    } else if (!declared_dead && (answer == View::Answer::kAnswers || IsHalfMoved(move))) {
      move.kind = NeedsRestoring(*move.to) ? Move::Kind::kFailback : Move::Kind::kPlanned;
    } else if (!declared_dead) {
      Refuse("D3",
             from.name + " does not answer from outside (" + view_.Evidence(from, protocol_) +
                 ") but is not declared out of service",
             "if it is dead, commit to EdgePool/" + from.name +
                 " `spec: {condition: outOfService, reason: \"...\"}`; if not, bring it up first",
             from.origin,
             {Wanted(*move.to)});
    }
  }

  bool AnswersInPart(const EdgePool& pool) const {
    return std::any_of(pool.servers.begin(), pool.servers.end(), [&](const EdgeServer& server) {
      return !view_.IsReached(server, protocol_);
    });
  }

  // Dead is a pool of which no server answers (D3). What still answers is worth the order that
  // keeps it until the new host serves.
  void RefuseHalfDead(const EdgePool& pool, const EdgePool& host) {
    std::string answering;
    for (const EdgeServer& server : pool.servers) {
      if (view_.IsReached(server, protocol_))
        answering += (answering.empty() ? "" : ", ") + server.fqdn;
    }
    Refuse("D3",
           pool.name + " is declared out of service, but " + answering + " still answers " +
               std::string(Name(protocol_)) + ": it is not dead",
           "commit `condition: inService` to EdgePool/" + pool.name +
               " and it is left in a planned move, which keeps what answers until the new host "
               "serves; or "
               "shut " +
               answering + " down first",
           pool.condition_origin,
           {Wanted(host)});
  }

  // A move that stopped in the middle, or is taken back: the pool is silent but not dead.
  // Management sees that the protocol's role is stopped, or not installed, on every server, so it
  // serves nobody whatever still leads there, and refusing to go on would leave that at a closed
  // port.
  bool IsHalfMoved(Move& move) const {
    const std::string_view role = Role(protocol_);
    if (view_.IsSilent(*move.from)) return false;
    for (const EdgeServer* server : view_.Answering(*move.from)) {
      const Value* installed = view_.observed().Properties(kinds::EdgeComponents(server->fqdn));
      const bool has_it = installed == nullptr || installed->BooleanOr(Member(protocol_), true);
      if (has_it && view_.IsRunning(server->fqdn, role).value_or(true)) return false;
    }
    move.evidence += "; its " + std::string(role) +
                     " is stopped or not installed, so it serves nobody: a move that is half done";
    return true;
  }

  bool NeedsRestoring(const EdgePool& pool) const {
    if (!pool.in_topology()) return false;  // nothing on it could be older than the rest
    const std::vector<const EdgeServer*> servers = view_.Answering(pool);
    return std::any_of(servers.begin(), servers.end(), [&](const EdgeServer* server) {
      const bool up = view_.IsRunning(server->fqdn, "replica").value_or(false) &&
                      view_.IsRunning(server->fqdn, "accessEdge").value_or(false);
      return !up || !view_.IsCurrent(server->fqdn).value_or(false);
    });
  }

  const View& view_;
  const Organization& organization_;
  Protocol protocol_;
  Judgement& judgement_;
};

}  // namespace

Judgement Judge(const View& view) {
  Judgement judgement;
  for (const Protocol protocol : kProtocols) {
    judgement.moves.push_back(ProtocolJudge(view, protocol, judgement).Run());
  }
  return judgement;
}

std::vector<const EdgePool*> Move::Former() const {
  std::vector<const EdgePool*> former = also_from;
  if (from != nullptr) former.insert(former.begin(), from);
  return former;
}

bool Move::Leaves(const EdgePool& pool) const {
  return &pool == from || std::find(also_from.begin(), also_from.end(), &pool) != also_from.end();
}

bool ServesToTheEnd(const Move& move) {
  const std::vector<const EdgePool*> former = move.Former();
  return std::any_of(former.begin(), former.end(), [](const EdgePool* pool) {
    return !SwallowsWithoutRoute(*pool);
  });
}

Situation ToSituation(const Move& move) {
  Situation situation;
  situation.protocol = std::string(Name(move.protocol));
  switch (move.kind) {
    case Move::Kind::kUnknown:
      situation.name = "unknown";
      break;
    case Move::Kind::kHostOut:
      situation.name = "host out of service";
      break;
    case Move::Kind::kSteady:
      situation.name = "steady";
      break;
    case Move::Kind::kFailover:
      situation.name = "failover";
      break;
    case Move::Kind::kPlanned:
      situation.name = "planned move";
      break;
    case Move::Kind::kFailback:
      situation.name = "failback";
      break;
  }
  situation.from = move.from == nullptr ? "" : move.from->name;
  situation.to = move.to == nullptr ? "" : move.to->name;
  situation.evidence = move.evidence;
  return situation;
}

}  // namespace poolshift
