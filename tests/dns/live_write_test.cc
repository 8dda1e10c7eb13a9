// Writing to real name servers: what changes is what `dig` sees.
#include <thread>

#include "gmock/gmock.h"

#include "fmt/format.h"
#include "providers/dns/update/signed_transport.h"
#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using sdk::Outcome;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Lines = std::vector<std::string>;

struct TypeCase {
  std::string set, name, type;
  Lines first, second;          // records as resources spell them
  Lines first_dig, second_dig;  // as dig prints them
};

std::vector<TypeCase> TypeCases() {
  return {{"xmpp.contoso.test/A",
           "xmpp.contoso.test",
           "A",
           {"203.0.113.11", "203.0.113.12"},
           {"203.0.113.21"},
           {"203.0.113.11", "203.0.113.12"},
           {"203.0.113.21"}},
          {"xmpp.contoso.test/AAAA",
           "xmpp.contoso.test",
           "AAAA",
           {"2001:db8::1:0:0:11"},
           {"2001:db8::21"},
           {"2001:db8::1:0:0:11"},
           {"2001:db8::21"}},
          {"_xmpp-server._tcp.contoso.test/SRV",
           "_xmpp-server._tcp.contoso.test",
           "SRV",
           {"10 0 5269 xmpp.contoso.test", "20 0 5269 xmpp2.contoso.test"},
           {"10 0 5269 xmpp2.contoso.test"},
           {"10 0 5269 xmpp.contoso.test.", "20 0 5269 xmpp2.contoso.test."},
           {"10 0 5269 xmpp2.contoso.test."}},
          {"text.contoso.test/TXT",
           "text.contoso.test",
           "TXT",
           {"a \"quoted\" \\ text; with (all) $of it"},
           {"v=1"},
           {"\"a \\\"quoted\\\" \\\\ text; with (all) $of it\""},
           {"\"v=1\""}}};
}

class LiveWrite : public LiveZone {};
INSTANTIATE_TEST_SUITE_P(Products,
                         LiveWrite,
                         ::testing::Values(Product::kBind, Product::kKnot),
                         ProductName);

TEST_P(LiveWrite, CreatesUpdatesAndDeletesEachType) {
  Serve();
  const auto service = Service();
  for (const TypeCase& each : TypeCases()) {
    SCOPED_TRACE(each.set);
    EXPECT_EQ(Look(*service, each.set).presence, Presence::kAbsent);

    sdk::Result result = Apply(*service, Change(each.set, Value(), Set(each.first)));
    ASSERT_EQ(result.outcome, Outcome::kDone) << result.message << server_->Log();
    EXPECT_EQ(TextsOf(result.observation), each.first);
    EXPECT_EQ(result.observation.properties.StringOr("owner", ""), "contoso");
    EXPECT_EQ(server_->Short(each.name, each.type), each.first_dig);

    result = Apply(*service, Change(each.set, Set(each.first), Set(each.second, 60)));
    ASSERT_EQ(result.outcome, Outcome::kDone) << result.message;
    EXPECT_EQ(result.observation.properties.IntegerOr("ttl", 0), 60);
    EXPECT_EQ(server_->Short(each.name, each.type), each.second_dig);
    EXPECT_EQ(TextsOf(Look(*service, each.set)), each.second);

    result = Apply(*service, Change(each.set, Set(each.second, 60), Value()));
    ASSERT_EQ(result.outcome, Outcome::kDone) << result.message;
    EXPECT_THAT(server_->Short(each.name, each.type), IsEmpty());
    EXPECT_EQ(result.observation.presence, Presence::kAbsent);
  }
}

// More than the 100 records that BIND holds of one type at one name.
TEST_P(LiveWrite, ManyRecordSetsFitTheMarks) {
  ServerSpec spec = ZoneSpec(GetParam());
  for (int i = 0; i < 150; ++i) {
    spec.grants[0].sets.emplace_back(fmt::format("host{}.contoso.test", i), "A");
  }
  server_ = std::make_unique<NameServer>(spec);
  const auto service = Service();
  for (int i = 0; i < 150; ++i) {
    const std::string set = fmt::format("host{}.contoso.test/A", i);
    const sdk::Result result = Apply(*service, Change(set, Value(), Set({"203.0.113.11"})));
    ASSERT_EQ(result.outcome, Outcome::kDone) << result.message;
  }
  EXPECT_LE(Marks().size(), 33u);
  EXPECT_EQ(Look(*service, "host7.contoso.test/A").properties.StringOr("owner", ""), "contoso");
  EXPECT_EQ(Apply(*service, Change("host7.contoso.test/A", Set({"203.0.113.11"}), Value())).outcome,
            Outcome::kDone);
}

