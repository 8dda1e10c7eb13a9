// The provider `manual`: steps for a person, and a work item that is done when it is seen.
#include "controller/provider/manual.h"

#include <functional>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/model/digest.h"
#include "controller/provider/manual_steps.h"

namespace poolshift {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const ResourceId kRecord{"DnsRecordSet", "xmpp.contoso.com/A"};

Value Records(const char* address, int ttl) {
  return Value::Map{{"records", Value::List{address}}, {"ttl", ttl}};
}

// Eyes on a world of one resource.
class Eyes final : public Provider {
 public:
  void Show(Value properties) {
    seen_ = {};
    seen_.presence = properties.is_null() ? Presence::kAbsent : Presence::kPresent;
    seen_.revision = properties.is_null() ? "" : RevisionOf(properties);
    seen_.properties = std::move(properties);
  }
  void Close() {
    seen_ = {};
    seen_.reason = "timeout";
  }
  const Observation& seen() const { return seen_; }

  absl::StatusOr<ProviderDescription> Describe() override {
    ProviderDescription description;
    description.type = "probe";
    description.kinds = {{"DnsRecordSet", false, "", "", {}}, {"Reachability", false, "", "", {}}};
    description.fenced = true;
    return description;
  }
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration) override {
    std::vector<Observation> answers;
    for (const ObservationKey& key : keys) {
      const auto other = others_.find(key.id);
      answers.push_back(other == others_.end() ? seen_ : other->second);
    }
    return answers;
  }
  // Another resource, beside the one.
  void Show(const ResourceId& id, Value properties) {
    others_[id].presence = Presence::kPresent;
    others_[id].properties = std::move(properties);
  }
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>&,
                                                                absl::Duration) override {
    return absl::UnimplementedError("eyes only");
  }
  ApplyResult Apply(const ApplyRequest&, const ProgressSink&) override { return {}; }
  absl::StatusOr<ApplyResult> Lookup(const std::string&, absl::Duration) override {
    return absl::UnimplementedError("eyes only");
  }
  void Cancel(const std::string&) override {}

 private:
  Observation seen_;
  std::map<ResourceId, Observation> others_;
};

// Time that passes only by sleeping, and in which things happen.
class EventfulClock final : public Clock {
 public:
  void At(absl::Duration when, std::function<void()> event) {
    events_.emplace(when, std::move(event));
  }
  absl::Time Now() const override { return absl::UnixEpoch() + elapsed_; }
  absl::Duration Elapsed() const override { return elapsed_; }
  void Sleep(absl::Duration duration) override {
    elapsed_ += duration;
    while (!events_.empty() && events_.begin()->first <= elapsed_) {
      const auto event = events_.extract(events_.begin());
      event.mapped()();
    }
  }

 private:
  absl::Duration elapsed_;
  std::multimap<absl::Duration, std::function<void()>> events_;
};

class ManualTest : public testing::Test {
 protected:
  ManualTest() { eyes_.Show(Records("203.0.113.11", 300)); }

  Manual Make(bool read_only = false) { return Manual({"dns-team", read_only}, eyes_, clock_); }

  ApplyRequest Request(Value after) {
    ApplyRequest request;
    request.key = "k";
    request.deadline = absl::Minutes(30);
    request.action.target = kRecord;
    request.action.before = eyes_.seen().properties;
    request.action.after = std::move(after);
    request.action.precondition_revision = eyes_.seen().revision;
    return request;
  }
  ProgressSink Sink() {
    return [this](std::string_view line) { lines_.emplace_back(line); };
  }

  Eyes eyes_;
  EventfulClock clock_;
  std::vector<std::string> lines_;
};

TEST_F(ManualTest, IsDoneWhenObservationAgrees) {
  clock_.At(absl::Minutes(3), [this] { eyes_.Show(Records("203.0.113.21", 300)); });
  clock_.At(absl::Minutes(7), [this] { eyes_.Show(Records("203.0.113.21", 60)); });
  const ApplyResult result = Make().Apply(Request(Records("203.0.113.21", 60)), Sink());
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.observation.properties, Records("203.0.113.21", 60));
  EXPECT_GE(clock_.Elapsed(), absl::Minutes(7));
  EXPECT_THAT(
      lines_,
      Contains("waiting for DnsRecordSet/xmpp.contoso.com/A: records is 203.0.113.11, wanted "
               "203.0.113.21; ttl is 300, wanted 60"));
  EXPECT_THAT(lines_,
              Contains("waiting for DnsRecordSet/xmpp.contoso.com/A: ttl is 300, wanted 60"));
}

