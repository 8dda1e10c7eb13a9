#include "providers/linux/inventory.h"

#include <algorithm>

#include "absl/strings/ascii.h"

#include "controller/federation/kinds.h"

namespace poolshift::linux_host {
namespace {

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
}

// A unit's own name: no path, no option.
bool IsUnitName(const std::string& text) {
  constexpr std::string_view kMarks = "-_.:@\\";
  return !text.empty() && text.front() != '-' && text.find('.') != std::string::npos &&
         std::all_of(text.begin(), text.end(), [&](char letter) {
           return absl::ascii_isalnum(static_cast<unsigned char>(letter)) ||
                  kMarks.find(letter) != std::string_view::npos;
         });
}

std::uint16_t OwnPort(std::string_view role) {
  if (role == "accessEdge") return kinds::kSipPort;
  if (role == "xmppProxy") return kinds::kXmppPort;
  return 443;
}

RoleService ReadService(sdk::Section& services, const std::string& role) {
  RoleService service;
  service.port = OwnPort(role);
  const Value* member = services.Member(role);
  if (member->is_string()) {
    service.unit = member->string();
  } else {
    sdk::Section section = services.Below(role);
    service.unit = section.Text("unit", "");
    service.port = section.Port("port", service.port);
    section.RefuseOthers();
  }
  if (!IsUnitName(service.unit))
    services.Fault(role, "is `" + service.unit + "`: write a unit, such as `kamailio.service`");
  return service;
}

void ReadServices(sdk::Section services, Server& server) {
  for (const std::string_view role : kinds::kRoles) {
    if (services.Has(role))
      server.services[std::string(role)] = ReadService(services, std::string(role));
  }
  services.RefuseOthers();
}

void ReadCertificates(sdk::Section certificates, Server& server) {
  for (const char* use : {"accessEdgeExternal", "internal", "sip", "xmpp"}) {
    if (!certificates.Has(use)) continue;
    const std::string path = certificates.Text(use, "");
    if (path.empty() || path.front() != '/')
      certificates.Fault(use, "is `" + path + "`: write the path of a PEM file on the server");
    server.certificates[use] = path;
  }
  certificates.RefuseOthers();
}

Way ReadWay(sdk::Section& root) {
  const std::string word = root.Text("systemd", "auto");
  if (word == "bus") return Way::kBus;
  if (word == "systemctl") return Way::kSystemctl;
  if (word != "auto")
    root.Fault("systemd", "is `" + word + "`: write `auto`, `bus` or `systemctl`");
  return Way::kAuto;
}

}  // namespace

void Inventory::Read(const sdk::Configuration& configuration,
                     sdk::Section& root,
                     const Extra& extra) {
  way_ = ReadWay(root);
  settle_ = root.Time("settle", settle_);
  auto connections = ssh::Connections::Make();
  if (!connections.ok()) {
    root.problems().push_back(std::string(connections.status().message()));
    return;
  }
  connections_ = *std::move(connections);
  targets_ = std::make_unique<ssh::TargetReader>(configuration, root.Below("ssh"), *connections_);
  sdk::Section servers = root.Below("servers");
  const Value::Map& declared = root.Map("servers");
  for (const auto& [name, value] : declared)
    ReadServer(name, servers.Below(name), extra);
}

std::unique_ptr<Machine> Inventory::ReadMachine(const std::string& name, sdk::Section& section) {
  const std::string lower = Lower(name);
  if (connections_ == nullptr) return nullptr;
  ssh::Host& host = connections_->Add(targets_->Read(lower, section.Below("ssh")));
  return std::make_unique<Machine>(host, section.Flag("sudo", false));
}

void Inventory::ReadServer(const std::string& name, sdk::Section section, const Extra& extra) {
  const std::unique_ptr<Machine> machine = ReadMachine(name, section);
  if (machine == nullptr) return;
  if (servers_.count(Lower(name)) > 0) section.Fault("", "is declared twice");
  Server server{*machine, MakeSystemd(*machine, way_), {}, {}};
  ReadServices(section.Below("services"), server);
  ReadCertificates(section.Below("certificates"), server);
  server.pool = section.Text("pool", "");
  server.site = section.Text("site", "");
  auto [place, added] = servers_.insert_or_assign(Lower(name), std::move(server));
  if (extra) extra(place->second, section);
  section.RefuseOthers();
}

const Server* Inventory::Find(std::string_view name) const {
  const auto found = servers_.find(Lower(name));
  return found == servers_.end() ? nullptr : &found->second;
}

}  // namespace poolshift::linux_host
