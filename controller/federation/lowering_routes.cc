// Site routes. The orders of a SIP move (domain.md d.3) are not scripted; each is a set of rules
// (lowering_sip_order.cc). `detach`: a route may only name a flagged pool (I-4), and one pool has
// the flag (I-1), so the planner finds "clear, swap, set" by itself. `swapThenRoute`: I-4 is not
// demanded of the former route. `makeBeforeBreak`: I-1 is waived for a while. `atomic`: all of it
// is one operator.
#include <algorithm>
#include <utility>

#include "controller/federation/hosting.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

// The page of a failback ends SIP, with the former host's flag, before XMPP begins.
bool EndsSipFirst(const Draft& draft) {
  return draft.Demands("000") && draft.move(Protocol::kXmpp).kind == Move::Kind::kFailback;
}

// A SIP route that works is protected; one that leads to an unflagged pool, or to a dead one in the
// order that makes use of that, has nothing to lose.
bool IsProtected(const Draft& draft, const std::string& fqdn) {
  const auto flagged = draft.view.Flagged(Protocol::kSip).value_or(std::vector<std::string>{});
  return draft.Demands("I-4") && std::count(flagged.begin(), flagged.end(), fqdn) > 0;
}

class RouteLowering {
 public:
  explicit RouteLowering(Draft& draft) : draft_(draft), view_(draft.view) {}

  void Run(const Site& site) {
    if (view_.observed().Properties(kinds::SiteRoute(site.name)) == nullptr) return;
    const RouteVariable sip = MakeRoute(site, Protocol::kSip);
    const RouteVariable xmpp = MakeRoute(site, Protocol::kXmpp);
    if (draft_.one_publish.has_value()) {
      PublishToo(site, sip, xmpp);
    } else {
      AddRouteOperators(site, sip, xmpp);
    }
    {
      const Attribution host(draft_, site.hosts.federation_origin);
      AddSipRules(sip);
    }
    const Attribution host(draft_, site.hosts.xmpp_origin);
    AddXmppRules(site, xmpp);
    KeepThePages(sip, xmpp);
  }

 private:
  const Move& Sip() const { return draft_.move(Protocol::kSip); }

  // A route as a variable: its values, from observed to declared. "" stands for unset.
  struct RouteVariable {
    std::optional<VariableIndex> variable;  // absent: it is as declared
    std::vector<std::string> values;        // FQDNs
  };

  RouteVariable MakeRoute(const Site& site, Protocol protocol) {
    RouteVariable route;
    const std::string observed = view_.Route(site, protocol).value_or("");
    const std::string& host = DeclaredHost(site, protocol);
    route.values = {observed};
    if (host.empty() || !view_.hosting().IsRouted(protocol)) return route;
    const std::string declared = draft_.organization.edge_pools.at(host).fqdn;
    if (observed == declared ||
        (protocol == Protocol::kSip && IsDirectorOf(draft_.organization, observed, host)))
      return route;
    if (draft_.move(protocol).to == nullptr && !CanRouteTo(site, host, protocol)) return route;
    // Only a protected SIP route must be cleared first; elsewhere the value would never be used.
    if (protocol == Protocol::kSip && !observed.empty() && draft_.sip_order == SipOrder::kDetach &&
        IsProtected(draft_, observed)) {
      route.values.emplace_back();
      WarnOfDetachment();
    }
    route.values.push_back(declared);
    std::vector<std::string> labels;
    for (const std::string& fqdn : route.values)
      labels.push_back(view_.Called(fqdn));
    const Attribution declares(
        draft_, protocol == Protocol::kSip ? site.hosts.federation_origin : site.hosts.xmpp_origin);
    route.variable =
        draft_.AddVariable("SiteRoute/" + site.name + '.' + std::string(Member(protocol)), labels);
    draft_.AfterCentralStore(*route.variable);
    draft_.central_store_done.push_back(draft_.Done(*route.variable));
    draft_.routed[protocol].push_back(draft_.Done(*route.variable));
    return route;
  }

  // Order (a) of domain.md d.3: outbound SIP federation rests from the first detached route until
  // the new routes are replicated. Said once.
  void WarnOfDetachment() {
    if (std::exchange(draft_.detaches, true)) return;
    draft_.warnings.Warning(
        {},
        "outbound SIP federation is cut from the first detached route until the new routes have "
        "replicated: a route may only name the pool that has the flag, and one pool has it (I-1, "
        "I-4)",
        "move inside a change window, let a person publish (`manual` for Topology and SiteRoute), "
        "or allow both flags for a while with `allowMultipleFederatedPools: true`");
  }

