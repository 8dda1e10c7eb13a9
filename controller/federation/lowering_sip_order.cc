// In which order the two pool flags and the sites' routes change when SIP federation moves
// (domain.md d.3, D10). An order is a set of rules, not a script: what LowerTopology and
// LowerRoutes demand follows from it, and the planner finds the steps. Here it is only chosen, and
// the choice explained.
#include <algorithm>
#include <array>

#include "controller/federation/hosting.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// As tried by `auto`, best first.
constexpr std::array kOrders = {
    SipOrder::kAtomic, SipOrder::kMakeBeforeBreak, SipOrder::kSwapThenRoute, SipOrder::kDetach};

class OrderChooser {
 public:
  explicit OrderChooser(Draft& draft)
      : draft_(draft), policy_(draft.organization.policy), sip_(draft.move(Protocol::kSip)) {}

  void Run() {
    draft_.sip_order = sip_.is_planned() ? SipOrder::kDetach : SipOrder::kSwapThenRoute;
    const bool may_be_atomic =
        policy_.sip_order == SipOrder::kAuto || policy_.sip_order == SipOrder::kAtomic;
    machine_ = WrittenByMachine();
    if (machine_.empty() && may_be_atomic) draft_.one_publish.emplace();
    if (!HasToChoose()) return;
    const bool declared = policy_.sip_order != SipOrder::kAuto;
    draft_.sip_order = declared ? policy_.sip_order : Best();
    const std::string forbidden = Forbidden(draft_.sip_order);
    if (!forbidden.empty()) {
      draft_.Refuse(
          "D10",
          "`sipOrder: " + std::string(Name(draft_.sip_order)) + "` does not fit: " + forbidden,
          Remedy(draft_.sip_order),
          policy_.sip_order_origin,
          Against(draft_.sip_order));
      return;
    }
    Explain(declared);
  }

 private:
  // Flags move, and at least one site's own route with them.
  bool HasToChoose() const {
    const auto flagged = draft_.view.Flagged(Protocol::kSip);
    if (!sip_.is_move() || !flagged.has_value() ||
        *flagged == std::vector<std::string>{sip_.to->fqdn})
      return false;
    const auto& sites = draft_.organization.sites;
    return std::any_of(sites.begin(), sites.end(), [&](const auto& site) {
      const std::string route =
          draft_.view.Route(site.second, Protocol::kSip).value_or(sip_.to->fqdn);
      return !route.empty() && route != sip_.to->fqdn &&
             !IsDirectorOf(draft_.organization, route, sip_.to->name);
    });
  }

  // The Provider that stands in the way of a person.
  Origin WriterLine() const {
    std::vector<ResourceId> designations{kinds::Topology(draft_.organization.name)};
    for (const auto& [name, site] : draft_.organization.sites)
      designations.push_back(kinds::SiteRoute(name));
    for (const ResourceId& id : designations) {
      const std::string writer = draft_.assignment.WriterOf(id);
      const auto provider = draft_.organization.providers.find(writer);
      if (draft_.assignment.IsHuman(writer)) continue;
      if (provider != draft_.organization.providers.end()) return provider->second.origin;
    }
    return draft_.organization.origin;
  }

  // The first designation that no person writes, for people; "" when a person writes all.
  std::string WrittenByMachine() const {
    const auto machine = [&](const ResourceId& id) {
      const std::string writer = draft_.assignment.WriterOf(id);
      if (draft_.assignment.IsHuman(writer)) return std::string();
      return ToString(id) + " is changed by " + (writer.empty() ? "nobody" : writer) +
             ", not by a person";
    };
    std::string first = machine(kinds::Topology(draft_.organization.name));
    for (const auto& [name, site] : draft_.organization.sites) {
      if (first.empty()) first = machine(kinds::SiteRoute(name));
    }
    return first;
  }

  SipOrder Best() const {
    return *std::find_if(
        kOrders.begin(), kOrders.end(), [&](SipOrder order) { return Forbidden(order).empty(); });
  }

