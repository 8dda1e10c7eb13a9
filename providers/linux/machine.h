// Machine: a Linux host and the account that we have there. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/ssh/host.h"

namespace poolshift::linux_host {

class Machine {
 public:
  // `sudo`: the account gets its rights from `sudo -n`, command by command.
  Machine(ssh::Host& host, bool sudo) : host_(&host), sudo_(sudo) {}

  const std::string& name() const { return host_->name(); }
  ssh::Host& host() const { return *host_; }
  bool has_sudo() const { return sudo_; }

  // The words as one command line, in the C locale, with rights when `privileged`. Errors are
  // those of ssh::Host, Unavailable when there is no such program, and PermissionDenied when sudo
  // refuses. Any other status is an Output.
  absl::StatusOr<ssh::Output> Run(const std::vector<std::string>& words,
                                  absl::Time deadline,
                                  std::string input = "",
                                  bool privileged = true) const;

  // What Run sends, for previews.
  std::vector<std::string> Words(const std::vector<std::string>& words,
                                 bool privileged = true) const;

 private:
  ssh::Host* host_;
  bool sudo_;
};

// As a person types it: "ssh edge1.contoso.com 'systemctl start x'".
std::string Typed(const Machine& machine, const std::vector<std::string>& words);

// The first lines of what a command complained of, in one, for messages.
std::string Complaint(const ssh::Output& output);

}  // namespace poolshift::linux_host
