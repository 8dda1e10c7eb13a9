// Properties of every plan, over random organisations and worlds. A failure prints its seed;
// POOLSHIFT_SEED=N runs that one alone, POOLSHIFT_SEEDS=N that many.
#include <algorithm>
#include <cstdlib>

#include "gtest/gtest.h"

#include "controller/diff/difference.h"
#include "controller/engine/planning.h"
#include "controller/federation/hosting.h"
#include "controller/federation/records.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"
#include "tests/federation/random_world.h"

namespace poolshift {
namespace {

class Case {
 public:
  explicit Case(std::uint64_t seed)
      : dice_(seed), organization_(MakeOrganization()), world_(MakeWorld()) {}

  Plan MakePlan(const ObservedState& observed) const {
    const Assignment assignment(organization_, EveryKind(organization_));
    Preparation preparation;
    preparation.now = absl::UnixEpoch();
    auto plan = MakePlanWithoutCommands(organization_, observed, assignment, nullptr, preparation);
    if (plan.ok()) return *std::move(plan);
    ADD_FAILURE() << plan.status();
    return {};
  }

  const Organization& organization() const { return organization_; }
  Rehearsal& world() { return world_; }
  Dice& dice() { return dice_; }

 private:
  Organization MakeOrganization() {
    Organization organization = RandomOrganization(dice_);
    if (dice_.Percent(15)) LetAPersonPublish(organization);
    constexpr SipOrder kOrders[] = {
        SipOrder::kDetach, SipOrder::kSwapThenRoute, SipOrder::kMakeBeforeBreak, SipOrder::kAtomic};
    if (dice_.Percent(15)) organization.policy.sip_order = kOrders[dice_.Below(4)];
    return organization;
  }

  Rehearsal MakeWorld() { return RandomWorld(organization_, dice_); }

  Dice dice_;
  Organization organization_;
  Rehearsal world_;
};

// Nobody can see the media path of a Front End pool whose servers are all down, nor to an Edge pool
// whose servers are.
bool IsDark(const Organization& organization,
            const ObservedState& observed,
            std::string_view fqdn) {
  for (const auto& [name, pool] : organization.front_end_pools) {
    if (pool.fqdn != fqdn) continue;
    const auto edge = organization.edge_pools.find(pool.conferencing);
    const bool leads_to_light = edge == organization.edge_pools.end() ||
                                std::any_of(edge->second.servers.begin(),
                                            edge->second.servers.end(),
                                            [&](const EdgeServer& server) {
                                              return observed.Properties(kinds::EdgeService(
                                                         server.fqdn, "avRelay")) != nullptr;
                                            });
    if (!leads_to_light) return true;
    return std::none_of(pool.servers.begin(), pool.servers.end(), [&](const std::string& server) {
      return observed.Properties(kinds::Replica(server)) != nullptr;
    });
  }
  return false;
}

// A dead central store is failed over only to a pool that is declared for it and does not hold it.
bool StoreStays(const Organization& organization, const ObservedState& observed) {
  const auto declared = organization.front_end_pools.find(organization.central_store);
  const Value* store = observed.Properties(kinds::CentralStore(organization.name));
  return store == nullptr || declared == organization.front_end_pools.end() ||
         declared->second.fqdn == store->StringOr("pool", "");
}

// What a plan may do something about.
std::vector<std::string> Repairable(const Organization& organization,
                                    const ObservedState& observed) {
  std::vector<std::string> texts;
  for (const Difference& difference : Differences(organization, observed)) {
    const bool blind = difference.impact == Difference::Impact::kUnknown;
    const bool outside =
        difference.resource.kind == kinds::kReachability && difference.rule != "D12";
    const bool dark = difference.resource.kind == kinds::kEdgeAssociation &&
                      IsDark(organization, observed, difference.resource.name);
    const bool stays =
        difference.resource.kind == kinds::kCentralStore && StoreStays(organization, observed);
    if (!blind && !outside && !dark && !stays) texts.push_back(difference.text);
  }
  return texts;
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts)
    all += "\n  " + text;
  return all;
}

// Rules that hold in every state on the way, whoever made the plan (domain.md section d).
class Watcher {
 public:
  Watcher(const Organization& organization, const Rehearsal& world, const Plan& plan)
      : organization_(organization), world_(world), flagged_at_start_(world.SipFlagged().size()) {
    for (const Situation& situation : plan.situations) {
      if (!IsPlanned(situation)) continue;
      const EdgePool& from = organization.edge_pools.at(situation.from);
      if (situation.protocol == "xmpp") {
        xmpp_must_answer_ = SomebodyAnswers(Protocol::kXmpp);
        former_addresses_ = from.addresses();
        first_[0] = IsServedFirst(situation, plan);
      } else {
        first_[1] = IsServedFirst(situation, plan) &&
                    std::any_of(plan.choices.begin(), plan.choices.end(), [](const Choice& each) {
                      return each.chosen == Name(SipOrder::kMakeBeforeBreak);
                    });
        // A pool that only a route still names, or none at all, may answer by an old installation:
        // nobody is led there.
        const EdgePool& to = organization.edge_pools.at(situation.to);
        sip_must_answer_ = world.HasFlag(from.fqdn, Protocol::kSip) &&
                           (Answers(from, Protocol::kSip) || Answers(to, Protocol::kSip));
      }
    }
  }

