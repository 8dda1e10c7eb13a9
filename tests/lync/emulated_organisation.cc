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

EmulatedOrganisation::EmulatedOrganisation(double lag, Transport transport)
    : lag_(lag), transport_(transport) {
  Reset();
  if (transport_ == Transport::kManual) {
    person_ = std::make_unique<CarryingPerson>(CarriedFolder(), WorldFolder());
    return;
  }
  std::vector<std::string> machines(std::begin(kEdges), std::end(kEdges));
  machines.insert(machines.end(), {kAdmin, kFrontEnd});
  for (const std::string& machine : machines)
    Begin(machine);
  for (const auto& [machine, server] : over_winrm_)
    server->Await();
}

void EmulatedOrganisation::Begin(const std::string& machine) {
  const std::string world = "CS_EMULATOR_WORLD=" + WorldFolder();
  const std::string host = "CS_EMULATOR_HOST=" + machine;
  const std::string program = std::string(kEmulator) + "cs-emulator";
  if (transport_ == Transport::kSsh) {
    over_ssh_[machine] = std::make_unique<ssh::testing::SshServer>(
        std::vector<std::string>{"ForceCommand exec env " + world + ' ' + host + ' ' + program});
  } else {
    // As where people do it so: a certificate for the domain's machine, passwords for the others.
    over_winrm_[machine] = std::make_unique<WinrmServer>(
        machine,
        nlohmann::json{{"mapsCertificates", machine == kAdmin}},
        std::vector<std::string>{world, host, "POWERSHELL=" + program});
  }
}

void EmulatedOrganisation::Unplug(const std::string& machine) {
  if (transport_ == Transport::kManual) return person_->Avoid(machine);
  if (transport_ == Transport::kSsh) return over_ssh_.at(machine)->Stop();
  over_winrm_.at(machine)->Stop();
}

void EmulatedOrganisation::PlugIn(const std::string& machine) {
  if (transport_ == Transport::kManual) return person_->Visit(machine);
  if (transport_ == Transport::kSsh) return over_ssh_.at(machine)->Start();
  over_winrm_.at(machine)->Start();
}

void EmulatedOrganisation::Reset() {
  std::filesystem::remove_all(CarriedFolder());
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

Value EmulatedOrganisation::SshOf(const ssh::testing::SshServer& server,
                                  const std::string& key) const {
  return Value::Map{{"address", "127.0.0.1"},
                    {"port", server.port()},
                    {"user", server.user()},
                    {"hostKey", server.host_key()},
                    {"key", key}};
}

Value EmulatedOrganisation::WinrmOf(const WinrmServer& server) const {
  Value::Map way{{"address", "127.0.0.1"}, {"port", server.port()}};
  if (server.name() == kAdmin) {
    way["auth"] = "certificate";
    way["certificate"] = "clientCertificate";
    way["key"] = "clientKey";
    way["ca"] = server.ca_file();
  } else {
    way["pin"] = server.pin();
  }
  return way;
}

Value::Map EmulatedOrganisation::WayTo(const std::string& machine) const {
  if (transport_ == Transport::kManual) return {};
  if (transport_ == Transport::kSsh)
    return {{"ssh", SshOf(*over_ssh_.at(machine), Short(machine))}};
  return {{"winrm", WinrmOf(*over_winrm_.at(machine))}};
}

Value EmulatedOrganisation::Configuration(std::string_view flags) const {
  Value::Map servers, admin = WayTo(kAdmin);
  for (const char* edge : kEdges)
    servers[edge] = WayTo(edge);
  servers[kFrontEnd] = WayTo(kFrontEnd);
  admin["name"] = kAdmin;
  Value::Map config{
      {"flags", flags},
      {"admin", std::move(admin)},
      {"servers", std::move(servers)},
      {"timeouts",
       Value::Map{{"settle", "100ms"}, {"graceful", "1s"}, {"service", "3s"}, {"drain", "2s"}}}};
  if (transport_ == Transport::kWinrm) {
    config["transport"] = "winrm";
    config["winrm"] = Value::Map{{"auth", "basic"}, {"user", kAccount}, {"password", "machines"}};
  }
  if (transport_ == Transport::kManual) {
    config["transport"] = "manual";
    // No answer serves two looks: what a test does in between must be seen.
    config["manual"] =
        Value::Map{{"folder", CarriedFolder()}, {"answersHoldFor", "10ms"}, {"lookWaits", "6s"}};
  }
  return config;
}

std::map<std::string, std::string> EmulatedOrganisation::Secrets() const {
  std::map<std::string, std::string> secrets;
  for (const auto& [machine, server] : over_ssh_)
    secrets[Short(machine)] = server->key_file();
  if (transport_ == Transport::kWinrm) {
    const WinrmServer& admin = *over_winrm_.at(kAdmin);
    secrets = {{"machines", admin.password_file()},
               {"clientCertificate", admin.client_certificate()},
               {"clientKey", admin.client_key()}};
  }
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
