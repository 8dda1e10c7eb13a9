// Target: one machine as declared, and the exact ssh command that connects to it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace poolshift::ssh {

struct Target {
  std::string name;     // as manifests name the machine
  std::string address;  // what is connected to
  std::uint16_t port = 22;
  std::string user;
  // One of these two says which key the host must show: the key itself ("ssh-ed25519 AAAA…"), or a
  // file in the format of known_hosts, which may hold certificate authorities.
  std::string host_key;
  std::string known_hosts;
  std::string key_file;  // private key; read by ssh alone
  absl::Duration connect_timeout = absl::Seconds(5);
};

// "poolshift@192.0.2.11:22"
std::string ToString(const Target& target);

// One line of a known_hosts file for a pinned key.
std::string PinLine(const Target& target);

// Arguments of the ssh that holds the connection (ControlMaster), [0] included. `known_hosts` is
// the file that it believes. Nothing of the user's or the machine's own ssh configuration takes
// part
// (-F none); it asks nobody (BatchMode) and believes no host key that is not declared.
std::vector<std::string> MasterArguments(const Target& target,
                                         const std::string& control_path,
                                         const std::string& known_hosts);

}  // namespace poolshift::ssh
