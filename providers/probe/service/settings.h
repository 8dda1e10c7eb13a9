// Settings: the provider's configuration, checked. docs/probe-provider.md shows it as a manifest
// spells it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "providers/probe/look/looking.h"
#include "providers/probe/wire/question.h"
#include "providers/sdk/service.h"
#include "providers/ssh/connections.h"

namespace poolshift::probe {

struct SshPlace {
  ssh::Host* host = nullptr;  // of `Settings::connections`
  std::string command;        // as the host's shell reads it
};

struct TlsPlace {
  std::string host;
  int port = 7269;
  std::string name;  // in the agent's certificate
};

struct Vantage {
  std::string name;
  bool local = false;
  std::optional<TlsPlace> tls;
  std::optional<SshPlace> ssh;
};

// What servers are asked for, and must have in their certificates.
struct ServerNames {
  std::vector<std::string> sip, xmpp;
};

struct Settings {
  std::vector<Vantage> vantages;
  TlsContext link;                                // to agents, when one is reached by TLS
  std::unique_ptr<ssh::Connections> connections;  // when one is reached over SSH
  Eyes eyes;                                      // of the local vantage
  ServerNames names;
  std::map<std::string, ServerNames> names_of;  // by address or host, where they differ
  std::map<int, Speech> ports;
  bool records = false;  // serve DnsRecordSet too
  absl::Duration patience = absl::Seconds(5);

  // Null when there is none; "" is the local one. Borrowed.
  const Vantage* Find(std::string_view name) const;
};

// Appends every fault to `problems`, in words. The settings are usable when none was added.
Settings ReadSettings(const sdk::Configuration& configuration, std::vector<std::string>& problems);

}  // namespace poolshift::probe
