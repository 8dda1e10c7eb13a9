// What real servers refuse, and what is said about it.
#include "gmock/gmock.h"

#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using sdk::Outcome;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LivePermission : public LiveZone {};
INSTANTIATE_TEST_SUITE_P(Products,
                         LivePermission,
                         ::testing::Values(Product::kBind, Product::kKnot),
                         ProductName);

const Action& CreateAddress() {
  static const Action action = Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"}));
  return action;
}

struct KeyCase {
  std::string name;
  ServiceOptions options;
  std::string words;
};

TEST_P(LivePermission, WrongKeyIsNamedNotShown) {
  Serve();
  const KeyCase cases[] = {
      {"unknown key", {.key = "stranger-key"}, "BADKEY"},
      {"wrong secret", {.secret = kOtherSecret}, "BADSIG"},
      {"wrong algorithm", {.algorithm = "hmac-sha512"}, "BADKEY"},
  };
  for (const KeyCase& each : cases) {
    SCOPED_TRACE(each.name);
    const auto service = Service(each.options);
    const sdk::Result result = Apply(*service, CreateAddress());
    EXPECT_EQ(result.outcome, Outcome::kPermission);
    // Knot says BADKEY for a key under another algorithm, BIND may say BADSIG: both name TSIG's
    // error.
    EXPECT_THAT(result.message, AnyOf(HasSubstr(each.words), HasSubstr("BADSIG")));
    EXPECT_THAT(result.message, Not(AnyOf(HasSubstr(kCanary), HasSubstr(kOtherSecret))));

    const Observation seen = Look(*service, "xmpp.contoso.test/A");
    EXPECT_EQ(seen.presence, Presence::kUnreachable);
    EXPECT_THAT(seen.reason, AnyOf(HasSubstr("BADKEY"), HasSubstr("BADSIG")));
  }
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), IsEmpty());
}

TEST_P(LivePermission, NameOutsideThePolicyIsRefused) {
  Serve();
  const sdk::Result result =
      Apply(*Service(), Change("other.contoso.test/A", Value(), Set({"203.0.113.11"})));
  EXPECT_EQ(result.outcome, Outcome::kPermission);
  EXPECT_THAT(result.message,
              AllOf(AnyOf(HasSubstr("REFUSED"), HasSubstr("NOTAUTH")),
                    HasSubstr("grant poolshift-key name other.contoso.test. A;"),
                    HasSubstr("grant poolshift-key name _poolshift.contoso.test. TXT;")));
  EXPECT_THAT(server_->Short("other.contoso.test", "A"), IsEmpty());
  EXPECT_THAT(Marks(), IsEmpty());
}

TEST_P(LivePermission, TypeOutsideThePolicyIsRefused) {
  Serve();
  const sdk::Result result = Apply(
      *Service(), Change("edge.contoso.test/SRV", Value(), Set({"10 0 5269 xmpp.contoso.test"})));
  // Knot's rule lists names and types each for themselves: there this is allowed.
  EXPECT_EQ(result.outcome, GetParam() == Product::kBind ? Outcome::kPermission : Outcome::kDone);
}

TEST_P(LivePermission, KeyWithoutGrantIsRefused) {
  ServerSpec spec = ZoneSpec(GetParam());
  spec.grants = {FullGrant("another-key")};
  spec.keys.push_back({"another-key", "hmac-sha256", kOtherSecret});
  server_ = std::make_unique<NameServer>(spec);
  const sdk::Result result = Apply(*Service(), CreateAddress());
  EXPECT_EQ(result.outcome, Outcome::kPermission);
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), IsEmpty());
}

TEST_P(LivePermission, LongerDigestWorksToo) {
  ServerSpec spec = ZoneSpec(GetParam());
  spec.keys[0].algorithm = "hmac-sha512";
  server_ = std::make_unique<NameServer>(spec);
  const auto service = Service({.algorithm = "hmac-sha512"});
  const sdk::Result result = Apply(*service, CreateAddress());
  EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
}

TEST_P(LivePermission, KeyFileOfTheServerIsRead) {
  Serve();
  const std::string statement = std::string("key \"Poolshift-Key\" {\n  algorithm hmac-sha256;\n") +
                                "  secret \"" + kCanary + "\";  # made by hand\n};\n";
  const auto service = Service({.secret = statement, .adjust = [](Value& configuration) {
                                  configuration.Set("tsig", Value::Map{});
                                }});
  const sdk::Result result = Apply(*service, CreateAddress());
  EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
  // A person pastes the same with that file.
  std::string script;
  for (const std::string& line :
       service->Preview(Change("edge.contoso.test/A", Value(), Set({"203.0.113.5"})))) {
    script += line + "\n";
  }
  EXPECT_THAT(script, Not(HasSubstr(kCanary)));
  const Folder folder;
  EXPECT_EQ(OutputOf("bash " + folder.Write("paste", script) + " 2>&1"), "") << script;
  EXPECT_THAT(server_->Short("edge.contoso.test", "A"), ::testing::ElementsAre("203.0.113.5"));
}

TEST_P(LivePermission, NoServerLogHoldsTheSecret) {
  Serve();
  const auto service = Service();
  Apply(*service, CreateAddress());
  EXPECT_THAT(server_->Log(), Not(HasSubstr(kCanary)));
}

TEST_P(LivePermission, ZoneOfAnotherServerIsRefused) {
  Serve();
  Value configuration = ZoneConfiguration({server_->port()});
  WithZoneMember("zone", "fabrikam.test")(configuration);
  const auto service = MakeService(configuration);
  const sdk::Result result =
      Apply(*service, Change("xmpp.fabrikam.test/A", Value(), Set({"203.0.113.11"})));
  EXPECT_EQ(result.outcome, Outcome::kPermission);
  EXPECT_EQ(Look(*service, "xmpp.fabrikam.test/A").presence, Presence::kUnreachable);
}

}  // namespace
}  // namespace poolshift::dns::testing
