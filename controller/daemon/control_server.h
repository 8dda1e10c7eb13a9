// ControlServer: the control API on a Unix socket. Who calls is what the kernel says of the process
// that connected. Serves from threads of its own until it is destroyed.
//
// Each account has a gRPC server of its own, which takes over the accepted connections: so a call
// can never be taken for one of another connection.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/daemon/acceptor.h"
#include "controller/daemon/page_door.h"
#include "controller/daemon/roles.h"
#include "controller/gitops/desk.h"

namespace poolshift {

class ControlServer {
 public:
  // `path` is replaced when nobody listens there any more. FailedPrecondition when somebody does.
  // `desk` and `pages` (null: none are served) are borrowed.
  static absl::StatusOr<std::unique_ptr<ControlServer>> Start(const std::string& path,
                                                              Roles roles,
                                                              Desk& desk,
                                                              PageDoor* pages);
  ~ControlServer();

 private:
  class Account;
  ControlServer(std::string path, Roles roles, Desk& desk, PageDoor* pages);
  void TakeOver(Descriptor connection);

  const std::string path_;
  const Roles roles_;
  Desk& desk_;
  PageDoor* const pages_;
  std::map<unsigned, std::unique_ptr<Account>> accounts_;  // by user id; of the acceptor's thread
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace poolshift
