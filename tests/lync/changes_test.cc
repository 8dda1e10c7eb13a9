// What the provider changes and how it fails, against the emulator behind real sshd, and behind an
// emulated WinRM service.
#include <algorithm>

#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "controller/model/covers.h"
#include "tests/conformance/kit/conformance.h"
#include "tests/lync/emulated_organisation.h"

namespace poolshift::lync::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr absl::Duration kDeadline = absl::Seconds(30);

class LyncChanges : public ::testing::TestWithParam<Transport> {
 protected:
  void Begin(const std::function<void(Value&)>& change = [](Value&) {}) {
    auto started = organisation_.Start(false, change);
    ASSERT_TRUE(started.ok()) << started.status();
    provider_ = *std::move(started);
  }

  Observation Look(const std::string& kind, const std::string& name) {
    return conformance::LookAt(*provider_, {{kind, name}, ""});
  }

  ApplyResult Apply(const std::string& kind,
                    const std::string& name,
                    Value after,
                    std::vector<std::string> modes = {}) {
    conformance::Fixture fixture;
    fixture.organization = "contoso";
    fixture.target = {kind, name};
    fixture.after = std::move(after);
    ++keys_;
    ApplyRequest request =
        conformance::RequestFrom(fixture, Look(kind, name), "key" + std::to_string(keys_), keys_);
    request.action.modes = std::move(modes);
    request.deadline = kDeadline;
    return provider_->Apply(request, nullptr);
  }

  static std::string Text(const Observation& seen, std::string_view property) {
    return seen.properties.is_map() ? std::string(seen.properties.StringOr(property, ""))
                                    : seen.reason;
  }

  EmulatedOrganisation organisation_{0, GetParam()};
  std::unique_ptr<Provider> provider_;
  int keys_ = 0;
};

TEST_P(LyncChanges, RouteIsSetAndEnabledByTheLast) {
  Begin();
  ASSERT_TRUE(
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}}).status.ok());
  EXPECT_EQ(organisation_.World()["sites"]["Site1"]["xmpp"], "EdgeServer:edgepool2.contoso.com");
  EXPECT_EQ(organisation_.World()["sites"]["Site1"]["federation"],
            "EdgeServer:edgepool1.contoso.com");
  EXPECT_EQ(organisation_.World()["enabled"], 1);
  EXPECT_EQ(Text(Look("Enablement", "contoso"), "waiting"), "routes");
  const ApplyResult last =
      Apply("SiteRoute", "Site2", Value::Map{{"xmpp", "edgepool2.contoso.com"}}, {"closing"});
  ASSERT_TRUE(last.status.ok()) << last.status;
  EXPECT_EQ(organisation_.World()["enabled"], 3);
  EXPECT_EQ(Text(Look("Enablement", "contoso"), "waiting"), "");
}

TEST_P(LyncChanges, RouteIsCleared) {
  Begin();
  ASSERT_TRUE(Apply("SiteRoute", "Site1", Value::Map{{"federation", ""}}).status.ok());
  EXPECT_TRUE(organisation_.World()["sites"]["Site1"]["federation"].is_null());
  EXPECT_EQ(Text(Look("SiteRoute", "Site1"), "federation"), "");
}

TEST_P(LyncChanges, EnablingIsAnActionOfItsOwn) {
  Begin();
  ASSERT_TRUE(
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}}).status.ok());
  ASSERT_TRUE(Apply("Enablement", "contoso", Value::Map{{"enabled", true}}).status.ok());
  EXPECT_EQ(organisation_.World()["enabled"], 2);
}

