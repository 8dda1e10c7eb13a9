// The real program behind the real protocol: faults on demand, state across restarts, edits by
// hand.
#include <chrono>
#include <filesystem>
#include <future>

#include <gmock/gmock.h>

#include "controller/federation/kinds.h"
#include "tests/sim/stage.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::HasSubstr;
using testing::Not;

class SimProviderTest : public testing::Test {
 protected:
  std::string StateText() const { return stage.scratch().Read("state/world.state.yaml"); }
  SimStage stage;
};

// ---- state ----

TEST_F(SimProviderTest, StateSurvivesRestarts) {
  auto provider = stage.MustStart();
  ASSERT_TRUE(provider->Apply(stage.Reroute(*provider, "k"), nullptr).status.ok());
  provider.reset();
  provider = stage.MustStart();
  EXPECT_EQ(stage.Route(*provider), "edge2.contoso.com");
  EXPECT_THAT(stage.scratch().Read("world.yaml"), HasSubstr("xmpp: edge1.contoso.com"))
      << "the tree stays as it was";
}

// Whoever makes the state keeps others out, also when it is stopped in the middle of that.
TEST_F(SimProviderTest, OfTwoThatBeginOneMakesTheState) {
  auto first = stage.MustStart();
  ASSERT_TRUE(first->Apply(stage.Reroute(*first, "k"), nullptr).status.ok());
  const std::string made = StateText();
  first.reset();
  const std::string state = stage.scratch().Path("state/world.state.yaml");
  std::filesystem::remove(state);
  const int lock = ::open(stage.scratch().Path("state/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(lock, 0);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  auto second = std::async(std::launch::async, [&] { return stage.MustStart(); });
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  EXPECT_FALSE(std::filesystem::exists(state));
  stage.scratch().Write("state/world.state.yaml", made);
  ::close(lock);
  EXPECT_EQ(stage.Route(*second.get()), "edge2.contoso.com");
}

TEST_F(SimProviderTest, ReadOnlyStartWritesNothing) {
  auto provider = stage.MustStart(true);
  EXPECT_EQ(stage.Route(*provider), "edge1.contoso.com");
  provider.reset();
  EXPECT_EQ(StateText(), "");
}

TEST_F(SimProviderTest, ReadOnlyStartSeesTheState) {
  auto provider = stage.MustStart();
  ASSERT_TRUE(provider->Apply(stage.Reroute(*provider, "k"), nullptr).status.ok());
  auto reader = stage.MustStart(true);
  EXPECT_EQ(stage.Route(*reader), "edge2.contoso.com");
}

TEST_F(SimProviderTest, ChangedWorldFileKeepsTheState) {
  auto provider = stage.MustStart();
  ASSERT_TRUE(provider->Apply(stage.Reroute(*provider, "k"), nullptr).status.ok());
  provider.reset();
  stage.WriteWorld("onPowerOn: stopped\n");
  provider = stage.MustStart();
  EXPECT_EQ(stage.Route(*provider), "edge2.contoso.com");
  provider.reset();
  EXPECT_THAT(stage.Log(), HasSubstr("has changed since the state in"));
}

TEST_F(SimProviderTest, FaultsOfTheWorldFileAreReported) {
  stage.WriteWorld("replicaton: {lag: 5s}\n");
  const auto started = stage.Start();
  ASSERT_FALSE(started.ok());
  EXPECT_THAT(std::string(started.status().message()),
              testing::AllOf(HasSubstr("world.yaml:21:13: error: unknown key `replicaton`"),
                             HasSubstr("lync")));
}

TEST_F(SimProviderTest, MissingWorldFileIsNamed) {
  std::filesystem::remove(stage.scratch().Path("world.yaml"));
  EXPECT_THAT(std::string(stage.Start().status().message()),
              HasSubstr("no file " + stage.scratch().Path("world.yaml")));
}

// ---- faults on demand ----

TEST_F(SimProviderTest, ErrorBeforeEffectIsRetryable) {
  stage.WriteWorld(
      "faults: [{resource: \"SiteRoute/*\", fault: error, times: 1, message: the disk is full}]\n");
  auto provider = stage.MustStart();
  const ApplyRequest request = stage.Reroute(*provider, "k");
  const ApplyResult first = provider->Apply(request, nullptr);
  EXPECT_THAT(std::string(first.status.message()), HasSubstr("the disk is full"));
  EXPECT_TRUE(first.retryable);
  EXPECT_FALSE(first.effect_unknown);
  EXPECT_EQ(stage.Route(*provider), "edge1.contoso.com");
  EXPECT_TRUE(provider->Apply(request, nullptr).status.ok());
  EXPECT_EQ(stage.Route(*provider), "edge2.contoso.com");
}

// Set-CsSite is done and Enable-CsTopology is not: an error with an effect, which is seen.
TEST_F(SimProviderTest, HalfDoneIsWrittenAndNotEnabled) {
  stage.WriteWorld("faults: [{resource: \"SiteRoute/*\", fault: halfDone, times: 1}]\n");
  auto provider = stage.MustStart();
  ApplyRequest request = stage.Reroute(*provider, "k");
  request.action.modes = {"closing"};
  const ApplyResult half = provider->Apply(request, nullptr);
  EXPECT_THAT(std::string(half.status.message()), HasSubstr("Enable-CsTopology"));
  EXPECT_FALSE(half.retryable);
  EXPECT_EQ(stage.Route(*provider), "edge2.contoso.com");
  const Observation seen = conformance::LookAt(*provider, {kinds::Enablement("contoso"), ""});
  EXPECT_FALSE(seen.properties.BooleanOr("enabled", true));
  EXPECT_EQ(seen.properties.StringOr("waiting", ""), "routes");
}

TEST_F(SimProviderTest, LostReplyIsSettledByLookup) {
  stage.WriteWorld("faults: [{resource: \"SiteRoute/*\", fault: lostReply, times: 1}]\n");
  auto provider = stage.MustStart();
  const ApplyResult lost = provider->Apply(stage.Reroute(*provider, "k"), nullptr);
  EXPECT_TRUE(lost.effect_unknown) << lost.status;
  EXPECT_EQ(stage.Route(*provider), "edge2.contoso.com");
  const auto found = provider->Lookup("k", absl::Seconds(10));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->status.ok()) << found->status;
}

TEST_F(SimProviderTest, CrashBeforeEffectLeavesNothing) {
  stage.WriteWorld("faults: [{resource: \"SiteRoute/*\", fault: crash, times: 1}]\n");
  auto provider = stage.MustStart();
  EXPECT_FALSE(provider->Apply(stage.Reroute(*provider, "k"), nullptr).status.ok());
  provider = stage.MustStart();
  EXPECT_EQ(stage.Route(*provider), "edge1.contoso.com");
  EXPECT_TRUE(provider->Apply(stage.Reroute(*provider, "k"), nullptr).status.ok())
      << "only the first time";
}

TEST_F(SimProviderTest, CrashAfterEffectIsSettledByLookup) {
  stage.WriteWorld(
      "faults: [{resource: \"SiteRoute/*\", fault: crash, afterEffect: true, times: 1}]\n");
  auto provider = stage.MustStart();
  const ApplyResult lost = provider->Apply(stage.Reroute(*provider, "k"), nullptr);
  EXPECT_TRUE(lost.effect_unknown) << lost.status;
  provider = stage.MustStart();
  EXPECT_EQ(stage.Route(*provider), "edge2.contoso.com");
  const auto found = provider->Lookup("k", absl::Seconds(10));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->status.ok()) << found->status;
}