  // Where sites diverge nobody moves the one SIP flag, so a route can only follow it (I-4).
  bool CanRouteTo(const Site& site, const std::string& host, Protocol protocol) {
    const EdgePool& pool = draft_.organization.edge_pools.at(host);
    if (protocol == Protocol::kXmpp || view_.HasFlag(pool, protocol).value_or(false)) return true;
    draft_.Refuse(
        "I-4",
        "the SIP route of " + site.name + " is declared to lead to " + host +
            ", which does not have the flag, and sites diverge, so no pool is declared to "
            "get it",
        "declare one federation host for all sites, or route the site through a Director",
        site.hosts.federation_origin,
        {LineDemand("sites may have different hosts",
                    draft_.organization.policy.divergent_origin)});
    return false;
  }

  struct RouteStep {
    ValueIndex from = 0, to = 0;
  };

  // By hand: the site's properties are a part of the one publish.
  void PublishToo(const Site& site, const RouteVariable& sip, const RouteVariable& xmpp) {
    Operator& publish = *draft_.one_publish;
    JointChange change{kinds::SiteRoute(site.name), Value::Map{}, Value::Map{}};
    for (const auto& [route, protocol] :
         {std::pair(&sip, Protocol::kSip), std::pair(&xmpp, Protocol::kXmpp)}) {
      if (!route->variable.has_value()) continue;
      publish.effects.push_back({*route->variable, 0, draft_.Done(*route->variable).values[0]});
      change.before.Set(Member(protocol), route->values.front());
      change.after.Set(Member(protocol), route->values.back());
      const std::string source = RouteSource(protocol);
      auto& sources = publish.action.sources;
      if (std::find(sources.begin(), sources.end(), source) == sources.end())
        sources.push_back(source);
    }
    if (!change.after.map().empty()) publish.action.also.push_back(std::move(change));
  }

  // Every change of the SIP route: to each later value, so that the rules decide between the direct
  // way and the detour. "No change" stands first at each value.
  static std::vector<RouteStep> StepsOf(const RouteVariable& route) {
    std::vector<RouteStep> steps;
    const auto size = static_cast<ValueIndex>(route.values.size());
    for (ValueIndex from = 0; from < size; ++from) {
      for (ValueIndex to = from; to < size; ++to)
        steps.push_back({from, to});
    }
    return steps;
  }

  void AddRouteOperators(const Site& site, const RouteVariable& sip, const RouteVariable& xmpp) {
    for (const RouteStep sip_step : StepsOf(sip)) {
      for (const RouteStep xmpp_step : StepsOf(xmpp)) {
        const bool sip_changes = sip_step.from != sip_step.to;
        const bool xmpp_changes = xmpp_step.from != xmpp_step.to;
        if (sip_changes || xmpp_changes) AddRouteOperator(site, {sip, xmpp}, {sip_step, xmpp_step});
      }
    }
  }

  void AddRouteOperator(const Site& site,
                        const std::pair<const RouteVariable&, const RouteVariable&>& routes,
                        const std::pair<RouteStep, RouteStep>& steps) {
    Operator step;
    const auto value = [&](ValueIndex sip, ValueIndex xmpp) {
      return Value(Value::Map{{"federation", routes.first.values[static_cast<std::size_t>(sip)]},
                              {"xmpp", routes.second.values[static_cast<std::size_t>(xmpp)]}});
    };
    const Value before = value(steps.first.from, steps.second.from);
    const Value after = value(steps.first.to, steps.second.to);
    step.action = draft_.MakeAction(Verb::kUpdate, kinds::SiteRoute(site.name), before, after);
    if (steps.first.from != 0 || steps.second.from != 0)
      step.action.precondition_revision = RevisionOf(before);
    std::string what;
    const auto add = [&](const RouteVariable& route, RouteStep change, Protocol protocol) {
      if (!route.variable.has_value()) return;
      if (change.from == change.to) {
        step.preconditions.push_back(Draft::Is(*route.variable, change.from));
        return;
      }
      step.effects.push_back({*route.variable, change.from, change.to});
      what += (what.empty() ? "" : " and ") +
              std::string(protocol == Protocol::kSip ? "SIP" : "XMPP") + " " +
              view_.Called(route.values[static_cast<std::size_t>(change.from)]) + " -> " +
              view_.Called(route.values[static_cast<std::size_t>(change.to)]);
      step.action.sources.push_back(RouteSource(protocol));
    };
    add(routes.first, steps.first, Protocol::kSip);
    add(routes.second, steps.second, Protocol::kXmpp);
    step.action.title = "route " + site.name + ": " + what;
    step.action.duration = absl::Seconds(10);
    step.action.why = {Because("I-5"), Because("I-4")};
    const auto arrives = [](const RouteVariable& route, RouteStep change) {
      return change.from != change.to &&
             static_cast<std::size_t>(change.to) + 1 == route.values.size();
    };
    const bool closes = (arrives(routes.first, steps.first) && Closes(site, Protocol::kSip)) ||
                        (arrives(routes.second, steps.second) && Closes(site, Protocol::kXmpp));
    if (closes) {
      step.action.modes = {"closing"};
      step.action.why.push_back(Because("U8"));
    }
    draft_.central_store_writes.push_back(draft_.Add(std::move(step)));
  }

