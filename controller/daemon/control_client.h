// ControlClient: asks and tells a running `poolshift serve`, over its socket or over TLS. Not
// thread-safe.
//
// Errors: Unavailable when nobody listens (says how to start one), PermissionDenied when the role
// is not enough or the socket belongs to somebody else, Unauthenticated when a certificate is not
// believed, and those of control.proto.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/daemon/tls_files.h"
#include "controller/report/daemon_status.h"

namespace poolshift {

class ControlClient {
 public:
  struct Document {
    std::string text;  // for people
    std::string json;  // for programs
  };

  // The socket must belong to root, to this account, or to one that has its folder right below
  // /run, where only root can give one: nobody else may pose as the daemon.
  static absl::StatusOr<std::unique_ptr<ControlClient>> Connect(const std::string& socket);

  // A daemon elsewhere.
  struct Remote {
    std::string server;  // "poolshift.contoso.com:7443"; its certificate must be for this host
    TlsPlaces places;
  };
  // Directly, through no proxy, whatever the environment says. InvalidArgument and others of
  // tls_files.h for one's own files; Unauthenticated when one's own certificate is not valid `now`.
  static absl::StatusOr<std::unique_ptr<ControlClient>> Connect(Files& files,
                                                                const Remote& remote,
                                                                absl::Time now);
  ~ControlClient();

  // `after_round` 0: at once; else once that look is over.
  absl::StatusOr<DaemonStatus> Status(std::uint64_t after_round = 0);
  absl::StatusOr<Document> Plan();
  absl::StatusOr<Document> Drift();
  // Returns the whole digest.
  absl::StatusOr<std::string> Decide(const std::string& digest,
                                     bool agrees,
                                     const std::string& reason,
                                     const std::vector<std::string>& also);
  // Returns the pause's id.
  absl::StatusOr<std::string> Pause(const std::string& scope,
                                    absl::Duration duration,
                                    const std::string& reason);
  absl::Status Unpause(const std::string& id);
  absl::Status BreakGlass(absl::Duration duration, const std::string& reason);
  // Returns the last look that is over.
  absl::StatusOr<std::uint64_t> LookNow();
  // A link that works once, for a minute.
  absl::StatusOr<std::string> Login();
  absl::StatusOr<Document> Runs();
  absl::StatusOr<Document> Run(std::int64_t run);
  // Calls `line` with each, until it says false or the daemon ends.
  absl::Status Watch(const std::function<bool(const std::string& json)>& line);

 private:
  struct Channel;
  explicit ControlClient(std::unique_ptr<Channel> channel);

  std::unique_ptr<Channel> channel_;
};

}  // namespace poolshift
