#include "tests/hosts/plugin.h"

#include <filesystem>
#include <fstream>

namespace poolshift::testing_hosts {
namespace {

constexpr const char* kForeignKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0aF0N1vM0n3T0rXkVhYvU3q9oXr0T4g1y2Hh2o0Zxk";

}  // namespace

Value PluginOnMachine::Configuration(const Value& server, const Value& more) {
  const Machine& machine = Machine::Get();
  Value edge = server, away = server;
  if (edge.Find("ssh") == nullptr) edge.Set("ssh", machine.Ssh());
  Value foreign = machine.Ssh();
  foreign.Set("hostKey", kForeignKey);
  away.Set("ssh", foreign);
  Value configuration = more;
  configuration.Set("servers", Value::Map{{kEdge, edge}, {kAway, away}});
  if (more.Find("settle") == nullptr) configuration.Set("settle", "300ms");
  return configuration;
}

absl::StatusOr<std::unique_ptr<Provider>> PluginOnMachine::Start(const std::string& type,
                                                                 const Value& configuration,
                                                                 const conformance::Start& start) {
  PluginOptions options;
  options.name = "edges";
  options.type = type;
  options.plugin_directory = POOLSHIFT_BIN_DIR;
  options.read_only = start.read_only;
  options.log = [this](std::string_view, std::string_view line) {
    const std::scoped_lock lock(mutex_);
    log_ += std::string(line) + "\n";
  };
  PluginConfiguration words;
  words.organization = "contoso";
  words.configuration = configuration;
  words.secrets.emplace("ssh", *SecretRef::Parse("file:" + Machine::Get().key_file()));
  words.base_directory = folder_.path();
  words.state_directory = folder_.Path("state");
  std::filesystem::create_directories(words.state_directory);
  start.adjust(words);
  return StartPlugin({&clock_, &files_, &processes_}, options, words);
}

std::map<std::string, std::string> PluginOnMachine::ListedBy(Provider& provider,
                                                             absl::Duration patience) {
  std::map<std::string, std::string> texts;
  const auto entities = provider.List(patience);
  EXPECT_TRUE(entities.ok()) << entities.status();
  if (!entities.ok()) return texts;
  for (const Listed& entity : *entities)
    texts[ToString(entity.id)] = CanonicalText(entity.properties);
  return texts;
}

conformance::Fixture PluginOnMachine::FixtureOf(const std::string& type,
                                                const Value& configuration) {
  const Machine& machine = Machine::Get();
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.start = [this, type, configuration](const conformance::Start& start) {
    return Start(type, configuration, start);
  };
  // Connections that are kept are silent too: each has a process.
  fixture.outage = {[&] { machine.Must("pkill -STOP -x sshd"); },
                    [&] { machine.Must("pkill -CONT -x sshd"); }};
  std::ifstream key(machine.key_file());
  for (std::string line; std::getline(key, line);) {
    if (line.size() > 30 && line.front() != '-') fixture.secrets.push_back(line);
  }
  fixture.log = [this] { return log(); };
  fixture.without = {{conformance::Need::kTargetFence, "a machine remembers no token"}};
  return fixture;
}

void PluginOnMachine::EmptyState() { std::filesystem::remove_all(folder_.Path("state")); }

ApplyResult PluginOnMachine::Change(Provider& provider, const ResourceId& id, const Value& after) {
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.target = id;
  fixture.after = after;
  static int number = 0;
  ApplyRequest request =
      conformance::RequestFrom(fixture, Look(provider, id), "key" + std::to_string(++number), 1);
  request.deadline = absl::Minutes(2);  // ejabberd takes its time to stop
  return provider.Apply(request, nullptr);
}

}  // namespace poolshift::testing_hosts
