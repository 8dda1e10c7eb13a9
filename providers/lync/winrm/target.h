// Target: one machine as declared, and how its WinRM service is spoken to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/time/time.h"

#include "providers/sdk/secret.h"

namespace poolshift::lync::winrm {

enum class Login {
  kNegotiate,    // Kerberos, with a ticket from this process' cache
  kBasic,        // an account of the machine itself, with its password
  kCertificate,  // a client certificate that the machine maps to an account of its own
};

// Machines may share one.
using SharedSecret = std::shared_ptr<const sdk::Secret>;

struct Target {
  std::string name;     // as manifests name the machine; its certificate and its ticket are for it
  std::string address;  // what is connected to
  std::uint16_t port = 5986;
  Login login = Login::kNegotiate;
  std::string user;               // of Basic
  SharedSecret password;          // of Basic
  SharedSecret certificate, key;  // of a client certificate, PEM
  bool delegate = false;          // Negotiate: hand the ticket on, where the domain allows it
  // At least one of these two says what the machine must show; both, when both are there.
  std::string ca_file;  // PEM: who vouches for its certificate, which is for `name` then
  std::string pin;      // "sha256//…": its public key, as libcurl spells it
  absl::Duration connect_timeout = absl::Seconds(5);
};

// "https://edge1.contoso.com:5986/wsman"
std::string UrlOf(const Target& target);
// "edge1.contoso.com:5986, Basic as svc-poolshift"
std::string ToString(const Target& target);

}  // namespace poolshift::lync::winrm
