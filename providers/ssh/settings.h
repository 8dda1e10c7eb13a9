// Settings of SSH as a provider's configuration spells them:
//
//   ssh: {user: poolshift, knownHosts: /etc/poolshift/known_hosts, connectTimeout: 5s}
//   servers:
//     edge1.contoso.com: {ssh: {address: 192.0.2.11, hostKey: "ssh-ed25519 AAAA…", key: edgeKey}}
//
// with `key` the name of one of the manifest's secrets (default: `ssh`), the private key.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "providers/sdk/section.h"
#include "providers/sdk/service.h"
#include "providers/ssh/connections.h"
#include "providers/ssh/target.h"

namespace poolshift::ssh {

class TargetReader {
 public:
  // `common`: the section that holds for all hosts. Faults go to its list.
  TargetReader(const sdk::Configuration& configuration,
               sdk::Section common,
               const Connections& connections);

  // The machine `name`; `own` holds what differs from the common section.
  Target Read(const std::string& name, sdk::Section own);

 private:
  struct Words {
    std::string address, user, host_key, known_hosts;
    std::string key = "ssh";  // name of the secret
    std::uint16_t port = 22;
    absl::Duration connect_timeout = absl::Seconds(5);
  };

  Words ReadWords(sdk::Section& section, const Words& defaults);
  void CheckKeys(sdk::Section& section, const Words& words) const;
  std::string KeyFile(sdk::Section& section, const std::string& secret);

  const sdk::Configuration& configuration_;
  const Connections& connections_;
  Words common_;
  std::map<std::string, std::string> key_files_;  // by name of the secret; "" = it is no use
};

}  // namespace poolshift::ssh
