// poolshift-provider-host: services and certificates of Linux machines, fences on routers.
#include "providers/host/fence/host_provider.h"
#include "providers/sdk/service.h"

int main(int argc, char** argv) {
  return poolshift::sdk::Serve(
      argc, argv, [] { return std::make_unique<poolshift::host::HostProvider>(); });
}