  // Before the action has its effect.
  void Before(const Action& action) {
    if (action.verb == Verb::kGate) return;
    const ResourceId& id = action.target;
    if (id.kind == kinds::kDnsRecordSet) BeforeRecord(action);
    if (id.kind == kinds::kEdgeService && action.verb == Verb::kStop) {
      EXPECT_TRUE(id.name.find("/xmppProxy") != std::string::npos) << "I-21: " << action.title;
    }
    if (id.kind == kinds::kEdgeService && action.verb == Verb::kStart &&
        id.name.find("/replica") == std::string::npos) {
      EXPECT_TRUE(world_.IsCurrent(id.name.substr(0, id.name.find('/'))) || wrote_)
          << "F13: " << action.title;
    }
    const bool writes = id.kind == kinds::kTopology || id.kind == kinds::kSiteRoute;
    published_ += action.human && writes ? 1 : 0;
    const SipOrder order = organization_.policy.sip_order;
    const bool once = order == SipOrder::kAuto || order == SipOrder::kAtomic;
    EXPECT_FALSE(once && published_ > 1) << "atomic: a person publishes once: " << action.title;
    const bool relies = id.kind == kinds::kEdgeComponents ||
                        (id.kind == kinds::kDnsRecordSet && !KeepsRecords(action));
    EXPECT_FALSE(relies && world_.AwaitsEnabling(organization_.policy.enable_after_routes))
        << "I-15: " << action.title;
    if (id.kind == kinds::kSiteRoute) BeforeRoute(action);
    const bool routes_last = first_[0] || first_[1];
    EXPECT_FALSE(writes && !installed_pools_.empty() && !routes_last) << "c.11: " << action.title;
    if (ChangesPools(action)) BeforePublish(action);
    // Conferencing is written last and waits for replicas of its own (F17).
    wrote_ = wrote_ || writes || id.kind == kinds::kEdgeAssociation;
    if (id.kind == kinds::kEdgeComponents) NoteInstallation(id.name);
    EXPECT_EQ(action.needs_approval,
              id.kind == kinds::kPoolFailover || id.kind == kinds::kCentralStore)
        << action.title;
  }

  void After(const Action& action) {
    const std::size_t flagged = world_.SipFlagged().size();
    const bool may_be_two = organization_.policy.allow_multiple_federated_pools;
    if (flagged_at_start_ == 1 && !organization_.federation_host().empty()) {
      EXPECT_GE(flagged, 1U) << "I-1: " << action.title;
      EXPECT_LE(flagged, may_be_two ? 2U : 1U) << "I-1: " << action.title;
    }
    if (action.target.kind == kinds::kSiteRoute) AfterRoute(action.before, action.after, action);
    for (const JointChange& change : action.also)
      AfterRoute(change.before, change.after, action);
    EXPECT_TRUE(!xmpp_must_answer_ || SomebodyAnswers(Protocol::kXmpp)) << "D1: " << action.title;
    EXPECT_TRUE(!sip_must_answer_ || SomebodyAnswers(Protocol::kSip)) << "F15: " << action.title;
  }

