#include "providers/sip/server/sip_provider.h"

#include <utility>

#include "controller/federation/kinds.h"
#include "providers/sip/server/kamailio.h"

namespace poolshift::sip {

std::unique_ptr<linux_host::PeerStreams> ReadStreams(linux_host::Server& server,
                                                     sdk::Section& section) {
  const auto service =
      server.services
          .try_emplace(kRole, linux_host::RoleService{"kamailio.service", kinds::kSipPort})
          .first;
  KamailioWords words;
  words.kamcmd = section.Text("kamcmd", words.kamcmd);
  words.control = section.Text("control", words.control);
  const std::string close = section.Text("close", "kill");
  if (close != "kill" && close != "restart")
    section.Fault("close", "is `" + close + "`: write `kill` or `restart`");
  words.restarts = close == "restart";
  return MakeKamailio(server, service->second, words);
}

void SipProvider::ReadOwnOf(linux_host::Server& server, sdk::Section& section) {
  AddStreams(server, "sip", kRole, ReadStreams(server, section));
}

}  // namespace poolshift::sip
