#include <optional>
#include <set>

#include "controller/federation/allow_lists.h"
#include "controller/manifest/checks.h"
#include "controller/manifest/read_field.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

void CheckObserver(const CheckInput& input,
                   const Document& document,
                   const ProviderDeclaration& provider,
                   Diagnostics& diagnostics) {
  const yaml::Node observer = document.At("observeWith");
  if (provider.type != "manual") {
    if (observer) {
      diagnostics.Error(document.OriginOf(observer),
                        "`observeWith` is for `type: manual` only",
                        "provider `" + provider.name + "` looks for itself; remove it");
    }
    return;
  }
  if (!observer) {
    return diagnostics.Error(document.OriginAt("type"),
                             "`type: manual` needs `observeWith`",
                             "name the provider that sees what a person did");
  }
  const auto eyes = input.organization.providers.find(provider.observe_with);
  if (eyes == input.organization.providers.end() || eyes->second.type != "manual") return;
  diagnostics.Error(document.OriginOf(observer),
                    "`" + eyes->first + "` is of type manual too and sees nothing",
                    "name a provider that can observe");
}

// Zones that no domain uses are most often misspelt.
void CheckZones(const CheckInput& input, const Document& document, Diagnostics& diagnostics) {
  std::set<std::string> zones;
  for (const auto& [name, domain] : input.organization.domains)
    zones.insert(domain.zone);
  const yaml::Node serves = document.At("serves");
  if (!serves || !serves.is_list()) return;
  for (yaml::Node item = serves.first(); item; item = item.next()) {
    const yaml::Node list = item.Find("zones");
    if (!list || !list.is_list()) continue;
    for (yaml::Node zone = list.first(); zone; zone = zone.next()) {
      const std::string name = DnsName(zone);
      if (name.empty() || zones.count(name) > 0) continue;
      diagnostics.Warning(document.OriginOf(zone),
                          "no Domain has the zone `" + name + '`',
                          "the provider will not be asked for it");
    }
  }
}

// Every name under which hosting could be asked for: of any pool, in any domain.
std::set<std::string> OwnNames(const Organization& organization) {
  std::set<std::string> names;
  for (const auto& [name, pool] : organization.edge_pools) {
    names.insert(pool.access_edge_fqdn);
    for (const Protocol protocol : kProtocols)
      names.merge(NamesAsked(organization, pool, protocol));
  }
  return names;
}

void CheckAllowList(const std::set<std::string>& own,
                    const Partner& partner,
                    const Document& document,
                    Diagnostics& diagnostics) {
  const yaml::Node list = document.At("acceptsNames");
  if (!list || !list.is_list()) return;
  if (partner.contact.empty()) {
    diagnostics.Warning(document.OriginOf(list),
                        "partner `" + partner.domain + "` keeps an allow list and has no `contact`",
                        "say who there can put a name on it");
  }
  for (yaml::Node item = list.first(); item; item = item.next()) {
    const std::string name = DnsName(item);
    if (name.empty() || own.contains(name)) continue;
    diagnostics.Warning(document.OriginOf(item),
                        "`" + name + "` is no name under which an Edge pool hosts",
                        "write the Access Edge name, or the name that an XMPP record leads to");
  }
}

}  // namespace

void CheckPartners(const CheckInput& input, Diagnostics& diagnostics) {
  std::optional<std::set<std::string>> own;  // where a list is declared: there may be many pools
  for (const auto& [name, partner] : input.organization.partners) {
    const Document* document = input.directory.FindNamed(kPartner, name);
    if (input.organization.domains.count(name) > 0) {
      diagnostics.Error(partner.origin,
                        "`" + name + "` is a domain of the organisation and cannot be its partner",
                        "remove one of the two");
    }
    const bool pinned = static_cast<bool>(document->At("pinnedName"));
    if (partner.discovery == Partner::Discovery::kDirect && !pinned) {
      diagnostics.Error(document->OriginAt("discovery"),
                        "`discovery: direct` needs `pinnedName`",
                        "name the proxy that the partner configured");
    }
    if (partner.discovery == Partner::Discovery::kDns && pinned) {
      diagnostics.Warning(document->OriginAt("pinnedName"),
                          "`pinnedName` has no effect with `discovery: dns`",
                          "set `discovery: direct` or `hybrid`, or remove it");
    }
    if (partner.discovery != Partner::Discovery::kDns && partner.contact.empty()) {
      diagnostics.Warning(document->OriginAt("discovery"),
                          "partner `" + name + "` does not follow DNS and has no `contact`",
                          "say whom to call when the host moves");
    }
    if (partner.accepts_names.empty()) continue;
    if (!own.has_value()) own = OwnNames(input.organization);
    CheckAllowList(*own, partner, *document, diagnostics);
  }
}

void CheckProviders(const CheckInput& input, Diagnostics& diagnostics) {
  for (const auto& [name, provider] : input.organization.providers) {
    const Document* document = input.directory.FindNamed(kProvider, name);
    CheckObserver(input, *document, provider, diagnostics);
    CheckZones(input, *document, diagnostics);
  }
}

namespace {

void CheckFreezes(const Document& document, Diagnostics& diagnostics) {
  const yaml::Node freezes = document.At("automation.freezes");
  if (!freezes || !freezes.is_list()) return;
  for (yaml::Node item = freezes.first(); item; item = item.next()) {
    if (!item.is_map()) continue;
    if (CalendarTime(item.Find("from")) >= CalendarTime(item.Find("to"))) {
      diagnostics.Error(document.OriginOf(item),
                        "a freeze that does not end after it begins",
                        "exchange `from` and `to`");
    }
  }
}

}  // namespace

void CheckPolicy(const CheckInput& input, Diagnostics& diagnostics) {
  const auto& policies = input.directory.OfKind(kPolicy);
  if (policies.empty()) return;
  const Document& document = *policies.front();
  const Policy& policy = input.organization.policy;
  CheckCommits(input, document, diagnostics);
  if (!policy.vantages.empty() &&
      policy.vantages_required > static_cast<int>(policy.vantages.size())) {
    diagnostics.Error(document.OriginAt("probes.required"),
                      "`required: " + std::to_string(policy.vantages_required) +
                          "` is more than the number of vantages, " +
                          std::to_string(policy.vantages.size()),
                      "no pool could ever be found dead");
  }
  CheckFreezes(document, diagnostics);
  const yaml::Node windows = document.At("windows");
  if (!windows || !windows.is_list()) return;
  for (yaml::Node item = windows.first(); item; item = item.next()) {
    if (!item.is_map()) continue;
    if (MinuteOfDay(item.Find("from"), 0) == MinuteOfDay(item.Find("to"), 24 * 60)) {
      diagnostics.Error(document.OriginOf(item),
                        "a window that opens and closes at the same time",
                        "leave out `from` and `to` for the whole day");
    }
  }
}

}  // namespace poolshift::manifest
