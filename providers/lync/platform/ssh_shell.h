// A shell over SSH: a Windows machine with OpenSSH, one connection for all commands.
#pragma once

#include <string>
#include <utility>

#include "providers/lync/shell/shell.h"
#include "providers/ssh/host.h"

namespace poolshift::lync {

class SshShell final : public CommandShell {
 public:
  // `way`: account, address and port, for messages.
  SshShell(ssh::Host& host, std::string way) : host_(host), way_(std::move(way)) {}

  const std::string& name() const override { return host_.name(); }
  std::string transport() const override { return "SSH (" + way_ + ')'; }
  absl::StatusOr<ShellOutput> Run(const std::string& command_line,
                                  const std::string& input,
                                  absl::Time deadline) override;

 private:
  ssh::Host& host_;
  const std::string way_;
};

}  // namespace poolshift::lync