TEST_F(SimProviderTest, HangEndsWithTheDeadline) {
  stage.WriteWorld("faults: [{resource: \"SiteRoute/*\", fault: hang, times: 1}]\n");
  auto provider = stage.MustStart();
  ApplyRequest request = stage.Reroute(*provider, "k");
  request.deadline = absl::Milliseconds(300);
  EXPECT_FALSE(provider->Apply(request, nullptr).status.ok());
  EXPECT_EQ(stage.Route(*provider), "edge1.contoso.com");
}

TEST_F(SimProviderTest, LatencyOnlyTakesTime) {
  stage.WriteWorld(
      "faults: [{resource: \"*\", operation: observe, fault: latency, delay: 10ms}]\n");
  auto provider = stage.MustStart();
  EXPECT_EQ(stage.Route(*provider), "edge1.contoso.com");
}

TEST_F(SimProviderTest, FailedLookIsUnreachable) {
  stage.WriteWorld(
      "faults: [{resource: \"Replica/*\", operation: observe, fault: error, times: 1, message: "
      "timed out}]\n");
  auto provider = stage.MustStart();
  const ObservationKey key{kinds::Replica("e1a.contoso.com"), ""};
  const Observation first = conformance::LookAt(*provider, key);
  EXPECT_EQ(first.presence, Presence::kUnreachable);
  EXPECT_EQ(first.reason, "timed out");
  EXPECT_EQ(conformance::LookAt(*provider, key).presence, Presence::kPresent);
}

TEST_F(SimProviderTest, ExportsItsTopology) {
  const auto provider = stage.MustStart(true);
  EXPECT_TRUE(provider->Describe()->exports);
  const auto files = provider->Export(absl::Seconds(20));
  ASSERT_TRUE(files.ok()) << files.status();
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ((*files)[0].name, "topology.yaml");
  EXPECT_THAT((*files)[0].content, HasSubstr("edgePools:"));
  EXPECT_THAT((*files)[0].content, testing::Not(HasSubstr("dns:")));
}

TEST_F(SimProviderTest, CancelGivesUpDuringWork) {
  stage.WriteWorld("durations: {SiteRoute: 10m}\n");
  auto provider = stage.MustStart();
  ApplyRequest request = stage.Reroute(*provider, "k");
  request.deadline = absl::Milliseconds(200);
  EXPECT_FALSE(provider->Apply(request, nullptr).status.ok());
  EXPECT_EQ(stage.Route(*provider), "edge1.contoso.com");
}

