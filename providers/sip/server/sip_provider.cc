#include "providers/sip/server/sip_provider.h"

#include <utility>

#include "controller/federation/kinds.h"
#include "providers/sip/server/kamailio.h"

namespace poolshift::sip {
namespace {

std::vector<std::int64_t> ReadSets(sdk::Section& section) {
  constexpr const char* kKey = "dispatcherSets";
  std::vector<std::int64_t> sets;
  for (const Value& item : section.List(kKey)) {
    if (item.is_integer()) {
      sets.push_back(item.integer());
    } else {
      section.Fault(kKey, "holds `" + DisplayText(item) + "`, no number of a dispatcher set");
    }
  }
  if (sets.empty() && section.Has(kKey))
    section.Fault(kKey, "names no set: write the numbers of those that count, or leave it out");
  return sets;
}

}  // namespace

std::unique_ptr<linux_host::PeerStreams> ReadStreams(linux_host::Server& server,
                                                     sdk::Section& section) {
  const auto service =
      server.services
          .try_emplace(kRole, linux_host::RoleService{"kamailio.service", kinds::kSipPort})
          .first;
  server.products.insert("kamailio");
  KamailioWords words;
  words.kamcmd = section.Text("kamcmd", words.kamcmd);
  words.control = section.Text("control", words.control);
  const std::string close = section.Text("close", "kill");
  if (close != "kill" && close != "restart")
    section.Fault("close", "is `" + close + "`: write `kill` or `restart`");
  words.restarts = close == "restart";
  server.insides[kRole] = MakeDispatcher(server, words, ReadSets(section));
  return MakeKamailio(server, service->second, words);
}

void SipProvider::ReadOwnOf(linux_host::Server& server, sdk::Section& section) {
  AddStreams(server, "sip", kRole, ReadStreams(server, section));
}

}  // namespace poolshift::sip
