#include "controller/federation/lowering_memory.h"

#include <algorithm>
#include <tuple>

namespace poolshift {
namespace {

// Whether others may go on as before when `is` stands for `was`. What is left out of a comparison
// is read by nobody but the entity's own part of the lowering. Each binding names every member, so
// that a new one cannot be forgotten.

bool SaysTheSame(const Hosts& was, const Hosts& is) {
  const auto& [federation, xmpp, federation_origin, xmpp_origin] = was;
  return federation == is.federation && xmpp == is.xmpp;
}

bool SaysTheSame(const Site& was, const Site& is) {
  const auto& [name, hosts, origin] = was;
  return name == is.name && SaysTheSame(hosts, is.hosts);
}

bool SaysTheSame(const std::vector<EdgeServer>& was, const std::vector<EdgeServer>& is) {
  return std::equal(was.begin(), was.end(), is.begin(), is.end(), [](const auto& a, const auto& b) {
    const auto& [fqdn, addresses] = a;
    return fqdn == b.fqdn && addresses == b.addresses;
  });
}

// But for the next hop.
bool SaysTheSame(const EdgePool& was, const EdgePool& is) {
  const auto& [name,
               site,
               products,
               fqdn,
               access,
               web,
               av,
               servers,
               next_hop,
               condition,
               reason,
               stand_in,
               origin,
               condition_origin,
               product_origin,
               next_hop_origin] = was;
  return std::tie(name, site, products, fqdn, access, web, av, condition, reason, stand_in) ==
             std::tie(is.name,
                      is.site,
                      is.products,
                      is.fqdn,
                      is.access_edge_fqdn,
                      is.web_conferencing_fqdn,
                      is.av_fqdn,
                      is.condition,
                      is.reason,
                      is.stand_in) &&
         SaysTheSame(servers, is.servers);
}

// But for the Edge pool of its conferencing.
bool SaysTheSame(const FrontEndPool& was, const FrontEndPool& is) {
  const auto& [name,
               site,
               fqdn,
               servers,
               conferencing,
               is_temporary,
               served_by,
               backup_pool,
               condition,
               reason,
               origin,
               condition_origin,
               backup_origin,
               conferencing_origin,
               served_by_origin] = was;
  return std::tie(name, site, fqdn, servers, served_by, backup_pool, condition, reason) ==
         std::tie(is.name,
                  is.site,
                  is.fqdn,
                  is.servers,
                  is.served_by,
                  is.backup_pool,
                  is.condition,
                  is.reason);
}

// But for the time to live.
bool SaysTheSame(const std::optional<SipDomain>& was, const std::optional<SipDomain>& is) {
  if (!was.has_value() || !is.has_value()) return was.has_value() == is.has_value();
  const auto& [style, gtm_name, ttl] = *was;
  return style == is->style && gtm_name == is->gtm_name;
}

bool SaysTheSame(const std::optional<XmppDomain>& was, const std::optional<XmppDomain>& is) {
  if (!was.has_value() || !is.has_value()) return was.has_value() == is.has_value();
  const auto& [style, host, order, ttl] = *was;
  return std::tie(style, host, order) == std::tie(is->style, is->host, is->order);
}

// But for times to live.
bool SaysTheSame(const Domain& was, const Domain& is) {
  const auto& [name, zone, sip, xmpp, remote_access_order, origin, sip_origin, xmpp_origin] = was;
  return std::tie(name, zone, remote_access_order) ==
             std::tie(is.name, is.zone, is.remote_access_order) &&
         SaysTheSame(sip, is.sip) && SaysTheSame(xmpp, is.xmpp);
}

// Follows one entity; false when others may go by what it says now.
template <typename Entity>
bool Follow(const std::map<std::string, Entity>& now,
            std::map<std::string, Entity>& before,
            const std::string& name,
            std::vector<std::string>& log) {
  const auto is = now.find(name);
  const auto was = before.find(name);
  if (is == now.end() || was == before.end() || !SaysTheSame(was->second, is->second)) return false;
  log.push_back(name);
  return true;
}

absl::Duration TtlOf(const Domain& domain, Protocol protocol) {
  return protocol == Protocol::kSip ? domain.sip->ttl : domain.xmpp->ttl;
}

}  // namespace

void LoweringMemory::Forget() {
  organization_ = nullptr;
  view_.reset();
  judgement_ = {};
  goals_.reset();
  led_anew_.reset();
  pools_of_interest_.reset();
  last_sites_.reset();
  is_overridden.reset();
  designations.reset();
  restless_.fill({});
  for (Names* log : {&sites_, &edge_pools_, &front_end_pools_, &domains_})
    log->clear();
}

void LoweringMemory::ReadAnew(std::string_view kind, const std::string& name) {
  if (organization_ == nullptr) return;
  // They name lines.
  if (!judgement_.refusals.empty() || !judgement_.undecided.empty()) return Forget();
  const Organization& now = *organization_;
  bool may_stay = true;
  if (kind == "Site") {
    may_stay = Follow(now.sites, before_.sites, name, sites_);
  } else if (kind == "EdgePool") {
    may_stay = Follow(now.edge_pools, before_.edge_pools, name, edge_pools_);
  } else if (kind == "FrontEndPool") {
    may_stay = Follow(now.front_end_pools, before_.front_end_pools, name, front_end_pools_);
  } else if (kind == "Domain") {
    may_stay = Follow(now.domains, before_.domains, name, domains_);
  } else {
    may_stay = false;
  }
  if (!may_stay) return Forget();
  if (kind != "Domain" || !goals_.has_value()) return;
  const Domain& domain = now.domains.at(name);
  for (const RecordGoal* goal : GoalsOf({name})) {
    RecordGoal& mine = (*goals_)[static_cast<std::size_t>(goal - goals_->data())];
    if (!mine.desired.is_null())
      mine.desired.Set("ttl", absl::ToInt64Seconds(TtlOf(domain, mine.protocol)));
  }
}

void LoweringMemory::Begin(const Organization& organization,
                           const ObservedState& observed,
                           bool stays) {
  Forget();
  organization_ = &organization;
  if (stays) before_ = organization;
  view_ = std::make_unique<View>(organization, observed);
  judgement_ = Judge(*view_);
}

const std::vector<RecordGoal>& LoweringMemory::goals() {
  if (goals_.has_value()) return *goals_;
  goals_ = RecordGoals(*organization_, view_->observed());
  std::erase_if(*goals_, [this](const RecordGoal& goal) {
    return omission_.LeavesRecords(goal.protocol, goal.domain);
  });
  return *goals_;
}

const std::vector<LoweringMemory::LedAnew>& LoweringMemory::led_anew() {
  if (led_anew_.has_value()) return *led_anew_;
  led_anew_.emplace();
  for (const RecordGoal& goal : goals()) {
    if (goal.protocol != Protocol::kXmpp) continue;
    for (const std::string& pool : goal.leads_to) {
      if (!LeadsAnew(goal, *organization_, view_->observed(), pool)) continue;
      auto at = std::find_if(led_anew_->begin(), led_anew_->end(), [&](const LedAnew& known) {
        return known.pool == pool;
      });
      if (at == led_anew_->end()) at = led_anew_->insert(at, {pool, {}});
      at->domains.insert(goal.domain);
    }
  }
  return *led_anew_;
}

const std::set<std::string>& LoweringMemory::pools_of_interest() {
  if (!pools_of_interest_.has_value()) pools_of_interest_ = view_->PoolsOfInterest();
  return *pools_of_interest_;
}

std::set<std::string> LoweringMemory::Take(Restless& restless, const Names& log) {
  std::set<std::string> names = std::move(restless.names);
  names.insert(log.begin() + static_cast<std::ptrdiff_t>(restless.seen), log.end());
  restless.names.clear();
  return names;
}

// Goals stand in the order of their domains.
std::vector<const RecordGoal*> LoweringMemory::GoalsOf(const std::set<std::string>& domains) {
  std::vector<const RecordGoal*> found;
  for (const std::string& name : domains) {
    const auto first = std::lower_bound(
        goals().begin(),
        goals().end(),
        name,
        [](const RecordGoal& goal, const std::string& domain) { return goal.domain < domain; });
    for (auto at = first; at != goals().end() && at->domain == name; ++at)
      found.push_back(&*at);
  }
  return found;
}

std::vector<const RecordGoal*> LoweringMemory::RestlessGoals() {
  const Restless& restless = restless_[static_cast<std::size_t>(LoweringPart::kRecords)];
  if (restless.is_known) {
    std::set<std::string> names = restless.names;
    names.insert(domains_.begin() + static_cast<std::ptrdiff_t>(restless.seen), domains_.end());
    return GoalsOf(names);
  }
  std::vector<const RecordGoal*> all;
  for (const RecordGoal& goal : goals())
    all.push_back(&goal);
  return all;
}

std::vector<const RecordGoal*> LoweringMemory::GoalsToLookAt(Restless& restless) {
  std::vector<const RecordGoal*> found = RestlessGoals();
  restless.is_known = true;
  restless.names.clear();
  restless.seen = domains_.size();
  return found;
}

}  // namespace poolshift
