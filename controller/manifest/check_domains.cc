#include <algorithm>
#include <map>
#include <set>

#include "controller/federation/records.h"
#include "controller/manifest/checks.h"
#include "controller/manifest/scalar.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

void CheckTtl(const Document& document,
              std::string_view path,
              absl::Duration ttl,
              Diagnostics& diagnostics) {
  constexpr absl::Duration kSlow = absl::Hours(1);
  if (ttl <= kSlow) return;
  diagnostics.Warning(document.OriginAt(path),
                      "a time to live above one hour makes every failover wait that long",
                      "use `5m`, or lower it well before a planned move");
}

class DomainCheck {
 public:
  DomainCheck(const CheckInput& input, Diagnostics& diagnostics)
      : organization_(input.organization), directory_(input.directory), diagnostics_(diagnostics) {
    for (const auto& [name, site] : organization_.sites) {
      if (!site.hosts.federation.empty()) federation_hosts_.insert(site.hosts.federation);
      if (!site.hosts.xmpp.empty()) xmpp_hosts_.insert(site.hosts.xmpp);
    }
    for (const auto& [name, pool] : organization_.edge_pools) {
      for (const std::string& external :
           {pool.access_edge_fqdn, pool.web_conferencing_fqdn, pool.av_fqdn}) {
        external_names_.emplace(external, name);
      }
    }
  }

  void Check(const Domain& domain) {
    domain_ = &domain;
    document_ = directory_.FindNamed(kDomain, domain.name);
    CheckZone();
    CheckTimesToLive(domain, *document_, diagnostics_);
    if (!domain.sip && !domain.xmpp) {
      diagnostics_.Warning(domain.origin,
                           "domain `" + domain.name + "` declares neither `sip` nor `xmpp`",
                           "nothing of it is managed; `sip: {}` takes every default");
    }
    CheckPoolNames();
    if (domain.sip) CheckSip(*domain.sip);
    if (!domain.xmpp) return;
    CheckXmpp(*domain.xmpp);
    if (domain.xmpp->style == XmppDnsStyle::kFloatingA) CheckFloatingName(*domain.xmpp);
    if (domain.xmpp->style == XmppDnsStyle::kStaticSrv) CheckStaticOrder(*domain.xmpp);
  }

 private:
  Origin At(std::string_view path) const { return document_->OriginAt(path); }
  bool Has(std::string_view path) const { return static_cast<bool>(document_->At(path)); }

  void CheckZone() {
    if (IsWithin(domain_->name, domain_->zone)) return;
    diagnostics_.Error(At("zone"),
                       "domain `" + domain_->name + "` is not in the zone `" + domain_->zone + '`',
                       "name the domain or one above it");
  }

  // Whether a host of the protocol is declared at all, if only one that does not exist.
  bool SaysHost(std::string_view key) const {
    const std::string path = "hosts." + std::string(key);
    for (const std::string_view kind : {kOrganization, kSite}) {
      for (const Document* document : directory_.OfKind(kind)) {
        if (document->At(path)) return true;
      }
    }
    return directory_.OfKind(kOrganization).empty();
  }

  // One protocol without a host is an organisation's choice; none at all is probably an oversight.
  void CheckHosted(const std::set<std::string>& hosts, std::string_view key) {
    if (!hosts.empty() || SaysHost(key)) return;
    const std::string name(key == "xmpp" ? "xmpp" : "sip");
    const bool chosen = !federation_hosts_.empty() || !xmpp_hosts_.empty();
    diagnostics_.Add({chosen ? Diagnostic::Severity::kNote : Diagnostic::Severity::kWarning,
                      At(name),
                      "domain `" + domain_->name + "` uses " + name + ", but no pool hosts it",
                      "set `hosts." + std::string(key) + "` in the Organization"});
  }

  void CheckSip(const SipDomain& sip) {
    CheckHosted(federation_hosts_, "federation");
    if (sip.style == SipDnsStyle::kGtm) {
      if (!Has("sip.gtm")) {
        diagnostics_.Error(At("sip.dns"), "`dns: gtm` needs `gtm`", "name the traffic manager");
      }
      return;
    }
    if (Has("sip.gtm")) {
      diagnostics_.Error(
          At("sip.gtm"), "`gtm` is used with `dns: gtm` only", "remove it, or set `dns: gtm`");
    }
    for (const std::string& host : federation_hosts_)
      CheckTarget(host, "sip", "sip");
  }

  // A pool's Access Edge name as SRV target of this domain (D6, I-11). In another domain than its
  // own the pool is reached under the same host label there; a name that lies in no declared domain
  // is a mistake.
  void CheckTarget(const std::string& pool_name, std::string_view protocol, std::string_view path) {
    const auto pool = organization_.edge_pools.find(pool_name);
    if (pool == organization_.edge_pools.end() || pool->second.access_edge_fqdn.empty()) return;
    const std::string& name = pool->second.access_edge_fqdn;
    if (IsWithin(name, domain_->name)) return;
    const std::string target = "the SRV target `" + name + "` of Edge pool `" + pool_name + '`';
    if (!LiesInSipDomain(name)) {
      const Document* edge = directory_.FindNamed(kEdgePool, pool_name);
      diagnostics_.Error(At(path),
                         target + " is outside the domain `" + domain_->name + '`',
                         "partners refuse it for " + std::string(protocol) +
                             "; the name is declared at " +
                             ToString(edge->OriginAt("accessEdge.fqdn")));
      return;
    }
    const std::string used = name.substr(0, name.find('.')) + '.' + domain_->name;
    diagnostics_.Note(At(path),
                      target + " lies in another domain; in `" + domain_->name +
                          "` the pool is reached as `" + used + '`',
                      "that name needs the pool's addresses, and a place in its certificate");
  }

