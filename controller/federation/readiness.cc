#include "controller/federation/readiness.h"

#include <algorithm>

#include "controller/federation/access_policy.h"
#include "controller/federation/allow_lists.h"
#include "controller/federation/readiness_parts.h"
#include "controller/federation/records.h"

namespace poolshift {
namespace {

class Inspection {
 public:
  Inspection(const Organization& supposed,
             const ObservedState& observed,
             const Supposition& supposition,
             absl::Time now)
      : supposed_(supposed), supposition_(supposition), view_(supposed, observed), now_(now) {
    for (const Protocol protocol : kProtocols)
      host_died_[Place(protocol)] = FindHost(protocol);
  }

  std::vector<Shortfall> Run() {
    if (supposed_.has_central_store()) InspectCentralStore();
    for (const std::string& dead : supposition_.front_end_pools)
      InspectFrontEnd(supposed_.front_end_pools.at(dead));
    for (const Protocol protocol : kProtocols) {
      for (const EdgePool* host : NewHosts(protocol))
        InspectSuccessor({view_, supposition_, *host, protocol, now_}, found_);
    }
    InspectRecords();
    InspectConferencing();
    InspectPolicy();
    InspectPartners();
    return found_.Take();
  }

 private:
  // The hosts that the death makes necessary: those of sites whose host died.
  std::vector<const EdgePool*> NewHosts(Protocol protocol) const {
    if (!HostDied(protocol)) return {};
    std::vector<const EdgePool*> hosts;
    for (const auto& [name, pool] : supposed_.edge_pools) {
      if (view_.hosting().IsDeclaredHost(protocol, name) && !supposition_.edge_pools.contains(name))
        hosts.push_back(&pool);
    }
    return hosts;
  }

  static std::size_t Place(Protocol protocol) { return static_cast<std::size_t>(protocol); }
  bool HostDied(Protocol protocol) const { return host_died_[Place(protocol)]; }

  // A dead pool is where the protocol is now, by its route, its flag or its records.
  bool FindHost(Protocol protocol) const {
    const auto died = [&](const std::string& fqdn) {
      return supposition_.edge_pools.contains(view_.PoolOf(fqdn));
    };
    if (supposition_.edge_pools.contains(PoolInDns(supposed_, view_.observed(), protocol)))
      return true;
    if (protocol == Protocol::kSip) {
      const auto flagged = view_.Flagged(protocol).value_or(std::vector<std::string>{});
      if (std::any_of(flagged.begin(), flagged.end(), died)) return true;
    }
    return std::any_of(supposed_.sites.begin(), supposed_.sites.end(), [&](const auto& site) {
      return died(view_.Route(site.second, protocol).value_or(""));
    });
  }

  void InspectRecords() {
    for (const RecordGoal& goal : RecordGoals(supposed_, view_.observed())) {
      if (goal.desired.is_null() || !HostDied(goal.protocol)) continue;
      const std::string why = Blind(view_, goal.id);
      if (!why.empty()) {
        found_.CannotLook(goal.id.name, why);
        continue;
      }
      const Domain& domain = supposed_.domains.at(goal.domain);
      const Value* seen = view_.observed().Properties(goal.id);
      if (seen == nullptr) {
        found_.Lacks("records",
                     goal.id.name +
                         " does not exist yet: resolvers may remember for a while that there "
                         "is none",
                     "create it by day with a planned move, or by hand",
                     goal.protocol == Protocol::kSip ? "I-8" : "I-9",
                     domain.origin);
        continue;
      }
      const std::string alias(seen->StringOr("alias", ""));
      if (!alias.empty()) {
        found_.Lacks("records",
                     goal.id.name + " is an alias (CNAME) of " + alias,
                     "give the name addresses of its own: partners need not follow an alias",
                     "I-11",
                     domain.origin);
        continue;
      }
      const std::int64_t ttl = seen->IntegerOr("ttl", 0);
      const std::int64_t declared = goal.desired.IntegerOr("ttl", ttl);
      if (ttl <= declared || goal.is_asserted) continue;
      found_.Lacks("TTL",
                   goal.id.name + " has a TTL of " + std::to_string(ttl) + " s, declared are " +
                       std::to_string(declared) + " s",
                   "lower it by day: resolvers keep the dead address that long",
                   "D18",
                   domain.origin);
    }
  }

  void InspectConferencing() {
    for (const auto& [name, pool] : supposed_.front_end_pools) {
      const Value* association = view_.observed().Properties(kinds::EdgeAssociation(pool.fqdn));
      const std::string edge =
          association == nullptr ? "" : view_.PoolOf(association->StringOr("edgePool", ""));
      if (!pool.conferencing.empty() || !supposition_.edge_pools.contains(edge) ||
          supposition_.front_end_pools.contains(name))
        continue;
      const std::string& stand_in = supposed_.edge_pools.at(edge).stand_in;
      const bool lives = !stand_in.empty() && !supposition_.edge_pools.contains(stand_in);
      found_.Lacks("stand-in",
                   "conferencing of " + name + " with people outside stays on " + edge +
                       (lives ? ": it is not declared" : ", which has no stand-in that lives"),
                   lives ? "declare `conferencing: local` for FrontEndPool/" + name
                         : "give EdgePool/" + edge + " a `standIn:`",
                   "I-6",
                   supposed_.edge_pools.at(edge).origin);
    }
  }

