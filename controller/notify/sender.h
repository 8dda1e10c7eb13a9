// Sender: one way to one target. Blocks, for no longer than its time limit.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/notification.h"
#include "controller/notify/event.h"
#include "controller/world/world.h"

namespace poolshift::notify {

struct SenderOptions {
  absl::Duration time_limit = absl::Seconds(10);
  std::function<std::string(const std::string&)> environment;  // for secrets in variables
  // Where the programs of `command` are. Whoever runs the controller names it, so that nobody who
  // may only change a declaration can have any other program run. Empty: there are none.
  std::string command_directory;
};

class Sender {
 public:
  virtual ~Sender() = default;
  // Unavailable or DeadlineExceeded: may work later. No message holds a secret.
  virtual absl::Status Send(const Event& event) = 0;
};

// InvalidArgument when a template is wrong or the target may not be used: a secret without TLS to
// another machine. `world` outlives it.
absl::StatusOr<std::unique_ptr<Sender>> MakeSender(const Notification& notification,
                                                   const World& world,
                                                   const SenderOptions& options);

}  // namespace poolshift::notify
