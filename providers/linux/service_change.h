// ServiceChange: carries one action on an EdgeService out. "active" is not "serving": a started
// unit counts when it still stands after the settle time, and one that does not is taken back.
#pragma once

#include <string>
#include <vector>

#include "providers/linux/inventory.h"
#include "providers/sdk/service.h"

namespace poolshift::linux_host {

class ServiceChange {
 public:
  ServiceChange(const Server& server, const RoleService& service, absl::Duration settle)
      : server_(server), service_(service), settle_(settle) {}

  // Once an object.
  sdk::Result Apply(const Action& action, sdk::Call& call);

  // The commands that do the same by hand.
  std::vector<std::string> Preview(const Action& action) const;

 private:
  absl::Status Carry(const Action& action, sdk::Call& call);
  absl::Status Start(const std::string& former_mode, sdk::Call& call);
  absl::Status Hold(sdk::Call& call);
  absl::Status SetMode(std::string_view mode, sdk::Call& call);
  // After each step that may have an effect; hands its status on.
  absl::Status Noted(absl::Status step);
  std::string LastWords(absl::Time deadline) const;

  const Server& server_;
  const RoleService& service_;
  const absl::Duration settle_;
  bool begun_ = false;
  absl::Time until_ = absl::InfiniteFuture();  // the steps' own end, before that of the call
};

// What a failed step means for the action. `as_before`: the resource shows what it did before.
sdk::Result Failed(const absl::Status& status, bool as_before);

}  // namespace poolshift::linux_host
