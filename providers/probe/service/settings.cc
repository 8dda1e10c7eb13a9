#include "providers/probe/service/settings.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "providers/probe/agent/agent_settings.h"
#include "providers/sdk/secret.h"
#include "providers/sdk/section.h"
#include "providers/ssh/quote.h"
#include "providers/ssh/settings.h"

namespace poolshift::probe {
namespace {

using Problems = std::vector<std::string>;

class Reader {
 public:
  Reader(const sdk::Configuration& configuration, Problems& problems)
      : configuration_(configuration),
        problems_(problems),
        root_(&configuration.configuration, "", problems) {}

  Settings Read() {
    ReadCommonSsh();
    ReadVantages();
    ReadLink();
    ReadLocal();
    settings_.names = ReadNames(root_.Below("names"));
    ReadTargets();
    ReadPorts();
    settings_.records = root_.Flag("records", false);
    settings_.patience = root_.Time("patience", settings_.patience);
    if (settings_.patience < kShortestPatience)
      root_.Fault(
          "patience",
          "is less than 3.5s: the kernel needs 3.06 s to find out that a host is not there");
    root_.RefuseOthers();
    return std::move(settings_);
  }

 private:
  // A file of the configuration, as an absolute path; "" when it is not named.
  std::string File(sdk::Section& section, std::string_view key) {
    const std::string file = section.Text(key, "");
    return file.empty() || file[0] == '/' ? file : configuration_.base_directory + '/' + file;
  }

  void ReadVantages() {
    std::set<std::string> seen;
    int locals = 0;
    for (const Value& entry : root_.List("vantages")) {
      sdk::Section section(
          &entry, fmt::format("vantages[{}]", settings_.vantages.size()), problems_);
      Vantage vantage = ReadVantage(section);
      if (vantage.name.empty()) section.Fault("name", "is missing: as in the Policy's `vantages`");
      if (!seen.insert(vantage.name).second)
        section.Fault("name", "names " + vantage.name + " a second time");
      locals += vantage.local ? 1 : 0;
      settings_.vantages.push_back(std::move(vantage));
    }
    if (settings_.vantages.empty())
      root_.Fault(
          "vantages",
          "is missing: list each as {name, local: true}, {name, tls: {…}} or {name, ssh: {…}}");
    if (locals > 1) root_.Fault("vantages", "has more than one that is `local`");
  }

  Vantage ReadVantage(sdk::Section& section) {
    Vantage vantage;
    vantage.name = section.Text("name", "");
    vantage.local = section.Flag("local", false);
    if (section.Has("tls")) vantage.tls = ReadTls(section.Below("tls"));
    if (section.Has("ssh")) vantage.ssh = ReadSsh(vantage.name, section.Below("ssh"));
    const int ways = (vantage.local ? 1 : 0) + (vantage.tls ? 1 : 0) + (vantage.ssh ? 1 : 0);
    if (ways != 1) section.Fault("", "needs exactly one of `local: true`, `tls` and `ssh`");
    section.RefuseOthers();
    return vantage;
  }

  static TlsPlace ReadTls(sdk::Section section) {
    TlsPlace place;
    place.host = section.Text("host", "");
    place.port = section.Port("port", 7269);
    place.name = section.Text("name", place.host);
    if (place.host.empty()) section.Fault("host", "is missing: where the agent listens");
    section.RefuseOthers();
    return place;
  }

  std::optional<SshPlace> ReadSsh(const std::string& name, sdk::Section section) {
    if (targets_ == nullptr) return std::nullopt;
    std::vector<std::string> words{"poolshift-probe-agent", "--stdio"};
    if (section.Has("command")) words = section.Texts("command");
    const absl::StatusOr<std::string> command = ssh::CommandLine(words);
    if (!command.ok()) section.Fault("command", std::string(command.status().message()));
    SshPlace place;
    const std::size_t before = problems_.size();
    ssh::Target target = targets_->Read(name, std::move(section));
    if (problems_.size() == before) place.host = &settings_.connections->Add(std::move(target));
    if (command.ok()) place.command = *command;
    return place;
  }

