// An organisation as a value with every field but origins, so that two can be compared and shown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/value.h"

namespace poolshift {

inline Value Describe(const std::vector<std::string>& texts) {
  return Value::List(texts.begin(), texts.end());
}

inline Value Describe(const std::vector<Product>& products) {
  Value::List names;
  for (const Product product : products)
    names.push_back(Name(product));
  return names;
}

Value Describe(const Site& site);
Value Describe(const EdgePool& pool);
Value Describe(const FrontEndPool& pool);
Value Describe(const Director& director);
Value Describe(const Domain& domain);
Value Describe(const Partner& partner);
Value Describe(const ProviderDeclaration& provider);
Value Describe(const Notification& notification);

template <typename Entity>
Value Describe(const std::map<std::string, Entity>& entities) {
  Value::Map map;
  for (const auto& [name, entity] : entities)
    map[name] = Describe(entity);
  return map;
}

inline Value Describe(const Site& site) {
  return Value::List{site.name, site.hosts.federation, site.hosts.xmpp};
}

inline Value Describe(const EdgePool& pool) {
  Value::List servers;
  for (const EdgeServer& server : pool.servers) {
    servers.push_back(Value::List{server.fqdn, Describe(server.addresses)});
  }
  return Value::List{pool.name,
                     pool.site,
                     Describe(pool.products),
                     pool.fqdn,
                     pool.access_edge_fqdn,
                     pool.web_conferencing_fqdn,
                     pool.av_fqdn,
                     servers,
                     pool.next_hop,
                     static_cast<int>(pool.condition),
                     pool.reason,
                     pool.stand_in};
}

inline Value Describe(const FrontEndPool& pool) {
  return Value::List{pool.name,
                     pool.site,
                     pool.fqdn,
                     Describe(pool.servers),
                     pool.conferencing,
                     pool.conferencing_is_temporary,
                     static_cast<int>(pool.served_by),
                     pool.backup_pool};
}

inline Value Describe(const Director& director) {
  return Value::List{
      director.name, director.site, director.fqdn, Describe(director.servers), director.edge_pool};
}

inline Value Describe(const Domain& domain) {
  Value::List all{domain.name, domain.zone, Describe(domain.remote_access_order)};
  if (domain.sip) {
    all.push_back(Value::List{"sip",
                              static_cast<int>(domain.sip->style),
                              domain.sip->gtm_name,
                              absl::ToInt64Seconds(domain.sip->ttl)});
  }
  if (domain.xmpp) {
    all.push_back(Value::List{"xmpp",
                              static_cast<int>(domain.xmpp->style),
                              domain.xmpp->host,
                              Describe(domain.xmpp->order),
                              absl::ToInt64Seconds(domain.xmpp->ttl)});
  }
  return all;
}

inline Value Describe(const Partner& partner) {
  return Value::List{partner.domain,
                     partner.sip,
                     partner.xmpp,
                     static_cast<int>(partner.discovery),
                     partner.pinned_name,
                     Describe(partner.accepts_names),
                     partner.contact};
}

inline Value Describe(const ProviderDeclaration& provider) {
  Value::List serves;
  for (const Responsibility& part : provider.serves) {
    serves.push_back(Value::List{
        Describe(part.kinds), Describe(part.sites), Describe(part.zones), Describe(part.vantages)});
  }
  Value::Map secrets;
  for (const auto& [name, reference] : provider.secrets)
    secrets[name] = reference.Reference();
  return Value::List{provider.name,
                     provider.type,
                     serves,
                     provider.configuration,
                     secrets,
                     provider.observe_with,
                     provider.max_concurrent};
}

inline Value Describe(const Notification& notification) {
  return Value::List{notification.name,
                     static_cast<int>(notification.way),
                     notification.url,
                     notification.from,
                     Describe(notification.to),
                     notification.user,
                     Describe(notification.command),
                     std::string(Name(notification.forge)),
                     notification.context,
                     notification.secret.has_value() ? notification.secret->Reference() : "",
                     Describe(notification.events),
                     notification.subject,
                     notification.text};
}

inline Value Describe(const Automation& automation) {
  Value::List rules, freezes;
  for (const Automation::Rule& rule : automation.rules) {
    rules.push_back(
        Value::List{Describe(rule.sites), Describe(rule.kinds), static_cast<int>(rule.mode)});
  }
  for (const Automation::Freeze& freeze : automation.freezes) {
    freezes.push_back(Value::List{
        absl::FormatCivilTime(freeze.from), absl::FormatCivilTime(freeze.to), freeze.reason});
  }
  return Value::List{static_cast<int>(automation.mode),
                     absl::ToInt64Seconds(automation.interval),
                     absl::ToInt64Seconds(automation.drill),
                     automation.approvals,
                     absl::ToInt64Seconds(automation.approval_for),
                     automation.max_actions,
                     automation.max_pools,
                     rules,
                     Describe(automation.heal),
                     automation.time_zone,
                     freezes};
}

inline Value Describe(const Policy& policy) {
  Value::List windows;
  for (const Window& window : policy.windows) {
    Value::List days;
    for (const absl::Weekday day : window.days)
      days.push_back(static_cast<int>(day));
    windows.push_back(Value::List{days, window.from_minute, window.to_minute});
  }
  Value::List signers;
  for (const CommitSigner& signer : policy.commits.signers) {
    signers.push_back(Value::List{signer.name,
                                  signer.ssh,
                                  signer.openpgp,
                                  Describe(signer.paths),
                                  signer.until,
                                  signer.revoked});
  }
  return Value::List{static_cast<int>(policy.procedure),
                     policy.allow_divergent_routes,
                     policy.allow_multiple_federated_pools,
                     policy.max_actions,
                     policy.max_deletions,
                     Describe(policy.vantages),
                     policy.vantages_required,
                     policy.probes,
                     absl::ToInt64Seconds(policy.replication_timeout),
                     static_cast<int>(policy.on_gate_failure),
                     windows,
                     Describe(policy.automation),
                     policy.commits.required,
                     signers};
}

inline Value Describe(const Organization& organization) {
  return Value::Map{{"name", organization.name},
                    {"centralStore", organization.central_store},
                    {"sites", Describe(organization.sites)},
                    {"edgePools", Describe(organization.edge_pools)},
                    {"frontEndPools", Describe(organization.front_end_pools)},
                    {"directors", Describe(organization.directors)},
                    {"domains", Describe(organization.domains)},
                    {"partners", Describe(organization.partners)},
                    {"providers", Describe(organization.providers)},
                    {"notifications", Describe(organization.notifications)},
                    {"policy", Describe(organization.policy)}};
}

}  // namespace poolshift
