#include "controller/federation/view.h"

#include "gtest/gtest.h"

#include "tests/federation/two_sites.h"

namespace poolshift {
namespace {

struct Sight {
  std::string name;
  // Of each of two addresses from each of three vantages: o open, f filtered, r refused, - no look.
  std::string first, second;
  View::Answer answer;
};

Value State(char letter) {
  const char* state = letter == 'o' ? "open" : letter == 'f' ? "filtered" : "refused";
  return Value::Map{{"state", state}};
}

class FromOutsideTest : public testing::TestWithParam<Sight> {};

TEST_P(FromOutsideTest, AnswersAsVantagesSee) {
  const Organization organization = TwoSites();
  ObservedState observed;
  const auto add = [&](const std::string& address, const std::string& seen) {
    for (std::size_t i = 0; i < seen.size(); ++i) {
      Observation& one = observed.observations[{kinds::Reachability(address, kinds::kSipPort),
                                                organization.policy.vantages[i]}];
      if (seen[i] == '-') continue;
      one.presence = Presence::kPresent;
      one.properties = State(seen[i]);
    }
  };
  add("203.0.113.11", GetParam().first);
  add("203.0.113.12", GetParam().second);
  const View view(organization, observed);
  EXPECT_EQ(view.FromOutside(organization.edge_pools.at("edgepool1"), Protocol::kSip),
            GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    TwoOfThree,
    FromOutsideTest,
    testing::Values(Sight{"all_open", "ooo", "ooo", View::Answer::kAnswers},
                    Sight{"one_vantage_reaches_one_address", "fff", "ffo", View::Answer::kAnswers},
                    Sight{"all_filtered", "fff", "fff", View::Answer::kDead},
                    Sight{"refused_is_dead_too", "rrr", "rfr", View::Answer::kDead},
                    Sight{"enough_fail", "ff-", "-ff", View::Answer::kDead},
                    Sight{"too_few_fail_on_one", "fff", "f--", View::Answer::kUnknown},
                    Sight{"nobody_looked_at_one", "fff", "---", View::Answer::kUnknown},
                    Sight{"nobody_looked", "---", "---", View::Answer::kUnknown}),
    [](const auto& row) { return row.param.name; });

class ViewTest : public testing::Test {
 protected:
  ViewTest() : organization_(TwoSites()), world_(HealthyWorld(organization_)) {}

  const EdgePool& pool(const std::string& name) { return organization_.edge_pools.at(name); }

  Organization organization_;
  Rehearsal world_;
};

TEST_F(ViewTest, ReadsDesignations) {
  const ObservedState observed = world_.ObserveAll();
  const View view(organization_, observed);
  EXPECT_EQ(view.Flagged(Protocol::kSip), std::vector<std::string>{"edgepool1.contoso.com"});
  EXPECT_EQ(view.Flagged(Protocol::kXmpp)->size(), 2U);
  EXPECT_EQ(view.HasFlag(pool("edgepool2"), Protocol::kSip), false);
  EXPECT_EQ(view.NextHop(pool("edgepool1")), "frontend1.contoso.com");
  EXPECT_EQ(view.Route(organization_.sites.at("Site1"), Protocol::kXmpp), "edgepool1.contoso.com");
  EXPECT_EQ(view.Called("edgepool1.contoso.com"), "edgepool1");
  EXPECT_EQ(view.Called(""), "(none)");
  EXPECT_EQ(view.Called("director1.contoso.com"), "director1.contoso.com");
}

TEST_F(ViewTest, UnreachableIsNotAbsent) {
  world_.unreachable = {kinds::Topology("contoso"),
                        kinds::SiteRoute("Site1"),
                        kinds::EdgeService("edge1a.contoso.com", "accessEdge"),
                        kinds::Replica("edge1a.contoso.com")};
  const ObservedState observed = world_.ObserveAll();
  const View view(organization_, observed);
  EXPECT_EQ(view.Flagged(Protocol::kSip), std::nullopt);
  EXPECT_EQ(view.HasFlag(pool("edgepool1"), Protocol::kSip), std::nullopt);
  EXPECT_EQ(view.Route(organization_.sites.at("Site1"), Protocol::kSip), std::nullopt);
  EXPECT_EQ(view.IsRunning("edge1a.contoso.com", "accessEdge"), std::nullopt);
  EXPECT_EQ(view.IsCurrent("edge1a.contoso.com"), std::nullopt);
}

TEST_F(ViewTest, WatermarkIsTheNewestWrite) {
  world_.written = 9;
  Change(world_, kinds::Replica("edge1a.contoso.com"), "watermark", 9);
  const ObservedState observed = world_.ObserveAll();
  const View view(organization_, observed);
  EXPECT_EQ(view.Watermark(), 9);
  EXPECT_EQ(view.IsCurrent("edge1a.contoso.com"), true);
  EXPECT_EQ(view.IsCurrent("edge1b.contoso.com"), false);
}

TEST_F(ViewTest, EvidenceCountsVantages) {
  world_.walls.insert({kinds::Reachability("203.0.113.11", 5269), "b"});
  const ObservedState observed = world_.ObserveAll();
  EXPECT_EQ(View(organization_, observed).Evidence(pool("edgepool1"), Protocol::kXmpp),
            "203.0.113.11:5269 filtered (1 of 3 vantages), 203.0.113.11:5269 open (2 of 3 "
            "vantages), 203.0.113.12:5269 open (3 of 3 vantages)");
}

TEST_F(ViewTest, NobodyIsLedToANextHopThatIsOutOfService) {
  const auto wanted = [&](const std::string& name) {
    const ObservedState observed = world_.ObserveAll();
    return View(organization_, observed).WantedNextHop(pool(name));
  };
  ChangePool(world_, pool("edgepool2"), "nextHop", "frontend1.contoso.com");
  EXPECT_EQ(wanted("edgepool2"), "frontend2.contoso.com");
  organization_.front_end_pools.at("frontend2").condition = FrontEndPool::Condition::kOutOfService;
  EXPECT_EQ(wanted("edgepool2"), "frontend1.contoso.com") << "as it is";
  ChangePool(world_, pool("edgepool2"), "nextHop", "director1.contoso.com");
  EXPECT_EQ(wanted("edgepool2"), "director1.contoso.com") << "as it is";
  DeclareHost(organization_, Protocol::kXmpp, "edgepool2");
  organization_.front_end_pools.at("frontend2").backup_pool = "frontend1";
  EXPECT_EQ(wanted("edgepool2"), "frontend1.contoso.com") << "a host gets the backup";
}

TEST_F(ViewTest, PoolsOfInterestHaveAPart) {
  const auto interest = [&] {
    const ObservedState observed = world_.ObserveAll();
    return View(organization_, observed).PoolsOfInterest();
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(interest(), Names{"edgepool1"});  // edgepool2 only has the XMPP flag (D1)
  organization_.domains.at("contoso.com").xmpp->order = {"edgepool2"};
  EXPECT_EQ(interest(), (Names{"edgepool1", "edgepool2"}));
  organization_.domains.at("contoso.com").xmpp->order.clear();
  DeclareHost(organization_, Protocol::kXmpp, "edgepool2");
  EXPECT_EQ(interest(), (Names{"edgepool1", "edgepool2"}));
  DeclareHost(organization_, Protocol::kXmpp, "edgepool1");
  DeclareDead(organization_.edge_pools.at("edgepool2"));
  EXPECT_EQ(interest(), (Names{"edgepool1", "edgepool2"}));
}

}  // namespace
}  // namespace poolshift
