// Inventory: the machines of a provider's configuration, ready to be asked.
//
//   ssh: {user: poolshift, knownHosts: /etc/poolshift/known_hosts}
//   systemd: auto          # or bus, or systemctl
//   settle: 2s             # how long a started unit must hold before it counts as started
//   servers:
//     edge1.contoso.com:
//       pool: edge1          # for `poolshift import`, like `site`: no machine knows them
//       site: Site1
//       ssh: {address: 192.0.2.11}
//       sudo: true
//       services: {accessEdge: kamailio.service, webConf: {unit: web.service, port: 443}}
//       certificates: {accessEdgeExternal: /etc/kamailio/edge.pem}
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "providers/linux/inside.h"
#include "providers/linux/machine.h"
#include "providers/linux/systemd.h"
#include "providers/sdk/section.h"
#include "providers/sdk/service.h"
#include "providers/ssh/settings.h"

namespace poolshift::linux_host {

struct RoleService {
  std::string unit;  // "kamailio.service"
  std::uint16_t port = 0;
};

struct Server {
  Machine machine;
  std::unique_ptr<Systemd> systemd;
  std::map<std::string, RoleService> services;      // by role
  std::map<std::string, std::string> certificates;  // path by use
  // By role; where the server of the role can tell.
  std::map<std::string, std::unique_ptr<Inside>> insides = {};
  std::string pool = {}, site = {};     // as declared for import; may be empty
  std::set<std::string> products = {};  // what it runs, as far as its settings say
};

class Inventory {
 public:
  // What a provider adds to a server's section: reads its own members of it.
  using Extra = std::function<void(Server& server, sdk::Section& section)>;

  // Reads `ssh`, `systemd`, `settle` and `servers` of `root`. Faults go to its list.
  void Read(const sdk::Configuration& configuration, sdk::Section& root, const Extra& extra);

  // One more machine that is no server, such as a router; null when it cannot be had.
  std::unique_ptr<Machine> ReadMachine(const std::string& name, sdk::Section& section);

  // Null when it is not declared. Names of servers are case-insensitive.
  const Server* Find(std::string_view name) const;

  // By name, lower case.
  const std::map<std::string, Server, std::less<>>& servers() const { return servers_; }

  absl::Duration settle() const { return settle_; }

 private:
  void ReadServer(const std::string& name, sdk::Section section, const Extra& extra);

  std::unique_ptr<ssh::Connections> connections_;
  std::unique_ptr<ssh::TargetReader> targets_;
  std::map<std::string, Server, std::less<>> servers_;
  Way way_ = Way::kAuto;
  absl::Duration settle_ = absl::Seconds(2);
};

}  // namespace poolshift::linux_host