  // In a domain that is not theirs two pools may come out under one name: a record could lead to
  // one of them only (I-3, I-12).
  void CheckPoolNames() {
    const bool sip = domain_->sip && domain_->sip->style == SipDnsStyle::kSrvTarget;
    const bool xmpp = domain_->xmpp && domain_->xmpp->style == XmppDnsStyle::kStaticSrv;
    if (!sip && !xmpp) return;
    std::map<std::string, const EdgePool*> first_with;
    for (const auto& [name, pool] : organization_.edge_pools) {
      if (pool.access_edge_fqdn.empty()) continue;
      const std::string used = PoolNameIn(pool, domain_->name);
      const auto [first, added] = first_with.emplace(used, &pool);
      if (added || first->second->access_edge_fqdn == pool.access_edge_fqdn) continue;
      diagnostics_.Error(
          domain_->origin,
          "in `" + domain_->name + "` the Edge pools `" + first->second->name + "` and `" + name +
              "` would both be reached as `" + used + '`',
          "give one of them an Access Edge name with another first label; theirs are `" +
              first->second->access_edge_fqdn + "` and `" + pool.access_edge_fqdn + '`');
    }
  }

  bool LiesInSipDomain(const std::string& name) const {
    return std::any_of(
        organization_.domains.begin(), organization_.domains.end(), [&](const auto& each) {
          return each.second.sip.has_value() && IsWithin(name, each.first);
        });
  }

  void CheckXmpp(const XmppDomain& xmpp) {
    CheckHosted(xmpp_hosts_, "xmpp");
    const bool floating = xmpp.style == XmppDnsStyle::kFloatingA;
    if (!floating && Has("xmpp.host")) {
      diagnostics_.Error(At("xmpp.host"), "`host` is used with `dns: floatingA` only", "remove it");
    }
    if (floating && Has("xmpp.order")) {
      diagnostics_.Error(
          At("xmpp.order"), "`order` is used with `dns: staticSrv` only", "remove it");
    }
  }

  void CheckFloatingName(const XmppDomain& xmpp) {
    if (xmpp.host == domain_->name || !IsWithin(xmpp.host, domain_->name)) {
      diagnostics_.Error(
          At("xmpp.host"),
          "the SRV target `" + xmpp.host + "` is not below the domain `" + domain_->name + '`',
          "name one such as `xmpp." + domain_->name + '`');
    }
    const auto external = external_names_.find(xmpp.host);
    if (external != external_names_.end()) {
      diagnostics_.Error(
          At("xmpp.host"),
          "`" + xmpp.host + "` is an external name of Edge pool `" + external->second + '`',
          "its addresses must not move: name one for XMPP alone");
    }
    const auto [first, added] = floating_names_.emplace(xmpp.host, domain_->name);
    if (!added) {
      diagnostics_.Error(
          At("xmpp.host"),
          "`" + xmpp.host + "` is also the floating name of domain `" + first->second + '`',
          "give each domain its own");
    }
  }

  void CheckStaticOrder(const XmppDomain& xmpp) {
    std::set<std::string> pools(xmpp.order.begin(), xmpp.order.end());
    if (pools.size() != xmpp.order.size()) {
      diagnostics_.Error(At("xmpp.order"), "a pool stands twice in `order`", "remove one");
    }
    pools.insert(xmpp_hosts_.begin(), xmpp_hosts_.end());
    for (const std::string& pool : pools)
      CheckTarget(pool, "xmpp", "xmpp");
  }

  const Organization& organization_;
  const Directory& directory_;
  Diagnostics& diagnostics_;
  std::set<std::string> federation_hosts_, xmpp_hosts_;
  std::map<std::string, std::string> external_names_;  // name -> Edge pool
  std::map<std::string, std::string> floating_names_;  // name -> domain
  const Domain* domain_ = nullptr;
  const Document* document_ = nullptr;
};

}  // namespace

void CheckTimesToLive(const Domain& domain, const Document& document, Diagnostics& diagnostics) {
  if (domain.sip) CheckTtl(document, "sip.ttl", domain.sip->ttl, diagnostics);
  if (domain.xmpp) CheckTtl(document, "xmpp.ttl", domain.xmpp->ttl, diagnostics);
}

void CheckDomains(const CheckInput& input, Diagnostics& diagnostics) {
  DomainCheck check(input, diagnostics);
  for (const auto& [name, domain] : input.organization.domains)
    check.Check(domain);
}

}  // namespace poolshift::manifest