// A route that the document does not show is seen in the replication status alone.
TEST_P(LyncChanges, ReplicaIsCurrentWhenItHoldsTheWrite) {
  organisation_.Edit([](json& world) { world["lag"] = 600; });
  Begin();
  const ApplyResult set =
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}}, {"closing"});
  ASSERT_TRUE(set.status.ok()) << set.status;
  const std::int64_t written = set.observation.properties.IntegerOr("watermark", 0);
  EXPECT_GT(written, 1600000000000);
  const auto holds = [&](const char* server) {
    return Look("Replica", server).properties.IntegerOr("watermark", 0) >= written;
  };
  EXPECT_FALSE(holds(kEdges[2]));
  EXPECT_FALSE(holds("fe2a.contoso.com"));
  organisation_.Edit([](json& world) {
    world["lag"] = 0;
    world["neverUpToDate"] = true;  // as in a busy organisation: UpToDate says nothing
  });
  EXPECT_TRUE(holds(kEdges[2]));
  EXPECT_TRUE(holds("fe2a.contoso.com"));
}

TEST_P(LyncChanges, ReplicaWithAnotherTopologyHoldsNothing) {
  organisation_.Edit([](json& world) { world["lag"] = 600; });
  Begin();
  const Value after = Value::Map{
      {"pools", Value::Map{{"edgepool2.contoso.com", Value::Map{{"federation", true}}}}}};
  ASSERT_TRUE(Apply("Topology", "contoso", after).status.ok());
  EXPECT_EQ(Look("Replica", kEdges[0]).properties.IntegerOr("watermark", -1), 0);
}

TEST_P(LyncChanges, FlagsAndNextHopInOneGo) {
  Begin();
  const Value after = Value::Map{
      {"pools",
       Value::Map{{"edgepool1.contoso.com", Value::Map{{"federation", false}}},
                  {"edgepool2.contoso.com",
                   Value::Map{{"federation", true}, {"nextHop", "frontend1.contoso.com"}}}}}};
  const ApplyResult done = Apply("Topology", "contoso", after);
  ASSERT_TRUE(done.status.ok()) << done.status;
  const json world = organisation_.World();
  EXPECT_EQ(world["enabled"], world["writes"].size());
  EXPECT_EQ(world["writes"].size(), 3U);  // one publish, one next hop
}

TEST_P(LyncChanges, TopologyThatMovedIsAConflict) {
  Begin();
  const Observation seen = Look("Topology", "contoso");
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = {"Topology", "contoso"};
  fixture.after = Value::Map{
      {"pools", Value::Map{{"edgepool2.contoso.com", Value::Map{{"federation", true}}}}}};
  ASSERT_TRUE(
      Apply(
          "Topology",
          "contoso",
          Value::Map{{"pools", Value::Map{{"edgepool1.contoso.com", Value::Map{{"xmpp", false}}}}}})
          .status.ok());
  ApplyRequest late = conformance::RequestFrom(fixture, seen, "late", 99);
  late.deadline = kDeadline;
  EXPECT_TRUE(absl::IsFailedPrecondition(provider_->Apply(late, nullptr).status));
}

TEST_P(LyncChanges, FlagsAreForAPersonUnlessDeclared) {
  Begin([](Value& configuration) { configuration.Set("flags", "manual"); });
  const auto description = provider_->Describe();
  ASSERT_TRUE(description.ok());
  for (const KindSchema& kind : description->kinds) {
    const bool by_hand = kind.kind == "Topology";
    const bool looked_at = kind.kind == "Replica" || kind.kind == "AccessConfig" ||
                           kind.kind == "XmppPartner" || kind.kind == "Certificate";
    EXPECT_EQ(kind.writable, !by_hand && !looked_at) << kind.kind;
  }
  EXPECT_THAT(::testing::PrintToString(description->remarks), HasSubstr("flags: manual"));
}

TEST_P(LyncChanges, OddPortIsNeitherOnNorOff) {
  std::string text = organisation_.Document(1);
  const std::string port =
      R"(Usage="SipServer" InterfaceSide="External" InterfaceNumber="1" Port="5061")";
  text.replace(text.find(port) + port.size() - 5, 4, "8888");
  organisation_.folder().Write("world/document-1.xml", text);
  Begin();
  const Observation seen = Look("Topology", "contoso");
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_THAT(seen.reason, HasSubstr("8888"));
}

