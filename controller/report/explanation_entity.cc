// What is declared and observed of the things that people speak of: pools, sites, domains.
#include <algorithm>
#include <map>
#include <set>

#include "controller/federation/records.h"
#include "controller/federation/roles.h"
#include "controller/federation/rule.h"
#include "controller/federation/view.h"
#include "controller/report/change.h"
#include "controller/report/explanation.h"
#include "controller/report/explanation_lead.h"
#include "controller/report/page.h"

namespace poolshift {
namespace {

class Entity {
 public:
  Entity(const Explained& from, const Style& style)
      : from_(from), view_(from.organization, from.observed), page_(style) {}

  void Tell(const EdgePool& pool) {
    Title("EdgePool/" + pool.name, pool.origin);
    const bool out = pool.condition == EdgePool::Condition::kOutOfService;
    if (out) why_nothing_ = "it is declared out of service, so it is left alone (D3)";
    Declared(out ? "out of service: " + pool.reason : "in service, at " + pool.site);
    for (const Protocol protocol : kProtocols) {
      if (!view_.hosting().IsDeclaredHost(protocol, pool.name)) continue;
      Declared("hosts " + std::string(poolshift::Title(protocol)));
      if (!out) why_nothing_ = "it hosts what it is declared to host";
    }
    if (why_nothing_.empty())
      why_nothing_ =
          "nothing leads to it that must be led elsewhere, and it is declared to host nothing; a "
          "host is declared, never chosen (ask --why-not 'host " +
          pool.name + "')";
    for (const Protocol protocol : kProtocols)
      Observed(pool, protocol);
    names_ = {pool.fqdn, pool.name};
    for (const std::string& external :
         {pool.access_edge_fqdn, pool.web_conferencing_fqdn, pool.av_fqdn})
      if (!external.empty()) names_.insert(external);
    for (const EdgeServer& server : pool.servers) {
      Services(pool, server);
      names_.insert(server.fqdn);
      names_.insert(server.addresses.begin(), server.addresses.end());
    }
  }

  void Tell(const Site& site) {
    Title("Site/" + site.name, site.origin);
    for (const Protocol protocol : kProtocols) {
      const std::string& host = DeclaredHost(site, protocol);
      if (!host.empty()) Declared(std::string(Name(protocol)) + " hosted by " + host);
      const std::optional<std::string> route = view_.Route(site, protocol);
      if (!view_.hosting().IsRouted(protocol)) continue;
      Add("observed",
          std::string(Name(protocol)) +
              " route: " + (route.has_value() ? view_.Called(*route) : "could not look"));
    }
    names_ = {site.name};
  }

  void Tell(const FrontEndPool& pool) {
    Title("FrontEndPool/" + pool.name, pool.origin);
    if (!pool.conferencing.empty()) Declared("conferencing over " + pool.conferencing);
    for (const ResourceId& id :
         {kinds::EdgeAssociation(pool.fqdn), kinds::PoolFailover(pool.fqdn)}) {
      const Value* seen = from_.observed.Properties(id);
      if (seen != nullptr) Add("observed", ToString(id) + ": " + DisplayText(*seen));
    }
    names_ = {pool.fqdn, pool.name};
    names_.insert(pool.servers.begin(), pool.servers.end());
  }

  void Tell(const Domain& domain) {
    Title("Domain/" + domain.name, domain.origin);
    for (const auto& [key, seen] : from_.observed.observations) {
      const std::string owner = key.id.name.substr(0, key.id.name.find('/'));
      const bool inside = owner == domain.name || owner.ends_with('.' + domain.name);
      if (key.id.kind != kinds::kDnsRecordSet || !inside) continue;
      if (seen.presence == Presence::kAbsent) continue;
      names_.insert(owner);
      Add("observed",
          ToString(key.id) + ": " +
              (seen.presence == Presence::kPresent ? DisplayText(seen.properties)
                                                   : "could not look: " + seen.reason));
    }
  }

  // The actions that concern one of the names.
  std::string End() {
    const auto numbers = Numbers(from_.plan);
    bool acts = false;
    for (const Action& action : from_.plan.actions) {
      const std::string named = Concerned(action);
      if (named.empty()) continue;
      acts = true;
      Add(action.verb == Verb::kGate ? "waited on" : "planned",
          '#' + std::to_string(numbers.at(action.id)) + ' ' + action.title +
              WhyHere(action, named));
    }
    if (!from_.plan.refusals.empty())
      Add("refused", from_.plan.refusals.front().text);
    else if (!acts)
      Add("planned", "nothing: " + WhyNothing());
    return page_.text();
  }

 private:
  std::string WhyNothing() const {
    if (!from_.plan.left_out.empty()) {
      const LeftOut& left = from_.plan.left_out.front();
      return "it may be that " + left.part + " is left out: " + left.because.text;
    }
    return why_nothing_.empty() ? "it is as declared" : why_nothing_;
  }

  void Title(const std::string& name, const Origin& origin) {
    page_.Add("", name, Ink::kBold, Ink::kBold);
    const std::string place = ToString(origin);
    if (!place.empty()) Add("declared", "at " + place);
  }
  void Declared(const std::string& text) { Add("declared", text); }
  void Add(std::string_view label, const std::string& text) {
    page_.Add(ExplanationLead(label), text);
  }

  void Observed(const EdgePool& pool, Protocol protocol) {
    if (!HasRole(pool, Role(protocol))) return;
    std::string text = std::string(Name(protocol)) + ": ";
    if (pool.in_topology()) text += Designation(pool, protocol) + ", ";
    const std::string in_dns = PoolInDns(from_.organization, from_.observed, protocol);
    text += in_dns == pool.name ? "records lead here" : "records do not lead here";
    Add("observed", text);
    const std::string evidence = view_.Evidence(pool, protocol);
    if (!evidence.empty()) Add("", "from outside: " + evidence);
  }

