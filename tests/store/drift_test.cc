// Drift over time: periods, what was last in sync, who knows about it, what is kept.
#include "gmock/gmock.h"

#include "tests/store/state.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using DriftTest = StoreTest;

absl::Time At(int minutes) { return kNow + absl::Minutes(minutes); }

DriftSighting Sight(const std::string& name, const std::string& observed = "x") {
  return {name,
          "SiteRoute/" + name,
          "xmpp",
          "traffic is affected",
          name + " is " + observed,
          "declared",
          observed,
          true};
}

DriftSighting Blind(const std::string& name) {
  return {"blind-" + name, "SiteRoute/" + name, "", "unknown", "could not look", "", "", false};
}

std::vector<std::string> Names(const std::vector<DriftRecord>& records) {
  std::vector<std::string> names;
  for (const DriftRecord& record : records)
    names.push_back(record.last.fingerprint);
  return names;
}

TEST_F(DriftTest, ReturnIsASecondPeriodOfOneEntry) {
  const auto store = Open();
  ASSERT_TRUE(store->SeeDrift("contoso", {}, At(0)).ok());
  ASSERT_TRUE(store->SeeDrift("contoso", {Sight("a")}, At(1)).ok());
  ASSERT_TRUE(store->SeeDrift("contoso", {Sight("a")}, At(2)).ok());
  const auto gone = store->SeeDrift("contoso", {}, At(3));
  EXPECT_THAT(Names(gone->gone), ElementsAre("a"));
  ASSERT_TRUE(store->SeeDrift("contoso", {}, At(4)).ok());
  const auto back = store->SeeDrift("contoso", {Sight("a", "y")}, At(5));
  EXPECT_THAT(Names(back->appeared), ElementsAre("a"));
  const auto history = *store->DriftHistory("contoso", 10);
  ASSERT_THAT(history, SizeIs(1));
  EXPECT_EQ(history[0].last.observed, "y");
  ASSERT_THAT(history[0].periods, SizeIs(2));
  const DriftPeriod& first = history[0].periods[0];
  EXPECT_EQ(first.last_in_sync, At(0));
  EXPECT_EQ(first.first_seen, At(1));
  EXPECT_EQ(first.last_seen, At(2));
  EXPECT_EQ(first.gone, At(3));
  const DriftPeriod& second = history[0].periods[1];
  EXPECT_EQ(second.last_in_sync, At(4));
  EXPECT_EQ(second.first_seen, At(5));
  EXPECT_TRUE(history[0].is_open());
}

TEST_F(DriftTest, FirstLookKnowsNoEarlierSync) {
  const auto store = Open();
  const auto seen = store->SeeDrift("contoso", {Sight("a")}, At(0));
  EXPECT_EQ(seen->open.at("a").periods.back().last_in_sync, absl::InfinitePast());
}

// "Could not look" is never "absent": an open difference stays open, and one that appears after
// blindness was in sync before it, not during it.
TEST_F(DriftTest, BlindnessEndsNothing) {
  const auto store = Open();
  ASSERT_TRUE(store->SeeDrift("contoso", {Sight("a")}, At(0)).ok());
  const auto blind = store->SeeDrift("contoso", {Blind("a")}, At(1));
  EXPECT_THAT(blind->gone, IsEmpty());
  EXPECT_THAT(Names(blind->not_looked), ElementsAre("a"));
  EXPECT_EQ(blind->not_looked[0].periods.back().last_seen, At(0));
  const auto again = store->SeeDrift("contoso", {Sight("a")}, At(2));
  EXPECT_THAT(again->appeared, IsEmpty());
  EXPECT_EQ(again->open.at("a").periods.back().first_seen, At(0));
  EXPECT_THAT(Names(again->gone), ElementsAre("blind-a"));
}

TEST_F(DriftTest, BlindLooksAreNotInSync) {
  const auto store = Open();
  ASSERT_TRUE(store->SeeDrift("contoso", {}, At(0)).ok());
  ASSERT_TRUE(store->SeeDrift("contoso", {Blind("a")}, At(1)).ok());
  ASSERT_TRUE(store->SeeDrift("contoso", {Blind("a")}, At(2)).ok());
  const auto seen = store->SeeDrift("contoso", {Sight("a"), Sight("b")}, At(3));
  EXPECT_EQ(seen->open.at("a").periods.back().last_in_sync, At(0));
  EXPECT_EQ(seen->open.at("b").periods.back().last_in_sync, At(2));
}

