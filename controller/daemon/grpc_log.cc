#include "controller/daemon/grpc_log.h"

#include <cstdio>
#include <string_view>

#include <grpc/support/log.h>

namespace poolshift {
namespace {

void Write(gpr_log_func_args* said) {
  constexpr std::string_view kTls = "ssl_transport_security.cc";
  if (std::string_view(said->file).ends_with(kTls)) return;
  (void)std::fprintf(stderr, "gRPC: %s\n", said->message);
}

}  // namespace

void LeaveOutHandshakes() {
  if (gpr_should_log(GPR_LOG_SEVERITY_INFO) == 0) gpr_set_log_function(&Write);
}

}  // namespace poolshift
