// Settings of WinRM as the provider's configuration spells them:
//
//   winrm: {auth: basic, user: poolshift, password: edges, connectTimeout: 5s}
//   servers:
//     edge1.contoso.com: {winrm: {address: 192.0.2.11, pin: "sha256//…="}}
//
// with `password`, `certificate` and `key` names of the manifest's secrets.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "providers/lync/winrm/target.h"
#include "providers/sdk/section.h"
#include "providers/sdk/service.h"

namespace poolshift::lync::winrm {

class TargetReader {
 public:
  // `common`: the section that holds for all machines. Faults go to its list.
  TargetReader(const sdk::Configuration& configuration, sdk::Section common);

  // The machine `name`; `own` holds what differs from the common section.
  Target Read(const std::string& name, sdk::Section own);

 private:
  struct Words {
    std::string address, auth = "negotiate", user, password, certificate, key, ca, pin;
    std::uint16_t port = 5986;
    bool delegate = false;
    absl::Duration connect_timeout = absl::Seconds(5);
  };

  Words ReadWords(sdk::Section& section, const Words& defaults);
  void ReadLogin(sdk::Section& section, const Words& words, Target& target);
  void CheckPlace(sdk::Section& section, const Target& target) const;
  void CheckTrust(sdk::Section& section, const Target& target) const;
  SharedSecret Open(sdk::Section& section, const char* member, const std::string& secret);

  const sdk::Configuration& configuration_;
  Words common_;
  std::map<std::string, SharedSecret> opened_;  // by name of the secret; null = it is no use
};

}  // namespace poolshift::lync::winrm
