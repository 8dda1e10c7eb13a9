// The whole program as a plugin, on real servers: every promise of the provider protocol, the fence
// that holds where the plugin's own record does not, and a key that is nowhere to be seen.
#include "tests/conformance/kit/conformance.h"

#include <filesystem>
#include <functional>
#include <mutex>

#include "gmock/gmock.h"

#include "controller/provider/plugin.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using ::testing::ElementsAre;

// May change another name, and look at all.
constexpr char kWeakKeyName[] = "looking-key";

class DnsPlugin : public LiveZone {
 protected:
  DnsPlugin() { folder_.Write("tsig", kCanary); }

  // One server for a whole kit: between two checks the zone is put back by hand.
  void Begin() {
    ServerSpec spec = ZoneSpec(GetParam(), {"xmpp A 203.0.113.11"});
    spec.keys.push_back({kWeakKeyName, "hmac-sha256", kOtherSecret});
    spec.grants.push_back({.key = kWeakKeyName,
                           .zone = "contoso.test",
                           .sets = {{"edge.contoso.test", "A"}},
                           .owned = false});
    server_ = std::make_unique<NameServer>(spec);
  }

  void ByHand(const std::string& address) const {
    const std::string script = fmt::format(
        "server 127.0.0.1 {}\nkey hmac-sha256:{} {}\nupdate delete _poolshift.contoso.test. TXT\n"
        "update delete xmpp.contoso.test. A\nupdate add xmpp.contoso.test. 300 A {}\nsend\n",
        server_->port(),
        kKeyName,
        kCanary,
        address);
    ASSERT_EQ(OutputOf("nsupdate " + folder_.Write("script", script) + " 2>&1"), "");
  }

  conformance::Fixture FixtureOfTheZone() {
    conformance::Fixture fixture;
    fixture.organization = "contoso";
    fixture.reset = [&] {
      if (GetParam() != Product::kNsd) ByHand("203.0.113.11");
      std::filesystem::remove_all(folder_.path() + "/first");
    };
    fixture.start = [&](const conformance::Start& start) {
      return Start("first", start.read_only, start.adjust);
    };
    fixture.target = {"DnsRecordSet", "xmpp.contoso.test/A"};
    fixture.after = Set({"203.0.113.21"}, 60);
    fixture.absent = ObservationKey{{"DnsRecordSet", "xmpp.contoso.test/AAAA"}, ""};
    fixture.keys = {{fixture.target, ""}, *fixture.absent};
    fixture.unreachable = ObservationKey{{"DnsRecordSet", "xmpp.fabrikam.test/A"}, ""};
    fixture.witness = [&] {
      return fmt::format("{}", fmt::join(server_->Dig("xmpp.contoso.test", "A"), "\n"));
    };
    fixture.outage = {[&] { server_->Freeze(); }, [&] { server_->Thaw(); }, absl::Seconds(1)};
    fixture.secrets = {kCanary};
    fixture.log = [&] {
      const std::scoped_lock lock(mutex_);
      return log_;
    };
    return fixture;
  }

  // `controller` names a state directory: two of them know nothing of each other.
  absl::StatusOr<std::unique_ptr<Provider>> Start(
      const std::string& controller,
      bool read_only,
      const std::function<void(PluginConfiguration&)>& adjust = [](PluginConfiguration&) {}) {
    PluginOptions options;
    options.name = "public-dns";
    options.type = "dns";
    options.plugin_directory = POOLSHIFT_BIN_DIR;
    options.read_only = read_only;
    options.log = [this](std::string_view, std::string_view line) {
      const std::scoped_lock lock(mutex_);
      log_ += std::string(line) + "\n";
    };
    PluginConfiguration configuration;
    configuration.organization = "contoso";
    configuration.configuration = ZoneConfiguration({server_->port()});
    configuration.configuration.Set("tsig",
                                    Value::Map{{"name", kKeyName}, {"algorithm", "hmac-sha256"}});
    WithZoneMember("adopt", "declared")(configuration.configuration);
    configuration.secrets.emplace("tsig", *SecretRef::Parse("file:" + folder_.path() + "/tsig"));
    configuration.base_directory = folder_.path();
    configuration.state_directory = folder_.path() + "/" + controller;
    std::filesystem::create_directories(configuration.state_directory);
    adjust(configuration);
    return StartPlugin({&clock_, &files_, &processes_}, options, configuration);
  }

  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  Folder folder_;
  std::mutex mutex_;  // two plugins log from two threads
  std::string log_;
};
INSTANTIATE_TEST_SUITE_P(Products,
                         DnsPlugin,
                         ::testing::Values(Product::kBind, Product::kKnot),
                         ProductName);

