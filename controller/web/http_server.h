// HttpServer: the pages, /metrics, /healthz and /readyz over HTTP. Only answers GET and HEAD, and
// changes nothing; with a PushHook also POST /hooks/push, and people who have logged in may agree
// to a plan or say no. Listens on loopback addresses only. Serves from a thread of its own until it
// is destroyed.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/gitops/board.h"
#include "controller/gitops/desk.h"
#include "controller/gitops/page_sessions.h"
#include "controller/web/push_hook.h"
#include "controller/world/clock.h"

namespace poolshift {

class HttpServer {
 public:
  // Where others may do more than read. Null: nobody may.
  struct Doors {
    PushHook* hook = nullptr;
    // Both or none: who has logged in, and where their word is taken down.
    PageSessions* sessions = nullptr;
    Desk* desk = nullptr;
  };

  // `listen` as "127.0.0.1:8080" or "[::1]:8080"; port 0 takes any. InvalidArgument when it is no
  // loopback address, Unavailable when it is taken. `board`, `clock` and the doors are borrowed.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& listen,
                                                           const Board& board,
                                                           const Clock& clock,
                                                           const Doors& doors);
  virtual ~HttpServer() = default;
  // "http://127.0.0.1:8080/".
  virtual std::string url() const = 0;

 protected:
  HttpServer() = default;
};

}  // namespace poolshift