TEST_P(LiveWrite, RefusesWhenTheRecordMovedOn) {
  Serve();
  const auto service = Service();
  ASSERT_EQ(Apply(*service, Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"}))).outcome,
            Outcome::kDone);
  const Lines marks = Marks();
  const sdk::Result result =
      Apply(*service, Change("xmpp.contoso.test/A", Set({"203.0.113.99"}), Set({"203.0.113.21"})));
  EXPECT_EQ(result.outcome, Outcome::kConflict);
  EXPECT_THAT(result.message, AllOf(HasSubstr("203.0.113.99"), HasSubstr("203.0.113.11")));
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.11"));
  EXPECT_EQ(Marks(), marks);
  EXPECT_EQ(Apply(*service, Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.21"}))).outcome,
            Outcome::kConflict);
  EXPECT_EQ(Apply(*service,
                  Change("xmpp.contoso.test/A", Set({"203.0.113.11"}, 60), Set({"203.0.113.21"})))
                .outcome,
            Outcome::kConflict)
      << "the TTL differs";
}

// The comparison at the server itself, without the look before it.
TEST_P(LiveWrite, ServerComparesAndSetsByItself) {
  Serve({"xmpp A 203.0.113.11", "xmpp A 203.0.113.12"});
  const auto key = TsigKey::Make(kKeyName, "hmac-sha256", kCanary);
  ASSERT_TRUE(key.ok());
  const auto transport = MakeSignedTransport(*key, absl::Seconds(1));
  const Endpoint primary{"127.0.0.1", static_cast<std::uint16_t>(server_->port())};
  const std::string name = "xmpp.contoso.test";
  UpdateMessage update{.zone = "contoso.test", .prerequisites = {}, .changes = {}};
  update.changes = {{dns::Change::Kind::kDeleteSet, name, "A", 0, {}},
                    {dns::Change::Kind::kAdd, name, "A", 300, {"203.0.113.21"}}};
  const auto send = [&](std::vector<Prerequisite> prerequisites) {
    update.prerequisites = std::move(prerequisites);
    const Reply reply = transport->Update(primary, update, absl::Now() + absl::Seconds(5));
    EXPECT_EQ(reply.state, Reply::State::kAnswered) << reply.problem;
    return reply.rcode;
  };
  EXPECT_EQ(send({{name, "A", true, {{"203.0.113.11"}}}}), Rcode::kNxRrset) << "a part only";
  EXPECT_EQ(send({{name, "A", false, {}}}), Rcode::kYxRrset);
  EXPECT_THAT(server_->Short(name, "A"), ElementsAre("203.0.113.11", "203.0.113.12"));
  EXPECT_EQ(send({{name, "A", true, {{"203.0.113.12"}, {"203.0.113.11"}}}}), Rcode::kNoError);
  EXPECT_THAT(server_->Short(name, "A"), ElementsAre("203.0.113.21"));
}

TEST_P(LiveWrite, SmallerTokenIsRefused) {
  Serve();
  const auto late = Service();
  const auto current = Service();
  const auto move = [](const std::string& from, const std::string& to) {
    return Change("xmpp.contoso.test/A", Set({from}), Set({to}));
  };
  ASSERT_EQ(Apply(*late, Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"})), 7).outcome,
            Outcome::kDone);
  ASSERT_EQ(Apply(*current, move("203.0.113.11", "203.0.113.21"), 8).outcome, Outcome::kDone);
  const Lines marks = Marks();
  EXPECT_THAT(marks, Contains("\"poolshift1\" \"fence\" \"contoso\" \"8\""));

  const sdk::Result result = Apply(*late, move("203.0.113.21", "203.0.113.11"), 7);
  EXPECT_EQ(result.outcome, Outcome::kFenced);
  EXPECT_THAT(result.message, AllOf(HasSubstr("token 7"), HasSubstr("8")));
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.21"));
  EXPECT_EQ(Marks(), marks);
}

TEST_P(LiveWrite, OneOfTwoRacingWritersWins) {
  Serve();
  const auto service = Service();
  std::string now = "203.0.113.1";
  ASSERT_EQ(Apply(*service, Change("xmpp.contoso.test/A", Value(), Set({now}))).outcome,
            Outcome::kDone);
  for (int round = 0; round < 10; ++round) {
    const Lines wanted{"203.0.113." + std::to_string(10 + round),
                       "203.0.113." + std::to_string(100 + round)};
    sdk::Result results[2];
    {
      std::vector<std::jthread> writers;
      for (int i = 0; i < 2; ++i) {
        writers.emplace_back([&, i] {
          results[i] = Apply(
              *service, Change("xmpp.contoso.test/A", Set({now}), Set({wanted[std::size_t(i)]})));
        });
      }
    }
    const bool first = results[0].outcome == Outcome::kDone;
    EXPECT_EQ(results[first ? 0 : 1].outcome, Outcome::kDone);
    EXPECT_EQ(results[first ? 1 : 0].outcome, Outcome::kConflict) << results[1].message;
    now = wanted[first ? 0 : 1];
    EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre(now));
  }
}

TEST_P(LiveWrite, WritersOfDifferentSetsBothSucceed) {
  Serve();
  const auto service = Service();
  const Lines sets{"xmpp.contoso.test/A",
                   "edge.contoso.test/A",
                   "xmpp.contoso.test/AAAA",
                   "text.contoso.test/TXT"};
  const Lines values{"203.0.113.1", "203.0.113.2", "2001:db8::3", "four"};
  std::vector<sdk::Result> results(sets.size());
  {
    std::vector<std::jthread> writers;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      writers.emplace_back(
          [&, i] { results[i] = Apply(*service, Change(sets[i], Value(), Set({values[i]}))); });
    }
  }
  for (const sdk::Result& result : results)
    EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
  EXPECT_EQ(Marks().size(), 5u) << "a fence and four marks";
}

TEST_P(LiveWrite, AliasIsNotOverwrittenSilently) {
  Serve({"alias CNAME elsewhere"});
  const sdk::Result result =
      Apply(*Service(), Change("alias.contoso.test/A", Value(), Set({"203.0.113.11"})));
  EXPECT_EQ(result.outcome, Outcome::kConflict);
  EXPECT_THAT(result.message, HasSubstr("CNAME"));
  EXPECT_THAT(Marks(), IsEmpty());
}

TEST_P(LiveWrite, LargeUpdateTravelsOverTcp) {
  Serve();
  Lines records;
  for (int i = 0; i < 40; ++i)
    records.push_back("long text number " + std::string(100, char('a' + i % 26)) +
                      std::to_string(100 + i));
  const auto service = Service();
  sdk::Result result = Apply(*service, Change("text.contoso.test/TXT", Value(), Set(records)));
  ASSERT_EQ(result.outcome, Outcome::kDone) << result.message;
  EXPECT_EQ(server_->Short("text.contoso.test", "TXT").size(), 40u);
  result = Apply(*service, Change("text.contoso.test/TXT", Set(records), Set({"short"})));
  EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
}

TEST_P(LiveWrite, WorksOverIpv6) {
  Serve();
  const auto service = MakeService(ZoneConfiguration({server_->port()}, "::1"));
  const sdk::Result result =
      Apply(*service, Change("xmpp.contoso.test/AAAA", Value(), Set({"2001:DB8:0:0::1"})));
  ASSERT_EQ(result.outcome, Outcome::kDone) << result.message;
  EXPECT_EQ(TextsOf(result.observation), Lines{"2001:db8::1"});
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "AAAA"), ElementsAre("2001:db8::1"));
}

