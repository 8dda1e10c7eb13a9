// The conformance kit on the provider of docs/write-a-provider.md, and that the page shows that
// provider's code.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "controller/provider/plugin.h"
#include "tests/conformance/kit/conformance.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift {
namespace {

using conformance::Scratch;

class ExampleProvider : public testing::Test {
 protected:
  void Reset() const {
    scratch_.Empty();
    scratch_.Write("zone/xmpp.contoso.com,A", "300\n203.0.113.11\n");
    std::filesystem::create_directories(scratch_.Path("zone/unreadable.contoso.com,A"));
    std::filesystem::create_directories(scratch_.Path("state"));
  }

  absl::StatusOr<std::unique_ptr<Provider>> Start(const conformance::Start& start) {
    PluginOptions options;
    options.name = "zone";
    options.type = "example";
    options.plugin_directory = POOLSHIFT_TEST_DIR;
    options.read_only = start.read_only;
    PluginConfiguration configuration;
    configuration.organization = "contoso";
    configuration.configuration = Value::Map{{"folder", "zone"}};
    configuration.base_directory = scratch_.path();
    configuration.state_directory = scratch_.Path("state");
    start.adjust(configuration);
    return StartPlugin({&clock_, &files_, &processes_}, options, configuration);
  }

  void Move(const std::string& from, const std::string& to) const {
    std::filesystem::rename(scratch_.Path(from), scratch_.Path(to));
  }

  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  const Scratch scratch_;
};

TEST_F(ExampleProvider, KeepsEveryPromise) {
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.reset = [&] { Reset(); };
  fixture.start = [&](const conformance::Start& start) { return Start(start); };
  fixture.target = {"DnsRecordSet", "xmpp.contoso.com/A"};
  fixture.after = Value::Map{{"ttl", 60}, {"records", Value::List{"203.0.113.21"}}};
  fixture.absent = ObservationKey{{"DnsRecordSet", "xmpp.contoso.com/AAAA"}, ""};
  fixture.keys = {{fixture.target, ""}, *fixture.absent};
  fixture.unreachable = ObservationKey{{"DnsRecordSet", "unreadable.contoso.com/A"}, ""};
  fixture.witness = [&] { return scratch_.Read("zone/xmpp.contoso.com,A"); };
  fixture.by_hand = [&] { scratch_.Write("zone/xmpp.contoso.com,A", "300\n203.0.113.66\n"); };
  fixture.outage = {[&] { Move("zone", "away"); }, [&] { Move("away", "zone"); }};
  fixture.without = {
      {conformance::Need::kTargetFence, "files in a folder refuse no token"},
      {conformance::Need::kWeakAccount, "root may write every file"},
      {conformance::Need::kSecret, "it needs none"},
  };
  EXPECT_GE(conformance::RunConformance(fixture).ran, 60);
}

std::string Content(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

TEST(ExamplePage, ShowsTheCode) {
  const std::string code = Content(POOLSHIFT_SOURCE_DIR "/tests/example/example_provider.cc");
  const std::string page = Content(POOLSHIFT_SOURCE_DIR "/docs/write-a-provider.md");
  ASSERT_FALSE(code.empty());
  EXPECT_NE(page.find("```cpp\n" + code + "```\n"), std::string::npos)
      << "docs/write-a-provider.md shows other code than tests/example/example_provider.cc";
}

}  // namespace
}  // namespace poolshift
