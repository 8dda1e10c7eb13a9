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

TEST(ExampleProvider, KeepsEveryPromise) {
  RealClock clock;
  RealFiles files;
  RealProcesses processes;
  const Scratch scratch;
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.reset = [&] {
    scratch.Empty();
    scratch.Write("zone/xmpp.contoso.com,A", "300\n203.0.113.11\n");
    std::filesystem::create_directories(scratch.Path("zone/unreadable.contoso.com,A"));
    std::filesystem::create_directories(scratch.Path("state"));
  };
  fixture.start = [&](bool read_only) {
    PluginOptions options;
    options.name = "zone";
    options.type = "example";
    options.plugin_directory = POOLSHIFT_TEST_DIR;
    options.read_only = read_only;
    PluginConfiguration configuration;
    configuration.organization = "contoso";
    configuration.configuration = Value::Map{{"folder", "zone"}};
    configuration.base_directory = scratch.path();
    configuration.state_directory = scratch.Path("state");
    return StartPlugin({&clock, &files, &processes}, options, configuration);
  };
  fixture.keys = {{{"DnsRecordSet", "xmpp.contoso.com/A"}, ""},
                  {{"DnsRecordSet", "xmpp.contoso.com/AAAA"}, ""}};
  fixture.target = {"DnsRecordSet", "xmpp.contoso.com/A"};
  fixture.after = Value::Map{{"ttl", 60}, {"records", Value::List{"203.0.113.21"}}};
  fixture.unreachable = ObservationKey{{"DnsRecordSet", "unreadable.contoso.com/A"}, ""};
  conformance::RunConformance(fixture);
}

std::string Content(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

TEST(ExampleProvider, IsThePagesCode) {
  const std::string code = Content(POOLSHIFT_SOURCE_DIR "/tests/example/example_provider.cc");
  const std::string page = Content(POOLSHIFT_SOURCE_DIR "/docs/write-a-provider.md");
  ASSERT_FALSE(code.empty());
  EXPECT_NE(page.find("```cpp\n" + code + "```\n"), std::string::npos)
      << "docs/write-a-provider.md shows other code than tests/example/example_provider.cc";
}

}  // namespace
}  // namespace poolshift
