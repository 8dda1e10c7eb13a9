// Answers that are lost, late, forged or from servers that speak no such thing.
#include <atomic>
#include <utility>

#include "gmock/gmock.h"

#include "fmt/format.h"
#include "providers/dns/update/exchange.h"
#include "providers/dns/update/signed_transport.h"
#include "providers/dns/update/writer.h"
#include "tests/dns/fake_server.h"
#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using sdk::Outcome;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The real transport, behind a network that loses what a test tells it to lose.
class LossyTransport : public DnsTransport {
 public:
  explicit LossyTransport(std::shared_ptr<const TsigKey> key)
      : real_(MakeSignedTransport(std::move(key), absl::Seconds(1))) {}

  Reply Query(const Endpoint& server,
              std::string_view name,
              std::string_view type,
              absl::Time deadline) override {
    return real_->Query(server, name, type, deadline);
  }
  Reply Update(const Endpoint& server, const UpdateMessage& update, absl::Time deadline) override {
    ++updates;
    if (auto act = std::exchange(before_update, nullptr)) act();
    Reply lost;
    lost.state = Reply::State::kLost;
    lost.problem = "it did not answer in time";
    if (lose_requests-- > 0) return lost;
    const Reply reply = real_->Update(server, update, deadline);
    if (after_update) after_update();
    return lose_answers-- > 0 ? lost : reply;
  }

  int lose_requests = 0, lose_answers = 0, updates = 0;
  std::function<void()> before_update;  // between our look and our update, once
  std::function<void()> after_update;

 private:
  const std::unique_ptr<DnsTransport> real_;
};

class LostAnswer : public LiveZone {
 protected:
  void Prepare(bool owned = true) {
    Serve();
    settings_.organization = "contoso";
    settings_.query_timeout = settings_.update_timeout = absl::Seconds(8);
    settings_.key = *TsigKey::Make(kKeyName, "hmac-sha256", kCanary);
    settings_.zones = {{.name = "contoso.test",
                        .servers = {{"127.0.0.1", static_cast<std::uint16_t>(server_->port())}},
                        .owned = owned,
                        .adoption = {}}};
    lossy_ = std::make_unique<LossyTransport>(settings_.key);
  }
  sdk::Result Run(std::int64_t token = 5) {
    QuietCall call;
    return Writer(*lossy_, settings_).Apply(create_, "key", token, call);
  }
  void AddByHand(const std::string& address) const {
    const std::string script = fmt::format(
        "server 127.0.0.1 {}\nkey hmac-sha256:{} {}\nupdate add xmpp.contoso.test. 300 A "
        "{}\nsend\n",
        server_->port(),
        kKeyName,
        kCanary,
        address);
    const Folder folder;
    EXPECT_EQ(OutputOf("nsupdate " + folder.Write("script", script) + " 2>&1"), "");
  }
  std::vector<std::string> Addresses() const { return server_->Short("xmpp.contoso.test", "A"); }

  const Action create_ = Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"}));
  Settings settings_;
  std::unique_ptr<LossyTransport> lossy_;
};
INSTANTIATE_TEST_SUITE_P(Products,
                         LostAnswer,
                         ::testing::Values(Product::kBind, Product::kKnot),
                         ProductName);

TEST_P(LostAnswer, LostRequestIsSentAgain) {
  Prepare();
  lossy_->lose_requests = 2;
  const sdk::Result result = Run();
  EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
  EXPECT_EQ(lossy_->updates, 3);
  EXPECT_THAT(Addresses(), ElementsAre("203.0.113.11"));
}

TEST_P(LostAnswer, LostReplyIsSettledByTheMark) {
  Prepare();
  lossy_->lose_answers = 1;
  const sdk::Result result = Run();
  EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
  EXPECT_EQ(lossy_->updates, 1) << "the mark told that it had happened";
}

TEST_P(LostAnswer, LostReplyIsSettledWithoutMarksToo) {
  Prepare(false);
  lossy_->lose_answers = 1;
  EXPECT_EQ(Run().outcome, Outcome::kDone);
  EXPECT_EQ(lossy_->updates, 1);
}

