#include "controller/federation/override.h"

namespace poolshift {
namespace {

constexpr std::size_t kMostSites = 5;

// What of one protocol lies elsewhere than at the declared host.
struct Elsewhere {
  std::string what;  // "the flag is on edgepool2, the route of Site2 leads to edgepool2"
  std::string pool;  // the first one
  bool records = false, designations = false;
  bool is_whole_move = true;  // every designation, and no record says otherwise
};

class Finder {
 public:
  Finder(const View& view, Protocol protocol, const EdgePool& host)
      : view_(view), protocol_(protocol), host_(host) {}

  Elsewhere Run() {
    if (protocol_ == Protocol::kSip) LookAtFlags();
    LookAtRoutes();
    const std::string& in_dns = view_.InDns(protocol_);
    found_.records = !in_dns.empty() && in_dns != host_.name;
    if (!in_dns.empty()) found_.is_whole_move = found_.is_whole_move && found_.records;
    if (found_.records && !found_.designations) Add("the records lead to " + in_dns, in_dns);
    return std::move(found_);
  }

 private:
  void Add(const std::string& what, const std::string& pool) {
    found_.what += (found_.what.empty() ? "" : ", ") + what;
    if (found_.pool.empty()) found_.pool = pool;
  }

  void LookAtFlags() {
    if (view_.HasFlag(host_, protocol_).value_or(false)) found_.is_whole_move = false;
    for (const std::string& fqdn : view_.Flagged(protocol_).value_or(std::vector<std::string>{})) {
      if (fqdn == host_.fqdn) continue;
      found_.designations = true;
      Add("the flag is on " + view_.Called(fqdn), view_.Called(fqdn));
    }
  }

  void LookAtRoutes() {
    std::size_t sites = 0;
    for (const auto& [name, site] : view_.organization().sites) {
      if (DeclaredHost(site, protocol_).empty()) continue;
      const std::string route = view_.Route(site, protocol_).value_or(host_.fqdn);
      const bool is_right = route == host_.fqdn || route.empty() ||
                            IsDirectorOf(view_.organization(), route, host_.name);
      if (is_right) found_.is_whole_move = false;
      if (is_right) continue;
      found_.designations = true;
      if (++sites <= kMostSites)
        Add("the route of " + name + " leads to " + view_.Called(route), view_.Called(route));
    }
    if (sites > kMostSites)
      found_.what += ", and so do those of " + std::to_string(sites - kMostSites) + " more sites";
  }

  const View& view_;
  Protocol protocol_;
  const EdgePool& host_;
  Elsewhere found_;
};

}  // namespace

void WarnOfOverrides(const View& view, Diagnostics& warnings) {
  for (const Protocol protocol : kProtocols) {
    const std::string& host = view.hosting().CommonHost(protocol);
    // Outside any topology the records are the only designation, and cannot contradict another.
    if (host.empty() || !view.hosting().IsRouted(protocol)) continue;
    const EdgePool& pool = view.organization().edge_pools.at(host);
    const Elsewhere elsewhere = Finder(view, protocol, pool).Run();
    // Everything elsewhere is a move; and while one is under way, records move last.
    const bool is_override =
        elsewhere.records != elsewhere.designations && !elsewhere.is_whole_move;
    if (!is_override) continue;
    const Origin& origin = view.organization().sites.begin()->second.hosts.xmpp_origin;
    const Origin& sip_origin = view.organization().sites.begin()->second.hosts.federation_origin;
    warnings.Warning(protocol == Protocol::kSip ? sip_origin : origin,
                     std::string(Title(protocol)) + " is declared on " + host + ", but " +
                         elsewhere.what + ": changed by hand, or left by a run that stopped (D13)",
                     "this plan sets it as declared; to keep it, commit `hosts: {" +
                         std::string(Member(protocol)) + ": " + elsewhere.pool +
                         "}` instead of applying");
  }
}

}  // namespace poolshift
