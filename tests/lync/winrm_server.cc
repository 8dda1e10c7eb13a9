#include "tests/lync/winrm_server.h"

#include <filesystem>

#include "absl/strings/str_split.h"

namespace poolshift::lync::testing {
namespace {

using nlohmann::json;

void KeepToOneself(const std::string& path) {
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
}

}  // namespace

WinrmServer::WinrmServer(const std::string& name,
                         json settings,
                         std::vector<std::string> environment)
    : name_(name),
      environment_(std::move(environment)),
      authority_(folder_, "authority"),
      port_(probe::testing::FreePort()) {
  authority_.Issue(name, "DNS:" + name);
  folder_.Write("password", std::string(kPassword) + '\n');
  KeepToOneself(password_file());
  if (settings.value("mapsCertificates", false)) {
    settings["clientCa"] = ca_file();
    authority_.Issue("client", "DNS:client");
    KeepToOneself(client_certificate());
  } else if (!settings.contains("negotiate")) {
    settings["user"] = kAccount;
    settings["password"] = kPassword;
  }
  settings["port"] = port_;
  settings["certificate"] = folder_.Path(name + ".pem");
  settings["key"] = folder_.Path(name + ".key");
  folder_.Write("settings.json", settings.dump());
  Start();
}

void WinrmServer::Start() {
  std::vector<std::string> words = {"/usr/bin/env"};
  words.insert(words.end(), environment_.begin(), environment_.end());
  words.insert(words.end(), {POOLSHIFT_SOURCE_DIR "/tests/lync/winrm-emulator", folder_.path()});
  program_ = std::make_unique<probe::testing::Program>(words, folder_.Path("log"));
  probe::testing::AwaitPort(*program_, "127.0.0.1", port_);
}

void WinrmServer::Misbehave(const std::string& whim) {
  if (whim.empty()) {
    std::filesystem::remove(folder_.Path("whim"));
  } else {
    folder_.Write("whim", whim);
  }
}

std::vector<std::string> WinrmServer::Requests() const {
  return absl::StrSplit(folder_.Read("requests"), '\n', absl::SkipEmpty());
}

std::string WinrmServer::foreign_pin() const {
  authority_.Issue("foreign", "DNS:foreign");
  return PinOf("foreign");
}

std::string WinrmServer::PinOf(const std::string& certificate) const {
  const std::string digest = probe::testing::Run(
      "openssl x509 -in " + folder_.Path(certificate + ".pem") +
      " -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | base64");
  return "sha256//" + digest.substr(0, digest.find('\n'));
}

}  // namespace poolshift::lync::testing
