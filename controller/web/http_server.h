// HttpServer: the pages, /metrics, /healthz and /readyz over HTTP. Only answers GET and HEAD, and
// changes nothing; with a PushHook also POST /hooks/push, and people who have logged in may agree
// to a plan or say no. Listens on loopback addresses, or over TLS on any. Serves from a thread of
// its own until it is destroyed.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/gitops/board.h"
#include "controller/web/doors.h"
#include "controller/web/page_certificates.h"
#include "controller/world/clock.h"
#include "controller/world/descriptor.h"

namespace poolshift {

class HttpServer {
 public:
  // For others than this machine.
  struct Tls {
    Descriptor listening;            // TCP; does not block
    std::string url;                 // by which others ask for the pages
    PageCertificates* certificates;  // borrowed; used by the server's thread alone
    bool anybody_reads = false;      // or only who has logged in
  };

  // `listen` as "127.0.0.1:8080" or "[::1]:8080"; port 0 takes any. InvalidArgument when it is no
  // loopback address, Unavailable when it is taken. `board`, `clock` and the doors are borrowed.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& listen,
                                                           const Board& board,
                                                           const Clock& clock,
                                                           const Doors& doors);
  // TLS 1.2 or newer. Unavailable when libmicrohttpd cannot.
  static absl::StatusOr<std::unique_ptr<HttpServer>> StartTls(Tls tls,
                                                              const Board& board,
                                                              const Clock& clock,
                                                              const Doors& doors);
  virtual ~HttpServer() = default;
  // "http://127.0.0.1:8080/", or that of Tls.
  virtual std::string url() const = 0;

 protected:
  HttpServer() = default;
};

}  // namespace poolshift