  // What all SSH vantages share; the connections are made only when there is one.
  void ReadCommonSsh() {
    const Value::List& vantages = root_.List("vantages");
    const bool wanted = std::any_of(vantages.begin(), vantages.end(), [](const Value& each) {
      return each.Find("ssh") != nullptr;
    });
    if (!wanted && !root_.Has("ssh")) return;
    absl::StatusOr<std::unique_ptr<ssh::Connections>> connections = ssh::Connections::Make();
    if (!connections.ok()) {
      root_.Fault("ssh", "cannot be used: " + std::string(connections.status().message()));
      return;
    }
    settings_.connections = *std::move(connections);
    targets_ = std::make_unique<ssh::TargetReader>(
        configuration_, root_.Below("ssh"), *settings_.connections);
  }

  // The PEM text of a key that is kept as a secret.
  std::optional<sdk::Secret> Key(const char* name) {
    const auto found = configuration_.secrets.find(name);
    if (found == configuration_.secrets.end()) {
      problems_.push_back(fmt::format("secret `{}` is missing: the key of the certificate", name));
      return std::nullopt;
    }
    absl::StatusOr<sdk::Secret> secret = sdk::ResolveSecret(found->second);
    if (secret.ok()) return *std::move(secret);
    problems_.push_back(
        fmt::format("secret `{}`: {}", name, std::string(secret.status().message())));
    return std::nullopt;
  }

  void Open(
      TlsFiles files, bool verify, const char* key, std::string_view path, TlsContext& context) {
    std::optional<sdk::Secret> secret;
    if (!files.certificate.empty()) {
      secret = Key(key);
      if (!secret) return;
      files.key_text = secret->Reveal();
    }
    absl::StatusOr<TlsContext> made = MakeTlsContext(files, false, verify);
    if (made.ok()) {
      context = *std::move(made);
    } else {
      problems_.push_back(fmt::format("`{}`: {}", path, std::string(made.status().message())));
    }
  }

  void ReadLink() {
    const bool wanted = std::any_of(settings_.vantages.begin(),
                                    settings_.vantages.end(),
                                    [](const Vantage& each) { return each.tls.has_value(); });
    if (!root_.Has("link")) {
      if (wanted)
        root_.Fault("link",
                    "is missing: {certificate, trust}, our side of mutual TLS with the agents");
      return;
    }
    sdk::Section section = root_.Below("link");
    TlsFiles files;
    files.certificate = File(section, "certificate");
    files.trust = File(section, "trust");
    if (files.certificate.empty()) section.Fault("certificate", "is missing: agents demand one");
    if (files.trust.empty())
      section.Fault("trust", "is missing: the CA of the agents' certificates");
    section.RefuseOthers();
    if (files.certificate.empty() || files.trust.empty()) return;
    Open(files, true, kLinkKey, "link", settings_.link);
  }

  void ReadLocal() {
    const bool wanted = settings_.Find("") != nullptr;
    if (!root_.Has("local")) {
      if (wanted)
        root_.Fault("local", "is missing: {from, trust}, what the local vantage looks with");
      return;
    }
    sdk::Section section = root_.Below("local");
    Eyes& eyes = settings_.eyes;
    eyes.from = section.Text("from", "");
    TlsFiles files;
    files.certificate = File(section, "certificate");
    files.trust = File(section, "trust");
    eyes.shows_certificate = !files.certificate.empty();
    eyes.resolvers = Places(section, "resolvers", 53);
    eyes.references = Places(section, "references", 0);
    const Value* at_once = section.Member("atOnce");
    if (at_once != nullptr && at_once->is_integer() && at_once->integer() >= 1 &&
        at_once->integer() <= 1000) {
      eyes.at_once = static_cast<int>(at_once->integer());
    } else if (at_once != nullptr) {
      section.Fault("atOnce", "is no number from 1 to 1000");
    }
    if (eyes.from.empty())
      section.Fault("from",
                    "is missing: the domain that probes speak for, such as probe.example.net");
    if (files.trust.empty())
      section.Fault("trust",
                    "is missing: the file of CA certificates that partners trust (Debian's is "
                    "/etc/ssl/certs/ca-certificates.crt)");
    section.RefuseOthers();
    if (!files.trust.empty()) Open(files, false, kProbeKey, "local", eyes.context);
  }

