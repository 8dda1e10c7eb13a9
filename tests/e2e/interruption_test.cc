// A run that ends in the middle, and the one that finishes the job.
#include <csignal>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"
#include "tests/e2e/record_watch.h"
#include "tests/e2e/whole_run.h"

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The rest of a text, from where `mark` is.
std::string From(const std::string& text, const std::string& mark) {
  const std::size_t at = text.find(mark);
  EXPECT_NE(at, std::string::npos) << "no \"" << mark << "\" in:\n" << text;
  return at == std::string::npos ? "" : text.substr(at);
}

// Set-CsSite was done, Enable-CsTopology was not: no memory tells the next run, the world does.
TEST(HalfDoneTest, NextRunEnablesOnce) {
  Contoso contoso({.scenario = "both-failover", .manifest = Brisk, .world = [](std::string world) {
                     return world +
                            "faults: [{resource: SiteRoute/Site2, fault: halfDone, times: 1}]\n";
                   }});
  const Finished cut = contoso.Run(kApply);
  EXPECT_NE(cut.status, 0) << cut.said();
  EXPECT_THAT(contoso.Observe("Enablement/contoso"), HasSubstr("routes"));
  const Finished plan = contoso.Run({"plan"});
  const std::string title = "enable the topology: what was written before takes no effect yet";
  EXPECT_THAT(plan.out, HasSubstr(title));
  EXPECT_THAT(plan.out, Not(HasSubstr("Set-CsSite "))) << "nothing is written again";
  ExpectFinished(contoso);
  EXPECT_THAT(contoso.Observe("Enablement/contoso"), Not(HasSubstr("routes")));
}

struct Moment {
  std::string name, scenario;
  std::string progress;  // the controller is killed when it has said this
};

std::ostream& operator<<(std::ostream& out, const Moment& moment) { return out << moment.name; }

class KilledTest : public ::testing::TestWithParam<Moment> {};

TEST_P(KilledTest, NextRunFinishes) {
  const auto& [name, scenario, progress] = GetParam();
  const bool home = scenario == "failback";
  Contoso contoso({.scenario = scenario, .manifest = Brisk, .world = Slow});
  RecordWatch xmpp(contoso.server(), kXmpp, "A");
  RecordWatch sip(contoso.server(), kSip, "SRV");
  const auto killed = contoso.Start(kApply);
  ASSERT_TRUE(killed->WaitFor(progress));
  killed->Kill();
  EXPECT_THAT(killed->out(), Not(HasSubstr("No drift."))) << "it was killed too late";

  ExpectFinished(contoso, scenario);
  std::vector<Lines> xmpp_way{kXmppAtPool1, kXmppAtPool2}, sip_way{kSipAtPool1, kSipAtPool2};
  if (home) std::swap(xmpp_way[0], xmpp_way[1]);
  if (home) std::swap(sip_way[0], sip_way[1]);
  EXPECT_EQ(xmpp.Seen(), xmpp_way);
  EXPECT_EQ(sip.Seen(), sip_way);
}

INSTANTIATE_TEST_SUITE_P(
    Moments,
    KilledTest,
    ::testing::Values(
        Moment{"PublishingTopology",
               "both-failover",
               "publish the topology: SIP federation edgepool1 -> edgepool2: started"},
        Moment{"InstallingRoles",
               "both-failover",
               "install the published roles on edgeserver2a.contoso.com: started"},
        Moment{
            "MovingRecords",
            "both-failover",
            "point SRV _sipfederationtls._tcp.contoso.com at 0 0 5061 sip2.contoso.com: started"},
        Moment{"BetweenRoutes", "failback", "route Site1: SIP edgepool2 -> (none): done"},
        Moment{"OneProxyClosing", "failback", "partners connect anew: done"},
        Moment{"TakingRecordsHome",
               "failback",
               "point A xmpp.contoso.com at 203.0.113.11, 203.0.113.12: started"}),
    [](const auto& moment) { return moment.param.name; });

TEST(PluginTest, KilledInTheMiddle) {
  Contoso contoso({.scenario = "both-failover", .manifest = Brisk, .world = Slow});
  const auto apply = contoso.Start({"apply", "--auto-approve"});
  ASSERT_TRUE(apply->WaitFor("install the published roles on edgeserver2a.contoso.com: started"));
  const std::vector<pid_t> plugins = apply->Children("provider-sim");
  ASSERT_EQ(plugins.size(), 1U);
  ASSERT_EQ(::kill(plugins[0], SIGKILL), 0);
  EXPECT_EQ(apply->Wait(), 1) << apply->said();
  EXPECT_THAT(apply->err(), HasSubstr("provider `world` (sim) was ended by signal 9"));
  EXPECT_THAT(apply->out(), Not(HasSubstr("No drift.")));
  const std::string account = From(apply->out(), "\nDone: ");
  EXPECT_THAT(From(account, "\nNot done\n"),
              HasSubstr("point A xmpp.contoso.com at 198.51.100.21, 198.51.100.22"));
  const std::string rest = From(account, "\nTo continue\n");
  EXPECT_THAT(rest, HasSubstr("point A xmpp.contoso.com at 198.51.100.21, 198.51.100.22"));
  EXPECT_THAT(rest, Not(HasSubstr("publish the topology"))) << "that is done";
  EXPECT_THAT(rest, HasSubstr("\nContinue with: poolshift resume --state-dir " + contoso.state()));
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool1) << "no record moves to a pool that was not probed";
  ExpectFinished(contoso);
}

TEST(PluginTest, KilledWhileAGateWaits) {
  Contoso contoso({.scenario = "both-failover", .manifest = Brisk, .world = [](std::string world) {
                     return With(std::move(world), "lag: 200ms", "lag: 8s");
                   }});
  const auto apply = contoso.Start(kApply);
  ASSERT_TRUE(apply->WaitFor("wait until 6 replicas hold the writes above: waiting for"));
  for (const pid_t plugin : apply->Children("provider-sim"))
    ASSERT_EQ(::kill(plugin, SIGKILL), 0);
  EXPECT_EQ(apply->Wait(), 1) << apply->said();
  EXPECT_THAT(apply->err(), HasSubstr("cannot be found out any more: could not look at "));
  EXPECT_THAT(apply->err(), HasSubstr("provider `world` (sim) was ended by signal 9"));
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool1) << "no record moves before the replicas hold";
  ExpectFinished(contoso);
}

TEST(PersonTest, StopsTheRun) {
  Contoso contoso({.scenario = "both-failover", .manifest = Brisk, .world = Slow});
  const auto apply = contoso.Start({"apply", "--auto-approve"});
  ASSERT_TRUE(apply->WaitFor("install the published roles on edgeserver2a.contoso.com: started"));
  apply->Signal(SIGINT);
  EXPECT_EQ(apply->Wait(), 130) << apply->said();
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool1);
  ExpectFinished(contoso);
}

TEST(NameServerTest, SilentForAWhile) {
  Contoso contoso({.scenario = "both-failover", .manifest = Brisk, .world = Slow});
  const auto apply = contoso.Start({"apply", "--auto-approve"});
  ASSERT_TRUE(apply->WaitFor("install the published roles on edgeserver2a.contoso.com: started"));
  contoso.FreezeServer();
  ASSERT_TRUE(apply->WaitFor("does not answer: it did not answer in time"));
  contoso.ThawServer();
  EXPECT_EQ(apply->Wait(), 0) << apply->said();
  EXPECT_TRUE(EndsInNoDrift(apply->out())) << apply->said();
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool2);
  EXPECT_EQ(contoso.Sip(), kSipAtPool2);
}

}  // namespace
}  // namespace poolshift::e2e