TEST_F(ManualTest, JointChangeIsDoneWhenAllOfItIsSeen) {
  const ResourceId route{"SiteRoute", "Site1"};
  const Value from = Value::Map{{"xmpp", "edge1"}}, to = Value::Map{{"xmpp", "edge2"}};
  eyes_.Show(route, from);
  ApplyRequest request = Request(Records("203.0.113.21", 300));
  request.action.also = {{route, from, to}};
  clock_.At(absl::Minutes(3), [this] { eyes_.Show(Records("203.0.113.21", 300)); });
  clock_.At(absl::Minutes(7), [&, this] { eyes_.Show(route, to); });
  const ApplyResult result = Make().Apply(request, Sink());
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_GE(clock_.Elapsed(), absl::Minutes(7));
  EXPECT_THAT(lines_, Contains(HasSubstr("SiteRoute/Site1: xmpp is edge1, wanted edge2")));
}

TEST_F(ManualTest, DeletionIsDoneWhenAbsent) {
  clock_.At(absl::Minutes(1), [this] { eyes_.Show(Value()); });
  const ApplyResult result = Make().Apply(Request(Value()), Sink());
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(lines_, Contains(HasSubstr("it is still there")));
}

TEST_F(ManualTest, UnreachableIsNeverDone) {
  ApplyRequest request = Request(Value());
  request.deadline = absl::Minutes(1);
  eyes_.Close();
  const ApplyResult result = Make().Apply(request, Sink());
  EXPECT_TRUE(absl::IsDeadlineExceeded(result.status)) << result.status;
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("cannot be looked at: timeout"));
}

TEST_F(ManualTest, DeadlineLeavesEffectUnknown) {
  const ApplyResult result = Make().Apply(Request(Records("203.0.113.21", 60)), Sink());
  EXPECT_TRUE(absl::IsDeadlineExceeded(result.status)) << result.status;
  EXPECT_TRUE(result.effect_unknown);
  EXPECT_TRUE(result.retryable);
}

TEST_F(ManualTest, CancelEndsTheWait) {
  Manual manual = Make();
  clock_.At(absl::Minutes(2), [&] { manual.Cancel("k"); });
  const ApplyResult result = manual.Apply(Request(Records("203.0.113.21", 60)), Sink());
  EXPECT_TRUE(absl::IsCancelled(result.status)) << result.status;
  EXPECT_LT(clock_.Elapsed(), absl::Minutes(3));
}

TEST_F(ManualTest, CancelOfAnotherKeyIsIgnored) {
  Manual manual = Make();
  manual.Cancel("k");  // not running: must not end a later run
  clock_.At(absl::Minutes(1), [this] { eyes_.Show(Records("203.0.113.21", 60)); });
  EXPECT_TRUE(manual.Apply(Request(Records("203.0.113.21", 60)), Sink()).status.ok());
}

TEST_F(ManualTest, MovedWorldIsAConflict) {
  const ApplyRequest request = Request(Records("203.0.113.21", 60));
  eyes_.Show(Records("198.51.100.9", 300));
  const ApplyResult result = Make().Apply(request, Sink());
  EXPECT_TRUE(absl::IsFailedPrecondition(result.status)) << result.status;
  EXPECT_TRUE(lines_.empty()) << "no person was asked to do anything";
}

TEST_F(ManualTest, ReadOnlyAsksNobody) {
  const ApplyResult result = Make(true).Apply(Request(Value()), Sink());
  EXPECT_TRUE(absl::IsPermissionDenied(result.status)) << result.status;
  EXPECT_TRUE(lines_.empty());
}

TEST_F(ManualTest, PeopleCanChangeWhatEyesObserve) {
  const auto description = Make().Describe();
  ASSERT_TRUE(description.ok());
  EXPECT_EQ(description->type, "manual");
  EXPECT_FALSE(description->fenced);
  EXPECT_TRUE(description->kinds[0].writable);
  EXPECT_FALSE(description->kinds[1].writable) << "nobody can set what a vantage gets";
}

struct StepsCase {
  const char* name;
  ResourceId target;
  Value before, after;
  std::vector<std::string> expected;
};

class ManualSteps : public testing::TestWithParam<StepsCase> {};

