// ImportHosts: which pool hosts a protocol outside any topology, where nothing but records and
// services can say so.
#include <algorithm>

#include "absl/strings/str_join.h"

#include "controller/federation/hosting.h"
#include "controller/federation/import.h"
#include "controller/federation/import_records.h"
#include "controller/federation/records.h"
#include "controller/federation/roles.h"

namespace poolshift {
namespace {

enum class Service { kRuns, kStopped, kUnknown };

struct Candidate {
  std::string pool;
  Service service = Service::kStopped;
  std::string unseen;                      // why nobody knows whether it runs
  std::optional<std::string> not_serving;  // "": whose users it serves fits; else a domain
};

constexpr const char* kAnd = " and ";
constexpr const char* kNowhere = "no record leads to a pool that is known";

class HostFinder {
 public:
  HostFinder(const ObservedState& observed, Imported& imported, Protocol protocol)
      : observed_(observed), imported_(imported), protocol_(protocol) {}

  void Run() {
    const Organization& organization = imported_.organization;
    if (IsDeclared(organization, protocol_)) return;
    for (const auto& [name, pool] : organization.edge_pools) {
      if (pool.in_topology() || !Speaks(pool, protocol_)) continue;
      candidates_.push_back(LookAt(pool));
    }
    if (candidates_.empty()) return;
    const ObservedIndex index(observed_);
    const auto votes = PoolsInDns(organization, index, protocol_);
    if (const std::string topology = TopologyMayHost(votes); !topology.empty())
      return Undecided(topology + ": write the pool that hosts it");
    unfollowed_ = Unfollowed(index);
    int most = 0;
    for (const auto& [pool, number] : votes) {
      in_dns_.push_back(pool);
      most = std::max(most, number);
    }
    std::vector<std::string> top;
    for (const auto& [pool, number] : votes)
      if (number == most) top.push_back(pool);
    const auto host = std::find_if(candidates_.begin(), candidates_.end(), [&](const auto& one) {
      // Part of the records does not say where most of them lead.
      return unfollowed_.empty() && top.size() == 1 && one.pool == top.front();
    });
    if (host != candidates_.end()) {
      TakeFromRecords(*host);
    } else {
      TakeFromServices();
    }
  }

 private:
  // Where there is a topology, its sites' routes say who hosts (D4): only where they were seen to
  // name nobody may it be a pool outside. Why it may not; "" when it may.
  std::string TopologyMayHost(const std::map<std::string, int>& votes) const {
    const Organization& organization = imported_.organization;
    if (!organization.has_central_store()) return "";
    for (const auto& [name, site] : organization.sites) {
      const Observation* seen = observed_.Find(kinds::SiteRoute(name));
      const std::string why = WhyUnseen(seen);
      if (!why.empty()) return "the routes of " + name + " could not be looked at (" + why + ')';
      const std::string route(seen->properties.StringOr(Member(protocol_), ""));
      if (!route.empty())
        return name + " is routed to " + route + ", which is no pool that was listed";
    }
    for (const auto& [pool, number] : votes) {
      if (organization.edge_pools.at(pool).in_topology())
        return "records lead to " + pool + " of the topology, but no site's routes do";
    }
    return "";
  }

  Candidate LookAt(const EdgePool& pool) const {
    Candidate candidate{pool.name, Service::kStopped, "", std::nullopt};
    for (const EdgeServer& server : pool.servers) {
      const Observation* seen = observed_.Find(kinds::EdgeService(server.fqdn, Role(protocol_)));
      if (seen == nullptr || seen->presence == Presence::kUnreachable) {
        candidate.unseen = WhyUnseen(seen);
      } else if (seen->properties.StringOr("state", "") == "running") {
        candidate.service = Service::kRuns;
      }
      const auto machine = imported_.machines.find(server.fqdn);
      if (protocol_ == Protocol::kXmpp && machine != imported_.machines.end() &&
          machine->second.domains.has_value())
        if (candidate.not_serving.value_or("").empty())  // one server that lacks a domain is enough
          candidate.not_serving = MissingFrom(*machine->second.domains);
    }
    if (candidate.service == Service::kStopped && !candidate.unseen.empty())
      candidate.service = Service::kUnknown;
    return candidate;
  }

  // A domain with XMPP federation that is not among those served.
  std::string MissingFrom(const std::vector<std::string>& served) const {
    for (const auto& [name, domain] : imported_.organization.domains) {
      if (domain.xmpp.has_value() && std::find(served.begin(), served.end(), name) == served.end())
        return name;
    }
    return "";
  }

  void Say(std::string text) {
    imported_.remarks.push_back({"Organization",
                                 imported_.organization.name,
                                 "hosts",
                                 std::string(Title(protocol_)) + ": " + std::move(text)});
  }

