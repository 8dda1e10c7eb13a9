// Real servers of a test, on a loopback address of their own and the ports of the protocols:
// Prosody and Kamailio; named on a free port of 127.0.0.1, as it takes no address that no interface
// has.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/kit/scratch.h"
#include "tests/probe/kit/program.h"

namespace poolshift::probe::testing {

// A certificate with its key and the CA of others: NAME.pem, NAME.key of the scratch folder.
struct ServerSpec {
  std::string certificate;
  std::string ca;                      // file
  std::string address;                 // "" = one of its own
  std::vector<std::string> domains{};  // of Prosody
  bool demands_certificate = true;     // of Kamailio, and of Prosody (else dialback will do)
};

class LiveServer {
 public:
  const std::string& address() const { return address_; }
  Program& program() { return *program_; }

 protected:
  LiveServer(const conformance::Scratch& scratch, const ServerSpec& spec, const char* product);
  void Start(std::vector<std::string> arguments, int port);
  std::string Path(const std::string& name) const { return folder_ + '/' + name; }
  void Write(const std::string& name, const std::string& text) const;

  const std::string address_;
  std::string folder_;

 private:
  std::unique_ptr<Program> program_;
};

// 5269.
class Prosody : public LiveServer {
 public:
  Prosody(const conformance::Scratch& scratch, const ServerSpec& spec);
};

// 5061; answers OPTIONS with 200.
class Kamailio : public LiveServer {
 public:
  Kamailio(const conformance::Scratch& scratch, const ServerSpec& spec);
};

// Authoritative for contoso.test with these lines of the zone file.
class Named : public LiveServer {
 public:
  Named(const conformance::Scratch& scratch, const std::vector<std::string>& records);
  int port() const { return port_; }

 private:
  const int port_;
};

}  // namespace poolshift::probe::testing
