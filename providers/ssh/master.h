// Master: the one ssh process that holds the connection to a host and serves its control socket
// (ControlMaster). It is a child of this process: destroying this, or the death of this process,
// ends it and with it all that runs through it. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/world/descriptor.h"
#include "controller/world/processes.h"
#include "providers/ssh/target.h"

namespace poolshift::ssh {

class Master {
 public:
  // Connects and logs in. Unavailable: why not, and what to do.
  static absl::StatusOr<std::unique_ptr<Master>> Start(Processes& processes,
                                                       const Target& target,
                                                       const std::string& control_path,
                                                       const std::string& known_hosts,
                                                       absl::Time deadline);

  const std::string& control_path() const { return control_path_; }
  bool is_running() { return !process_->Wait(absl::ZeroDuration()).has_value(); }

 private:
  Master(std::unique_ptr<Process> process, std::string control_path, Descriptor log)
      : process_(std::move(process)),
        control_path_(std::move(control_path)),
        log_(std::move(log)) {}

  std::string Words() const;

  const std::unique_ptr<Process> process_;
  const std::string control_path_;
  const Descriptor log_;  // what ssh said, in memory
};

// What ssh's last words mean for the one who declared the host: the words, and what to do.
std::string Explained(const Target& target, const std::string& words);

}  // namespace poolshift::ssh
