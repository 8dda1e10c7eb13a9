// A plugin: a provider program in a process of its own, spoken to with gRPC over a socket that it
// inherited. docs/provider-protocol.md says what both sides promise. Several may be started at once
// from several threads.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/secret_ref.h"
#include "controller/model/value.h"
#include "controller/provider/lock_file.h"
#include "controller/provider/log_pump.h"
#include "controller/provider/provider.h"
#include "controller/world/world.h"

namespace poolshift {

// Which program, and how it is run.
struct PluginOptions {
  std::string name;              // manifest name
  std::string type;              // of the manifest: "sim", "dns"
  std::string plugin_directory;  // empty: DefaultPluginDirectory()
  std::vector<LockFile> locks;   // each must pin the program; none: unpinned, the caller has warned
  bool read_only = true;         // Apply is impossible for the life of the program
  LogSink log;
  absl::Duration patience = absl::Seconds(10);  // for its start
};

// What the program is told, once.
struct PluginConfiguration {
  std::string organization;
  Value configuration = Value::Map{};
  std::map<std::string, SecretRef>
      secrets;                  // variables that they name are handed on, others are not
  std::string state_directory;  // 0700, this provider's own; may be empty when read-only
  std::string base_directory;   // relative paths of the configuration begin here
  std::vector<std::string> vantages;
};

// Checks against the lock, starts and configures the program; every answer of the result is checked
// (checked.h). The program ends with the provider. `world` is copied; what it points to outlives
// the provider.
//
// InvalidArgument: its configuration has faults, one a line. PermissionDenied: not the pinned
// program. NotFound, Unavailable, DeadlineExceeded, FailedPrecondition, Internal: as the message
// says; it names the provider.
absl::StatusOr<std::unique_ptr<Provider>> StartPlugin(const World& world,
                                                      const PluginProgram& program,
                                                      const PluginOptions& options,
                                                      const PluginConfiguration& configuration);

// The same with the program of `options`, found first.
absl::StatusOr<std::unique_ptr<Provider>> StartPlugin(const World& world,
                                                      const PluginOptions& options,
                                                      const PluginConfiguration& configuration);

// Finds the program of `options`.
absl::StatusOr<PluginProgram> FindPlugin(const PluginOptions& options);

}  // namespace poolshift
