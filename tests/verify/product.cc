#include "tests/verify/product.h"

#include "controller/federation/assignment.h"
#include "controller/federation/lowering.h"
#include "tests/federation/two_sites.h"

namespace poolshift::verify {
namespace {

// Takes one combination apart: each question has an answer below `sides`.
class Combination {
 public:
  explicit Combination(std::int64_t number) : left_(number) {}

  int Pick(int sides) {
    const auto answer = static_cast<int>(left_ % sides);
    left_ /= sides;
    count_ *= sides;
    return answer;
  }
  bool Flip() { return Pick(2) == 1; }
  // "edgepool1" or "edgepool2".
  std::string Pool() { return Flip() ? "edgepool2" : "edgepool1"; }

  std::int64_t count() const { return count_; }  // of all combinations, once all was asked

 private:
  std::int64_t left_;
  std::int64_t count_ = 1;
};

Organization Declared(Combination& pick) {
  Organization organization = TwoSites();
  for (auto& [name, pool] : organization.edge_pools)
    pool.servers.pop_back();
  for (auto& [name, pool] : organization.front_end_pools)
    pool.servers.pop_back();
  for (const Protocol protocol : kProtocols)
    DeclareHost(organization, protocol, pick.Pool());
  if (pick.Flip()) organization.policy.procedure = Policy::Procedure::kDocumented;
  organization.policy.allow_multiple_federated_pools = pick.Flip();
  return organization;
}

void FindRoutes(Combination& pick, Rehearsal& world) {
  for (const std::string site : {"Site1", "Site2"}) {
    for (const char* member : {"federation", "xmpp"})
      Change(world, kinds::SiteRoute(site), member, pick.Pool() + ".contoso.com");
  }
}

void FindServers(Combination& pick, const Organization& organization, Rehearsal& world) {
  const bool behind = pick.Flip();
  const bool stale = pick.Flip();
  const bool streams = pick.Flip();
  for (const auto& [name, pool] : organization.edge_pools) {
    const std::string& server = pool.servers.front().fqdn;
    if (pick.Flip()) Change(world, kinds::EdgeService(server, "xmppProxy"), "state", "stopped");
    if (behind) Change(world, kinds::Replica(server), "watermark", 0);
    if (stale) Change(world, kinds::EdgeComponents(server), "xmpp", false);
    for (const Protocol protocol : kProtocols) {
      if (streams && world.Listens(server, protocol))
        Change(world, kinds::Streams(server, Name(protocol)), "count", 2);
    }
  }
}

void FindRecords(Combination& pick, const Organization& organization, Rehearsal& world) {
  if (pick.Flip()) {
    Change(world,
           kinds::DnsRecordSet("_sipfederationtls._tcp.contoso.com", "SRV"),
           "records",
           Value::List{"0 0 5061 sip2.contoso.com"});
  }
  Value::List addresses;
  for (const std::string& address : organization.edge_pools.at(pick.Pool()).addresses())
    addresses.emplace_back(address);
  Change(world, kinds::DnsRecordSet("xmpp.contoso.com", "A"), "records", addresses);
  for (const auto& [name, pool] : organization.edge_pools) {
    Value::List own;
    for (const std::string& address : pool.addresses())
      own.emplace_back(address);
    Change(world, kinds::DnsRecordSet(pool.access_edge_fqdn, "A"), "records", own);
  }
}

void FindDead(Combination& pick, Organization& organization, Rehearsal& world) {
  const int dead = pick.Pick(3);
  if (dead == 0) return;
  EdgePool& pool = organization.edge_pools.at("edgepool" + std::to_string(dead));
  CutPower(pool, world);
  DeclareDead(pool);
}

OfferedKinds Everything() {
  OfferedKinds offered;
  for (const KindSchema& schema : kinds::KindSchemas())
    offered["world"].push_back(schema.kind);
  return offered;
}

// The problem of one combination; empty when it is refused. Returns how many combinations there
// are.
std::int64_t LowerOne(std::int64_t number, Lowered& lowered) {
  Combination pick(number);
  Organization organization = Declared(pick);
  Rehearsal world = HealthyWorld(organization);
  FindDead(pick, organization, world);
  if (pick.Flip()) {
    ChangePool(world, organization.edge_pools.at("edgepool1"), "federation", false);
    ChangePool(world, organization.edge_pools.at("edgepool2"), "federation", true);
  }
  const int without_xmpp = pick.Pick(3);
  if (without_xmpp > 0) {
    const std::string name = "edgepool" + std::to_string(without_xmpp);
    ChangePool(world, organization.edge_pools.at(name), "xmpp", false);
  }
  FindRoutes(pick, world);
  FindServers(pick, organization, world);
  FindRecords(pick, organization, world);
  world.SetOrganization(organization);
  lowered = Lower(organization, world.ObserveAll(), Assignment(organization, Everything()));
  lowered.moves.clear();  // they borrow the organisation
  return pick.count();
}

}  // namespace

Enumerated ForEachProduct(
    std::int64_t first,
    std::int64_t every,
    const std::function<void(const std::string&, const PlanningProblem&)>& visit) {
  Enumerated enumerated;
  std::int64_t all = first + 1;
  for (std::int64_t number = first; number < all; number += every) {
    Lowered lowered;
    all = LowerOne(number, lowered);
    ++enumerated.combinations;
    if (!lowered.refusals.empty()) {
      ++enumerated.refused;
    } else {
      visit("product-" + std::to_string(number), lowered.problem);
    }
  }
  return enumerated;
}

}  // namespace poolshift::verify