TEST_P(LostAnswer, SilenceLeavesTheEffectUnknown) {
  Prepare();
  lossy_->lose_requests = 100;
  const sdk::Result result = Run();
  EXPECT_EQ(result.outcome, Outcome::kEffectUnknown);
  EXPECT_TRUE(result.retryable);
  EXPECT_THAT(result.message, HasSubstr("did not answer in time"));
  EXPECT_FALSE(Service()->Lookup("key").has_value());
  EXPECT_THAT(Addresses(), IsEmpty());
}

TEST_P(LostAnswer, DeathAfterTheWriteIsSettledLater) {
  Prepare();
  lossy_->lose_answers = 1;
  lossy_->after_update = [&] {
    server_->Freeze();
    settings_.query_timeout = absl::Milliseconds(300);
  };
  EXPECT_EQ(Run().outcome, Outcome::kEffectUnknown);
  settings_.query_timeout = absl::Seconds(8);
  server_->Thaw();
  const auto found = Writer(*lossy_, settings_).Lookup("key");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->outcome, Outcome::kDone);
  EXPECT_EQ(TextsOf(found->observation), std::vector<std::string>{"203.0.113.11"});
}

TEST_P(LostAnswer, TakeoverAfterTheLookIsFenced) {
  Prepare();
  const auto successor = Service();
  const Action elsewhere = Change("edge.contoso.test/A", Value(), Set({"203.0.113.5"}));
  lossy_->before_update = [&] {
    EXPECT_EQ(Apply(*successor, elsewhere, 6).outcome, Outcome::kDone);
  };
  EXPECT_EQ(Run(5).outcome, Outcome::kFenced);
  EXPECT_EQ(lossy_->updates, 1) << "the zone refused it, not our look";
  EXPECT_THAT(Addresses(), IsEmpty());
}

TEST_P(LostAnswer, TakeoverAfterALostRequestIsFenced) {
  Prepare();
  lossy_->lose_requests = 1;
  const auto successor = Service();
  const Action elsewhere = Change("edge.contoso.test/A", Value(), Set({"203.0.113.5"}));
  lossy_->before_update = [&] { Apply(*successor, elsewhere, 6); };
  EXPECT_EQ(Run(5).outcome, Outcome::kFenced);
  EXPECT_THAT(Addresses(), IsEmpty());
}

TEST_P(LostAnswer, HandAfterTheLookIsNotOverwritten) {
  for (const bool owned : {true, false}) {
    SCOPED_TRACE(owned);
    Prepare(owned);
    lossy_->before_update = [&] { AddByHand("203.0.113.77"); };
    EXPECT_EQ(Run().outcome, owned ? Outcome::kPermission : Outcome::kConflict);
    EXPECT_EQ(lossy_->updates, 1);
    EXPECT_THAT(Addresses(), ElementsAre("203.0.113.77"));
  }
}

TEST_P(LostAnswer, ServerComparesEveryRecord) {
  for (const bool owned : {true, false}) {
    SCOPED_TRACE(owned);
    Prepare(owned);
    ASSERT_EQ(Run().outcome, Outcome::kDone);
    lossy_->before_update = [&] { AddByHand("203.0.113.77"); };
    QuietCall call;
    const Action move = Change("xmpp.contoso.test/A", Set({"203.0.113.11"}), Set({"203.0.113.21"}));
    EXPECT_EQ(Writer(*lossy_, settings_).Apply(move, "move", 5, call).outcome, Outcome::kConflict);
    EXPECT_THAT(Addresses(), ElementsAre("203.0.113.11", "203.0.113.77"));
  }
}

// The server said yes, and yet something else stands there: nobody may go on as if it were done.
TEST_P(LostAnswer, HandAfterTheUpdateIsSeen) {
  for (const bool owned : {true, false}) {
    SCOPED_TRACE(owned);
    Prepare(owned);
    lossy_->after_update = [&] { AddByHand("203.0.113.77"); };
    const sdk::Result result = Run();
    EXPECT_EQ(result.outcome, Outcome::kEffectUnknown);
    EXPECT_TRUE(result.retryable);
    EXPECT_THAT(result.message, AllOf(HasSubstr("203.0.113.77"), HasSubstr("somebody else wrote")));
    EXPECT_THAT(Addresses(), ElementsAre("203.0.113.11", "203.0.113.77"));
  }
}

