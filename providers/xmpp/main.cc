// poolshift-provider-xmpp: streams, services and certificates of Prosody and ejabberd.
#include "providers/sdk/service.h"
#include "providers/xmpp/server/xmpp_provider.h"

int main(int argc, char** argv) {
  return poolshift::sdk::Serve(
      argc, argv, [] { return std::make_unique<poolshift::xmpp::XmppProvider>(); });
}
