// AgentSettings: the configuration of an agent. Lines of words, `#` begins a comment;
// docs/probe-provider.md lists them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "providers/probe/agent/inventory.h"
#include "providers/probe/look/looking.h"

namespace poolshift::probe {

struct AgentSettings {
  // How providers come in by TLS; no `listen` line: by --stdio only.
  HostPort listen;
  TlsFiles link;                         // our certificate, and the CA of theirs
  std::vector<std::string> controllers;  // a name in their certificate

  Inventory inventory;

  // What the agent looks with.
  std::string from;
  TlsFiles shown;
  std::vector<HostPort> resolvers;
  std::vector<HostPort> references;
  int at_once = 64;
};

// Every fault, "line 3: …". Relative files begin at `folder`.
AgentSettings ReadAgentSettings(std::string_view text,
                                const std::string& folder,
                                std::vector<std::string>& faults);

// "192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:53".
bool ReadHostPort(std::string_view text, int port, HostPort& place);

// Opens the files. What cannot be opened is a fault.
Eyes OpenEyes(const AgentSettings& settings, std::vector<std::string>& faults);

}  // namespace poolshift::probe
