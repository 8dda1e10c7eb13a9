// RemoteServer: the control API for other machines, over TLS in which both sides show a
// certificate. Serves from threads of its own until it is destroyed.
//
// gRPC speaks TLS; connections are accepted here, so that those who prove nothing cannot take all
// the descriptors of the process.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/daemon/page_door.h"
#include "controller/daemon/roles.h"
#include "controller/daemon/tls_files.h"
#include "controller/gitops/desk.h"

namespace poolshift {

class RemoteServer {
 public:
  struct Options {
    std::string listen;  // "192.0.2.1:7443"; port 0: one that is free
    TlsPlaces places;    // read anew whenever somebody connects
    std::function<void(const std::string& line)> log;
  };

  // `files`, `desk` and `pages` (null: none are served) are borrowed. Errors, each with what to do:
  // those of tls_files.h, InvalidArgument for the place, FailedPrecondition when it cannot be had.
  static absl::StatusOr<std::unique_ptr<RemoteServer>> Start(
      Options options, Files& files, const Roles& roles, Desk& desk, PageDoor* pages);
  virtual ~RemoteServer() = default;

  // Where it listens: "192.0.2.1:7443".
  virtual const std::string& place() const = 0;
  // Of its own certificate, at the start.
  virtual const CertificateFacts& facts() const = 0;
};

}  // namespace poolshift
