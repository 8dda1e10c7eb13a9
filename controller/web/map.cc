#include "controller/web/map.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

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

// A map of more is looked at by nobody: those that matter come first.
constexpr std::size_t kMostSites = 60;

// What the map shows, by site.
struct Place {
  const Site* site = nullptr;
  std::vector<const EdgePool*> edge_pools;
  std::vector<const FrontEndPool*> front_end_pools;
  bool matters = false;  // hosts, differs, or is out of service
};

// Manifest names of the pools that some site declares as a host.
struct HostNames {
  std::set<std::string, std::less<>> sip, xmpp;
};

HostNames HostsOf(const Organization& organization) {
  HostNames hosts;
  for (const auto& [name, site] : organization.sites) {
    hosts.sip.insert(site.hosts.federation);
    hosts.xmpp.insert(site.hosts.xmpp);
  }
  return hosts;
}

std::vector<Place> PlacesToShow(const Organization& organization,
                                const HostNames& hosts,
                                const std::map<std::string, int>& drift) {
  std::map<std::string, Place, std::less<>> places;
  for (const auto& [name, site] : organization.sites)
    places[name].site = &site;
  for (const auto& [name, pool] : organization.edge_pools) {
    Place& place = places[pool.site];
    place.edge_pools.push_back(&pool);
    place.matters = place.matters || hosts.sip.contains(name) || hosts.xmpp.contains(name) ||
                    drift.contains(pool.fqdn) ||
                    pool.condition == EdgePool::Condition::kOutOfService;
  }
  for (const auto& [name, pool] : organization.front_end_pools) {
    Place& place = places[pool.site];
    place.front_end_pools.push_back(&pool);
    place.matters = place.matters || drift.contains(pool.fqdn) ||
                    pool.condition == FrontEndPool::Condition::kOutOfService;
  }
  std::vector<Place> shown;
  for (auto& [name, place] : places)
    if (place.site != nullptr) shown.push_back(std::move(place));
  if (shown.size() <= kMostSites) return shown;
  std::stable_sort(shown.begin(), shown.end(), [](const Place& one, const Place& other) {
    return one.matters && !other.matters;
  });
  return shown;
}

std::string EdgePoolCard(const EdgePool& pool,
                         const HostNames& hosts,
                         const std::map<std::string, int>& drift) {
  const bool sip = hosts.sip.contains(pool.name);
  const bool xmpp = hosts.xmpp.contains(pool.name);
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
  const HostNames hosts = HostsOf(organization);
  const std::vector<Place> places = PlacesToShow(organization, hosts, drift);
  std::string text = "<h2 id=\"map\">Sites and pools, as declared</h2>\n";
  if (places.size() > kMostSites) {
    text += "<p class=\"soft\">" + std::to_string(kMostSites) + " of " +
            std::to_string(places.size()) +
            " sites: first those that host, that differ, or that have a pool out of service; then "
            "others by name.</p>\n";
  }
  text += "<div class=\"map\">\n";
  for (const Place& place : First(places, kMostSites)) {
    text += "<section class=\"site\"><h3>" + MarkupText(place.site->name) + "</h3>\n";
    for (const EdgePool* pool : place.edge_pools)
      text += EdgePoolCard(*pool, hosts, drift);
    for (const FrontEndPool* pool : place.front_end_pools)
      text += FrontEndCard(*pool, drift);
    text += "</section>\n";
  }
  return text + "</div>\n";
}

}  // namespace poolshift::web
