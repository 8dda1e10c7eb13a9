// Connections: the hosts of one provider, each with at most one SSH connection, made when it is
// first needed and made again when it was lost.
//
//   POOLSHIFT_ASSIGN(auto connections, ssh::Connections::Make());
//   ssh::Host& host = connections->Add(target);          // before threads begin
//   host.Run({*ssh::CommandLine({"systemctl", "is-active", unit})}, deadline);
//
// It must outlive its hosts' users. Everything ends with it: the ssh processes, their forwards, the
// folder with their sockets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/world/processes.h"
#include "providers/ssh/host.h"
#include "providers/ssh/run_folder.h"
#include "providers/ssh/target.h"

namespace poolshift::ssh {

class Connections {
 public:
  static absl::StatusOr<std::unique_ptr<Connections>> Make();

  // Two targets that differ in nothing but their name share no connection: each is declared by
  // itself. Borrowed; lives as long as this.
  Host& Add(Target target);

  // A file in the private folder, for a key that arrived in a variable.
  absl::StatusOr<std::string> Keep(std::string_view name, std::string_view content) const {
    return folder_->Write(name, content);
  }

 private:
  explicit Connections(std::unique_ptr<RunFolder> folder) : folder_(std::move(folder)) {}

  RealProcesses processes_;
  const std::unique_ptr<RunFolder> folder_;
  std::vector<std::unique_ptr<Host>> hosts_;  // last: their ssh processes end first
};

}  // namespace poolshift::ssh