TEST_P(LyncChanges, BootstrapperWaitsForTheLocalCopy) {
  organisation_.Edit([](json& world) { world["lag"] = 600; });
  Begin();
  ASSERT_TRUE(
      Apply("Topology",
            "contoso",
            Value::Map{
                {"pools", Value::Map{{"edgepool2.contoso.com", Value::Map{{"federation", true}}}}}})
          .status.ok());
  const ApplyResult early = Apply("EdgeComponents", kEdges[2], Value::Map{{"federation", true}});
  EXPECT_TRUE(early.retryable) << early.status;
  EXPECT_FALSE(early.effect_unknown);
  EXPECT_THAT(std::string(early.status.message()), HasSubstr("not the master's yet"));
  EXPECT_FALSE(organisation_.World()["servers"][kEdges[2]]["installed"]["federation"]);
  organisation_.Edit([](json& world) { world["lag"] = 0; });
  const ApplyResult done = Apply("EdgeComponents", kEdges[2], Value::Map{{"federation", true}});
  EXPECT_TRUE(done.status.ok()) << done.status;
  EXPECT_TRUE(organisation_.World()["servers"][kEdges[2]]["installed"]["federation"]);
}

TEST_P(LyncChanges, BootstrapperWantsTheRightName) {
  organisation_.Edit(
      [](json& world) { world["servers"][kEdges[2]]["computerName"] = "edgeserver2a"; });
  Begin();
  const ApplyResult refused = Apply("EdgeComponents", kEdges[2], Value::Map{{"federation", true}});
  EXPECT_THAT(std::string(refused.status.message()), HasSubstr("calls itself edgeserver2a"));
  EXPECT_FALSE(refused.effect_unknown);
  EXPECT_EQ(organisation_.World()["servers"][kEdges[2]]["services"]["RTCSRV"]["status"], "Running");
}

TEST_P(LyncChanges, ServicesByRole) {
  Begin();
  struct Case {
    std::string name, role, service;
    Value after;
    std::string status, mode;
  };
  const Case cases[] = {
      {"proxy by display name",
       "xmppProxy",
       "EMUXMPPPROXY",
       Value::Map{{"state", "running"}},
       "Running",
       "Auto"},
      {"stopped and disabled",
       "avRelay",
       "RTCMEDIARELAY",
       Value::Map{{"state", "stopped"}, {"startMode", "disabled"}},
       "Stopped",
       "Disabled"},
      {"start mode alone",
       "webConf",
       "RTCDATAPROXY",
       Value::Map{{"startMode", "manual"}},
       "Running",
       "Manual"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const ApplyResult done =
        Apply("EdgeService", std::string(kEdges[2]) + '/' + each.role, each.after);
    EXPECT_TRUE(done.status.ok()) << done.status;
    const json service = organisation_.World()["servers"][kEdges[2]]["services"][each.service];
    EXPECT_EQ(service["status"], each.status);
    EXPECT_EQ(service["mode"], each.mode);
  }
  EXPECT_EQ(organisation_.World()["servers"][kEdges[2]]["services"]["REPLICA"]["status"],
            "Running");
}

TEST_P(LyncChanges, StuckServiceIsNotCalledStopped) {
  organisation_.Edit(
      [](json& world) { world["servers"][kEdges[0]]["services"]["EMUXMPPPROXY"]["stuck"] = true; });
  Begin();
  const ApplyResult result =
      Apply("EdgeService", std::string(kEdges[0]) + "/xmppProxy", Value::Map{{"state", "stopped"}});
  EXPECT_TRUE(result.effect_unknown) << result.status;
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("stuck"));
  EXPECT_EQ(Text(Look("EdgeService", std::string(kEdges[0]) + "/xmppProxy"), "state"), "stopping");
}

json Stream(const std::string& protocol, bool inbound) {
  return {{"protocol", protocol},
          {"remote", "192.0.2.80"},
          {"port", 40000},
          {"since", 1700000000},
          {"inbound", inbound}};
}