TEST_F(SimProviderTest, WarningsAreProgress) {
  auto provider = stage.MustStart();
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = kinds::Topology("contoso");
  fixture.after =
      Value::Map{{"pools", Value::Map{{"edge2.contoso.com", Value::Map{{"federation", true}}}}}};
  const Observation seen = conformance::LookAt(*provider, {fixture.target, ""});
  std::string progress;
  const ApplyResult result = provider->Apply(conformance::RequestFrom(fixture, seen, "k", 1),
                                             [&](std::string_view line) { progress += line; });
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(progress, HasSubstr("more than one Federated Edge Server"));
}

// ---- by hand ----

TEST_F(SimProviderTest, EditsByHandAreSeenAtOnce) {
  auto provider = stage.MustStart();
  const std::string state = stage.scratch().Path("state");
  EXPECT_EQ(stage.ByHand({"set", state, "sites/Site1/xmpp", "edge2.contoso.com"}), 0);
  EXPECT_EQ(stage.Route(*provider), "edge2.contoso.com");
  EXPECT_EQ(stage.ByHand({"set", state, "edgePools/edge1.contoso.com/power", "off"}), 0);
  const ObservationKey key{kinds::EdgeComponents("e1a.contoso.com"), ""};
  EXPECT_EQ(conformance::LookAt(*provider, key).presence, Presence::kUnreachable);
}

TEST_F(SimProviderTest, ChangesFollowEditsByHand) {
  auto provider = stage.MustStart();
  const ApplyRequest request = stage.Reroute(*provider, "k");
  ASSERT_EQ(stage.ByHand({"set", stage.scratch().Path("state"), "sites/Site1/xmpp", ""}), 0);
  const ApplyResult result = provider->Apply(request, nullptr);
  EXPECT_TRUE(absl::IsFailedPrecondition(result.status)) << result.status;
}

TEST_F(SimProviderTest, WorldIsShownByHand) {
  std::string text;
  const std::string file = stage.scratch().Path("world.yaml");
  EXPECT_EQ(stage.ByHand({"show", file, "sites/Site1"}, &text), 0);
  EXPECT_EQ(text, "federation: edge1.contoso.com\nwatermark: 1\nxmpp: edge1.contoso.com\n");
  EXPECT_EQ(stage.ByHand({"observe", file, "Replica/e1a.contoso.com"}, &text), 0);
  EXPECT_EQ(text, "watermark: 1\n");
  EXPECT_EQ(stage.ByHand({"observe", file, "Replica/e1b.contoso.com"}, &text), 0);
  EXPECT_THAT(text, HasSubstr("unreachable: e1b.contoso.com does not answer"));
  EXPECT_EQ(stage.ByHand({"observe", file, "Reachability/203.0.113.11/5269", "vantage-a"}, &text),
            0);
  EXPECT_THAT(text, HasSubstr("state: open"));
  EXPECT_EQ(stage.ByHand({"init", file, stage.scratch().Path("made")}, &text), 0);
  EXPECT_EQ(stage.ByHand({"show", stage.scratch().Path("made"), "organization"}, &text), 0);
  EXPECT_EQ(text, "contoso\n");
}

TEST_F(SimProviderTest, HandCommandsExplainThemselves) {
  std::string text;
  const std::string file = stage.scratch().Path("world.yaml");
  EXPECT_EQ(stage.ByHand({"--help"}, &text), 0);
  EXPECT_THAT(text, HasSubstr("world set STATEDIR PATH VALUE"));
  EXPECT_EQ(stage.ByHand({}, &text), 2);
  EXPECT_EQ(stage.ByHand({"sett", "x"}, &text), 2);
  EXPECT_THAT(text, HasSubstr("not understood: world sett"));
  EXPECT_EQ(stage.ByHand({"set", file, "sites", "{}"}, &text), 1);
  EXPECT_THAT(text, HasSubstr("is no state directory"));
  EXPECT_EQ(stage.ByHand({"show", file, "sitse"}, &text), 1);
  EXPECT_THAT(text, HasSubstr("did you mean `sites`?"));
  EXPECT_EQ(stage.ByHand({"show", stage.scratch().Path("state")}, &text), 1);
  EXPECT_THAT(text, HasSubstr("no world in"));
  EXPECT_EQ(stage.ByHand({"init", file, stage.scratch().Path("state")}, &text), 0);
  EXPECT_EQ(stage.ByHand({"set", stage.scratch().Path("state"), "onPowerOn", "[broken"}, &text), 1);
  EXPECT_THAT(text, HasSubstr("not readable as YAML"));
  EXPECT_EQ(stage.ByHand({"set", stage.scratch().Path("state"), "onPowerOn", "never"}, &text), 1);
  EXPECT_THAT(text, HasSubstr("neither automatic nor stopped"));
}

}  // namespace
}  // namespace poolshift
