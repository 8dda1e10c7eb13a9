// PluginProcess: a running provider program: launched, greeted, its log pumped. It knows nothing of
// gRPC.
//
// The program gets a clean environment, no descriptor but its own, and ends when this object goes:
// asked first (its control socket is closed), killed with its whole process group after two
// seconds.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/provider/log_pump.h"
#include "controller/provider/plugin_program.h"
#include "controller/wire/handshake.h"
#include "controller/world/descriptor.h"
#include "controller/world/processes.h"

namespace poolshift {

struct PluginLaunch {
  std::string name;       // manifest name, for messages
  bool read_only = true;  // fixed for the life of the program
  std::vector<std::string>
      environment;  // names of variables that it may see, besides kOrdinaryVariables
  LogSink log;      // may be empty
  absl::Duration patience = absl::Seconds(10);  // for the handshake
};

class PluginProcess {
 public:
  // Launches; the program is still starting when this returns. Errors name the provider.
  static absl::StatusOr<std::unique_ptr<PluginProcess>> Start(Processes& processes,
                                                              const PluginProgram& program,
                                                              PluginLaunch launch);
  ~PluginProcess();

  // Waits for the handshake. Once, before anything is asked of the program. Errors name the
  // provider and are Unavailable (ended, garbage), DeadlineExceeded (silent) or FailedPrecondition
  // (no protocol version in common).
  absl::Status Greet();

  pid_t pid() const { return process_->pid(); }
  const wire::Handshake& handshake() const { return handshake_; }

  // The descriptor that gRPC travels on; the caller owns it from now on. Once.
  int TakeChannel() { return channel_.Release(); }

  // How the program ended, with its last words, when it does within `timeout`. Thread-safe.
  std::optional<std::string> Ended(absl::Duration timeout) const;

 private:
  PluginProcess() = default;
  absl::StatusOr<std::string> ReadLine();

  std::string who_, type_, path_;
  absl::Duration patience_;
  Descriptor channel_;
  Descriptor control_;
  std::unique_ptr<LogPump> log_;
  std::unique_ptr<Process> process_;
  wire::Handshake handshake_;
};

// "provider `zone` (dns)".
std::string PluginTitle(const std::string& name, const std::string& type);

}  // namespace poolshift