  bool Closes(const Site& site, Protocol protocol) const {
    return draft_.closing_sites[static_cast<std::size_t>(protocol)] == site.name;
  }

  std::string RouteSource(Protocol protocol) const {
    const bool failback = draft_.move(protocol).kind == Move::Kind::kFailback;
    if (protocol == Protocol::kXmpp) return failback ? "000 step 3a" : "004 step 3";
    return failback ? "000 step 2h" : "P1 step 6";
  }

  void AddSipRules(const RouteVariable& sip) {
    if (!sip.variable.has_value()) return;
    for (ValueIndex i = 0; i < static_cast<ValueIndex>(sip.values.size()); ++i) {
      const std::string& fqdn = sip.values[static_cast<std::size_t>(i)];
      const bool is_former = i == 0;
      if (fqdn.empty() || (is_former && !IsProtected(draft_, fqdn))) continue;
      if (const auto flag = draft_.HasSipFlag(fqdn))
        draft_.Imply("I-4", Draft::Is(*sip.variable, i), {*flag});
    }
    // A live former host keeps its routes until the services of the new one run.
    if (Sip().is_planned()) draft_.former_sip_routes.push_back(Draft::Is(*sip.variable, 0));
    if (Sip().is_planned()) {
      draft_.Imply("I-19", draft_.Not(Draft::Is(*sip.variable, 0)), draft_.sip_host_up);
    }
  }

  void AddXmppRules(const Site& site, const RouteVariable& xmpp) {
    if (!xmpp.variable.has_value()) return;
    const Literal routed = draft_.Done(*xmpp.variable);
    if (draft_.other_members.has_value())
      draft_.Imply("I-4", routed, {draft_.Done(*draft_.other_members)});
    // Where sites diverge nothing is probed for a route, so at least its pool's proxies must run.
    if (draft_.move(Protocol::kXmpp).to == nullptr) {
      const EdgePool& host = draft_.organization.edge_pools.at(site.hosts.xmpp);
      for (const EdgeServer& server : host.servers)
        draft_.Imply("I-19", routed, draft_.proxy_up[server.fqdn]);
    }
  }

  // What `procedure: documented` adds.
  void KeepThePages(const RouteVariable& sip, const RouteVariable& xmpp) {
    if (!xmpp.variable.has_value()) return;
    const Attribution pages(draft_, draft_.organization.policy.procedure_origin);
    const Literal routed = draft_.Done(*xmpp.variable);
    for (const VariableIndex proxy : draft_.restarted)
      draft_.Imply("004", routed, {Literal{proxy, {1, 2}}});
    for (const VariableIndex proxy : draft_.started_after_routes)
      draft_.Imply("004", draft_.Done(proxy), {routed});
    if (!EndsSipFirst(draft_)) return;
    if (draft_.flag_variable.has_value())
      draft_.Imply("000", routed, {draft_.Done(*draft_.flag_variable)});
    if (sip.variable.has_value()) draft_.Imply("000", routed, {draft_.Done(*sip.variable)});
  }

  Draft& draft_;
  const View& view_;
};

}  // namespace