 private:
  bool Answers(const EdgePool& pool, Protocol protocol) const {
    const std::vector<std::string> addresses = pool.addresses();
    return std::any_of(addresses.begin(), addresses.end(), [&](const std::string& address) {
      return world_.Answers(address, protocol);
    });
  }

  // What is declared out of service serves nobody, though it may answer: it is silenced first
  // (D12).
  bool SomebodyAnswers(Protocol protocol) const {
    const auto& pools = organization_.edge_pools;
    return std::any_of(pools.begin(), pools.end(), [&](const auto& entry) {
      return entry.second.condition == EdgePool::Condition::kInService &&
             Answers(entry.second, protocol);
    });
  }

  static bool ChangesPools(const Action& action) {
    const bool publishes = action.target.kind == kinds::kTopology && action.verb != Verb::kGate;
    return publishes && !action.after.Find("pools")->map().empty();
  }

  static bool IsPlanned(const Situation& situation) {
    return situation.name == "planned move" || situation.name == "failback";
  }

  // D2: not by the page, not where a person publishes the route with all else, and not where the
  // roles come late, to a pool that hosts SIP until it has moved (F15), or must be enabled first.
  bool IsServedFirst(const Situation& situation, const Plan& plan) const {
    const Policy& policy = organization_.policy;
    const bool by_hand =
        std::any_of(plan.actions.begin(), plan.actions.end(), [](const Action& action) {
          return !action.also.empty() && ChangesPools(action);
        });
    const std::vector<std::string> flagged = world_.SipFlagged();
    const bool sip_moves =
        std::any_of(plan.situations.begin(), plan.situations.end(), [](const Situation& each) {
          return each.protocol == "sip" && IsPlanned(each);
        });
    const bool was_sip_host =
        sip_moves && situation.to != organization_.federation_host() &&
        std::count(flagged.begin(), flagged.end(), organization_.edge_pools.at(situation.to).fqdn) >
            0;
    const bool publishes = std::any_of(plan.actions.begin(), plan.actions.end(), ChangesPools);
    return policy.procedure == Policy::Procedure::kServeFirst && !by_hand && !was_sip_host &&
           (publishes || !world_.AwaitsEnabling(true));
  }

  // D2: whoever loses a route to a live host's successor can use the new one at once.
  void BeforeRoute(const Action& action) const {
    for (const Protocol protocol : kProtocols) {
      const std::string from(action.before.StringOr(Member(protocol), ""));
      const std::string to(action.after.StringOr(Member(protocol), ""));
      if (!first_[protocol == Protocol::kXmpp ? 0 : 1] || to.empty() || to == from) continue;
      for (const auto& [name, pool] : organization_.edge_pools) {
        if (pool.fqdn != to) continue;
        for (const std::string& address : pool.addresses()) {
          EXPECT_TRUE(world_.Answers(address, protocol) || world_.IsPowerless(address))
              << "D2: " << action.title << ": " << address;
        }
      }
    }
  }

  void NoteInstallation(const std::string& server) {
    for (const auto& [name, pool] : organization_.edge_pools) {
      for (const EdgeServer& each : pool.servers)
        if (each.fqdn == server) installed_pools_.insert(pool.fqdn);
    }
  }

  // c.11: what the wizard has read stays.
  void BeforePublish(const Action& action) const {
    for (const auto& [fqdn, members] : action.after.Find("pools")->map()) {
      EXPECT_FALSE(installed_pools_.contains(fqdn)) << "c.11: " << action.title;
    }
  }

  static bool KeepsRecords(const Action& action) {
    const Value* before = action.before.Find("records");
    const Value* after = action.after.Find("records");
    return before != nullptr && after != nullptr && *before == *after;
  }

