// The whole program as a plugin, on real servers: every promise of the provider protocol, the fence
// that holds where the plugin's own record does not, and a key that is nowhere to be seen.
#include "tests/conformance/kit/conformance.h"

#include <filesystem>
#include <mutex>

#include "gmock/gmock.h"

#include "controller/provider/plugin.h"
#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using ::testing::ElementsAre;

class DnsPlugin : public LiveZone {
 protected:
  DnsPlugin() { folder_.Write("tsig", kCanary); }

  // `controller` names a state directory: two of them know nothing of each other.
  absl::StatusOr<std::unique_ptr<Provider>> Start(const std::string& controller, bool read_only) {
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
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.reset = [&] {
    Serve({"xmpp A 203.0.113.11"});
    std::filesystem::remove_all(folder_.path() + "/first");
  };
  fixture.start = [&](bool read_only) { return Start("first", read_only); };
  fixture.target = {"DnsRecordSet", "xmpp.contoso.test/A"};
  fixture.keys = {{fixture.target, ""}, {{"DnsRecordSet", "xmpp.contoso.test/AAAA"}, ""}};
  fixture.after = Set({"203.0.113.21"}, 60);
  fixture.unreachable = ObservationKey{{"DnsRecordSet", "xmpp.fabrikam.test/A"}, ""};
  conformance::RunConformance(fixture);
  EXPECT_EQ(log_.find(kCanary), std::string::npos);
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
  const auto raised = (*second)->Fence(8, absl::Seconds(10));
  ASSERT_TRUE(raised.ok()) << raised.status();
  EXPECT_EQ(*raised, 8);
  const auto told = (*first)->Fence(0, absl::Seconds(10));
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(*told, 8);

  const ApplyResult late =
      (*first)->Apply(conformance::RequestFrom(fixture, seen, "k1", 7), nullptr);
  EXPECT_TRUE(absl::IsAborted(late.status)) << late.status;
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.11"));
  // Of the organisation alone: another one's smaller tokens are not measured by it.
  EXPECT_THAT(Marks(), ElementsAre("\"poolshift1\" \"fence\" \"contoso\" \"8\""));
}

}  // namespace
}  // namespace poolshift::dns::testing