TEST_P(LostAnswer, TruncatedAnswerIsFetchedOverTcp) {
  Serve();
  const Endpoint real{"127.0.0.1", static_cast<std::uint16_t>(server_->port())};
  std::atomic<int> truncated = 0;
  const FakeServer front([&](const Bytes& question, bool over_tcp) -> std::vector<Bytes> {
    if (!over_tcp) {
      ++truncated;
      return {BareAnswer(question, Rcode::kNoError, true)};
    }
    std::vector<Bytes> answers;
    ExchangeStream(real, question, absl::Now() + absl::Seconds(5), [&](const Bytes& answer) {
      answers.push_back(answer);
      return true;
    });
    return answers;
  });
  const auto service = MakeService(ZoneConfiguration({front.port()}));
  const sdk::Result result = Apply(*service, create_);
  EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
  EXPECT_THAT(Addresses(), ElementsAre("203.0.113.11"));
  EXPECT_GT(truncated, 0);
}

bool IsUpdate(const Bytes& question) { return (question[2] >> 3 & 0xf) == 5; }

// A real server whose updates end at a fake front.
struct Fronted {
  std::string name;
  std::function<std::vector<Bytes>(const Bytes& update, bool over_tcp)> answering;
  Outcome outcome;
  std::string says;
};

std::vector<Fronted> FrontedCases() {
  const auto bare = [](Rcode rcode) {
    return [rcode](const Bytes& update, bool) {
      return std::vector<Bytes>{BareAnswer(update, rcode)};
    };
  };
  const auto tsig = [](int error) {
    return [error](const Bytes& update, bool) {
      return std::vector<Bytes>{TsigErrorAnswer(update, error)};
    };
  };
  return {
      {"no updates", bare(Rcode::kNotImp), Outcome::kUnsupported, "accepts no dynamic updates"},
      {"clock", tsig(kBadTime), Outcome::kPermission, "BADTIME"},
      {"secret", tsig(kBadSig), Outcome::kPermission, "BADSIG"},
      {"key", tsig(kBadKey), Outcome::kPermission, "BADKEY"},
      {"sick", bare(Rcode::kServFail), Outcome::kFailed, "SERVFAIL"},
      {"unsigned yes", bare(Rcode::kNoError), Outcome::kEffectUnknown, "is not signed"},
      {"unsigned conflict", bare(Rcode::kNxRrset), Outcome::kEffectUnknown, "is not signed"},
      {"garbage",
       [](const Bytes&, bool) {
         return std::vector<Bytes>{Bytes{1, 2, 3}, Bytes(500, 0xff)};
       },
       Outcome::kEffectUnknown,
       "did not answer in time"},
      {"forged refusal over UDP only",
       [](const Bytes& update, bool over_tcp) {
         return over_tcp ? std::vector<Bytes>{}
                         : std::vector<Bytes>{BareAnswer(update, Rcode::kRefused)};
       },
       Outcome::kEffectUnknown,
       "over TCP"},
  };
}

TEST_P(LostAnswer, OddAnswersAreNotBelieved) {
  Serve();
  const Endpoint real{"127.0.0.1", static_cast<std::uint16_t>(server_->port())};
  for (const Fronted& each : FrontedCases()) {
    SCOPED_TRACE(each.name);
    const FakeServer front([&](const Bytes& question, bool over_tcp) -> std::vector<Bytes> {
      if (IsUpdate(question)) return each.answering(question, over_tcp);
      std::vector<Bytes> answers;
      ExchangeDatagrams(real, question, absl::Now() + absl::Seconds(5), [&](const Bytes& answer) {
        answers.push_back(answer);
        return true;
      });
      return answers;
    });
    Value configuration = ZoneConfiguration({front.port()});
    // Short only where nothing is going to be believed.
    const bool believed = each.outcome != Outcome::kEffectUnknown;
    configuration.Set("timeouts",
                      Value::Map{{"query", "8s"}, {"update", believed ? "8s" : "400ms"}});
    const auto service = MakeService(configuration);
    const sdk::Result result = Apply(*service, create_);
    EXPECT_EQ(result.outcome, each.outcome) << result.message;
    EXPECT_THAT(result.message, HasSubstr(each.says));
  }
  EXPECT_THAT(Addresses(), IsEmpty());
}

}  // namespace
}  // namespace poolshift::dns::testing