  void AfterRoute(const Value& before, const Value& after, const Action& action) const {
    for (const Protocol protocol : kProtocols) {
      const std::string to(after.StringOr(Member(protocol), ""));
      const std::string from(before.StringOr(Member(protocol), ""));
      if (to.empty() || to == from) continue;
      EXPECT_TRUE(world_.HasFlag(to, protocol)) << "I-4: " << action.title;
    }
  }

  void BeforeRecord(const Action& action) const {
    const std::string& name = action.target.name;
    const std::string owner = name.substr(0, name.rfind('/'));
    EXPECT_TRUE(name.rfind("_sip._tls", 0) != 0 && name.rfind("webcon", 0) != 0 &&
                name.rfind("av", 0) != 0)
        << "I-21: " << name;
    for (const auto& [domain_name, domain] : organization_.domains) {
      for (const std::string& pool : domain.remote_access_order) {
        const bool is_protected =
            owner == PoolNameIn(organization_.edge_pools.at(pool), domain_name);
        EXPECT_FALSE(is_protected && !action.before.is_null()) << "D6: " << action.title;
      }
    }
    if (action.after.is_null()) {
      EXPECT_EQ(name.find("SRV"), std::string::npos) << "the locator goes: " << action.title;
      return;
    }
    const Value* records = action.after.Find("records");
    ASSERT_FALSE(records->list().empty());
    const Value* former = action.before.Find("records");
    if (former != nullptr && *former == *records) return;
    for (const Value& record : records->list())
      ExpectServed(action, record.string());
  }

  // I-10: whatever a record newly leads to answers.
  void ExpectServed(const Action& action, const std::string& record) const {
    const Value* former = action.before.Find("records");
    if (former != nullptr &&
        std::count(former->list().begin(), former->list().end(), Value(record)) > 0)
      return;
    if (action.target.name.find("/SRV") == std::string::npos) {
      // A former XMPP host closes its port for a while and is a standby afterwards (D9).
      const bool answers =
          std::count(former_addresses_.begin(), former_addresses_.end(), record) > 0 ||
          world_.Answers(record, Protocol::kXmpp) || world_.Answers(record, Protocol::kSip);
      EXPECT_TRUE(answers) << "I-10: " << action.title << ": " << record;
      return;
    }
    const bool is_sip = action.target.name.rfind("_sipf", 0) == 0;
    const std::string target = record.substr(record.rfind(' ') + 1);
    bool found = false, answers = false;
    for (const char* type : {"A", "AAAA"}) {
      const Observation seen = world_.Look({kinds::DnsRecordSet(target, type), ""});
      const Value* addresses = seen.properties.Find("records");
      if (addresses == nullptr) continue;
      for (const Value& address : addresses->list()) {
        found = true;
        // A former host that closed its port stays behind the new one as standby (D9).
        const bool preferred = record.rfind("10 ", 0) == 0 || is_sip;
        const Protocol protocol = is_sip ? Protocol::kSip : Protocol::kXmpp;
        // A name that remote clients use goes on naming a dead server (D6).
        const bool serves = world_.Answers(address.string(), protocol);
        answers = answers || serves || !preferred;
        EXPECT_TRUE(!preferred || serves || world_.IsPowerless(address.string()))
            << "I-10: " << action.title << ": " << address.string();
      }
    }
    EXPECT_TRUE(answers) << "I-10: nobody answers behind " << record;
    EXPECT_TRUE(found) << "I-11: " << action.title;
  }

