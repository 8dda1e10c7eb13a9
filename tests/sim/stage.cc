#include "tests/sim/stage.h"

#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "controller/federation/kinds.h"
#include "providers/sim/platform/by_hand.h"

namespace poolshift {
namespace {

constexpr const char* kWorld = R"(world: poolshift/v1
organization: contoso
sites:
  Site1: {federation: edge1.contoso.com, xmpp: edge1.contoso.com}
edgePools:
  edge1.contoso.com:
    site: Site1
    federation: true
    xmpp: true
    servers: {e1a.contoso.com: {addresses: [203.0.113.11]}, e1b.contoso.com: {addresses: [203.0.113.12], power: off}}
  edge2.contoso.com:
    site: Site1
    xmpp: true
    servers: {e2a.contoso.com: {addresses: [198.51.100.21]}}
frontEndPools:
  fe1.contoso.com: {site: Site1, servers: [fe1a.contoso.com], edgePool: edge1.contoso.com}
centralStore: {pool: fe1.contoso.com}
domains: {contoso.com: {}}
vantages: [vantage-a]
dns: {records: {xmpp.contoso.com/A: [203.0.113.11]}}
)";

}  // namespace

SimStage::SimStage() {
  WriteWorld();
  std::filesystem::create_directories(scratch_.Path("state"));
}

void SimStage::WriteWorld(const std::string& more) const {
  scratch_.Write("world.yaml", kWorld + more);
}

absl::StatusOr<std::unique_ptr<Provider>> SimStage::Start(const conformance::Start& start) {
  PluginOptions options;
  options.name = "lync";
  options.type = "sim";
  options.plugin_directory = POOLSHIFT_BIN_DIR;
  options.read_only = start.read_only;
  options.log = [this](std::string_view, std::string_view line) {
    const std::lock_guard lock(mutex_);
    log_ += std::string(line) + '\n';
  };
  PluginConfiguration configuration;
  configuration.organization = "contoso";
  configuration.configuration = Value::Map{{"world", "world.yaml"}};
  configuration.base_directory = scratch_.path();
  configuration.state_directory = scratch_.Path("state");
  start.adjust(configuration);
  return StartPlugin({&clock_, &files_, &processes_}, options, configuration);
}

std::unique_ptr<Provider> SimStage::MustStart(bool read_only) {
  auto started = Start(read_only);
  EXPECT_TRUE(started.ok()) << started.status();
  return started.ok() ? *std::move(started) : nullptr;
}

ApplyRequest SimStage::Reroute(Provider& provider,
                               const std::string& key,
                               std::int64_t token) const {
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = kinds::SiteRoute("Site1");
  fixture.after = Value::Map{{"federation", "edge1.contoso.com"}, {"xmpp", "edge2.contoso.com"}};
  const Observation seen = conformance::LookAt(provider, {fixture.target, ""});
  return conformance::RequestFrom(fixture, seen, key, token);
}

std::string SimStage::Route(Provider& provider) const {
  const Observation seen = conformance::LookAt(provider, {kinds::SiteRoute("Site1"), ""});
  return std::string(seen.properties.StringOr("xmpp", "?"));
}

int SimStage::ByHand(const std::vector<std::string>& arguments, std::string* text) const {
  std::ostringstream both;
  const int status = sim::RunByHand(arguments, both, both);
  if (text != nullptr) *text = both.str();
  return status;
}

std::string SimStage::Log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

}  // namespace poolshift