TEST_P(ManualSteps, AreExact) {
  Action action;
  action.target = GetParam().target;
  action.before = GetParam().before;
  action.after = GetParam().after;
  EXPECT_EQ(poolshift::ManualSteps(action), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    ManualSteps,
    testing::Values(
        StepsCase{"ChangedRecord",
                  kRecord,
                  Records("203.0.113.11", 300),
                  Records("203.0.113.21", 300),
                  {"1. At your DNS host, change A xmpp.contoso.com from 203.0.113.11 to "
                   "203.0.113.21, TTL 300 "
                   "seconds, in one step: never delete it first.",
                   "2. Publish the zone, if your DNS host asks for that.",
                   "done when: DnsRecordSet/xmpp.contoso.com/A is observed with "
                   "records=203.0.113.21 ttl=300"}},
        StepsCase{"LoweredTtl",
                  kRecord,
                  Records("203.0.113.11", 3600),
                  Records("203.0.113.11", 60),
                  {"1. At your DNS host, change the TTL of A xmpp.contoso.com from 3600 to 60 "
                   "seconds and leave its "
                   "content 203.0.113.11.",
                   "done when: DnsRecordSet/xmpp.contoso.com/A is observed with "
                   "records=203.0.113.11 ttl=60"}},
        StepsCase{"AddedRecord",
                  kRecord,
                  Value(),
                  Records("203.0.113.21", 60),
                  {"1. At your DNS host, add A xmpp.contoso.com with 203.0.113.21, TTL 60 seconds.",
                   "done when: DnsRecordSet/xmpp.contoso.com/A is observed with "
                   "records=203.0.113.21 ttl=60"}},
        StepsCase{"DeletedRecord",
                  kRecord,
                  Records("203.0.113.11", 300),
                  Value(),
                  {"1. At your DNS host, delete A xmpp.contoso.com (now 203.0.113.11).",
                   "2. Leave every other record as it is.",
                   "done when: DnsRecordSet/xmpp.contoso.com/A is observed to be absent"}},
        StepsCase{
            "XmppRoute",
            {"SiteRoute", "Site1"},
            Value::Map{{"federation", "a.contoso.com"}, {"xmpp", "a.contoso.com"}},
            Value::Map{{"federation", "a.contoso.com"}, {"xmpp", "b.contoso.com"}},
            {"1. Open the Management Shell with the right to change the topology.",
             "2. Run: Set-CsSite -Identity Site1 -XmppFederationRoute \"EdgeServer:b.contoso.com\"",
             "3. Run: Enable-CsTopology",
             "4. Check: Get-CsSite -Identity Site1 | Select-Object FederationRoute, "
             "XmppFederationRoute",
             "done when: SiteRoute/Site1 is observed with federation=a.contoso.com "
             "xmpp=b.contoso.com"}},
        StepsCase{
            "StoppedService",
            {"EdgeService", "e1.contoso.com/accessEdge"},
            Value::Map{{"state", "running"}},
            Value::Map{{"state", "stopped"}},
            {"1. Log on to e1.contoso.com as a local administrator and open the Management Shell.",
             "2. Run: Stop-CsWindowsService -Name RTCSRV -Graceful",
             "3. Do not leave out -Name: without it every service of the server is affected.",
             "done when: EdgeService/e1.contoso.com/accessEdge is observed with state=stopped"}},
        StepsCase{
            "LiftedFence",
            {"Fence", "203.0.113.11/5269"},
            Value::Map{{"mode", "reset"}, {"expires", ""}},
            Value::Map{{"mode", "none"}, {"expires", ""}},
            {"1. At the firewall in front of it remove the rule that blocks TCP port 5269 of "
             "203.0.113.11.",
             "done when: Fence/203.0.113.11/5269 is observed with expires=(empty) mode=none"}},
        StepsCase{"KindWithoutWords",
                  {"Thermostat", "hall"},
                  Value::Map{{"degrees", 18}},
                  Value::Map{{"degrees", 21}},
                  {"1. Set degrees of Thermostat/hall from 18 to 21.",
                   "done when: Thermostat/hall is observed with degrees=21"}}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ManualStepsOfTopology, NamePoolFlagAndPublish) {
  Action action;
  action.target = {"Topology", "contoso"};
  action.after = Value::Map{{"pools", Value::Map{{"b.contoso.com", Value::Map{{"xmpp", true}}}}}};
  EXPECT_THAT(poolshift::ManualSteps(action),
              ElementsAre(HasSubstr("Topology Builder"),
                          HasSubstr("right-click b.contoso.com"),
                          "3. Select \"Enable XMPP federation (port 5269)\".",
                          "4. Choose OK.",
                          HasSubstr("Publish once"),
                          HasSubstr("done when: Topology/contoso")));
}

}  // namespace
}  // namespace poolshift