  // What the topology and the sites' routes say.
  std::string Designation(const EdgePool& pool, Protocol protocol) const {
    const std::optional<bool> flag = view_.HasFlag(pool, protocol);
    std::size_t routed = 0;
    for (const auto& [name, site] : from_.organization.sites) {
      if (view_.Route(site, protocol).value_or("") == pool.fqdn) ++routed;
    }
    return "flag " +
           std::string(flag.has_value() ? (*flag ? "on" : "off") : "could not be looked at") +
           ", routed by " + Count(routed, "site");
  }

  void Services(const EdgePool& pool, const EdgeServer& server) {
    std::map<std::string, std::string> roles_by_state;
    for (const std::string_view role : RolesOf(pool)) {
      const Value* seen = from_.observed.Properties(kinds::EdgeService(server.fqdn, role));
      std::string& roles =
          roles_by_state[seen == nullptr ? "could not look"
                                         : std::string(seen->StringOr("state", "?"))];
      roles += (roles.empty() ? "" : ", ") + std::string(role);
    }
    std::string text = server.fqdn + ':';
    for (const auto& [state, roles] : roles_by_state)
      text += ' ' + state + " (" + roles + ')';
    const std::optional<bool> current = view_.IsCurrent(server.fqdn);
    if (!pool.in_topology()) return Add("observed", text);
    text += current.has_value() ? (*current ? ", replica current" : ", replica behind")
                                : ", replica could not be looked at";
    Add("observed", text);
  }

  // The name by which it concerns the entity: of its target, in its title, in what it changes from
  // or to, or, of a gate, in what it waits for; "" when it does not.
  std::string Concerned(const Action& action) const {
    std::vector<std::string> texts = {
        action.title, action.target.name, DisplayText(action.before), DisplayText(action.after)};
    for (const JointChange& change : action.also) {
      texts.push_back(change.target.name);
      texts.push_back(DisplayText(change.before));
      texts.push_back(DisplayText(change.after));
    }
    if (action.gate.has_value()) {
      for (const Expectation& expectation : action.gate->expectations) {
        texts.push_back(expectation.subject.id.name);
        texts.push_back(DisplayText(expectation.value));
      }
    }
    for (const std::string& text : texts) {
      std::string name = NameIn(text);
      if (!name.empty()) return name;
    }
    return "";
  }

  // By which name it concerns the entity, where the title does not tell, with rules and sources.
  std::string WhyHere(const Action& action, const std::string& named) const {
    std::string text;
    if (NameIn(action.title).empty())
      text += (action.gate.has_value() ? "; looks at " : "; concerns ") + named;
    std::string cited;
    for (const Reason& reason : action.why)
      cited += (cited.empty() ? "" : ", ") + reason.rule;
    for (const std::string& source : action.sources)
      cited += (cited.empty() ? "" : ", ") + source;
    return cited.empty() ? text : text + " (" + cited + ')';
  }

  // The one of the names that the text has as a word; "" when it has none.
  std::string NameIn(std::string_view text) const {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t begin = text.find_first_of(kLetters, at);
      if (begin == std::string_view::npos) return "";
      at = std::min(text.find_first_not_of(kLetters, begin), text.size());
      std::string_view word = text.substr(begin, at - begin);
      while (word.ends_with('.'))
        word.remove_suffix(1);
      if (names_.contains(word)) return std::string(word);
    }
    return "";
  }

  const Explained& from_;
  const View view_;
  Page page_;
  std::string why_nothing_;  // when no action concerns it
  std::set<std::string, std::less<>> names_;
};

// "EdgePool/edgepool2", "edgepool2" or the FQDN.
bool IsCalled(const std::string& asked,
              std::string_view kind,
              const std::string& name,
              const std::string& fqdn) {
  return asked == name || asked == fqdn || asked == std::string(kind) + '/' + name;
}

}  // namespace

std::optional<std::string> ExplainEntity(const Explained& from,
                                         const std::string& name,
                                         const Style& style) {
  Entity entity(from, style);
  for (const auto& [key, pool] : from.organization.edge_pools) {
    if (!IsCalled(name, "EdgePool", key, pool.fqdn)) continue;
    entity.Tell(pool);
    return entity.End();
  }
  for (const auto& [key, site] : from.organization.sites) {
    if (!IsCalled(name, "Site", key, key)) continue;
    entity.Tell(site);
    return entity.End();
  }
  for (const auto& [key, pool] : from.organization.front_end_pools) {
    if (!IsCalled(name, "FrontEndPool", key, pool.fqdn)) continue;
    entity.Tell(pool);
    return entity.End();
  }
  for (const auto& [key, domain] : from.organization.domains) {
    if (!IsCalled(name, "Domain", key, key)) continue;
    entity.Tell(domain);
    return entity.End();
  }
  return std::nullopt;
}

std::vector<std::string> Explainable(const Explained& from) {
  std::vector<std::string> names;
  for (const auto& [name, pool] : from.organization.edge_pools)
    names.push_back(name);
  for (const auto& [name, site] : from.organization.sites)
    names.push_back(name);
  for (const auto& [name, pool] : from.organization.front_end_pools)
    names.push_back(name);
  for (const auto& [name, domain] : from.organization.domains)
    names.push_back(name);
  for (const Rule& rule : Rules())
    names.emplace_back(rule.id);
  for (const Action& action : from.plan.actions)
    names.push_back(action.id);
  std::set<std::string> resources;
  for (const auto& [key, seen] : from.observed.observations)
    resources.insert(ToString(key.id));
  names.insert(names.end(), resources.begin(), resources.end());
  return names;
}

}  // namespace poolshift