  const Organization& organization_;
  const Rehearsal& world_;
  std::size_t flagged_at_start_;
  bool first_[2] = {false, false};  // XMPP, SIP: routes stay until the new host answers (D2)
  bool xmpp_must_answer_ = false;
  bool sip_must_answer_ = false;
  std::vector<std::string> former_addresses_;  // of a live XMPP host
  int published_ = 0;                          // by a person
  bool wrote_ = false;
  std::set<std::string> installed_pools_;  // FQDNs
};

// A random order that respects `needs`.
std::vector<const Action*> SomeOrder(const Plan& plan, Dice& dice) {
  std::vector<const Action*> left, order;
  for (const Action& action : plan.actions)
    left.push_back(&action);
  std::set<ActionId> done;
  while (!left.empty()) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto& needs = left[i]->needs;
      if (std::all_of(
              needs.begin(), needs.end(), [&](const ActionId& id) { return done.count(id) > 0; }))
        ready.push_back(i);
    }
    if (ready.empty()) {
      ADD_FAILURE() << "the order has a cycle";
      return order;
    }
    const std::size_t pick = ready[dice.Below(ready.size())];
    done.insert(left[pick]->id);
    order.push_back(left[pick]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(pick));
  }
  return order;
}

enum class Outcome { kRefused, kNothingToDo, kHalted, kDone };

// A pool that nobody declared dead: whatever waits for it waits in vain.
bool HasSilentPool(const Organization& organization, const Rehearsal& world) {
  for (const auto& [name, pool] : organization.edge_pools) {
    const bool serves = pool.condition == EdgePool::Condition::kInService;
    for (const EdgeServer& server : pool.servers)
      if (serves && world.powerless.count(server.fqdn) > 0) return true;
  }
  // A next hop of which no server can be looked at holds the records (I-18).
  return std::any_of(organization.front_end_pools.begin(),
                     organization.front_end_pools.end(),
                     [&](const auto& entry) {
                       const auto& servers = entry.second.servers;
                       return std::all_of(servers.begin(), servers.end(), [&](const auto& server) {
                         return world.powerless.count(server) > 0;
                       });
                     });
}

Outcome CarryOut(Case& subject, const Plan& plan) {
  Rehearsal& world = subject.world();
  Watcher watcher(subject.organization(), world, plan);
  for (const Action* action : SomeOrder(plan, subject.dice())) {
    watcher.Before(*action);
    const std::string problem = world.Apply(*action);
    const bool walled = !world.walls.empty() || !world.unreachable.empty() ||
                        HasSilentPool(subject.organization(), world);
    if (!problem.empty() && action->verb == Verb::kGate && walled) return Outcome::kHalted;
    if (!problem.empty()) {
      ADD_FAILURE() << problem;
      return Outcome::kHalted;
    }
    watcher.After(*action);
  }
  return Outcome::kDone;
}

// For the one who looks into a failure.
void Show(Case& subject, const Plan& plan) {
  for (const auto& [id, value] : subject.world().things)
    std::cout << ToString(id) << ' ' << CanonicalText(value) << '\n';
  for (const std::string& server : subject.world().powerless)
    std::cout << "no power: " << server << '\n';
  for (const ResourceId& id : subject.world().unreachable)
    std::cout << "unreachable: " << ToString(id) << '\n';
  std::cout << PlanText(plan, Style{false, 100});
}

Outcome Check(std::uint64_t seed) {
  SCOPED_TRACE("POOLSHIFT_SEED=" + std::to_string(seed));
  Case subject(seed);
  const ObservedState observed = subject.world().ObserveAll();
  const Plan plan = subject.MakePlan(observed);
  EXPECT_EQ(PlanJson(plan), PlanJson(subject.MakePlan(observed)));
  if (std::getenv("POOLSHIFT_SEED") != nullptr) Show(subject, plan);
  const auto differences = Repairable(subject.organization(), observed);
  if (!plan.refusals.empty()) {
    EXPECT_TRUE(plan.actions.empty());
    for (const Refusal& refusal : plan.refusals)
      EXPECT_FALSE(refusal.text.empty() || refusal.hint.empty() || refusal.rule.empty());
    return Outcome::kRefused;
  }
  if (plan.actions.empty()) {
    const bool blind = !subject.world().unreachable.empty();
    EXPECT_TRUE(blind || differences.empty()) << "nothing is planned for:" << Joined(differences);
    return Outcome::kNothingToDo;
  }
  const bool by_hand = std::any_of(
      plan.actions.begin(), plan.actions.end(), [](const Action& a) { return a.human; });
  EXPECT_TRUE(plan.mutations() > 0 || by_hand) << "a plan of gates alone";
  EXPECT_FALSE(differences.empty())
      << "planned without a difference: " << plan.actions.front().title;
  const Outcome outcome = CarryOut(subject, plan);
  if (outcome != Outcome::kDone) return outcome;
  subject.world().Connect();
  const ObservedState after = subject.world().ObserveAll();
  const Plan again = subject.MakePlan(after);
  for (const Action& action : again.actions)
    ADD_FAILURE() << "left to do: " << action.title;
  // What was left out is still not seen, and then it is all that there is to say.
  for (const Refusal& refusal : again.refusals)
    EXPECT_FALSE(plan.left_out.empty()) << "refused afterwards: " << refusal.text;
  const auto left = Repairable(subject.organization(), after);
  // What hangs on something that cannot be looked at may be left as it is.
  const bool blind = !subject.world().unreachable.empty();
  EXPECT_TRUE(blind || left.empty()) << "still differs:" << Joined(left);
  return outcome;
}

