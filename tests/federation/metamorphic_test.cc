// What a change of the input must do to the plan, whatever the plan is, over random organisations.
// A failure prints its seed; POOLSHIFT_SEED=N runs that one alone, POOLSHIFT_ORGANIZATIONS=N that
// many, of up to POOLSHIFT_SITES sites each, on POOLSHIFT_THREADS threads.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>

#include "gtest/gtest.h"

#include "controller/check/checker.h"
#include "controller/federation/records.h"
#include "controller/manifest/manifest.h"
#include "controller/manifest/print.h"
#include "controller/plan/planner.h"
#include "controller/report/plan_json.h"
#include "tests/federation/planned_case.h"
#include "tests/federation/renamed.h"

namespace poolshift {
namespace {

std::size_t Number(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void ExpectSameActions(const Plan& again, const Plan& plan) {
  EXPECT_EQ(Tally(again), Tally(plan));
  ASSERT_EQ(again.actions.size(), plan.actions.size());
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    EXPECT_EQ(again.actions[i].id, plan.actions[i].id);
    EXPECT_EQ(again.actions[i].needs, plan.actions[i].needs);
  }
}

// --- The properties. Each says whether it had anything to look at.

bool OtherNamesCostTheSame(const PlannedCase& was, Dice& dice, const PlannedCase&) {
  const Renaming renaming(was.organization, dice);
  const Organization renamed = renaming.Of(was.organization);
  EXPECT_EQ(Tally(PlanOf(renamed, renaming.Of(was.observed))), Tally(was.plan));
  return true;
}

// A site like another costs what that one costs, and shares everything else: there is one publish.
bool ASiteMoreCostsItsOwnRoute(const PlannedCase& was, Dice&, const PlannedCase&) {
  const ResourceId route = kinds::SiteRoute("Site1");
  if (was.world.unreachable.contains(route) || was.refused()) return false;
  Organization organization = was.organization;
  Site site = organization.sites.at("Site1");
  site.name = "SiteTwin";
  organization.sites[site.name] = site;
  const ResourceId twin = kinds::SiteRoute(site.name);
  Rehearsal world = was.world;
  world.things[twin] = world.things.at(route);
  world.SetOrganization(organization);
  const Plan larger = PlanOf(organization, world.ObserveAll());
  const std::size_t own = ActionsOn(was.plan, route);
  EXPECT_TRUE(larger.refusals.empty());
  EXPECT_EQ(ActionsOn(larger, twin), own);
  EXPECT_EQ(larger.mutations(), was.plan.mutations() + static_cast<int>(own));
  return own > 0;
}

// Edges between operators below `first` and others.
int EdgesAcross(const plan::Solution& solution, int first) {
  int across = 0;
  for (std::size_t i = 0; i < solution.needs.size(); ++i) {
    for (const int before : solution.needs[i]) {
      const bool own =
          (solution.steps[static_cast<std::size_t>(before)] < first) == (solution.steps[i] < first);
      across += own ? 0 : 1;
    }
  }
  return across;
}

bool ASecondOrganizationCostsItsOwnPlan(const PlannedCase& was, Dice&, const PlannedCase& other) {
  if (was.refused() || other.refused()) return false;
  const auto solved = plan::Solve(Both(was.reasoning.problem, other.reasoning.problem));
  const auto* both = std::get_if<plan::Solution>(&solved);
  EXPECT_NE(both, nullptr);
  if (both == nullptr) return false;
  const Certificate &a = was.plan.certificate, &b = other.plan.certificate;
  EXPECT_EQ(both->certificate.actions, a.actions + b.actions);
  EXPECT_EQ(both->certificate.lower_bound, a.lower_bound + b.lower_bound);
  EXPECT_EQ(both->certificate.critical_path, std::max(a.critical_path, b.critical_path));
  // Which of several tokens a step takes depends on the sequence, so the number of edges may
  // differ.
  EXPECT_EQ(EdgesAcross(*both, static_cast<int>(was.reasoning.problem.operators.size())), 0);
  EXPECT_EQ(both->certificate.method == "bound", a.method == "bound" && b.method == "bound");
  return !was.plan.actions.empty() && !other.plan.actions.empty();
}

// Nothing that was planned before leaves a trace in what is planned next.
bool PlanningLeavesNoTrace(const PlannedCase& was, Dice&, const PlannedCase& other) {
  EXPECT_EQ(PlanJson(PlanOf(was.organization, was.observed)), PlanJson(was.plan));
  EXPECT_EQ(PlanJson(PlanOf(other.organization, other.observed)), PlanJson(other.plan));
  return true;
}

// Comments and layout are lines elsewhere: every action stays, with its id and its order.
bool LinesElsewhereChangeNoAction(const PlannedCase& was, Dice&, const PlannedCase&) {
  Organization organization = was.organization;
  const Origin elsewhere{"elsewhere.yaml", 17, 4};
  organization.origin = elsewhere;
  for (auto& [name, site] : organization.sites)
    site.origin = site.hosts.federation_origin = site.hosts.xmpp_origin = elsewhere;
  for (auto& [name, pool] : organization.edge_pools)
    pool.origin = pool.condition_origin = elsewhere;
  for (auto& [name, pool] : organization.front_end_pools)
    pool.origin = pool.conferencing_origin = elsewhere;
  for (auto& [name, domain] : organization.domains)
    domain.origin = elsewhere;
  ExpectSameActions(PlanOf(organization, was.observed), was.plan);
  return true;
}

LoadedOrganization Load(const std::vector<std::string>& documents) {
  std::string text;
  for (const std::string& document : documents)
    text += "---\n" + document;
  std::vector<ParsedFile> files;
  files.push_back(ParseManifest("contoso.yaml", text));
  return AssembleOrganization(std::move(files));
}

// Written down, in any order of documents. Not every random organisation may be declared.
bool DocumentsStandInAnyOrder(const PlannedCase& was, Dice& dice, const PlannedCase&) {
  std::vector<std::string> documents{""};
  std::istringstream text(PrintManifest(was.organization));
  for (std::string line; std::getline(text, line);) {
    if (line == "---") {
      documents.emplace_back();
    } else {
      documents.back() += line + '\n';
    }
  }
  const LoadedOrganization loaded = Load(documents);
  for (std::size_t i = documents.size(); i > 1; --i)
    std::swap(documents[i - 1], documents[dice.Below(i)]);
  const LoadedOrganization shuffled = Load(documents);
  EXPECT_EQ(shuffled.diagnostics.items().size(), loaded.diagnostics.items().size());
  if (loaded.diagnostics.has_errors() || shuffled.diagnostics.has_errors()) return false;
  ExpectSameActions(PlanOf(shuffled.organization, was.observed),
                    PlanOf(loaded.organization, was.observed));
  return true;
}

// No edge can be dropped, and there are few.
bool EveryEdgeIsNeeded(const PlannedCase& was, Dice&, const PlannedCase&) {
  if (was.refused()) return false;
  const Reasoning& made = was.reasoning;
  const check::Findings findings = check::CheckOrder(made.problem, made.steps, made.needs);
  EXPECT_TRUE(findings.faults.empty()) << findings.faults.front();
  EXPECT_TRUE(findings.idle.empty()) << findings.idle.front();
  EXPECT_LE(findings.edges, 4 * static_cast<std::int64_t>(made.steps.size()));
  return findings.edges > 0;
}

// --- one thing more that cannot be looked at

// Of what a person and a provider change: every resource with the members that differ.
std::set<std::string> Changed(const Plan& plan) {
  std::set<std::string> changed;
  const auto add = [&](const ResourceId& id, const Value& before, const Value& after) {
    const std::string name = ToString(id);
    if (!before.is_map() || !after.is_map()) {
      changed.insert(name);
      return;
    }
    for (const auto& [member, value] : after.map()) {
      const Value* was = before.Find(member);
      if (was != nullptr && *was == value) continue;
      if (member != "pools" || was == nullptr) {
        changed.insert(name + '.' + member);
        continue;
      }
      for (const auto& [pool, members] : value.map())
        for (const auto& [flag, set] : members.map())
          changed.insert(name + '.' + pool + '.' + flag);
    }
  };
  for (const Action& action : plan.actions) {
    if (action.verb == Verb::kGate) continue;
    add(action.target, action.before, action.after);
    for (const JointChange& joint : action.also)
      add(joint.target, joint.before, joint.after);
  }
  return changed;
}

bool EndsWithAny(const std::string& name, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) {
    return name.ends_with(end) || name.find(std::string(end) + '.') != std::string::npos;
  });
}

