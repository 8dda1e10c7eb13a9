#include "tests/lync/winrm_server.h"

#include <filesystem>
#include <map>

#include "absl/strings/str_split.h"

#include "tests/probe/kit/authority.h"

namespace poolshift::lync::testing {
namespace {

using nlohmann::json;

void KeepToOneself(const std::string& path) {
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
}

class Certificates {
 public:
  std::string ca_file() const { return authority_.file(); }

  // Path without ending.
  std::string Of(const std::string& name) {
    const std::string path = folder_.Path(name);
    if (!std::filesystem::exists(path + ".pem")) {
      authority_.Issue(name, "DNS:" + name);
      KeepToOneself(path + ".pem");
    }
    return path;
  }

  std::string PinOf(const std::string& name) {
    std::string& pin = pins_[name];
    if (pin.empty()) {
      const std::string digest = probe::testing::Run(
          "openssl x509 -in " + Of(name) +
          ".pem -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | "
          "base64");
      pin = "sha256//" + digest.substr(0, digest.find('\n'));
    }
    return pin;
  }

 private:
  conformance::Scratch folder_;
  const probe::testing::Authority authority_{folder_, "authority"};
  std::map<std::string, std::string> pins_;
};

Certificates& TheCertificates() {
  static Certificates certificates;
  return certificates;
}

}  // namespace

WinrmServer::WinrmServer(const std::string& name,
                         json settings,
                         std::vector<std::string> environment)
    : name_(name), environment_(std::move(environment)), port_(probe::testing::FreePort()) {
  folder_.Write("password", std::string(kPassword) + '\n');
  KeepToOneself(password_file());
  if (settings.value("mapsCertificates", false)) {
    settings["clientCa"] = ca_file();
  } else if (!settings.contains("negotiate")) {
    settings["user"] = kAccount;
    settings["password"] = kPassword;
  }
  settings["port"] = port_;
  settings["certificate"] = TheCertificates().Of(name) + ".pem";
  settings["key"] = TheCertificates().Of(name) + ".key";
  folder_.Write("settings.json", settings.dump());
  Begin();
}

std::string WinrmServer::ca_file() { return TheCertificates().ca_file(); }
std::string WinrmServer::pin_of(const std::string& name) { return TheCertificates().PinOf(name); }
std::string WinrmServer::client_certificate() { return TheCertificates().Of("client") + ".pem"; }
std::string WinrmServer::client_key() { return TheCertificates().Of("client") + ".key"; }

void WinrmServer::Start() {
  Begin();
  Await();
}

void WinrmServer::Begin() {
  std::vector<std::string> words = {"/usr/bin/env"};
  words.insert(words.end(), environment_.begin(), environment_.end());
  words.insert(words.end(), {POOLSHIFT_SOURCE_DIR "/tests/lync/winrm-emulator", folder_.path()});
  program_ = std::make_unique<probe::testing::Program>(words, folder_.Path("log"));
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

}  // namespace poolshift::lync::testing
