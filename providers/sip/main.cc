// poolshift-provider-sip: peer connections, services and certificates of Kamailio.
#include "providers/sdk/service.h"
#include "providers/sip/server/sip_provider.h"

int main(int argc, char** argv) {
  return poolshift::sdk::Serve(
      argc, argv, [] { return std::make_unique<poolshift::sip::SipProvider>(); });
}