// A change of what hosts the protocol, or of a name that only its records need.
bool IsOf(Protocol protocol,
          const std::string& change,
          const Organization& organization,
          const ObservedState& observed) {
  const bool sip = protocol == Protocol::kSip;
  if (change.starts_with("SiteRoute/") || change.starts_with("Topology/"))
    return change.ends_with(sip ? ".federation" : ".xmpp");
  if (change.starts_with("Streams/")) return EndsWithAny(change, {sip ? "/sip" : "/xmpp"});
  if (change.starts_with("Fence/")) return EndsWithAny(change, {sip ? "/5061" : "/5269"});
  if (change.starts_with("EdgeService/")) return !sip && EndsWithAny(change, {"/xmppProxy"});
  if (!change.starts_with("DnsRecordSet/")) return false;
  Organization without = organization;
  for (auto& [name, site] : without.sites)
    (sip ? site.hosts.federation : site.hosts.xmpp).clear();
  const auto has = [&](const Organization& asking) {
    const std::vector<RecordGoal> goals = RecordGoals(asking, observed);
    return std::any_of(goals.begin(), goals.end(), [&](const RecordGoal& goal) {
      return EndsWithAny(change, {ToString(goal.id)});
    });
  };
  return has(organization) && !has(without);
}

void ExpectLeftAsItIs(const LeftOut& left,
                      const Plan& plan,
                      const Organization& organization,
                      const ObservedState& observed) {
  for (const std::string& change : Changed(plan)) {
    for (const Protocol protocol : kProtocols) {
      if (left.part == Title(protocol)) {
        EXPECT_FALSE(IsOf(protocol, change, organization, observed)) << left.part << ": " << change;
      }
    }
    if (left.part.starts_with("conferencing of ")) {
      const std::string pool = left.part.substr(std::string("conferencing of ").size());
      EXPECT_NE(change.substr(0, change.rfind('.')),
                "EdgeAssociation/" + organization.front_end_pools.at(pool).fqdn);
    }
  }
}

