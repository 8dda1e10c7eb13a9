// What a change of the input must do to the plan, whatever the plan is, over random organisations.
// A failure prints its seed; POOLSHIFT_SEED=N runs that one alone, POOLSHIFT_ORGANIZATIONS=N that
// many, of up to POOLSHIFT_SITES sites each.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "gtest/gtest.h"

#include "controller/engine/planning.h"
#include "controller/report/plan_json.h"
#include "tests/federation/random_world.h"
#include "tests/federation/renamed.h"

namespace poolshift {
namespace {

std::size_t Number(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

Plan PlanOf(const Organization& organization, const ObservedState& observed) {
  OfferedKinds offered;
  for (const KindSchema& schema : kinds::KindSchemas())
    offered["world"].push_back(schema.kind);
  const Assignment assignment(organization, offered);
  auto plan = MakePlanWithoutCommands(organization, observed, assignment);
  if (plan.ok()) return *std::move(plan);
  ADD_FAILURE() << plan.status();
  return {};
}

// What is done to how many things of which kind; names left out.
std::map<std::string, int> Tally(const Plan& plan) {
  std::map<std::string, int> tally;
  for (const Action& action : plan.actions)
    ++tally[std::string(Name(action.verb)) + ' ' + action.target.kind];
  for (const Refusal& refusal : plan.refusals)
    ++tally["refused by " + refusal.rule];
  tally["lower bound"] = plan.certificate.lower_bound;
  return tally;
}

std::size_t ActionsOn(const Plan& plan, const ResourceId& id) {
  return static_cast<std::size_t>(
      std::count_if(plan.actions.begin(), plan.actions.end(), [&](const Action& action) {
        return action.verb != Verb::kGate && action.target == id;
      }));
}

// Random worlds with their plans; counts how many plans are proven minimal.
class Organizations {
 public:
  template <typename Property>
  void ForEach(const Property& property) {
    const std::size_t only = Number("POOLSHIFT_SEED", 0);
    const std::size_t count = only > 0 ? 1 : Number("POOLSHIFT_ORGANIZATIONS", 30);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t seed = only > 0 ? only : i + 1;
      SCOPED_TRACE("POOLSHIFT_SEED=" + std::to_string(seed));
      Dice dice(seed);
      Organization organization = RandomOrganization(dice, Number("POOLSHIFT_SITES", 6));
      Rehearsal world = RandomWorld(organization, dice);
      const Plan plan = PlanOf(organization, world.ObserveAll());
      ++planned_;
      refused_ += plan.refusals.empty() ? 0 : 1;
      unproven_ += plan.refusals.empty() && plan.certificate.method == "unproven" ? 1 : 0;
      property(organization, world, plan, dice);
      if (testing::Test::HasFailure()) return;
    }
    std::printf("%zu organisations, %zu refused, %zu plans not proven minimal\n",
                planned_,
                refused_,
                unproven_);
    EXPECT_LE(unproven_ * 1000, planned_ - refused_);  // 99.9 % are
  }

 private:
  std::size_t planned_ = 0, refused_ = 0, unproven_ = 0;
};

TEST(Metamorphic, OtherNamesCostTheSame) {
  Organizations().ForEach(
      [](const Organization& organization, const Rehearsal& world, const Plan& plan, Dice& dice) {
        const Renaming renaming(organization, dice);
        const Organization renamed = renaming.Of(organization);
        EXPECT_EQ(Tally(PlanOf(renamed, renaming.Of(world.ObserveAll()))), Tally(plan));
      });
}

// A site like another costs what that one costs, and shares everything else: there is one publish.
TEST(Metamorphic, ASiteMoreCostsItsOwnRoute) {
  std::size_t costly = 0;
  Organizations().ForEach([&](Organization organization, Rehearsal world, const Plan& plan, Dice&) {
    const ResourceId route = kinds::SiteRoute("Site1");
    if (world.unreachable.contains(route) || !plan.refusals.empty()) return;
    Site site = organization.sites.at("Site1");
    site.name = "SiteTwin";
    organization.sites[site.name] = site;
    const ResourceId twin = kinds::SiteRoute(site.name);
    world.things[twin] = world.things.at(route);
    world.SetOrganization(organization);
    const Plan larger = PlanOf(organization, world.ObserveAll());
    EXPECT_TRUE(larger.refusals.empty());
    EXPECT_EQ(ActionsOn(larger, twin), ActionsOn(plan, route));
    EXPECT_EQ(larger.mutations(), plan.mutations() + static_cast<int>(ActionsOn(plan, route)));
    costly += ActionsOn(plan, route) > 0 ? 1 : 0;
  });
  EXPECT_TRUE(costly > 0 || Number("POOLSHIFT_SEED", 0) > 0);
}

// Nothing that was planned before leaves a trace in what is planned next, so two organisations cost
// what each costs.
TEST(Metamorphic, OrganizationsDoNotMeet) {
  std::optional<Organization> other;
  ObservedState seen;
  std::string expected;
  Organizations().ForEach(
      [&](const Organization& organization, const Rehearsal& world, const Plan& plan, Dice&) {
        if (other.has_value()) {
          EXPECT_EQ(PlanJson(PlanOf(*other, seen)), expected);
          EXPECT_EQ(PlanJson(PlanOf(organization, world.ObserveAll())), PlanJson(plan));
        }
        other = organization;
        seen = world.ObserveAll();
        expected = PlanJson(plan);
      });
}

// Comments and layout are lines elsewhere: every action stays, with its id and its order.
TEST(Metamorphic, LinesElsewhereChangeNoAction) {
  Organizations().ForEach(
      [](Organization organization, const Rehearsal& world, const Plan& plan, Dice&) {
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
        const Plan again = PlanOf(organization, world.ObserveAll());
        ASSERT_EQ(again.actions.size(), plan.actions.size());
        for (std::size_t i = 0; i < plan.actions.size(); ++i) {
          EXPECT_EQ(again.actions[i].id, plan.actions[i].id);
          EXPECT_EQ(again.actions[i].needs, plan.actions[i].needs);
        }
      });
}

}  // namespace
}  // namespace poolshift