  void InspectCentralStore() {
    const Value* store = view_.observed().Properties(kinds::CentralStore(supposed_.name));
    const std::string why = Blind(view_, kinds::CentralStore(supposed_.name));
    if (!why.empty()) return found_.CannotLook("the central store", why);
    for (const std::string& dead : supposition_.front_end_pools) {
      if (store == nullptr ||
          store->StringOr("activeMaster", "") != supposed_.front_end_pools.at(dead).fqdn)
        continue;
      found_.Lacks("central store",
                   "the central store is on " + dead +
                       " and dies with it: nothing can be published "
                       "until it is failed over",
                   "move it to a site that hosts nothing else, or practise "
                   "Invoke-CsManagementServerFailover",
                   "I-17",
                   supposed_.front_end_pools.at(dead).origin);
    }
  }

  void InspectFrontEnd(const FrontEndPool& pool) {
    if (pool.backup_pool.empty()) {
      return found_.Lacks("no backup pool",
                          pool.name + " has no backup pool: its users are without service",
                          "pair it, then declare `backupPool`",
                          "P3",
                          pool.origin);
    }
    if (!supposition_.front_end_pools.contains(pool.backup_pool)) return;
    found_.Lacks("no backup pool",
                 pool.backup_pool + ", the backup of " + pool.name + ", dies with it",
                 "pair " + pool.name + " with a pool at another site",
                 "P3",
                 pool.origin);
  }

  // Whoever hosts next: what policy forbids today it forbids then (I-20).
  void InspectPolicy() {
    if (!HostDied(Protocol::kSip) && !HostDied(Protocol::kXmpp)) return;
    for (const PolicyFault& fault : PolicyFaults(view_))
      found_.Lacks("policy", fault.text(), fault.commands.front(), "I-20", fault.origin);
  }

  void InspectPartners() {
    for (const auto& [name, partner] : supposed_.partners) {
      const bool moves =
          (partner.sip && HostDied(Protocol::kSip)) || (partner.xmpp && HostDied(Protocol::kXmpp));
      if (partner.discovery == Partner::Discovery::kDns || !moves) continue;
      std::string text = partner.domain + " will not follow DNS";
      if (!partner.pinned_name.empty()) text += " (it pinned " + partner.pinned_name + ")";
      found_.Add({true,
                  "partners",
                  text,
                  partner.contact.empty() ? "declare its contact" : "call " + partner.contact,
                  "D19",
                  partner.origin});
    }
    for (const AllowListGap& gap : AllowListGaps(view_)) {
      if (!HostDied(gap.protocol)) continue;
      const Partner& partner = *gap.partner;
      found_.Lacks("allow list",
                   ToText(gap),
                   "ask " + (partner.contact.empty() ? "them" : partner.contact) +
                       " by day, then add it to `acceptsNames` of Partner/" + partner.domain,
                   "D19.1",
                   partner.accepts_origin);
    }
  }

  const Organization& supposed_;
  const Supposition& supposition_;
  const View view_;
  const absl::Time now_;
  bool host_died_[2] = {};  // by protocol: asked for every record and partner
  ShortfallList found_;
};

}  // namespace

std::string Blind(const View& view, const ResourceId& id, std::string_view vantage) {
  const Observation* seen = view.observed().Find(id, vantage);
  if (seen == nullptr) return "nobody looked";
  if (seen->presence != Presence::kUnreachable) return "";
  return seen->reason.empty() ? "no reason given" : seen->reason;
}

void ShortfallList::Add(Shortfall shortfall) {
  if (std::find(found_.begin(), found_.end(), shortfall) == found_.end())
    found_.push_back(std::move(shortfall));
}

void ShortfallList::Lacks(std::string_view topic,
                          std::string text,
                          std::string hint,
                          std::string_view rule,
                          Origin origin) {
  Add({false,
       std::string(topic),
       std::move(text),
       std::move(hint),
       std::string(rule),
       std::move(origin)});
}

void ShortfallList::CannotLook(const std::string& at, const std::string& why) {
  Lacks("cannot look",
        "cannot look at " + at + ": " + why,
        "mend the provider that serves it; what cannot be seen is not known to be ready",
        "D3");
}

std::vector<Shortfall> FindShortfalls(const Organization& supposed,
                                      const ObservedState& observed,
                                      const Supposition& supposition,
                                      absl::Time now) {
  return Inspection(supposed, observed, supposition, now).Run();
}

}  // namespace poolshift