TEST_P(LyncChanges, StreamsAreCountedAndClosed) {
  for (const bool old_windows : {false, true}) {
    SCOPED_TRACE(old_windows ? "netstat" : "Get-NetTCPConnection");
    organisation_.Reset();
    organisation_.Edit([&](json& world) {
      world["servers"][kEdges[0]]["streams"] = {
          Stream("xmpp", true), Stream("xmpp", false), Stream("sip", true)};
      world["beforeWindows2012"] = old_windows;
    });
    Begin();
    const std::string server = kEdges[0];
    const Observation xmpp = Look("Streams", server + "/xmpp");
    EXPECT_EQ(Text(xmpp, "state"), "open");
    EXPECT_EQ(xmpp.properties.IntegerOr("count", 0), 2);
    EXPECT_EQ(xmpp.properties.IntegerOr("oldestSeconds", 0) > 1000000, !old_windows);
    // The Front End server's connection to 5061 inside is no peer.
    EXPECT_EQ(Look("Streams", server + "/sip").properties.IntegerOr("count", 0), 1);
    const ApplyResult closed = Apply("Streams", server + "/xmpp", Value::Map{{"state", "closed"}});
    ASSERT_TRUE(closed.status.ok()) << closed.status;
    EXPECT_EQ(organisation_.World()["servers"][server]["services"]["EMUXMPPPROXY"]["status"],
              "Running");
  }
}

TEST_P(LyncChanges, SipIsDrainedWithoutStoppingTheAccessEdge) {
  organisation_.Edit([](json& world) {
    world["servers"][kEdges[0]]["streams"] = {Stream("sip", true)};
    world["servers"][kEdges[1]]["streams"] = {Stream("sip", true)};
    world["servers"][kEdges[1]]["clinging"] = true;
  });
  Begin();
  const ApplyResult drained =
      Apply("Streams", std::string(kEdges[0]) + "/sip", Value::Map{{"state", "closed"}});
  EXPECT_TRUE(drained.status.ok()) << drained.status;
  const ApplyResult clinging =
      Apply("Streams", std::string(kEdges[1]) + "/sip", Value::Map{{"state", "closed"}});
  EXPECT_TRUE(clinging.effect_unknown) << clinging.status;
  for (const int i : {0, 1}) {
    const json server = organisation_.World()["servers"][kEdges[i]];
    EXPECT_EQ(server["services"]["RTCSRV"]["status"], "Running");
    EXPECT_EQ(server["firewall"].size(), 0U) << "the rule must not outlive the action";
  }
}

TEST_P(LyncChanges, AssociationIsOfAllThreeServices) {
  Begin();
  const ApplyResult done = Apply("EdgeAssociation",
                                 "frontend1.contoso.com",
                                 Value::Map{{"edgePool", "edgepool2.contoso.com"}},
                                 {"closing"});
  ASSERT_TRUE(done.status.ok()) << done.status;
  EXPECT_TRUE(done.observation.properties.BooleanOr("consistent", false));
  const json world = organisation_.World();
  EXPECT_EQ(world["enabled"], world["writes"].size());
}

TEST_P(LyncChanges, StoreFailsOverOnAServerOfThePool) {
  Begin();
  const ApplyResult done =
      Apply("CentralStore", "contoso", Value::Map{{"activeMaster", "frontend1.contoso.com"}});
  ASSERT_TRUE(done.status.ok()) << done.status;
  EXPECT_EQ(organisation_.World()["master"]["server"], kFrontEnd);
}

