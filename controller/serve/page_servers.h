// The pages, as the command line of `poolshift serve` wishes: for this machine, over TLS for
// others, or both.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/web/http_server.h"

namespace poolshift {

class PageServers {
 public:
  using Log = std::function<void(const std::string& line)>;

  // InvalidArgument when options do not fit together, otherwise errors of http_server.h, of
  // listening.h and of tls_files.h. `session`, `board` and the doors are borrowed.
  static absl::StatusOr<PageServers> Start(const Session& session,
                                           const Arguments& arguments,
                                           const Board& board,
                                           const Doors& doors,
                                           const Log& log);

  // Where people log in: over TLS, if that is served; "": nowhere.
  std::string url() const;
  // Those of this machine; "": none.
  std::string url_here() const { return here_ == nullptr ? "" : here_->url(); }

 private:
  std::unique_ptr<PageCertificates> certificates_;  // of tls_
  std::unique_ptr<HttpServer> here_, tls_;
};

}  // namespace poolshift
