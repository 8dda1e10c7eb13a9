#include "controller/web/map.h"

#include <map>

#include "controller/federation/places.h"
#include "controller/report/markup_text.h"
#include "controller/web/markup.h"

namespace poolshift::web {
namespace {

// Differences by internal FQDN of the pool that they are in.
std::map<std::string, int> DriftByPool(const Snapshot& snapshot) {
  std::map<std::string, int> count;
  if (snapshot.drift == nullptr) return count;
  const Places places(*snapshot.organization);
  for (const DriftEntry& entry : snapshot.drift->entries)
    ++count[places.PoolOf(entry.resource)];
  return count;
}

std::string Tag(const std::string& text, const std::string& look = "") {
  return "<span class=\"tag" + (look.empty() ? "" : ' ' + look) + "\">" + text + "</span>";
}

std::string DriftTag(const std::map<std::string, int>& drift, const std::string& fqdn) {
  const auto found = drift.find(fqdn);
  if (found == drift.end()) return "";
  return Tag(std::to_string(found->second) + (found->second == 1 ? " difference" : " differences"),
             "bad");
}

// Whether some site declares the pool as a host.
bool Hosts(const Organization& organization, const std::string& pool, std::string Hosts::*which) {
  for (const auto& [name, site] : organization.sites)
    if (site.hosts.*which == pool) return true;
  return false;
}

std::string EdgePoolCard(const Snapshot& snapshot,
                         const EdgePool& pool,
                         const std::map<std::string, int>& drift) {
  const Organization& organization = *snapshot.organization;
  const bool sip = Hosts(organization, pool.name, &Hosts::federation);
  const bool xmpp = Hosts(organization, pool.name, &Hosts::xmpp);
  const bool out = pool.condition == EdgePool::Condition::kOutOfService;
  std::string tags = DriftTag(drift, pool.fqdn);
  if (sip) tags += Tag("SIP federation");
  if (xmpp) tags += Tag("XMPP federation");
  if (out) tags += Tag("out of service", "warn");
  return "<div class=\"pool" + std::string(sip || xmpp ? " hosts" : "") + "\"><strong>" +
         MarkupText(pool.name) + "</strong> <span class=\"soft\">Edge pool</span><br>" + tags +
         "<p>" + MarkupText(pool.access_edge_fqdn) + " · " + std::to_string(pool.servers.size()) +
         (pool.servers.size() == 1 ? " server" : " servers") +
         (out && !pool.reason.empty() ? " · " + MarkupText(pool.reason) : "") + "</p></div>\n";
}

std::string FrontEndCard(const FrontEndPool& pool, const std::map<std::string, int>& drift) {
  std::string text = "<div class=\"pool\"><strong>" + MarkupText(pool.name) +
                     "</strong> <span class=\"soft\">Front End pool</span><br>" +
                     DriftTag(drift, pool.fqdn);
  if (pool.condition == FrontEndPool::Condition::kOutOfService)
    text += Tag("out of service", "warn");
  if (!pool.conferencing.empty())
    text += "<p>conferencing through " + MarkupText(pool.conferencing) + "</p>";
  return text + "</div>\n";
}

}  // namespace

std::string OrganizationMap(const Snapshot& snapshot) {
  if (snapshot.organization == nullptr) return "";
  const Organization& organization = *snapshot.organization;
  const std::map<std::string, int> drift = DriftByPool(snapshot);
  std::string text = "<h2 id=\"map\">Sites and pools, as declared</h2>\n<div class=\"map\">\n";
  for (const auto& [name, site] : organization.sites) {
    text += "<section class=\"site\"><h3>" + MarkupText(name) + "</h3>\n";
    for (const auto& [pool_name, pool] : organization.edge_pools)
      if (pool.site == name) text += EdgePoolCard(snapshot, pool, drift);
    for (const auto& [pool_name, pool] : organization.front_end_pools)
      if (pool.site == name) text += FrontEndCard(pool, drift);
    text += "</section>\n";
  }
  return text + "</div>\n";
}

}  // namespace poolshift::web
