// Look: one look at one server. What several resources need of it is asked once. Not thread-safe:
// each server has a thread of its own while it is looked at.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/model/observation.h"
#include "providers/linux/inventory.h"
#include "providers/linux/sockets.h"

namespace poolshift::linux_host {

// The three answers, with a reason where one helps.
Observation Unreachable(std::string reason);
Observation Absent(std::string reason);
Observation Present(Value properties, std::string remark = "");

class Look {
 public:
  Look(const Server& server, absl::Time deadline) : server_(server), deadline_(deadline) {}

  const Server& server() const { return server_; }
  absl::Time deadline() const { return deadline_; }

  // EdgeService/<server>/<role>, Certificate/<server>/<use>.
  Observation Service(std::string_view role);
  Observation Certificate(std::string_view use);

 private:
  void AddListening(const RoleService& service, Observation& seen);
  void AddInside(const std::string& role, bool runs, Observation& seen);
  absl::StatusOr<std::string> HolderOf(const Listener& listener, const std::string& unit);
  const absl::StatusOr<std::vector<Listener>>& Listeners();

  const Server& server_;
  const absl::Time deadline_;
  std::optional<absl::StatusOr<std::vector<Listener>>> listeners_;
};

}  // namespace poolshift::linux_host
