#include "providers/sim/world/resolver.h"

#include <algorithm>
#include <sstream>
#include <tuple>

namespace poolshift::sim {
namespace {

const std::vector<std::string>& CachedRecordsOf(const RecordSet& set, absl::Time now) {
  return set.cached && now < set.cached->until ? set.cached->records : set.records;
}

struct ServiceRecord {
  int priority = 0, weight = 0;
  std::string target;
};

std::vector<ServiceRecord> Services(const std::vector<std::string>& records) {
  std::vector<ServiceRecord> services;
  for (const std::string& record : records) {
    std::istringstream fields(record);
    ServiceRecord service;
    int port = 0;
    if (fields >> service.priority >> service.weight >> port >> service.target) {
      services.push_back(std::move(service));
    }
  }
  std::ranges::stable_sort(services, [](const ServiceRecord& a, const ServiceRecord& b) {
    return std::tuple(a.priority, -a.weight) < std::tuple(b.priority, -b.weight);
  });
  return services;
}

std::string_view ServicePrefix(Protocol protocol) {
  return protocol == Protocol::kSip ? "_sipfederationtls._tcp." : "_xmpp-server._tcp.";
}

}  // namespace

std::vector<std::string> CachedAnswer(const World& world,
                                      std::string_view name,
                                      std::string_view type,
                                      absl::Time now) {
  const auto set = world.dns.records.find(std::string(name) + '/' + std::string(type));
  const auto alias = world.dns.records.find(std::string(name) + "/CNAME");
  // Aliases are followed once: none leads to another here.
  if (alias != world.dns.records.end() && type != "CNAME") {
    const std::vector<std::string> to = CachedAnswer(world, name, "CNAME", now);
    return to.empty() || to.front() == name ? std::vector<std::string>{}
                                            : CachedAnswer(world, to.front(), type, now);
  }
  if (set == world.dns.records.end()) return {};
  return CachedRecordsOf(set->second, now);
}

bool HasDns(const World& world, std::string_view domain) {
  return std::ranges::any_of(world.dns.records, [&](const auto& entry) {
    const std::string_view name = SplitLast(entry.first).first;
    if (!name.ends_with(domain)) return false;
    return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
  });
}

std::vector<std::string> CachedAddresses(const World& world,
                                         std::string_view host,
                                         absl::Time now) {
  std::vector<std::string> addresses = CachedAnswer(world, host, "A", now);
  for (std::string& address : CachedAnswer(world, host, "AAAA", now)) {
    addresses.push_back(std::move(address));
  }
  return addresses;
}

std::vector<std::string> ServiceHosts(const World& world,
                                      std::string_view domain,
                                      Protocol protocol,
                                      absl::Time now) {
  const std::string name = std::string(ServicePrefix(protocol)) + std::string(domain);
  std::vector<std::string> hosts;
  for (ServiceRecord& service : Services(CachedAnswer(world, name, "SRV", now))) {
    hosts.push_back(std::move(service.target));
    if (protocol == Protocol::kSip) break;
  }
  return hosts;
}

std::vector<absl::Time> ForgetTimes(const World& world, absl::Time from, absl::Time to) {
  std::vector<absl::Time> times;
  for (const auto& [key, set] : world.dns.records) {
    if (set.cached && set.cached->until > from && set.cached->until <= to) {
      times.push_back(set.cached->until);
    }
  }
  std::ranges::sort(times);
  return times;
}

void ChangeRecords(World& world, const std::string& key, RecordSet change, absl::Time now) {
  RecordSet& set = world.dns.records[key];
  const bool negative = set.records.empty();
  const std::int64_t ttl = negative ? world.dns.negative_ttl : set.ttl;
  CachedRecords cached{CachedRecordsOf(set, now), now + absl::Seconds(ttl)};
  if (set.cached) cached.until = std::max(cached.until, set.cached->until);
  change.cached = std::move(cached);
  set = std::move(change);
  ++world.dns.serial;
}

void SettleResolvers(World& world, absl::Time now) {
  for (auto entry = world.dns.records.begin(); entry != world.dns.records.end();) {
    RecordSet& set = entry->second;
    if (set.cached && set.cached->until <= now) set.cached.reset();
    const bool forgotten = set.records.empty() && !set.cached;
    entry = forgotten ? world.dns.records.erase(entry) : std::next(entry);
  }
}

}  // namespace poolshift::sim