namespace {

// Whether the site's route of the protocol is written, as far as it can be seen.
bool IsRouted(const Draft& draft, const Site& site, Protocol protocol) {
  const std::string& host = DeclaredHost(site, protocol);
  if (host.empty()) return false;
  const std::string& wanted = draft.organization.edge_pools.at(host).fqdn;
  const std::string route = draft.view.Route(site, protocol).value_or(wanted);
  return route != wanted && !IsDirectorOf(draft.organization, route, host);
}

// By protocol, the site whose route is written last, so that one Enable-CsTopology covers all (U8).
// Where there is one that changes both, it closes both: what waits for others on behalf of one
// protocol alone cannot change both at once. A route of SIP that is protected may have to change
// before those of XMPP, so that a site without one comes first.
ClosingSites LastSites(const Draft& draft) {
  ClosingSites last;
  std::string of_both;
  bool at_once = false;
  if (!draft.organization.policy.enable_after_routes) return last;
  for (const auto& [name, site] : draft.organization.sites) {
    std::size_t routes = 0;
    for (const Protocol protocol : kProtocols) {
      if (!IsRouted(draft, site, protocol)) continue;
      last[static_cast<std::size_t>(protocol)] = name;
      ++routes;
    }
    if (routes < last.size()) continue;
    const bool free = !IsProtected(draft, draft.view.Route(site, Protocol::kSip).value_or(""));
    if (free || !at_once) of_both = name;
    at_once = at_once || free;
  }
  if (!of_both.empty()) last.fill(of_both);
  return last;
}

// What every route waits for that leaves a living host: the services of the new one run.
Conditions SipHostUp(Draft& draft) {
  const Move& sip = draft.move(Protocol::kSip);
  if (!sip.is_planned()) return {};
  Conditions up = ServersUp(draft, *sip.to);
  const auto& sites = draft.organization.sites;
  const auto routes =
      static_cast<std::size_t>(std::count_if(sites.begin(), sites.end(), [&](const auto& site) {
        return draft.view.Route(site.second, Protocol::kSip).value_or("") != sip.to->fqdn;
      }));
  if (up.size() * routes <= 2 * (up.size() + routes)) return up;
  const Attribution host(draft, HostLine(draft.organization, Protocol::kSip));
  return draft.Join(draft.AddVariable("services of " + sip.to->name, {"starting", "running"}),
                    {std::string(kinds::kTopology), draft.organization.name + "/host"},
                    "the Edge services of " + sip.to->name + " run; routes follow",
                    std::move(up),
                    "I-19");
}

void ChooseClosingSites(Draft& draft) {
  if (draft.one_publish.has_value()) return;
  draft.closing_sites = draft.memory.LastSites([&] { return LastSites(draft); });
  // Both protocols at once: one site closes for both.
  auto& [sip, xmpp] = draft.closing_sites;
  if (!EndsSipFirst(draft)) sip = xmpp = std::max(sip, xmpp);
}

// All other routes are written before those of the closing site; where SIP ends before XMPP begins,
// those of SIP before its own. `routes`: all.
void CloseWith(Draft& draft, const Conditions& routes) {
  const Attribution hosts(draft, draft.MoveLine());
  const Attribution enables(draft, draft.organization.policy.enable_origin);
  for (const auto& [protocol, routed] : draft.routed) {
    const std::string& site = draft.closing_sites[static_cast<std::size_t>(protocol)];
    if (site.empty()) continue;
    const auto closes = [&draft, prefix = "SiteRoute/" + site + '.'](const Literal& route) {
      return draft.problem.variables[static_cast<std::size_t>(route.variable)].name.starts_with(
          prefix);
    };
    const bool sip_alone = protocol == Protocol::kSip && EndsSipFirst(draft);
    Conditions others = sip_alone ? routed : routes;
    std::erase_if(others, closes);
    for (const Literal& route : routed)
      if (closes(route)) draft.Imply("U8", route, others);
  }
}

}  // namespace

void LowerRoutes(Draft& draft) {
  ChooseClosingSites(draft);
  draft.sip_host_up = SipHostUp(draft);
  Conditions routes = draft.routed[Protocol::kSip];  // of Directors
  const auto before = static_cast<std::ptrdiff_t>(draft.central_store_done.size());
  draft.ForEach(LoweringPart::kRoutes, draft.organization.sites, [&](const Site& site) {
    RouteLowering(draft).Run(site);
  });
  routes.insert(
      routes.end(), draft.central_store_done.begin() + before, draft.central_store_done.end());
  CloseWith(draft, routes);
}

}  // namespace poolshift