TEST_P(DnsPlugin, KeepsEveryPromise) {
  Begin();
  conformance::Fixture fixture = FixtureOfTheZone();
  fixture.by_hand = [&] { ByHand("203.0.113.66"); };
  fixture.fenced = true;
  fixture.weak_account = [&](PluginConfiguration& configuration) {
    configuration.configuration.Set(
        "tsig", Value::Map{{"name", kWeakKeyName}, {"algorithm", "hmac-sha256"}});
    folder_.Write("weak", kOtherSecret);
    configuration.secrets.at("tsig") = *SecretRef::Parse("file:" + folder_.path() + "/weak");
  };
  EXPECT_GE(conformance::RunConformance(fixture).ran, 60);
}

// NSD answers NOTIMP to every update: what it holds can be looked at, and is not changed.
class DnsPluginOnNsd : public DnsPlugin {};
INSTANTIATE_TEST_SUITE_P(Products, DnsPluginOnNsd, ::testing::Values(Product::kNsd), ProductName);

TEST_P(DnsPluginOnNsd, KeepsEveryPromiseThatIsNoChange) {
  Begin();
  conformance::Fixture fixture = FixtureOfTheZone();
  fixture.refuses = absl::StatusCode::kUnimplemented;
  using conformance::Need;
  const char* why = "NSD takes no updates";
  fixture.without = {{Need::kChange, why}, {Need::kHand, why}};
  EXPECT_GE(conformance::RunConformance(fixture).ran, 60);
  EXPECT_THAT(Marks(), ::testing::IsEmpty());
}

TEST_P(DnsPlugin, SecondControllerIsFencedAtTheZone) {
  Serve({"xmpp A 203.0.113.11"});
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = {"DnsRecordSet", "xmpp.contoso.test/A"};
  fixture.after = Set({"203.0.113.21"});
  const auto first = Start("first", false);
  const auto second = Start("second", false);
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_TRUE((*first)->Describe()->fenced);
  Observation seen = conformance::LookAt(**first, {fixture.target, ""});
  const ApplyResult done =
      (*first)->Apply(conformance::RequestFrom(fixture, seen, "k1", 8), nullptr);
  ASSERT_TRUE(done.status.ok()) << done.status;

  fixture.after = Set({"203.0.113.66"});
  seen = conformance::LookAt(**second, {fixture.target, ""});
  const ApplyResult late =
      (*second)->Apply(conformance::RequestFrom(fixture, seen, "k2", 7), nullptr);
  EXPECT_TRUE(absl::IsAborted(late.status)) << late.status;
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.21"));
}

// A controller that was paused after its last look, and one that took over elsewhere and has not
// touched the record set.
TEST_P(DnsPlugin, RaisedFenceStopsAWriteOnItsWay) {
  Serve({"xmpp A 203.0.113.11"});
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = {"DnsRecordSet", "xmpp.contoso.test/A"};
  fixture.after = Set({"203.0.113.21"});
  const auto first = Start("first", false);
  const auto second = Start("second", false);
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  const Observation seen = conformance::LookAt(**first, {fixture.target, ""});
  const auto raised = (*second)->Fence({8}, absl::Seconds(10));
  ASSERT_TRUE(raised.ok()) << raised.status();
  EXPECT_EQ(*raised, (FenceAnswer{8, false}));
  const auto told = (*first)->Fence({0}, absl::Seconds(10));
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->greatest, 8);

  const ApplyResult late =
      (*first)->Apply(conformance::RequestFrom(fixture, seen, "k1", 7), nullptr);
  EXPECT_TRUE(absl::IsAborted(late.status)) << late.status;
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.11"));
  // Of the organisation alone: another one's smaller tokens are not measured by it.
  EXPECT_THAT(Marks(), ElementsAre("\"poolshift1\" \"fence\" \"contoso\" \"8\""));
}

}  // namespace
}  // namespace poolshift::dns::testing
