// A real sshd of a test: own configuration, own keys, own port on loopback, in a folder of its own;
// gone with the object. It lets this user in with `key_file()`.
#pragma once

#include <string>
#include <vector>

#include "tests/conformance/kit/scratch.h"
#include <sys/types.h>

namespace poolshift::ssh::testing {

class SshServer {
 public:
  // Further lines of sshd_config, such as "MaxSessions 2".
  explicit SshServer(std::vector<std::string> lines = {});
  ~SshServer();
  SshServer(const SshServer&) = delete;
  SshServer& operator=(const SshServer&) = delete;

  int port() const { return port_; }
  std::string user() const;
  // "ssh-ed25519 AAAA…"
  std::string host_key() const;
  std::string key_file() const { return folder_.Path("client"); }
  // A key of the same kind that nobody has heard of.
  std::string foreign_key_file() const { return folder_.Path("foreign"); }
  std::string foreign_host_key() const;

  // Ends it with all its connections; and begins anew.
  void Stop();
  void Start();
  std::string Log() const { return folder_.Read("log"); }

 private:
  const std::vector<std::string> lines_;
  conformance::Scratch folder_;
  int port_ = 0;
  pid_t process_ = -1;
};

// A port of 127.0.0.1 that is free now.
int FreePort();

}  // namespace poolshift::ssh::testing
