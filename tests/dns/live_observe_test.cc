// Observing: every authoritative server is asked, and what differs is said.
#include "gmock/gmock.h"

#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class LiveObserve : public LiveZone {
 protected:
  static ServerSpec Copy(std::vector<std::string> records, int serial) {
    ServerSpec spec = ZoneSpec(GetParam(), std::move(records));
    spec.serial = serial;
    return spec;
  }
};
INSTANTIATE_TEST_SUITE_P(Products,
                         LiveObserve,
                         ::testing::Values(Product::kBind, Product::kKnot),
                         ProductName);

std::string At(const NameServer& server) { return "127.0.0.1:" + std::to_string(server.port()); }

TEST_P(LiveObserve, ReportsValuesTtlAndSerial) {
  server_ = std::make_unique<NameServer>(
      Copy({"XMPP 120 A 203.0.113.12", "XMPP 120 A 203.0.113.11"}, 42));
  const Observation seen = Look(*Service(), "xmpp.contoso.test/A");
  ASSERT_EQ(seen.presence, Presence::kPresent) << seen.reason;
  EXPECT_EQ(CanonicalText(seen.properties),
            R"({"disagreement":"","owner":"","records":["203.0.113.11","203.0.113.12"],)"
            R"("serial":42,"ttl":120})");
}

// Where a CNAME stands there can be no addresses, whatever it leads to.
TEST_P(LiveObserve, AliasIsThereWithoutRecords) {
  const NameServer primary(Copy({"xmpp 120 CNAME Edge.contoso.test.", "edge A 203.0.113.11"}, 5));
  const auto service = MakeService(ZoneConfiguration({primary.port()}));
  for (const char* type : {"A", "AAAA"}) {
    const Observation seen = Look(*service, std::string("xmpp.contoso.test/") + type);
    ASSERT_EQ(seen.presence, Presence::kPresent) << seen.reason;
    EXPECT_EQ(CanonicalText(seen.properties),
              R"({"alias":"edge.contoso.test","disagreement":"","records":[],"serial":5,)"
              R"("ttl":120})");
  }
  EXPECT_EQ(Look(*service, "edge.contoso.test/A").properties.Find("alias"), nullptr);
  const NameServer second(Copy({"xmpp CNAME other.contoso.test."}, 5));
  const auto both = MakeService(ZoneConfiguration({primary.port(), second.port()}));
  EXPECT_THAT(
      std::string(Look(*both, "xmpp.contoso.test/A").properties.StringOr("disagreement", "")),
      HasSubstr(At(second) + " has an alias (CNAME) of other.contoso.test"));
}

TEST_P(LiveObserve, AgreeingServersShowNoDisagreement) {
  const NameServer primary(Copy({"xmpp A 203.0.113.11"}, 5));
  const NameServer second(Copy({"xmpp A 203.0.113.11"}, 4));
  const auto service = MakeService(ZoneConfiguration({primary.port(), second.port()}));
  const Observation seen = Look(*service, "xmpp.contoso.test/A");
  EXPECT_EQ(seen.properties.StringOr("disagreement", "?"), "");
  EXPECT_EQ(seen.properties.IntegerOr("serial", 0), 5);
}

struct Differing {
  std::string name;
  std::vector<std::string> second;  // records of the second server
  std::string says;
};

TEST_P(LiveObserve, NamesWhichServersDiffer) {
  const NameServer primary(Copy({"xmpp A 203.0.113.11"}, 5));
  const Differing cases[] = {
      {"value", {"xmpp A 203.0.113.21"}, " has 203.0.113.21 (ttl 300) at serial 4"},
      {"ttl", {"xmpp 60 A 203.0.113.11"}, " has 203.0.113.11 (ttl 60) at serial 4"},
      {"presence", {}, " has no such record set at serial 4"},
  };
  for (const Differing& each : cases) {
    SCOPED_TRACE(each.name);
    const NameServer second(Copy(each.second, 4));
    const auto service = MakeService(ZoneConfiguration({primary.port(), second.port()}));
    const Observation seen = Look(*service, "xmpp.contoso.test/A");
    EXPECT_EQ(TextsOf(seen), std::vector<std::string>{"203.0.113.11"});
    EXPECT_EQ(seen.properties.StringOr("disagreement", ""),
              At(primary) + " has 203.0.113.11 (ttl 300) at serial 5; " + At(second) + each.says);
    // The other way round the record set is absent at the primary, and the remark says who has it.
    if (each.second.empty()) {
      const auto turned = MakeService(ZoneConfiguration({second.port(), primary.port()}));
      const Observation absent = Look(*turned, "xmpp.contoso.test/A");
      EXPECT_EQ(absent.presence, Presence::kAbsent);
      EXPECT_THAT(absent.reason, HasSubstr(At(primary) + " has 203.0.113.11"));
    }
  }
}

