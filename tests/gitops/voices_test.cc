#include "controller/gitops/voices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

TEST(VoicesTest, WordsComeBackAsTheyWere) {
  Word word;
  word.digest = "5f0c";
  word.who = "alice";
  word.reason = "go";
  word.also = {"PoolFailover/fe1.contoso.net", "PoolFailover/fe2.contoso.net"};
  word.at = kNow;
  Word no = word;
  no.who = "bob";
  no.agrees = false;
  no.also.clear();
  const Voices voices = VoicesOf({WordEvent(word), WordEvent(no)}, kNow);
  ASSERT_THAT(voices.words, SizeIs(2));
  EXPECT_EQ(voices.words[0].digest, word.digest);
  EXPECT_EQ(voices.words[0].also, word.also);
  EXPECT_EQ(voices.words[0].reason, "go");
  EXPECT_TRUE(voices.words[0].agrees);
  EXPECT_FALSE(voices.words[1].agrees);
  EXPECT_EQ(voices.words[1].who, "bob");
}

TEST(VoicesTest, PausesEndByTimeOrByHand) {
  std::vector<EventRow> events;
  EXPECT_EQ(NextPauseId(events), "p1");
  events.push_back(PauseEvent({"p1", "", "alice", "a", kNow, kNow + absl::Hours(1)}));
  EXPECT_EQ(NextPauseId(events), "p2");
  events.push_back(PauseEvent({"p2", "Site 1", "bob", "b", kNow, kNow + absl::Hours(2)}));
  EXPECT_THAT(VoicesOf(events, kNow).pauses, SizeIs(2));
  EXPECT_EQ(VoicesOf(events, kNow).pauses[1].scope, "Site 1");
  EXPECT_THAT(VoicesOf(events, kNow + absl::Hours(1)).pauses, SizeIs(1));
  events.push_back(UnpauseEvent("p2", "bob", kNow + absl::Minutes(1)));
  const Voices voices = VoicesOf(events, kNow + absl::Minutes(2));
  ASSERT_THAT(voices.pauses, SizeIs(1));
  EXPECT_EQ(voices.pauses[0].id, "p1");
  // Ended, and still counted: no id is used twice.
  EXPECT_EQ(NextPauseId(events), "p3");
}

TEST(VoicesTest, BrokenGlassMendsByItself) {
  const std::vector<EventRow> events = {
      BreakGlassEvent({"eve", "fire", kNow, kNow + absl::Minutes(5)})};
  EXPECT_THAT(VoicesOf(events, kNow).openings, SizeIs(1));
  EXPECT_THAT(VoicesOf(events, kNow + absl::Minutes(5)).openings, IsEmpty());
}

TEST(VoicesTest, OtherEventsSayNothing) {
  EventRow event;
  event.kind = "export";
  event.data = "plan 5f0c\nagrees yes\n";
  EXPECT_THAT(VoicesOf({event}, kNow).words, IsEmpty());
}

}  // namespace
}  // namespace poolshift
