// The WinRM service of an emulated Windows machine (winrm-emulator): a certificate of its name, own
// port on loopback, in a folder of its own; gone with the object. It is an emulator: what a real
// service does is not proved by it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/kit/scratch.h"
#include "tests/probe/kit/program.h"
#include <nlohmann/json.hpp>

namespace poolshift::lync::testing {

// What the account of the emulated machines has. It must be nowhere in what a test prints.
inline constexpr const char* kAccount = "svc-poolshift";
inline constexpr const char* kPassword =
    "canary-"
    "secret-winrm-password";

class WinrmServer {
 public:
  // `settings`: beyond port and certificate, as winrm-emulator explains; with none of them about
  // who is let in, `kAccount` is, with `kPassword`; with `mapsCertificates` the holder of
  // client_certificate(). `environment`: "NAME=value". Begins; Await() before it is used.
  WinrmServer(const std::string& name,
              nlohmann::json settings = nlohmann::json::object(),
              std::vector<std::string> environment = {});
  ~WinrmServer() = default;

  const std::string& name() const { return name_; }
  int port() const { return port_; }
  std::string password_file() const { return folder_.Path("password"); }

  // All certificates are made once for the test program, by one authority: those of a name, and of
  // a client. A pin is "sha256//…".
  static std::string ca_file();
  static std::string pin_of(const std::string& name);
  static std::string client_certificate();
  static std::string client_key();
  std::string pin() const { return pin_of(name_); }

  // Until it answers.
  void Await() const { probe::testing::AwaitPort(*program_, "127.0.0.1", port_); }
  // Ends it with all that runs there; and begins anew.
  void Stop() { program_.reset(); }
  void Start();

  // "Receive cut 2": the second one that is asked for; "" for none.
  void Misbehave(const std::string& whim);
  // What went wrong inside it.
  std::string Log() const { return folder_.Read("log"); }
  // "1 Create", "1 Command", … since it was asked for the first time, or forgotten.
  std::vector<std::string> Requests() const;
  void ForgetRequests() const { folder_.Write("requests", ""); }

 private:
  void Begin();

  const std::string name_;
  const std::vector<std::string> environment_;
  conformance::Scratch folder_;
  int port_ = 0;
  std::unique_ptr<probe::testing::Program> program_;
};

}  // namespace poolshift::lync::testing
