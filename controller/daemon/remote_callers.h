// RemoteCallers: who makes a call over TLS, and whether one more of theirs may begin.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "controller/daemon/control_service.h"
#include "controller/daemon/roles.h"

namespace poolshift {

// Thread-safe.
class RemoteCallers {
 public:
  // Of one name at the same time; `watch` and a wait for a look take a thread each.
  static constexpr int kMostCalls = 8;

  explicit RemoteCallers(Roles roles, std::function<absl::Time()> now = absl::Now)
      : roles_(std::move(roles)), now_(std::move(now)) {}

  // The name is that of the certificate which the connection has proved. Unauthenticated without
  // one, or when it is not valid any more: a connection may be older. PermissionDenied when it
  // names nobody, ResourceExhausted when there are too many calls.
  absl::StatusOr<Admitted> Admit(const grpc::ServerContext& context);
  // As Admit, of a certificate in PEM.
  absl::StatusOr<Admitted> AdmitHolder(std::string_view certificate_pem);

 private:
  // How many calls each name has; outlives this object as long as one of them does.
  struct Calls {
    std::mutex mutex;
    std::map<std::string, int> of;
  };

  const Roles roles_;
  const std::function<absl::Time()> now_;
  const std::shared_ptr<Calls> calls_ = std::make_shared<Calls>();
};

}  // namespace poolshift