  static std::vector<HostPort> Places(sdk::Section& section, std::string_view key, int port) {
    std::vector<HostPort> places;
    for (const std::string& text : section.Texts(key)) {
      HostPort place;
      if (ReadHostPort(text, port, place)) {
        places.push_back(place);
      } else {
        section.Fault(
            key, fmt::format("holds `{}`: write ADDRESS{}", text, port == 0 ? ":PORT" : "[:PORT]"));
      }
    }
    return places;
  }

  static ServerNames ReadNames(sdk::Section section) {
    ServerNames names{section.Texts("sip"), section.Texts("xmpp")};
    section.RefuseOthers();
    return names;
  }

  void ReadTargets() {
    int count = 0;
    for (const Value& entry : root_.List("targets")) {
      sdk::Section section(&entry, fmt::format("targets[{}]", count++), problems_);
      const std::vector<std::string> hosts = section.Texts("hosts");
      ServerNames names = settings_.names;
      if (section.Has("sip")) names.sip = section.Texts("sip");
      if (section.Has("xmpp")) names.xmpp = section.Texts("xmpp");
      if (hosts.empty()) section.Fault("hosts", "is missing: addresses or host names");
      for (const std::string& host : hosts) {
        if (!settings_.names_of.emplace(host, names).second)
          section.Fault("hosts", "names " + host + " a second time");
      }
      section.RefuseOthers();
    }
  }

  // Those of domain.md b.6, unless said otherwise.
  void ReadPorts() {
    for (const int port : {443, 444, 4443, 5062, 8057, 23456, 50001, 50002, 50003})
      settings_.ports[port] = Speech::kTcp;
    settings_.ports[5061] = Speech::kSip;
    settings_.ports[5269] = Speech::kXmpp;
    int count = 0;
    for (const Value& entry : root_.List("ports")) {
      sdk::Section section(&entry, fmt::format("ports[{}]", count++), problems_);
      const int port = section.Port("port", 0);
      const std::string word = section.Text("speech", "");
      constexpr Speech kAll[] = {Speech::kTcp, Speech::kTls, Speech::kSip, Speech::kXmpp};
      const auto* const speech = std::find_if(
          std::begin(kAll), std::end(kAll), [&](const Speech each) { return Name(each) == word; });
      if (port == 0) section.Fault("port", "is missing");
      if (speech == std::end(kAll)) {
        section.Fault("speech", "is `" + word + "`: write `tcp`, `tls`, `sip` or `xmpp`");
      } else {
        settings_.ports[port] = *speech;
      }
      section.RefuseOthers();
    }
  }

  static constexpr const char* kLinkKey = "linkKey";
  static constexpr const char* kProbeKey = "probeKey";

  const sdk::Configuration& configuration_;
  Problems& problems_;
  sdk::Section root_;
  std::unique_ptr<ssh::TargetReader> targets_;
  Settings settings_;
};

}  // namespace

const Vantage* Settings::Find(std::string_view name) const {
  const auto found = std::find_if(vantages.begin(), vantages.end(), [&](const Vantage& each) {
    return name.empty() ? each.local : each.name == name;
  });
  return found == vantages.end() ? nullptr : &*found;
}

Settings ReadSettings(const sdk::Configuration& configuration, std::vector<std::string>& problems) {
  return Reader(configuration, problems).Read();
}

}  // namespace poolshift::probe