TEST_P(LyncChanges, DeadStoreNeedsADatabase) {
  organisation_.Edit([](json& world) { world["master"]["alive"] = false; });
  Begin();
  const Observation store = Look("CentralStore", "contoso");
  EXPECT_EQ(store.presence, Presence::kPresent);
  EXPECT_FALSE(store.properties.BooleanOr("alive", true));
  EXPECT_EQ(Look("Topology", "contoso").presence, Presence::kUnreachable);
  const ApplyResult refused = Apply("CentralStore",
                                    "contoso",
                                    Value::Map{{"activeMaster", "frontend1.contoso.com"}},
                                    {"disaster"});
  EXPECT_THAT(std::string(refused.status.message()), HasSubstr("backupSql"));
  Begin([](Value& configuration) {
    configuration.Set(
        "backupSql",
        Value::Map{{"frontend1.contoso.com", Value::Map{{"server", "sql1.contoso.com"}}}});
  });
  const ApplyResult done = Apply("CentralStore",
                                 "contoso",
                                 Value::Map{{"activeMaster", "frontend1.contoso.com"}},
                                 {"disaster"});
  EXPECT_TRUE(done.status.ok()) << done.status;
}

TEST_P(LyncChanges, WithoutRightsNothingChanges) {
  organisation_.Edit([](json& world) {
    world["others"][kAdmin]["denied"] = {"Set-CsSite", "Publish-CsTopology"};
  });
  Begin();
  const ApplyResult route =
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}});
  EXPECT_TRUE(absl::IsPermissionDenied(route.status)) << route.status;
  EXPECT_FALSE(route.effect_unknown);
  EXPECT_EQ(organisation_.World()["writes"].size(), 1U);
}

TEST_P(LyncChanges, HalfDoneIsNotDone) {
  organisation_.Edit(
      [](json& world) { world["others"][kAdmin]["denied"] = {"Enable-CsTopology"}; });
  Begin();
  const ApplyResult route =
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}}, {"closing"});
  EXPECT_TRUE(route.effect_unknown) << route.status;
  EXPECT_EQ(Text(Look("Enablement", "contoso"), "waiting"), "routes");
}

TEST_P(LyncChanges, UnpluggedIsUnreachable) {
  Begin();
  organisation_.Unplug(kEdges[1]);
  EXPECT_EQ(Look("EdgeService", std::string(kEdges[1]) + "/accessEdge").presence,
            Presence::kUnreachable);
  EXPECT_EQ(Look("EdgeService", std::string(kEdges[0]) + "/accessEdge").presence,
            Presence::kPresent);
  organisation_.Unplug(kAdmin);
  EXPECT_EQ(Look("SiteRoute", "Site1").presence, Presence::kUnreachable);
  organisation_.PlugIn(kAdmin);
}

TEST_P(LyncChanges, GenerationWithoutXmpp) {
  organisation_.Edit([](json& world) {
    world["xmpp"] = false;
    world["version"] = "7.0.2046.0";
  });
  Begin();
  const auto description = provider_->Describe();
  ASSERT_TRUE(description.ok());
  for (const KindSchema& kind : description->kinds)
    EXPECT_NE(kind.kind, "XmppPartner");
  const ApplyResult route = Apply("SiteRoute", "Site1", Value::Map{{"xmpp", ""}});
  EXPECT_FALSE(route.status.ok());
  EXPECT_FALSE(route.effect_unknown);
  EXPECT_TRUE(Apply("SiteRoute", "Site1", Value::Map{{"federation", ""}}).status.ok());
}

TEST_P(LyncChanges, ParameterOfTheSourcePages) {
  organisation_.Edit([](json& world) {
    world["oddParameter"] = {{"Set-CsSite", "XmppExternalFederationRoute"}};
  });
  Begin();
  const auto description = provider_->Describe();
  ASSERT_TRUE(description.ok());
  EXPECT_THAT(::testing::PrintToString(description->remarks),
              HasSubstr("XmppExternalFederationRoute"));
}

TEST_P(LyncChanges, ExportsConfigurationAndTopology) {
  Begin();
  if (GetParam() == Transport::kManual) {
    // Whoever carries every command is told by the plan to export as well.
    EXPECT_FALSE(provider_->Describe()->exports);
    EXPECT_FALSE(provider_->Export(kDeadline).ok());
    return;
  }
  const auto exported = provider_->Export(kDeadline);
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->size(), 2U);
  EXPECT_EQ((*exported)[0].content.substr(0, 2), "PK");
  EXPECT_EQ((*exported)[1].content, organisation_.Document(1));
}