  // Why the situation does not allow it; "" when it does.
  std::string Forbidden(SipOrder order) const {
    const std::string from = sip_.from == nullptr ? "the former pool" : sip_.from->name;
    switch (order) {
      case SipOrder::kAtomic:
        return machine_;
      case SipOrder::kMakeBeforeBreak:
        if (!sip_.is_planned()) return from + " is dead: a second flag would lead nowhere";
        if (!policy_.allow_multiple_federated_pools)
          return "two pools would carry the flag for a while, which is not allowed (I-1)";
        return "";
      case SipOrder::kSwapThenRoute:
        if (sip_.is_planned())
          return from + " is alive: its sites would be routed to a pool without the flag (I-4)";
        return "";
      default:
        return "";
    }
  }

  // What it cannot be together with.
  std::vector<Demand> Against(SipOrder order) const {
    const Organization& organization = draft_.organization;
    const EdgePool& from = *sip_.from;
    switch (order) {
      case SipOrder::kAtomic:
        return {LineDemand(machine_, WriterLine())};
      case SipOrder::kMakeBeforeBreak:
        if (!sip_.is_planned())
          return {LineDemand(from.name + " is out of service", from.condition_origin)};
        return {RuleDemand("I-1",
                           policy_.two_flags_origin.line > 0
                               ? policy_.two_flags_origin
                               : HostLine(organization, Protocol::kSip))};
      default:
        return {LineDemand(from.name + " is in service", from.condition_origin),
                RuleDemand("I-4", HostLine(organization, Protocol::kSip))};
    }
  }

  static std::string Remedy(SipOrder order) {
    if (order == SipOrder::kAtomic)
      return "let a Provider of type `manual` serve [Topology, SiteRoute], or commit `sipOrder: "
             "auto`";
    if (order == SipOrder::kMakeBeforeBreak)
      return "commit `sipOrder: auto`; for a planned move `allowMultipleFederatedPools: true` "
             "permits it";
    return "commit `sipOrder: auto`";
  }

  std::string WhyChosen(SipOrder order) const {
    switch (order) {
      case SipOrder::kAtomic:
        return "a person publishes: flags and routes change in one document, without a state in "
               "between";
      case SipOrder::kMakeBeforeBreak:
        return "both pools may carry the flag for a while, so that every route always leads to a "
               "flagged pool";
      case SipOrder::kSwapThenRoute:
        return sip_.from->name +
               " is dead: nothing is lost while routes still name it without its flag";
      default:
        return "one pool at a time carries the flag, and a route may only name that one: routes "
               "are cleared first";
    }
  }

  // What speaks against an order that is possible.
  std::string Drawback(SipOrder order) const {
    switch (order) {
      case SipOrder::kAtomic:
        return "it waits for a person, about " + absl::FormatDuration(policy_.human_time);
      case SipOrder::kMakeBeforeBreak:
        return "it publishes twice, and remote partners use only one of two flagged pools";
      case SipOrder::kSwapThenRoute:
        return "routes name a pool without the flag for a while";
      default:
        return sip_.is_planned()
                   ? "outbound SIP federation rests until the new routes have replicated"
                   : "it clears every route first, one action more per site, and gains nothing: "
                     "the pool is dead";
    }
  }

  void Explain(bool declared) {
    Choice choice;
    choice.subject = "order of the SIP move";
    choice.chosen = std::string(Name(draft_.sip_order));
    choice.why = (declared ? "declared by `sipOrder`; " : "") + WhyChosen(draft_.sip_order);
    for (const SipOrder order : kOrders) {
      if (order == draft_.sip_order) continue;
      const std::string forbidden = Forbidden(order);
      choice.alternatives.push_back(
          {std::string(Name(order)), forbidden.empty() ? Drawback(order) : forbidden});
    }
    draft_.choices.push_back(std::move(choice));
  }

  Draft& draft_;
  const Policy& policy_;
  const Move& sip_;
  std::string machine_;
};

}  // namespace

void LowerSipOrder(Draft& draft) { OrderChooser(draft).Run(); }

}  // namespace poolshift
