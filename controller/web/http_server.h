// HttpServer: the pages, /metrics, /healthz and /readyz over HTTP. Only answers GET and HEAD, and
// changes nothing; listens on loopback addresses only. Serves from a thread of its own until it is
// destroyed.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/gitops/board.h"
#include "controller/world/clock.h"

namespace poolshift {

class HttpServer {
 public:
  // `listen` as "127.0.0.1:8080" or "[::1]:8080"; port 0 takes any. InvalidArgument when it is no
  // loopback address, Unavailable when it is taken. `board` and `clock` are borrowed.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& listen,
                                                           const Board& board,
                                                           const Clock& clock);
  virtual ~HttpServer() = default;
  // "http://127.0.0.1:8080/".
  virtual std::string url() const = 0;

 protected:
  HttpServer() = default;
};

}  // namespace poolshift