TEST_P(LyncChanges, ListsTheOrganisation) {
  Begin();
  const auto listed = provider_->List(kDeadline);
  ASSERT_TRUE(listed.ok()) << listed.status();
  std::map<std::string, Value> by_name;
  for (const Listed& one : *listed)
    by_name[ToString(one.id)] = one.properties;
  EXPECT_EQ(by_name.size(), 7U);
  EXPECT_EQ(by_name["EdgePool/edgepool1.contoso.com"].StringOr("product", ""), "lyncServer2013");
  EXPECT_EQ(by_name["EdgePool/edgepool2.contoso.com"].StringOr("accessEdge", ""),
            "sip2.contoso.com");
  EXPECT_EQ(by_name["FrontEndPool/frontend1.contoso.com"].StringOr("backupPool", ""),
            "frontend2.contoso.com");
  EXPECT_TRUE(by_name["Partner/fabrikam.com"].BooleanOr("xmpp", false));
}

class LyncOverWinrm : public LyncChanges {
 protected:
  json RouteOfSite1() const { return organisation_.World()["sites"]["Site1"]["xmpp"]; }
};

// The reply of a script that writes is lost: it may have written, and here it has.
TEST_P(LyncOverWinrm, LostReplyIsEffectUnknown) {
  Begin();
  // Before it there are two looks: ours, and the SDK's own.
  organisation_.Winrm(kAdmin).Misbehave("Send cut 3");
  const ApplyResult route =
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}});
  EXPECT_TRUE(route.effect_unknown) << route.status;
  EXPECT_THAT(std::string(route.status.message()), HasSubstr("it was begun over WinRM"));
  while (RouteOfSite1() != "EdgeServer:edgepool2.contoso.com")
    absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(Text(Look("SiteRoute", "Site1"), "xmpp"), "edgepool2.contoso.com");
}

TEST_P(LyncOverWinrm, LostWayChangesNothing) {
  Begin();
  organisation_.Winrm(kAdmin).Misbehave("Command unauthorized 3");
  const ApplyResult route =
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}});
  EXPECT_TRUE(absl::IsPermissionDenied(route.status)) << route.status;
  EXPECT_FALSE(route.effect_unknown);
  EXPECT_EQ(RouteOfSite1(), "EdgeServer:edgepool1.contoso.com");
}

class LyncByHand : public LyncChanges {
 protected:
  static void Hold(Value& configuration, const char* member, const char* time) {
    Value::Map manual = configuration.Find("manual")->map();
    manual[member] = time;
    configuration.Set("manual", std::move(manual));
  }
};

TEST_P(LyncByHand, OneFileForEachMachine) {
  std::vector<ObservationKey> keys;
  for (const char* kind : {"Topology", "CentralStore", "Enablement", "AccessConfig"})
    keys.push_back({{kind, "contoso"}, ""});
  for (const char* site : {"Site1", "Site2"})
    keys.push_back({{"SiteRoute", site}, ""});
  keys.push_back({{"XmppPartner", "fabrikam.com"}, ""});
  keys.push_back({{"EdgeAssociation", "frontend1.contoso.com"}, ""});
  for (const std::string edge : kEdges) {
    for (const char* kind : {"Replica", "EdgeComponents"})
      keys.push_back({{kind, edge}, ""});
    keys.push_back({{"EdgeService", edge + "/accessEdge"}, ""});
    keys.push_back({{"Streams", edge + "/sip"}, ""});
    keys.push_back({{"Certificate", edge + "/accessEdgeExternal"}, ""});
    organisation_.person().Avoid(edge);
  }
  organisation_.person().Avoid(kAdmin);
  Begin([](Value& configuration) {
    Hold(configuration, "answersHoldFor", "10m");
    Hold(configuration, "lookWaits", "10ms");
  });
  const auto before = provider_->Observe(keys, kDeadline);
  ASSERT_TRUE(before.ok()) << before.status();
  for (const Observation& seen : *before) {
    EXPECT_EQ(seen.presence, Presence::kUnreachable);
    EXPECT_THAT(seen.reason, HasSubstr("no answer yet: run "));
  }
  for (const char* edge : kEdges)
    organisation_.person().Visit(edge);
  organisation_.person().Visit(kAdmin);
  const auto all_seen = [&] {
    const auto after = provider_->Observe(keys, kDeadline);
    return after.ok() && std::ranges::all_of(*after, [](const Observation& seen) {
             return seen.presence == Presence::kPresent;
           });
  };
  for (int tries = 0; tries < 300 && !all_seen(); ++tries)
    absl::SleepFor(absl::Milliseconds(100));
  EXPECT_TRUE(all_seen());
  EXPECT_EQ(organisation_.person().trips(), 5)
      << "one to the admin machine and to each Edge server";
}

