// poolshift-provider-probe: started by poolshift, it looks at servers from many vantages.
#include <csignal>

#include "providers/probe/service/probe_service.h"
#include "providers/sdk/service.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // agents and servers may go at any time
  return poolshift::sdk::Serve(
      argc, argv, [] { return std::make_unique<poolshift::probe::ProbeService>(); });
}
