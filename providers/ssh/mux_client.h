// MuxClient: one conversation with an ssh that holds a connection, over its control socket: one
// command, or one forward. No process is started for it. Not thread-safe; each has its own.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/world/descriptor.h"
#include "providers/ssh/host.h"
#include "providers/ssh/mux_wire.h"

namespace poolshift::ssh {

class MuxClient {
 public:
  // NotFound: nobody listens there (yet, or any more).
  static absl::StatusOr<MuxClient> Connect(const std::string& control_path, absl::Time deadline);

  // Errors as of Host::Run.
  absl::StatusOr<Output> Run(const Command& command, absl::Time deadline);
  absl::Status Forward(const std::string& local_path, const Remote& remote, absl::Time deadline);

 private:
  explicit MuxClient(Descriptor socket) : socket_(std::move(socket)) {}

  absl::Status Send(const std::string& bytes, absl::Time deadline);
  absl::Status HandOver(int descriptor, absl::Time deadline);
  absl::StatusOr<mux::Message> Receive(absl::Time deadline);
  absl::StatusOr<Output> Collect(Descriptor out,
                                 Descriptor err,
                                 std::size_t largest,
                                 absl::Time deadline);

  Descriptor socket_;
  std::string received_;
};

}  // namespace poolshift::ssh