TEST_P(LyncByHand, TooLateIsNotRun) {
  Begin([](Value& configuration) { Hold(configuration, "changesHoldFor", "10ms"); });
  const ApplyResult late =
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}});
  EXPECT_FALSE(late.status.ok());
  EXPECT_FALSE(late.effect_unknown) << late.status;
  EXPECT_THAT(std::string(late.status.message()), HasSubstr("too late to run this"));
  EXPECT_EQ(organisation_.World()["writes"].size(), 1U);
}

TEST_P(LyncByHand, SecondRunShowsTheFirst) {
  Begin();
  ASSERT_TRUE(
      Apply("SiteRoute", "Site1", Value::Map{{"xmpp", "edgepool2.contoso.com"}}).status.ok());
  EXPECT_EQ(organisation_.World()["writes"].size(), 2U);
  EXPECT_THAT(organisation_.person().RunAgain("set-site"), HasSubstr("this has been run before"));
  EXPECT_EQ(organisation_.World()["writes"].size(), 2U);
}

// Nobody came in time: what was done is found out when somebody has been there.
TEST_P(LyncByHand, LaterAnswerSettlesTheChange) {
  Begin([](Value& configuration) {
    Hold(configuration, "answersHoldFor", "10m");
    Hold(configuration, "lookWaits", "3s");
  });
  const Observation seen = Look("SiteRoute", "Site1");
  ASSERT_EQ(seen.presence, Presence::kPresent) << seen.reason;
  organisation_.person().Avoid(kAdmin);
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = {"SiteRoute", "Site1"};
  fixture.after = Value::Map{{"xmpp", "edgepool2.contoso.com"}};
  ApplyRequest request = conformance::RequestFrom(fixture, seen, "slow", 1);
  request.deadline = absl::Seconds(5);
  const ApplyResult unknown = provider_->Apply(request, nullptr);
  EXPECT_TRUE(unknown.effect_unknown) << unknown.status;
  EXPECT_EQ(organisation_.World()["writes"].size(), 1U);
  organisation_.person().Visit(kAdmin);
  bool settled = false;
  for (int tries = 0; tries < 20 && !settled; ++tries) {
    const auto found = provider_->Lookup("slow", kDeadline);
    settled = found.ok() && !found->effect_unknown;
    EXPECT_TRUE(!settled || found->status.ok()) << ::testing::PrintToString(found.ok());
  }
  EXPECT_TRUE(settled);
  EXPECT_EQ(organisation_.World()["writes"].size(), 2U);
  EXPECT_EQ(Text(Look("Enablement", "contoso"), "waiting"), "routes");
}

INSTANTIATE_TEST_SUITE_P(Lync, LyncByHand, ::testing::Values(Transport::kManual));

INSTANTIATE_TEST_SUITE_P(Lync, LyncOverWinrm, ::testing::Values(Transport::kWinrm));

INSTANTIATE_TEST_SUITE_P(Lync,
                         LyncChanges,
                         ::testing::Values(Transport::kSsh, Transport::kWinrm, Transport::kManual),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace poolshift::lync::testing
