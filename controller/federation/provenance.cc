#include "controller/federation/provenance.h"

#include <algorithm>
#include <map>

#include "controller/federation/kinds.h"
#include "controller/federation/protocol.h"

namespace poolshift {
namespace {

class Lines {
 public:
  explicit Lines(const Organization& organization) : organization_(organization) {}

  std::vector<DeclaredLine> Of(const ResourceId& id) {
    const std::string first = id.name.substr(0, id.name.find('/'));
    if (id.kind == kinds::kSiteRoute) OfSite(first);
    if (id.kind == kinds::kTopology || id.kind == kinds::kEnablement) OfTopology();
    if (id.kind == kinds::kEdgeAssociation || id.kind == kinds::kPoolFailover)
      OfFrontEnd(id, first);
    if (id.kind == kinds::kDnsRecordSet) OfRecord(first);
    if (id.kind == kinds::kCentralStore)
      Add(organization_.origin, "Organization/" + organization_.name + " `centralStore`");
    OfServer(first);
    return std::move(lines_);
  }

 private:
  void Add(const Origin& origin, std::string text) {
    const bool known = std::any_of(
        lines_.begin(), lines_.end(), [&](const DeclaredLine& line) { return line.text == text; });
    if (!known) lines_.push_back({origin, std::move(text)});
  }

  void OfHost(const Hosts& hosts, Protocol protocol) {
    const bool sip = protocol == Protocol::kSip;
    const std::string& host = sip ? hosts.federation : hosts.xmpp;
    if (host.empty()) return;
    Add(sip ? hosts.federation_origin : hosts.xmpp_origin,
        "`hosts`: " + std::string(Member(protocol)) + " is " + host);
  }

  void OfHosts(Protocol protocol) {
    for (const auto& [name, site] : organization_.sites)
      OfHost(site.hosts, protocol);
  }

  void OfSite(const std::string& name) {
    const auto site = organization_.sites.find(name);
    if (site == organization_.sites.end()) return;
    for (const Protocol protocol : kProtocols)
      OfHost(site->second.hosts, protocol);
  }

  void OfTopology() {
    for (const Protocol protocol : kProtocols)
      OfHosts(protocol);
    for (const auto& [name, pool] : organization_.edge_pools) {
      if (!pool.next_hop.empty())
        Add(pool.origin, "EdgePool/" + name + " `nextHop`: " + pool.next_hop);
    }
  }

  void OfFrontEnd(const ResourceId& id, const std::string& fqdn) {
    for (const auto& [name, pool] : organization_.front_end_pools) {
      if (pool.fqdn != fqdn) continue;
      if (id.kind == kinds::kPoolFailover) {
        Add(pool.origin, "FrontEndPool/" + name + " `servedBy`");
      } else if (!pool.conferencing.empty()) {
        Add(pool.conferencing_origin,
            "FrontEndPool/" + name + " `conferencing`: " + pool.conferencing +
                (pool.conferencing_is_temporary ? ", standing in" : ""));
      }
    }
  }

  void OfRecord(const std::string& owner) {
    const bool sip = owner.starts_with("_sip");
    for (const auto& [name, domain] : organization_.domains) {
      const bool inside = owner == name || owner.ends_with('.' + name);
      if (!inside) continue;
      const bool floating = domain.xmpp.has_value() && domain.xmpp->host == owner;
      const bool xmpp = floating || owner.starts_with("_xmpp");
      if (sip) OfHosts(Protocol::kSip);
      if (xmpp) OfHosts(Protocol::kXmpp);
      Add(domain.origin, "Domain/" + name);
    }
  }

  void OfServer(const std::string& fqdn) {
    for (const auto& [name, pool] : organization_.edge_pools) {
      const bool here = std::any_of(pool.servers.begin(),
                                    pool.servers.end(),
                                    [&](const EdgeServer& server) { return server.fqdn == fqdn; });
      if (!here) continue;
      for (const Protocol protocol : kProtocols) {
        if (DeclaredHost(organization_, protocol) == name) OfHosts(protocol);
      }
      if (pool.condition == EdgePool::Condition::kOutOfService)
        Add(pool.condition_origin, "EdgePool/" + name + " `condition: outOfService`");
      Add(pool.origin, "EdgePool/" + name);
    }
  }

  const Organization& organization_;
  std::vector<DeclaredLine> lines_;
};

// A route that changes for one protocol goes back to that protocol's line alone.
bool Concerns(const DeclaredLine& line, const Action& action) {
  if (action.target.kind != kinds::kSiteRoute) return true;
  for (const Protocol protocol : kProtocols) {
    const std::string member(Member(protocol));
    if (!line.text.starts_with("`hosts`: " + member)) continue;
    const Value* before = action.before.Find(member);
    const Value* after = action.after.Find(member);
    return (before == nullptr) != (after == nullptr) ||
           (before != nullptr && after != nullptr && *before != *after);
  }
  return true;
}

}  // namespace

std::vector<DeclaredLine> LinesBehind(const Organization& organization, const ResourceId& id) {
  return Lines(organization).Of(id);
}

std::vector<DeclaredLine> LinesBehind(const Organization& organization, const Action& action) {
  std::vector<DeclaredLine> lines = LinesBehind(organization, action.target);
  std::erase_if(lines, [&](const DeclaredLine& line) { return !Concerns(line, action); });
  return lines;
}

std::vector<DeclaredLine> LinesBehind(const Organization& organization, const Plan& plan) {
  std::map<std::string, DeclaredLine> lines;  // by text
  for (const Action& action : plan.actions) {
    if (action.verb == Verb::kGate) continue;
    for (DeclaredLine& line : LinesBehind(organization, action)) {
      const std::string text = line.text;
      lines.emplace(text, std::move(line));
    }
  }
  std::vector<DeclaredLine> sorted;
  for (auto& [text, line] : lines)
    sorted.push_back(std::move(line));
  std::stable_sort(sorted.begin(), sorted.end(), [](const DeclaredLine& a, const DeclaredLine& b) {
    return ToString(a.origin) < ToString(b.origin);
  });
  return sorted;
}

}  // namespace poolshift