std::uint64_t FromEnvironment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

// What a declaration asks for has an order, or is refused before one is looked for: the planner
// never has to say that there is none (docs/planner.md).
TEST(PlanPropertyTest, NoDeclarationIsWithoutAnOrder) {
  constexpr SipOrder kOrders[] = {SipOrder::kAuto,
                                  SipOrder::kDetach,
                                  SipOrder::kSwapThenRoute,
                                  SipOrder::kMakeBeforeBreak,
                                  SipOrder::kAtomic};
  int looked_for = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    Dice dice(seed);
    Organization organization = RandomOrganization(dice, 3);
    if (dice.Percent(15)) LetAPersonPublish(organization);
    organization.policy.sip_order = kOrders[dice.Below(5)];
    if (dice.Percent(30)) organization.policy.procedure = Policy::Procedure::kDocumented;
    organization.policy.allow_multiple_federated_pools = dice.Percent(30);
    organization.policy.enable_after_routes = !dice.Percent(30);
    const ObservedState observed = RandomWorld(organization, dice).ObserveAll();
    const Assignment assignment(organization, EveryKind(organization));
    for (const MovePhase phase : {MovePhase::kWhole, MovePhase::kCutOver}) {
      Preparation preparation;
      preparation.now = absl::UnixEpoch();
      preparation.phase = phase;
      preparation.takes_back = phase == MovePhase::kWhole && dice.Percent(30);
      const auto plan =
          MakePlanWithoutCommands(organization, observed, assignment, nullptr, preparation);
      ASSERT_TRUE(plan.ok()) << plan.status();
      if (plan->refusals.empty()) ++looked_for;
      for (const Refusal& refusal : plan->refusals)
        EXPECT_FALSE(refusal.text.starts_with("no safe order")) << seed << ": " << refusal.text;
    }
  }
  EXPECT_GT(looked_for, 600);
}

TEST(PlanPropertyTest, HoldsInRandomWorlds) {
  const std::uint64_t only = FromEnvironment("POOLSHIFT_SEED", 0);
  if (only != 0) {
    Check(only);
    return;
  }
  const std::uint64_t seeds = FromEnvironment("POOLSHIFT_SEEDS", 2500);
  std::map<Outcome, std::uint64_t> outcomes;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    ++outcomes[Check(seed)];
    if (HasFailure()) {
      std::cout << "stopped at POOLSHIFT_SEED=" << seed << '\n';
      return;
    }
  }
  std::cout << outcomes[Outcome::kDone] << " carried out, " << outcomes[Outcome::kNothingToDo]
            << " empty, " << outcomes[Outcome::kRefused] << " refused, "
            << outcomes[Outcome::kHalted] << " halted at a gate, of seeds 1 to " << seeds << '\n';
  // The worlds are worth something only when most of the ways are taken often.
  EXPECT_GT(outcomes[Outcome::kDone] * 4, seeds);
  EXPECT_GT(outcomes[Outcome::kRefused] * 20, seeds);
}

}  // namespace
}  // namespace poolshift
