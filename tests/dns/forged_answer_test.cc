// Answers that somebody on the way made or altered are no observation.
#include <algorithm>

#include "gmock/gmock.h"

#include "providers/dns/update/exchange.h"
#include "tests/dns/fake_server.h"
#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using ::testing::HasSubstr;

TEST(ForgedAnswers, UnsignedAnswerIsNoObservation) {
  const FakeServer fake([](const Bytes& question, bool) {
    return std::vector<Bytes>{BareAnswer(question, Rcode::kNoError)};
  });
  Value configuration = ZoneConfiguration({fake.port()});
  configuration.Set("timeouts", Value::Map{{"query", "2s"}});
  const Observation seen = Look(*MakeService(configuration), "xmpp.contoso.test/A");
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_THAT(seen.reason, HasSubstr("its answer is not signed"));
}

TEST(ForgedAnswers, ForgedDatagramDoesNotHideTheRealOne) {
  const NameServer server(ZoneSpec(Product::kBind, {"xmpp A 203.0.113.11"}));
  const Endpoint real{"127.0.0.1", static_cast<std::uint16_t>(server.port())};
  const FakeServer front([&](const Bytes& question, bool) {
    Bytes other = BareAnswer(question, Rcode::kNxDomain);
    other[0] = static_cast<std::uint8_t>(other[0] ^ 1);
    std::vector<Bytes> answers{other, BareAnswer(question, Rcode::kNxDomain)};
    ExchangeDatagrams(real, question, absl::Now() + absl::Seconds(5), [&](const Bytes& answer) {
      answers.push_back(answer);
      return true;
    });
    return answers;
  });
  const Observation seen =
      Look(*MakeService(ZoneConfiguration({front.port()})), "xmpp.contoso.test/A");
  EXPECT_EQ(TextsOf(seen), std::vector<std::string>{"203.0.113.11"}) << seen.reason;
}

TEST(ForgedAnswers, AlteredAnswerIsNotBelieved) {
  const NameServer server(ZoneSpec(Product::kBind, {"xmpp A 203.0.113.11"}));
  const Endpoint real{"127.0.0.1", static_cast<std::uint16_t>(server.port())};
  const Bytes address{203, 0, 113, 11};
  const FakeServer front([&](const Bytes& question, bool) {
    std::vector<Bytes> answers;
    ExchangeDatagrams(real, question, absl::Now() + absl::Seconds(5), [&](Bytes answer) {
      const auto found = std::search(answer.begin(), answer.end(), address.begin(), address.end());
      if (found != answer.end()) found[3] = 66;
      answers.push_back(std::move(answer));
      return true;
    });
    return answers;
  });
  Value configuration = ZoneConfiguration({front.port()});
  configuration.Set("timeouts", Value::Map{{"query", "2s"}});
  const auto service = MakeService(configuration);
  const Observation seen = Look(*service, "xmpp.contoso.test/A");
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_THAT(seen.reason, HasSubstr("the signature of its answer is wrong"));
  EXPECT_EQ(Look(*service, "xmpp.contoso.test/AAAA").presence, Presence::kAbsent) << "unaltered";
}

}  // namespace
}  // namespace poolshift::dns::testing
