#include "controller/federation/adoption.h"

#include "controller/federation/records.h"
#include "controller/federation/rule.h"
#include "controller/federation/standing.h"

namespace poolshift {
namespace {

using ServedBy = FrontEndPool::ServedBy;

std::string Text(const ProtocolStanding& standing) {
  return "flag " + standing.flag + "; routes " + standing.routes + "; records " + standing.records +
         "; answers " + standing.answers;
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

const Origin& HostOrigin(const Site& site, Protocol protocol) {
  return protocol == Protocol::kSip ? site.hosts.federation_origin : site.hosts.xmpp_origin;
}

void AdoptHost(const View& view, ProtocolStanding standing, Protocol protocol, Adoption& adoption) {
  const Organization& organization = view.organization();
  const std::string declared = DeclaredHost(organization, protocol);
  if (declared.empty()) return;  // not declared, or sites diverge: each line is a person's choice
  if (!HasOwnRecords(organization, protocol)) standing.records = standing.routes;
  const std::string seen = HostSeen(standing, protocol);
  if (seen == declared) return;
  const auto host = organization.edge_pools.find(seen);
  const Origin& origin = HostOrigin(organization.sites.begin()->second, protocol);
  const std::string title(Title(protocol));
  if (host == organization.edge_pools.end()) {
    const bool untouched = standing.routes == declared && standing.records == declared;
    if (untouched) return;
    return Refuse(title + " is not on " + declared +
                      " as declared, but on no other pool as a whole: " + Text(standing),
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
                              Text(standing)});
  }
}

void AdoptFrontEnd(const View& view, const FrontEndPool& pool, Adoption& adoption) {
  const Value* association = view.observed().Properties(kinds::EdgeAssociation(pool.fqdn));
  if (association != nullptr && !pool.conferencing.empty()) {
    const std::string seen = view.PoolOf(association->StringOr("edgePool", ""));
    if (!seen.empty() && seen != pool.conferencing) {
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

void AdoptRecords(const View& view, Adoption& adoption) {
  for (const RecordGoal& goal : RecordGoals(view.organization(), view.observed())) {
    const Value* seen = view.observed().Properties(goal.id);
    if (seen == nullptr) continue;
    const std::string owner(seen->StringOr("owner", ""));
    if (owner.empty()) {
      adoption.unmarked.push_back(goal.id);
    } else if (owner != view.organization().name) {
      Refuse(goal.id.name + " bears the mark of organisation `" + owner + "`",
             "it is never taken over; when that organisation is gone, delete its mark by hand "
             "(docs/dns-provider.md)",
             view.organization().domains.at(goal.domain).origin,
             adoption);
    }
  }
}

}  // namespace

Adoption FindAdoption(const View& view) {
  Adoption adoption;
  const Standing standing = StandingOf(view);
  AdoptHost(view, standing.sip, Protocol::kSip, adoption);
  AdoptHost(view, standing.xmpp, Protocol::kXmpp, adoption);
  for (const auto& [name, pool] : view.organization().front_end_pools)
    AdoptFrontEnd(view, pool, adoption);
  AdoptRecords(view, adoption);
  return adoption;
}

}  // namespace poolshift