// What cannot be looked at limits its own part: nothing is done that was not done before, the
// checker has nothing against the rest, and the part that is left out stays as it is.
bool OneThingUnseenOnlyTakesAway(const PlannedCase& was, Dice& dice, const PlannedCase&) {
  if (was.refused() || was.plan.actions.empty() || !was.world.unreachable.empty()) return false;
  ObservedState observed = was.observed;
  auto hidden = std::next(observed.observations.begin(),
                          static_cast<std::ptrdiff_t>(dice.Below(observed.observations.size())));
  SCOPED_TRACE("hidden: " + ToString(hidden->first.id) + ' ' + hidden->first.vantage);
  hidden->second = Observation();
  hidden->second.reason = "hidden";
  const Plan rest = PlanOf(was.organization, observed);  // checked, or the test fails
  EXPECT_TRUE(rest.left_out.empty() || rest.mutations() > 0);
  const std::set<std::string> before = Changed(was.plan);
  for (const std::string& change : Changed(rest)) {
    // What the last route or association had enabled on its way is enabled by itself.
    if (change.starts_with("Enablement/")) continue;
    // A zombie whose fence is not seen is silenced by its service, which is the other way (D12).
    if (hidden->first.id.kind == kinds::kFence && change.starts_with("EdgeService/")) continue;
    EXPECT_TRUE(before.contains(change)) << change;
  }
  for (const LeftOut& left : rest.left_out)
    ExpectLeftAsItIs(left, rest, was.organization, observed);
  return !rest.left_out.empty();
}

struct Property {
  const char* name;
  bool (*holds)(const PlannedCase&, Dice&, const PlannedCase&);
};

