#include "controller/report/run_events.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/run_report.h"

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1795230000);

Plan TwoActions() {
  Plan plan;
  Situation& situation = plan.situations.emplace_back();
  situation.name = "failover";
  situation.protocol = "xmpp";
  plan.actions.resize(2);
  plan.actions[0].id = "a1";
  plan.actions[0].title = "point A xmpp.contoso.net at 192.0.2.2";
  Action& proof = plan.actions[1];
  proof.id = "g1";
  proof.verb = Verb::kGate;
  proof.title = "every server leads there";
  proof.target = {"DnsRecordSet", "xmpp of contoso"};
  proof.gate = Gate{};
  proof.needs = {"a1"};
  return plan;
}

TEST(RunEvents, AreOneLineOfAscii) {
  const std::string line = EventLine(RemarkEvent("line one\nline two \xE2\x80\xAE \xFF", kNow));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(line.rfind(R"({"event":"remark","at":"2026-11-21T)", 0), 0U) << line;
  EXPECT_THAT(line, HasSubstr(R"(\u202e \ufffd)"));
}

TEST(RunEvents, PulseTellsHowItStands) {
  const std::vector<absl::Duration> left = {absl::Seconds(3), absl::Seconds(2)};
  const Json event = PulseEvent(TwoActions(),
                                kNow,
                                absl::Seconds(5),
                                {{"a1", absl::Seconds(2), absl::Seconds(5)}},
                                left,
                                {1});
  EXPECT_EQ(event.dump(),
            R"({"event":"pulse","at":"2026-11-21T03:00:00Z","remaining_s":5,)"
            R"("running":[{"action":"a1","since_s":2,"expected_s":5}],"next":["g1"],)"
            R"("recoveries":[{"protocol":"xmpp","ours_s":5,"dns_tail_s":0}]})");
}

TEST(RunEvents, PeopleReadTheSame) {
  EXPECT_EQ(OutlookText(TwoActions(), absl::Seconds(5), {absl::Seconds(3), absl::Seconds(2)}, {1}),
            "about 5s to go; XMPP works again in about 5s; next: 2 ? every server leads there");
  EXPECT_THAT(OutlookText(TwoActions(), {}, {absl::ZeroDuration(), absl::ZeroDuration()}, {}),
              Not(HasSubstr("works again")))
      << "it does";
  EXPECT_EQ(SinceText(absl::Seconds(72), absl::Seconds(5)), "1m 12s of about 5s");
}

}  // namespace
}  // namespace poolshift