TEST_P(LiveWrite, RepeatedActionIsDoneOnce) {
  Serve();
  const auto service = Service();
  const Action create = Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"}));
  ASSERT_EQ(Apply(*service, create).outcome, Outcome::kDone);
  const Lines soa = server_->Short("contoso.test", "SOA");
  EXPECT_EQ(Apply(*service, create).outcome, Outcome::kDone);
  EXPECT_EQ(server_->Short("contoso.test", "SOA"), soa) << "nothing was written again";
}

TEST_P(LiveWrite, LookupFindsWhatWasApplied) {
  Serve();
  const auto service = Service();
  QuietCall call;
  const Action create = Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"}));
  const Action remove = Change("xmpp.contoso.test/A", Set({"203.0.113.11"}), Value());
  EXPECT_FALSE(service->Lookup("key-of-create").has_value());
  ASSERT_EQ(service->Apply(create, "key-of-create", 1, call).outcome, Outcome::kDone);
  const auto created = Service()->Lookup("key-of-create");
  ASSERT_TRUE(created.has_value());
  EXPECT_EQ(created->outcome, Outcome::kDone);
  EXPECT_EQ(TextsOf(created->observation), Lines{"203.0.113.11"});
  ASSERT_EQ(service->Apply(remove, "key-of-remove", 1, call).outcome, Outcome::kDone);
  ASSERT_TRUE(service->Lookup("key-of-remove").has_value());
  EXPECT_EQ(service->Lookup("key-of-remove")->observation.presence, Presence::kAbsent);
  EXPECT_FALSE(service->Lookup("key-of-another").has_value());
}

TEST_P(LiveWrite, CancelledCallChangesNothing) {
  Serve();
  QuietCall call;
  call.give_up = true;
  const Action create = Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"}));
  EXPECT_EQ(Service()->Apply(create, "key", 1, call).outcome, Outcome::kCancelled);
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), IsEmpty());
}

TEST_P(LiveWrite, PreviewedLinesDoTheSame) {
  Serve();
  const auto service = Service();
  for (const TypeCase& each : TypeCases()) {
    SCOPED_TRACE(each.set);
    for (const Action& action : {Change(each.set, Value(), Set(each.first)),
                                 Change(each.set, Set(each.first), Set(each.second))}) {
      std::string script;
      for (const std::string& line : service->Preview(action))
        script += line + "\n";
      EXPECT_EQ(script.find(kCanary), std::string::npos);
      const Folder folder;
      EXPECT_EQ(OutputOf("bash " + folder.Write("paste", script) + " 2>&1"), "") << script;
    }
    EXPECT_EQ(server_->Short(each.name, each.type), each.second_dig);
  }
}

}  // namespace
}  // namespace poolshift::dns::testing