TEST_F(DriftTest, AcknowledgementHasAName) {
  const auto store = Open();
  ASSERT_TRUE(store->SeeDrift("contoso", {Sight("abc"), Sight("abd")}, At(0)).ok());
  const DriftAcknowledged known{"alice", "change 4711", At(0), At(60)};
  EXPECT_TRUE(absl::IsInvalidArgument(store->AcknowledgeDrift("contoso", "ab", known).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store->AcknowledgeDrift("contoso", "", known).status()));
  EXPECT_TRUE(absl::IsNotFound(store->AcknowledgeDrift("contoso", "x", known).status()));
  EXPECT_TRUE(absl::IsNotFound(store->AcknowledgeDrift("fabrikam", "abc", known).status()));
  EXPECT_EQ(*store->AcknowledgeDrift("contoso", "abc", known), "abc");
  const auto seen = store->SeeDrift("contoso", {Sight("abc"), Sight("abd")}, At(1));
  EXPECT_EQ(seen->open.at("abc").acknowledged.reason, "change 4711");
  EXPECT_TRUE(seen->open.at("abc").is_acknowledged(At(59)));
  EXPECT_FALSE(seen->open.at("abc").is_acknowledged(At(60)));
  EXPECT_FALSE(seen->open.at("abd").is_acknowledged(At(1)));
  EXPECT_EQ(*store->WithdrawAcknowledgement("contoso", "abc"), "abc");
  EXPECT_TRUE(absl::IsNotFound(store->WithdrawAcknowledgement("contoso", "abc").status()));
}

TEST_F(DriftTest, PeriodsOfOneAreBounded) {
  const auto store = Open();
  constexpr int kTimes = 120;
  for (int i = 0; i < kTimes; ++i) {
    ASSERT_TRUE(store->SeeDrift("contoso", {Sight("a")}, At(2 * i)).ok());
    ASSERT_TRUE(store->SeeDrift("contoso", {}, At(2 * i + 1)).ok());
  }
  const auto periods = (*store->DriftHistory("contoso", 1))[0].periods;
  ASSERT_THAT(periods, SizeIs(100));
  EXPECT_EQ(periods.front().first_seen, At(0));
  EXPECT_EQ(periods.back().first_seen, At(2 * (kTimes - 1)));
}

TEST_F(DriftTest, PruningKeepsWhatIsOpen) {
  const auto store = Open();
  ASSERT_TRUE(store->SeeDrift("contoso", {Sight("a"), Sight("b"), Sight("open")}, At(0)).ok());
  ASSERT_TRUE(store->SeeDrift("contoso", {Sight("b"), Sight("open")}, At(1)).ok());
  ASSERT_TRUE(store->SeeDrift("contoso", {Sight("open")}, At(2)).ok());
  EXPECT_EQ(*store->PruneDrift("contoso", At(0), 0), 0);
  EXPECT_EQ(*store->PruneDrift("contoso", At(10), 1), 1);
  EXPECT_THAT(Names(*store->DriftHistory("contoso", 10)), ElementsAre("open", "b"));
  EXPECT_EQ(*store->PruneDrift("fabrikam", At(10), 0), 0);
  EXPECT_EQ(*store->PruneDrift("contoso", At(10), 0), 1);
  EXPECT_THAT(Names(*store->DriftHistory("contoso", 10)), ElementsAre("open"));
}

TEST_F(DriftTest, EarlierVersionsDriftIsKept) {
  WriteVersion(2);
  Execute("INSERT INTO drift VALUES ('contoso', 'f9', 5000000000, 6000000000, NULL)");
  const auto store = Open();
  const auto history = *store->DriftHistory("contoso", 10);
  ASSERT_FALSE(history.empty());
  const auto seen = store->SeeDrift("contoso", {Sight("f9")}, At(0));
  EXPECT_EQ(seen->open.at("f9").periods.back().first_seen, absl::FromUnixSeconds(5));
}

TEST_F(DriftTest, LastDrillTakesTheOthersPlace) {
  const auto store = Open();
  EXPECT_EQ(store->LastDrill("contoso", "all")->report, "");
  ASSERT_TRUE(store->RecordDrill("contoso", "all", {At(0), "{}"}).ok());
  ASSERT_TRUE(store->RecordDrill("contoso", "all", {At(1), "{\"a\": 1}"}).ok());
  EXPECT_EQ(store->LastDrill("contoso", "all")->at, At(1));
  EXPECT_EQ(store->LastDrill("contoso", "all")->report, "{\"a\": 1}");
  EXPECT_EQ(store->LastDrill("contoso", "pairs")->report, "");
  EXPECT_EQ(store->LastDrill("fabrikam", "all")->report, "");
}

}  // namespace
}  // namespace poolshift