TEST_P(LiveObserve, SilentServerIsNamed) {
  const NameServer primary(Copy({"xmpp A 203.0.113.11"}, 5));
  NameServer second(Copy({"xmpp A 203.0.113.11"}, 5));
  const auto service = MakeService(ZoneConfiguration({primary.port(), second.port()}));
  second.Stop();
  Observation seen = Look(*service, "xmpp.contoso.test/A");
  EXPECT_EQ(seen.presence, Presence::kPresent);
  EXPECT_THAT(seen.properties.StringOr("disagreement", "").data(),
              AllOf(HasSubstr(At(second) + " does not answer: nothing listens there"),
                    Not(HasSubstr(At(primary)))));

  // The same when it is the primary that is silent: the second speaks for the zone.
  const auto turned = MakeService(ZoneConfiguration({second.port(), primary.port()}));
  seen = Look(*turned, "xmpp.contoso.test/A");
  EXPECT_EQ(TextsOf(seen), std::vector<std::string>{"203.0.113.11"});
  const sdk::Result result =
      Apply(*turned, Change("xmpp.contoso.test/A", Set({"203.0.113.11"}), Set({"203.0.113.21"})));
  EXPECT_EQ(result.outcome, sdk::Outcome::kFailed);
  EXPECT_TRUE(result.retryable);
  EXPECT_THAT(result.message, HasSubstr("nothing was changed"));
}

TEST_P(LiveObserve, UnreachableWhenNobodyAnswers) {
  NameServer primary(Copy({"xmpp A 203.0.113.11"}, 5));
  NameServer second(Copy({"xmpp A 203.0.113.11"}, 5));
  Value configuration = ZoneConfiguration({primary.port(), second.port()});
  configuration.Set("timeouts", Value::Map{{"query", "500ms"}});
  const auto service = MakeService(configuration);
  primary.Stop();
  second.Freeze();
  const Observation seen = Look(*service, "xmpp.contoso.test/A");
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_TRUE(seen.properties.is_null());
  EXPECT_THAT(seen.reason,
              AllOf(HasSubstr(At(primary) + " does not answer: nothing listens there"),
                    HasSubstr(At(second) + " does not answer: it did not answer in time")));
}

TEST_P(LiveObserve, AnswersEachKeyInOrder) {
  Serve({"xmpp A 203.0.113.11", "alias CNAME xmpp"});
  const auto service = Service();
  const auto key = [](const std::string& name, const std::string& vantage = "") {
    return ObservationKey{{std::string(kinds::kDnsRecordSet), name}, vantage};
  };
  const auto seen = service->Observe({key("text.contoso.test/TXT"),
                                      key("xmpp.contoso.test/A"),
                                      key("alias.contoso.test/A"),
                                      key("xmpp.fabrikam.test/A"),
                                      key("xmpp.contoso.test/MX"),
                                      key("xmpp.contoso.test/A", "london"),
                                      {{"Topology", "contoso"}, ""}},
                                     absl::Now() + absl::Seconds(10));
  ASSERT_EQ(seen.size(), 7u);
  EXPECT_EQ(seen[0].presence, Presence::kAbsent);
  EXPECT_EQ(seen[1].presence, Presence::kPresent);
  EXPECT_TRUE(TextsOf(seen[2]).empty()) << "an alias is no address";
  EXPECT_THAT(seen[3].reason, HasSubstr("in none of the declared zones"));
  EXPECT_THAT(seen[4].reason, HasSubstr("A|AAAA|SRV|TXT"));
  EXPECT_THAT(seen[5].reason, HasSubstr("vantage `london`"));
  EXPECT_THAT(seen[6].reason, HasSubstr("kind Topology"));
}

TEST_P(LiveObserve, LongAnswersComeOverTcp) {
  std::vector<std::string> records;  // BIND loads at most 100 of a type
  for (int i = 1; i <= 90; ++i)
    records.push_back("xmpp A 198.51.100." + std::to_string(i));
  Serve(records);
  EXPECT_EQ(TextsOf(Look(*Service(), "xmpp.contoso.test/A")).size(), 90u);
}

TEST_P(LiveObserve, ServerOfAnotherZoneIsNoWitness) {
  Serve({"child NS ns.child", "ns.child A 127.0.0.1"});
  const Observation seen = Look(*Service(), "xmpp.child.contoso.test/A");
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_THAT(seen.reason, HasSubstr("has delegated the name"));
}

}  // namespace
}  // namespace poolshift::dns::testing
