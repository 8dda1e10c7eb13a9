// The organisation that these tests play with, and short ways to look at it and to change it.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "controller/federation/kinds.h"
#include "controller/model/plan.h"
#include "providers/sim/world/change.h"
#include "providers/sim/world/observe.h"
#include "providers/sim/world/world.h"
#include "providers/sim/world/world_file.h"

namespace poolshift::sim {

inline constexpr std::string_view kTwoSites = R"(world: poolshift/v1
organization: contoso
sites:
  Site1: {federation: edge1.contoso.com, xmpp: edge1.contoso.com}
  Site2: {federation: edge1.contoso.com, xmpp: edge1.contoso.com}
edgePools:
  edge1.contoso.com:
    site: Site1
    accessEdge: sip.contoso.com
    federation: true
    xmpp: true
    nextHop: fe1.contoso.com
    servers:
      e1a.contoso.com: {addresses: [203.0.113.11]}
      e1b.contoso.com: {addresses: [203.0.113.12]}
  edge2.contoso.com:
    site: Site2
    accessEdge: sip2.contoso.com
    federation: false
    xmpp: true
    nextHop: fe2.contoso.com
    services: {xmppProxy: stopped}
    servers:
      e2a.contoso.com: {addresses: [198.51.100.21]}
      e2b.contoso.com: {addresses: [198.51.100.22]}
  edge3.contoso.com:
    site: Site2
    nextHop: dir.contoso.com
    servers:
      e3a.contoso.com: {addresses: [198.51.100.33]}
frontEndPools:
  fe1.contoso.com: {site: Site1, servers: [fe1a.contoso.com], edgePool: edge1.contoso.com, backupPool: fe2.contoso.com}
  fe2.contoso.com: {site: Site2, servers: [fe2a.contoso.com], edgePool: edge2.contoso.com, backupPool: fe1.contoso.com}
  fe3.contoso.com: {site: Site2, servers: [fe3a.contoso.com], backupPool: fe2.contoso.com}
  fe4.contoso.com: {site: Site2, servers: [fe4a.contoso.com]}
directors:
  dir.contoso.com: {site: Site1, edgePool: edge1.contoso.com}
centralStore: {pool: fe2.contoso.com, watermark: 10}
replication: {lag: 10s}
reconnectDelay: 1s
domains: {contoso.com: {}}
partners: {fabrikam.com: {}}
vantages: [vantage-a, vantage-b]
dns:
  ttl: 300
  records:
    _sipfederationtls._tcp.contoso.com/SRV: 0 0 5061 sip.contoso.com
    _xmpp-server._tcp.contoso.com/SRV: 0 0 5269 xmpp.contoso.com
    xmpp.contoso.com/A: [203.0.113.11, 203.0.113.12]
    sip.contoso.com/A: [203.0.113.11, 203.0.113.12]
    sip2.contoso.com/A: [198.51.100.21, 198.51.100.22]
)";

// The text with one piece of it replaced; the piece must be there.
inline std::string Replaced(std::string_view text, std::string_view piece, std::string_view by) {
  std::string out(text);
  const std::size_t at = out.find(piece);
  EXPECT_NE(at, std::string::npos) << "not in the world: " << piece;
  if (at != std::string::npos) out.replace(at, piece.size(), by);
  return out;
}

// A world and a clock that only moves when told to.
class WorldTest : public testing::Test {
 protected:
  void Load(std::string_view text) {
    Diagnostics faults;
    auto read = ReadWorld(text, "world.yaml", now, faults);
    for (const Diagnostic& fault : faults.items())
      ADD_FAILURE() << ToString(fault);
    ASSERT_TRUE(read.has_value());
    world = *std::move(read);
  }
  void SetUp() override { Load(kTwoSites); }

  void Pass(absl::Duration time) { now += time; }

  Observation Look(const ResourceId& id, std::string_view vantage = "") const {
    return Observe(world, {id, std::string(vantage)}, now);
  }
  // One property as text, "absent" or "unreachable".
  std::string See(const ResourceId& id,
                  std::string_view property,
                  std::string_view vantage = "") const {
    const Observation seen = Look(id, vantage);
    if (seen.presence == Presence::kAbsent) return "absent";
    if (seen.presence == Presence::kUnreachable) return "unreachable";
    const Value* member = seen.properties.Find(property);
    return member == nullptr ? "missing" : CanonicalText(*member);
  }

  ChangeResult Do(const ResourceId& target, Value after, Value before = {}) {
    Action action;
    action.target = target;
    action.before = std::move(before);
    action.after = std::move(after);
    return Apply(world, action, now);
  }
  // Applies and expects success.
  void Must(const ResourceId& target, Value after, Value before = {}) {
    const ChangeResult result = Do(target, std::move(after), std::move(before));
    EXPECT_EQ(result.verdict, ChangeResult::Verdict::kDone)
        << ToString(target) << ": " << result.message;
  }
  std::string WhyNot(const ResourceId& target, Value after, Value before = {}) {
    const ChangeResult result = Do(target, std::move(after), std::move(before));
    EXPECT_NE(result.verdict, ChangeResult::Verdict::kDone) << ToString(target);
    return result.message;
  }

  void Route(std::string_view site, std::string_view pool) {
    Must(kinds::SiteRoute(site), Value::Map{{"federation", pool}, {"xmpp", pool}});
  }
  static Value Flags(std::string_view pool, Value members) {
    return Value::Map{{"pools", Value::Map{{std::string(pool), std::move(members)}}}};
  }
  void SetService(std::string_view server, std::string_view role, std::string_view state) {
    Must(kinds::EdgeService(server, role), Value::Map{{"state", state}});
  }
  void SetRecords(std::string_view name,
                  std::string_view type,
                  Value::List records,
                  std::int64_t ttl = 300) {
    const ResourceId id = kinds::DnsRecordSet(name, type);
    const Observation seen = Look(id);
    const Value before = seen.presence == Presence::kPresent
                             ? WritablePart(*kinds::FindKindSchema(id.kind), seen.properties)
                             : Value();
    Must(id, Value::Map{{"records", std::move(records)}, {"ttl", ttl}}, before);
  }
  void Power(std::string_view server, bool on) {
    Settle(world, now);
    if (const auto edge = world.edge_servers.find(server); edge != world.edge_servers.end()) {
      edge->second.power = on;
    } else {
      world.front_end_servers.find(server)->second.power = on;
    }
    TakeCourse(world, now);
  }

  World world;
  absl::Time now = absl::FromUnixSeconds(1'790'000'000);
};

}  // namespace poolshift::sim
