// A shell over SSH: a Windows machine with OpenSSH, one connection for all commands.
#pragma once

#include <string>

#include "providers/lync/shell/shell.h"
#include "providers/ssh/host.h"

namespace poolshift::lync {

class SshShell final : public Shell {
 public:
  explicit SshShell(ssh::Host& host) : host_(host) {}

  const std::string& name() const override { return host_.name(); }
  absl::StatusOr<ShellOutput> Run(const std::string& command_line,
                                  const std::string& input,
                                  absl::Time deadline) override;

 private:
  ssh::Host& host_;
};

}  // namespace poolshift::lync
