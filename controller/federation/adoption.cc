#include "controller/federation/adoption.h"

#include <algorithm>
#include <map>

#include "controller/federation/kinds.h"
#include "controller/federation/records.h"
#include "controller/federation/rule.h"
#include "controller/federation/standing.h"

namespace poolshift {
namespace {

using ServedBy = FrontEndPool::ServedBy;

// `routed`: flag and routes designate the host too (Hosting::IsRouted).
std::string Text(const ProtocolStanding& standing, bool routed) {
  const std::string designated =
      routed ? "flag " + standing.flag + "; routes " + standing.routes + "; " : "";
  return designated + "records " + standing.records + "; answers " + standing.answers;
}

// The pool that the world has made host: routes, records and, for SIP, the flag agree on it. ""
// when they do not.
std::string HostSeen(const ProtocolStanding& standing, Protocol protocol) {
  const bool agree = standing.routes == standing.records &&
                     (protocol == Protocol::kXmpp || standing.flag == standing.routes);
  return agree ? standing.routes : "";
}

// Records of a traffic manager are not observed: there routes and flag decide.
bool HasOwnRecords(const Organization& organization, Protocol protocol) {
  for (const auto& [name, domain] : organization.domains) {
    if (protocol == Protocol::kXmpp && domain.xmpp.has_value()) return true;
    if (protocol == Protocol::kSip && domain.sip.has_value() &&
        domain.sip->style != SipDnsStyle::kGtm)
      return true;
  }
  return false;
}

void Refuse(std::string text, std::string hint, Origin origin, Adoption& adoption) {
  adoption.refusals.push_back({"D13", std::move(text), std::move(hint), "D13", std::move(origin)});
}

void RefuseRecord(const View& view,
                  const RecordGoal& goal,
                  std::string text,
                  std::string hint,
                  Adoption& adoption) {
  Refuse(std::move(text),
         std::move(hint),
         view.organization().domains.at(goal.domain).origin,
         adoption);
  adoption.marks_refused = true;
}

const Origin& HostOrigin(const Site& site, Protocol protocol) {
  return protocol == Protocol::kSip ? site.hosts.federation_origin : site.hosts.xmpp_origin;
}

// Where nothing but the records designates, they say who hosts when all of them were seen and lead
// to one pool. Why they do not; "" when they do.
std::string WhyRecordsDoNotSay(const View& view, Protocol protocol) {
  const std::string unseen = UnseenInDns(view.organization(), view.observed(), protocol);
  if (!unseen.empty()) return unseen;
  std::string pools;
  const auto in_dns = PoolsInDns(view.organization(), view.observed(), protocol);
  for (const auto& [pool, number] : in_dns)
    pools += (pools.empty() ? "" : " and ") + pool;
  return in_dns.size() > 1 ? "records lead to " + pools : "";
}

void AdoptHost(const View& view, ProtocolStanding standing, Protocol protocol, Adoption& adoption) {
  const Organization& organization = view.organization();
  const std::string declared = DeclaredHost(organization, protocol);
  if (declared.empty()) return;  // not declared, or sites diverge: each line is a person's choice
  const bool routed = view.hosting().IsRouted(protocol);
  if (!HasOwnRecords(organization, protocol)) {
    if (!routed) return;  // nothing that can be looked at designates
    standing.records = standing.routes;
  }
  const std::string title(Title(protocol));
  const Origin& origin = HostOrigin(organization.sites.begin()->second, protocol);
  if (!routed) {
    const std::string why = WhyRecordsDoNotSay(view, protocol);
    if (!why.empty()) {
      return Refuse(
          "it cannot be told which pool hosts " + title + " (declared: " + declared + "): " + why,
          "mend what could not be looked at, finish the change by hand or with "
          "`poolshift plan`, or write `hosts: {" +
              std::string(Member(protocol)) + ": POOL}`",
          origin,
          adoption);
    }
    standing.flag = standing.routes = standing.records;
  }
  const std::string seen = HostSeen(standing, protocol);
  if (seen == declared) return;
  const auto host = organization.edge_pools.find(seen);
  if (host == organization.edge_pools.end()) {
    const bool untouched = standing.routes == declared && standing.records == declared;
    if (untouched) return;
    return Refuse(title + " is not on " + declared +
                      " as declared, but on no other pool as a whole: " + Text(standing, routed),
                  "look at `poolshift drift`; finish the change by hand or with `poolshift plan`",
                  origin,
                  adoption);
  }
  if (view.FromOutside(host->second, protocol) != View::Answer::kAnswers) {
    return Refuse(title + " leads to " + seen + ", which does not answer from outside: " +
                      view.Evidence(host->second, protocol),
                  "bring it up first, or go back with `poolshift plan`",
                  origin,
                  adoption);
  }
  std::set<Origin> places;
  for (const auto& [name, site] : organization.sites)
    places.insert(HostOrigin(site, protocol));
  for (const Origin& place : places) {
    adoption.lines.push_back({place,
                              "hosts: {" + std::string(Member(protocol)) + ": " + seen + "}",
                              declared,
                              Text(standing, routed)});
  }
}

void AdoptFrontEnd(const View& view, const FrontEndPool& pool, Adoption& adoption) {
  const Value* association = view.observed().Properties(kinds::EdgeAssociation(pool.fqdn));
  if (association != nullptr && !pool.conferencing.empty()) {
    const std::string seen = view.PoolOf(association->StringOr("edgePool", ""));
    if (!association->BooleanOr("consistent", true)) {
      Refuse("the services of " + pool.name + " use different Edge pools for conferencing",
             "finish the change by hand or with `poolshift plan`",
             pool.conferencing_origin,
             adoption);
    } else if (!seen.empty() && seen != pool.conferencing) {
      adoption.lines.push_back({pool.conferencing_origin,
                                "conferencing: " + seen,
                                pool.conferencing,
                                pool.name + " uses " + seen + " for conferencing"});
    }
  }
  const Value* failover = view.observed().Properties(kinds::PoolFailover(pool.fqdn));
  if (failover == nullptr || pool.served_by == ServedBy::kAsObserved) return;
  const std::string declared = pool.served_by == ServedBy::kHome ? "home" : "backup";
  const std::string seen(failover->StringOr("servedBy", declared));
  if (seen == declared) return;
  adoption.lines.push_back({pool.origin,
                            "servedBy: " + seen,
                            declared,
                            "the users of " + pool.name + " are served by " +
                                (seen == "home" ? "their own pool" : "the backup pool")});
}

bool IsUnknown(const Observation& seen, std::string_view property) {
  return std::find(seen.unknown.begin(), seen.unknown.end(), property) != seen.unknown.end();
}

// Whose it is, of a record set that exists.
void AdoptRecord(const View& view,
                 const Assignment& assignment,
                 const RecordGoal& goal,
                 const Observation& seen,
                 Adoption& adoption) {
  const std::string writer = assignment.WriterOf(goal.id);
  const Value* owner = seen.properties.Find("owner");
  if (assignment.IsHuman(writer)) {
    adoption.markless.push_back({goal.id, "`" + writer + "` is a person"});
  } else if (IsUnknown(seen, "owner")) {
    RefuseRecord(view,
                 goal,
                 "could not see whose mark is on " + goal.id.name,
                 "mend the provider that serves its zone, then run this again",
                 adoption);
  } else if (owner == nullptr || !owner->is_string()) {
    adoption.markless.push_back({goal.id, "`" + writer + "` keeps no marks in its zone"});
  } else if (owner->string().empty()) {
    adoption.unmarked.push_back(goal.id);
  } else if (owner->string() != view.organization().name) {
    RefuseRecord(view,
                 goal,
                 goal.id.name + " bears the mark of organisation `" + owner->string() + "`",
                 "it is never taken over; when that organisation is gone, delete its mark by hand "
                 "(docs/dns-provider.md)",
                 adoption);
  }
}

void AdoptRecords(const View& view, const Assignment& assignment, Adoption& adoption) {
  for (const RecordGoal& goal : RecordGoals(view.organization(), view.observed())) {
    const Observation* seen = view.observed().Find(goal.id);
    if (goal.is_asserted) continue;  // of remote access: never changed, so never ours (D6)
    if (seen != nullptr && seen->presence == Presence::kAbsent) continue;
    if (seen != nullptr && seen->presence == Presence::kPresent) {
      AdoptRecord(view, assignment, goal, *seen, adoption);
      continue;
    }
    RefuseRecord(view,
                 goal,
                 "could not look at " + goal.id.name +
                     (seen == nullptr || seen->reason.empty() ? "" : " (" + seen->reason + ")"),
                 "mend the provider that serves its zone, then run this again",
                 adoption);
  }
}

// The zone that the record set is in, for its lock.
std::string ZoneOf(const View& view, const ResourceId& id) {
  for (const RecordGoal& goal : RecordGoals(view.organization(), view.observed()))
    if (goal.id == id) return view.organization().domains.at(goal.domain).zone;
  return "";
}

Action Mark(const View& view, const Assignment& assignment, const ResourceId& id) {
  const Observation& seen = *view.observed().Find(id);
  const std::size_t slash = id.name.rfind('/');
  Action action;
  action.target = id;
  action.title = "mark " + id.name.substr(slash + 1) + ' ' + id.name.substr(0, slash) + " as " +
                 view.organization().name + "'s";
  action.provider = assignment.WriterOf(id);
  action.before = WritablePart(*kinds::FindKindSchema(kinds::kDnsRecordSet), seen.properties);
  action.after = action.before;
  action.before.Set("owner", "");
  action.after.Set("owner", view.organization().name);
  action.precondition_revision = seen.revision;
  action.why = {Because("D17")};
  action.locks = {"zone:" + ZoneOf(view, id)};
  action.duration = absl::Seconds(2);
  action.id = MakeActionId(action.verb, action.target, action.before, action.after);
  return action;
}

}  // namespace

Adoption FindAdoption(const View& view, const Assignment& assignment) {
  Adoption adoption;
  const Standing standing = StandingOf(view);
  AdoptHost(view, standing.sip, Protocol::kSip, adoption);
  AdoptHost(view, standing.xmpp, Protocol::kXmpp, adoption);
  for (const auto& [name, pool] : view.organization().front_end_pools)
    AdoptFrontEnd(view, pool, adoption);
  AdoptRecords(view, assignment, adoption);
  return adoption;
}

Plan MarkingPlan(const View& view, const Assignment& assignment, const Adoption& adoption) {
  Plan plan;
  plan.organization = view.organization().name;
  if (adoption.marks_refused) return plan;
  std::map<std::string, absl::Duration> under_lock;
  Certificate& certificate = plan.certificate;
  for (const ResourceId& id : adoption.unmarked) {
    plan.actions.push_back(Mark(view, assignment, id));
    plan.basis.emplace_back(ObservationKey{id, ""}, plan.actions.back().precondition_revision);
    absl::Duration& sum = under_lock[plan.actions.back().locks.front()];
    sum += plan.actions.back().duration;
    certificate.critical_path = plan.actions.back().duration;
    certificate.makespan_bound = std::max(certificate.makespan_bound, sum);
  }
  std::sort(plan.basis.begin(), plan.basis.end());
  // Every record set without a mark takes one action, and no two share one.
  certificate.actions = certificate.lower_bound = static_cast<int>(plan.actions.size());
  certificate.method = "bound";
  certificate.makespan = certificate.makespan_bound;
  return plan;
}

}  // namespace poolshift
