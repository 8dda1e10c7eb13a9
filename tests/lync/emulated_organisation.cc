#include "tests/lync/emulated_organisation.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace poolshift::lync::testing {
namespace {

constexpr const char* kEmulator = POOLSHIFT_SOURCE_DIR "/tests/lab/cs-emulator/";

// "edgeserver1a.contoso.com" -> "edgeserver1a": names of secrets are plain.
std::string Short(const std::string& machine) { return machine.substr(0, machine.find('.')); }

}  // namespace

EmulatedOrganisation::EmulatedOrganisation(double lag) : lag_(lag) {
  Reset();
  std::vector<std::string> machines(std::begin(kEdges), std::end(kEdges));
  machines.insert(machines.end(), {kAdmin, kFrontEnd});
  for (const std::string& machine : machines) {
    machines_[machine] = std::make_unique<ssh::testing::SshServer>(
        std::vector<std::string>{"ForceCommand exec env CS_EMULATOR_WORLD=" + WorldFolder() +
                                 " CS_EMULATOR_HOST=" + machine + ' ' + kEmulator + "cs-emulator"});
  }
}

void EmulatedOrganisation::Reset() {
  std::filesystem::remove_all(WorldFolder());
  std::filesystem::remove_all(folder_.Path("state"));
  std::filesystem::create_directories(folder_.Path("state"));
  std::filesystem::permissions(folder_.Path("state"), std::filesystem::perms::owner_all);
  const std::string command =
      std::string(kEmulator) + "make-world " + WorldFolder() + ' ' + std::to_string(lag_);
  if (std::system(command.c_str()) != 0) throw std::runtime_error("make-world failed");
}

nlohmann::json EmulatedOrganisation::World() const {
  return nlohmann::json::parse(folder_.Read("world/world.json"));
}

void EmulatedOrganisation::Edit(const std::function<void(nlohmann::json&)>& edit) {
  nlohmann::json world = World();
  edit(world);
  folder_.Write("world/world.json", world.dump(1));
}

Value EmulatedOrganisation::SshOf(const std::string& machine) const {
  const ssh::testing::SshServer& server = *machines_.at(machine);
  return Value::Map{{"address", "127.0.0.1"},
                    {"port", server.port()},
                    {"user", server.user()},
                    {"hostKey", server.host_key()},
                    {"key", Short(machine)}};
}

Value EmulatedOrganisation::Configuration(std::string_view flags) const {
  Value::Map servers;
  for (const auto& [machine, server] : machines_) {
    if (machine != kAdmin) servers[machine] = Value::Map{{"ssh", SshOf(machine)}};
  }
  return Value::Map{
      {"flags", flags},
      {"admin", Value::Map{{"name", kAdmin}, {"ssh", SshOf(kAdmin)}}},
      {"servers", std::move(servers)},
      {"timeouts",
       Value::Map{{"settle", "100ms"}, {"graceful", "1s"}, {"service", "3s"}, {"drain", "2s"}}}};
}

std::map<std::string, std::string> EmulatedOrganisation::Secrets() const {
  std::map<std::string, std::string> secrets;
  for (const auto& [machine, server] : machines_)
    secrets[Short(machine)] = server->key_file();
  return secrets;
}

absl::StatusOr<std::unique_ptr<Provider>> EmulatedOrganisation::Start(
    bool read_only, const std::function<void(Value&)>& change) {
  return Start({read_only,
                [&](PluginConfiguration& configuration) { change(configuration.configuration); }});
}

absl::StatusOr<std::unique_ptr<Provider>> EmulatedOrganisation::Start(
    const conformance::Start& start) {
  PluginOptions options;
  options.name = "lync";
  options.type = "lync";
  options.plugin_directory = POOLSHIFT_BIN_DIR;
  options.read_only = start.read_only;
  options.log = [this](std::string_view, std::string_view line) {
    const std::scoped_lock lock(mutex_);
    log_ += std::string(line) + '\n';
  };
  PluginConfiguration configuration;
  configuration.organization = "contoso";
  configuration.configuration = Configuration();
  for (const auto& [name, file] : Secrets())
    configuration.secrets.emplace(name, *SecretRef::Parse("file:" + file));
  configuration.base_directory = folder_.path();
  configuration.state_directory = folder_.Path("state");
  start.adjust(configuration);
  return StartPlugin({&clock_, &files_, &processes_}, options, configuration);
}

}  // namespace poolshift::lync::testing
