#include "tests/probe/plugin_stage.h"

#include <filesystem>

#include "fmt/format.h"
#include "tests/conformance/kit/conformance.h"

namespace poolshift::probe::testing {

void PluginStage::SetUpTestSuite() {
  LiveLook::SetUpTestSuite();
  authority().Issue("controller", "DNS:controller.test");
  authority().Issue("agent", "DNS:agent.test");
  sip_ = std::make_unique<Kamailio>(scratch(), Spec("edge"));
  ServerSpec xmpp = Spec("edge");
  xmpp.domains = {"contoso.test"};
  xmpp_ = std::make_unique<Prosody>(scratch(), xmpp);
}

void PluginStage::TearDownTestSuite() {
  sip_.reset();
  xmpp_.reset();
  LiveLook::TearDownTestSuite();
}

absl::StatusOr<std::unique_ptr<Provider>> PluginStage::StartProvider(
    const conformance::Start& start, Value::List vantages, const std::string& ssh_key) {
  PluginOptions options;
  options.name = "outside";
  options.type = "probe";
  options.plugin_directory = POOLSHIFT_BIN_DIR;
  options.read_only = start.read_only;
  options.log = [this](std::string_view, std::string_view line) {
    const std::scoped_lock lock(mutex_);
    log_ += std::string(line) + "\n";
  };
  PluginConfiguration configuration;
  configuration.organization = "contoso";
  configuration.configuration = Value::Map{
      {"vantages", std::move(vantages)},
      {"link", Value::Map{{"certificate", "controller.pem"}, {"trust", "partners-ca.pem"}}},
      {"local",
       Value::Map{
           {"from", "probe.test"}, {"certificate", "probe.pem"}, {"trust", "partners-ca.pem"}}},
      {"names",
       Value::Map{{"sip", Value::List{"sip.contoso.test"}},
                  {"xmpp", Value::List{"contoso.test"}}}}};
  for (const auto& [secret, file] :
       {std::pair("linkKey", "controller.key"), std::pair("probeKey", "probe.key")})
    configuration.secrets.emplace(secret, *SecretRef::Parse("file:" + scratch().Path(file)));
  if (!ssh_key.empty()) configuration.secrets.emplace("ssh", *SecretRef::Parse("file:" + ssh_key));
  configuration.base_directory = scratch().path();
  configuration.state_directory = scratch().Path("state");
  std::filesystem::create_directories(configuration.state_directory);
  start.adjust(configuration);
  return StartPlugin({&clock_, &files_, &processes_}, options, configuration);
}

std::string PluginStage::AgentConfiguration(const std::string& more) {
  return fmt::format(
      "from probe.test\nprobe-certificate probe.pem\nprobe-key probe.key\ntrust partners-ca.pem\n"
      "allow {} 5061 5062\nallow {} 5269\n{}",
      sip_->address(),
      xmpp_->address(),
      more);
}

std::unique_ptr<Program> PluginStage::StartAgent(const std::string& certificate,
                                                 const std::string& controller) const {
  const std::string name = "agent-" + address_ + ".conf";
  scratch().Write(name,
                  AgentConfiguration(fmt::format(
                      "listen {0}:7269\ncertificate {1}.pem\nkey {1}.key\nca partners-ca.pem\n"
                      "controller {2}\n",
                      address_,
                      certificate,
                      controller)));
  auto agent = std::make_unique<Program>(
      std::vector<std::string>{
          POOLSHIFT_BIN_DIR "/poolshift-probe-agent", "--config", scratch().Path(name)},
      scratch().Path(name + ".log"));
  AwaitPort(*agent, address_, 7269);
  return agent;
}

Value PluginStage::ByTls(const std::string& name, const std::string& certificate) const {
  return Value::Map{{"name", name}, {"tls", Value::Map{{"host", address_}, {"name", certificate}}}};
}

Value PluginStage::BySsh(const std::string& name,
                         const ssh::testing::SshServer& sshd,
                         std::string host_key) const {
  scratch().Write("stdio.conf", AgentConfiguration(""));
  if (host_key.empty()) host_key = sshd.host_key();
  return Value::Map{{"name", name},
                    {"ssh",
                     Value::Map{{"address", "127.0.0.1"},
                                {"port", sshd.port()},
                                {"user", sshd.user()},
                                {"hostKey", host_key},
                                {"command",
                                 Value::List{POOLSHIFT_BIN_DIR "/poolshift-probe-agent",
                                             "--stdio",
                                             "--config",
                                             scratch().Path("stdio.conf")}}}}};
}

ObservationKey PluginStage::Sip(const std::string& vantage) {
  return {{"Reachability", sip_->address() + "/5061"}, vantage};
}
ObservationKey PluginStage::Xmpp(const std::string& vantage) {
  return {{"Reachability", xmpp_->address() + "/5269"}, vantage};
}
ObservationKey PluginStage::Closed(const std::string& vantage) {
  return {{"Reachability", sip_->address() + "/5062"}, vantage};
}

Observation PluginStage::LookFrom(Provider& provider, const ObservationKey& key) {
  return conformance::LookAt(provider, key);
}

}  // namespace poolshift::probe::testing