constexpr Property kProperties[] = {
    {"other names cost the same", OtherNamesCostTheSame},
    {"documents stand in any order", DocumentsStandInAnyOrder},
    {"a site more costs its own route", ASiteMoreCostsItsOwnRoute},
    {"a second organisation costs its own plan", ASecondOrganizationCostsItsOwnPlan},
    {"planning leaves no trace", PlanningLeavesNoTrace},
    {"lines elsewhere change no action", LinesElsewhereChangeNoAction},
    {"every edge is needed", EveryEdgeIsNeeded},
    {"one thing unseen only takes away", OneThingUnseenOnlyTakesAway},
};

// All properties of organisations number 1 to `count`, on several threads.
class Walk {
 public:
  void Run(std::size_t count) {
    std::vector<std::thread> threads;
    for (std::size_t i = Number("POOLSHIFT_THREADS", 1); i > 0; --i) {
      threads.emplace_back([this, count] {
        for (std::size_t seed = next_++; seed <= count && !testing::Test::HasFailure();)
          Look(std::exchange(seed, next_++));
      });
    }
    for (std::thread& thread : threads)
      thread.join();
    Print();
  }

  void Look(std::uint64_t seed) {
    SCOPED_TRACE("POOLSHIFT_SEED=" + std::to_string(seed));
    const std::size_t sites = Number("POOLSHIFT_SITES", 6);
    const auto begin = std::chrono::steady_clock::now();
    PlannedCase was(seed, sites);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const PlannedCase other(seed + (std::uint64_t{1} << 32U), std::min<std::size_t>(sites, 6));
    std::map<std::string, std::size_t> looked;
    for (const Property& property : kProperties) {
      SCOPED_TRACE(property.name);
      looked[property.name] = property.holds(was, was.dice, other) ? 1 : 0;
    }
    const std::lock_guard lock(mutex_);
    ++organizations_;
    ++methods_[was.refused() ? "refused" : was.plan.certificate.method];
    actions_ += was.plan.actions.size();
    slowest_ = std::max(slowest_, std::pair(took.count(), seed));
    for (const auto& [name, times] : looked)
      looked_[name] += times;
  }

  std::size_t unproven() const { return Count("unproven"); }
  std::size_t planned() const { return organizations_ - Count("refused"); }
  std::size_t TimesLooked(const std::string& property) const { return looked_.at(property); }

 private:
  std::size_t Count(const std::string& method) const {
    const auto found = methods_.find(method);
    return found == methods_.end() ? 0 : found->second;
  }

  void Print() const {
    std::printf("%zu organisations, %zu refused, %zu plans with %zu actions and gates\n",
                organizations_,
                Count("refused"),
                planned(),
                actions_);
    for (const auto& [name, times] : looked_)
      std::printf("%6zu times: %s\n", times, name.c_str());
    std::printf("proven minimal: %.2f %% (by bound %zu, by search %zu, not %zu)\n",
                100.0 * static_cast<double>(planned() - unproven()) /
                    static_cast<double>(std::max<std::size_t>(1, planned())),
                Count("bound"),
                Count("search"),
                unproven());
    std::printf("slowest: %.0f ms, observed, lowered, planned and checked (POOLSHIFT_SEED=%zu)\n",
                slowest_.first * 1000,
                static_cast<std::size_t>(slowest_.second));
  }

  std::atomic<std::size_t> next_ = 1;
  std::mutex mutex_;
  std::size_t organizations_ = 0, actions_ = 0;
  std::map<std::string, std::size_t> methods_, looked_;
  std::pair<double, std::uint64_t> slowest_;
};

TEST(Metamorphic, EveryChangeDoesWhatItMust) {
  Walk walk;
  if (const std::size_t only = Number("POOLSHIFT_SEED", 0); only > 0) {
    walk.Look(only);
    return;
  }
  walk.Run(Number("POOLSHIFT_ORGANIZATIONS", 60));
  EXPECT_LE(walk.unproven() * 1000, walk.planned());  // 99.9 % are
  for (const Property& property : kProperties)
    EXPECT_GT(walk.TimesLooked(property.name), 0U) << property.name;
}

}  // namespace
}  // namespace poolshift