  std::vector<std::string> PoolsWith(Service service) const {
    std::vector<std::string> pools;
    for (const Candidate& candidate : candidates_)
      if (candidate.service == service) pools.push_back(candidate.pool);
    return pools;
  }

  void TakeFromRecords(const Candidate& host) {
    Set(host.pool);
    if (in_dns_.size() > 1)
      Say("records lead to " + absl::StrJoin(in_dns_, kAnd) + ", most of them to " + host.pool);
    if (host.service == Service::kUnknown) {
      Say("records lead to " + host.pool +
          ", of which could not be looked at whether it serves: " + host.unseen);
    } else if (host.service == Service::kStopped) {
      const std::vector<std::string> running = PoolsWith(Service::kRuns);
      Say("records lead to " + host.pool + ", where its service does not run" +
          (running.empty() ? "" : "; it runs at " + absl::StrJoin(running, kAnd)) +
          ": which is right?");
    }
    if (!host.not_serving.value_or("").empty())
      Say("records lead to " + host.pool + ", which does not serve users of " + *host.not_serving);
  }

  // A domain whose records could not be followed to addresses; "" when each could.
  std::string Unfollowed(const ObservedIndex& index) const {
    for (const auto& [name, domain] : imported_.organization.domains) {
      const std::string locator = SrvName(protocol_, name);
      const Locator seen = LocatorAt(observed_, locator);
      if (!seen.unseen.empty()) return locator + " could not be looked at (" + seen.unseen + ')';
      if (!Speaks(domain, protocol_) && !seen.targets.empty())
        return locator + " leads to " + seen.targets.front() + ", and nobody knows whose it is";
    }
    return UnseenInDns(imported_.organization, index, protocol_);
  }

  std::string WhyNotRecords() const {
    const std::string pools = absl::StrJoin(in_dns_, kAnd);
    if (!unfollowed_.empty())
      return unfollowed_ + (pools.empty() ? "" : "; other records lead to " + pools);
    if (in_dns_.size() > 1) return "records lead to " + pools + " alike";
    return pools.empty() ? kNowhere
                         : "records lead to " + pools + ", which is none that could host";
  }

  void TakeFromServices() {
    std::vector<std::string> running;
    for (const Candidate& candidate : candidates_) {
      const bool fits = candidate.not_serving.value_or("").empty();
      if (candidate.service == Service::kRuns && fits) running.push_back(candidate.pool);
    }
    const std::vector<std::string> unknown = PoolsWith(Service::kUnknown);
    const std::string why = WhyNotRecords();
    const bool fits_records =
        in_dns_.empty() ||
        (running.size() == 1 &&
         std::find(in_dns_.begin(), in_dns_.end(), running.front()) != in_dns_.end());
    if (running.size() == 1 && unknown.empty() && fits_records) {
      Set(running.front());
      Say(why + "; " + running.front() + " is taken, since it alone serves");
      return;
    }
    // Nothing leads anywhere and nothing runs, all of it looked at: there is no such federation.
    if (running.empty() && unknown.empty() && why == kNowhere) return;
    std::string seen =
        running.empty() ? "nobody is seen to serve" : absl::StrJoin(running, kAnd) + " serve";
    if (running.size() == 1) seen += 's';
    for (const Candidate& candidate : candidates_) {
      if (candidate.service == Service::kUnknown)
        seen += ", and " + candidate.pool + " could not be looked at (" + candidate.unseen + ')';
    }
    Undecided(why + "; " + seen + ": write the pool that hosts it");
  }

  void Undecided(const std::string& text) {
    Say("cannot be told: " + text);
    imported_.undecided.push_back("which pool hosts " + std::string(Title(protocol_)) +
                                  " cannot be told: " + text + " as `hosts: {" +
                                  std::string(Member(protocol_)) + ": POOL}`");
  }

  void Set(const std::string& pool) {
    for (auto& [name, site] : imported_.organization.sites)
      DeclaredHost(site, protocol_) = pool;
    // Hosts are written at sites; where no site is known, a person adds both.
    if (imported_.organization.sites.empty())
      Say("seen at " + pool + "; write `hosts` when a site is declared");
  }

  const ObservedState& observed_;
  Imported& imported_;
  const Protocol protocol_;
  std::vector<Candidate> candidates_;
  std::vector<std::string> in_dns_;
  std::string unfollowed_;  // why not all records could be followed
};

}  // namespace

void ImportHosts(const ObservedState& observed, Imported& imported) {
  for (const Protocol protocol : kProtocols)
    HostFinder(observed, imported, protocol).Run();
}

}  // namespace poolshift
