#include "providers/ssh/target.h"

#include <algorithm>

namespace poolshift::ssh {

std::string ToString(const Target& target) {
  const bool is_v6 = target.address.find(':') != std::string::npos;
  return target.user + '@' + (is_v6 ? '[' + target.address + ']' : target.address) + ':' +
         std::to_string(target.port);
}

std::string PinLine(const Target& target) { return target.name + ' ' + target.host_key + '\n'; }

std::vector<std::string> MasterArguments(const Target& target,
                                         const std::string& control_path,
                                         const std::string& known_hosts) {
  const auto seconds = std::max<std::int64_t>(
      1, absl::ToInt64Seconds(absl::Ceil(target.connect_timeout, absl::Seconds(1))));
  std::vector<std::string> arguments = {"ssh", "-F", "none", "-N", "-T", "-x", "-a"};
  const auto option = [&](const std::string& name, const std::string& value) {
    arguments.insert(arguments.end(), {"-o", name + '=' + value});
  };
  option("BatchMode", "yes");
  option("StrictHostKeyChecking", "yes");
  option("UserKnownHostsFile", known_hosts);
  option("GlobalKnownHostsFile", "none");
  option("UpdateHostKeys", "no");
  if (!target.host_key.empty()) option("HostKeyAlias", target.name);
  option("IdentitiesOnly", "yes");
  option("IdentityAgent", "none");
  option("IdentityFile", target.key_file);
  option("PreferredAuthentications", "publickey");
  option("KexAlgorithms",
         "^curve25519-sha256,curve25519-sha256@libssh.org");  // a third of the default's time
  option("ConnectTimeout", std::to_string(seconds));
  option("ConnectionAttempts", "1");
  option("ServerAliveInterval", "3");  // a host that has gone is noticed after nine seconds
  option("ServerAliveCountMax", "3");
  option("ControlMaster", "yes");
  option("ControlPersist", "no");
  option("ControlPath", control_path);
  option("StreamLocalBindMask", "0177");
  option("LogLevel", "ERROR");
  option("Port", std::to_string(target.port));
  option("User", target.user);
  arguments.insert(arguments.end(), {"--", target.address});
  return arguments;
}

}  // namespace poolshift::ssh
