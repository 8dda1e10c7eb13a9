#include "providers/xmpp/server/xmpp_provider.h"

#include "controller/federation/kinds.h"
#include "providers/xmpp/server/ejabberd.h"
#include "providers/xmpp/server/prosody.h"

namespace poolshift::xmpp {

std::unique_ptr<linux_host::PeerStreams> ReadStreams(linux_host::Server& server,
                                                     sdk::Section& section) {
  const std::string software = section.Text("software", "");
  if (software != "prosody" && software != "ejabberd") {
    section.Fault("software", "is `" + software + "`: write `prosody` or `ejabberd`");
    return nullptr;
  }
  server.services.try_emplace(kRole,
                              linux_host::RoleService{software + ".service", kinds::kXmppPort});
  server.products.insert(software);
  if (software == "prosody")
    return MakeProsody(server.machine, section.Text("prosodyctl", "prosodyctl"));
  sdk::Section api = section.Below("api");
  EjabberdApi words;
  words.address = api.Text("address", words.address);
  words.port = api.Port("port", words.port);
  words.path = api.Text("path", words.path);
  if (words.path.empty() || words.path.front() != '/' ||
      words.path.find_first_of(" \r\n?#") != std::string::npos)
    api.Fault("path", "is `" + words.path + "`: write a path, such as `/api`");
  api.RefuseOthers();
  words.ejabberdctl = section.Text("ejabberdctl", words.ejabberdctl);
  return MakeEjabberd(server.machine, words);
}

void XmppProvider::ReadOwnOf(linux_host::Server& server, sdk::Section& section) {
  if (auto streams = ReadStreams(server, section))
    AddStreams(server, "xmpp", kRole, std::move(streams));
}

}  // namespace poolshift::xmpp
