#include "providers/lync/platform/shells.h"

#include <algorithm>

#include "providers/lync/manual/manual_shell.h"
#include "providers/lync/platform/ssh_shell.h"
#include "providers/lync/winrm/winrm_shell.h"

namespace poolshift::lync {
namespace {

constexpr const char* kSsh = "ssh";
constexpr const char* kWinrm = "winrm";
constexpr const char* kManual = "manual";
constexpr const char* kTransports[] = {kSsh, kWinrm, kManual};

}  // namespace

ShellMaker::ShellMaker(const sdk::Configuration& configuration,
                       sdk::Section& config,
                       Machines& machines)
    : machines_(machines),
      transport_(ReadTransport(config, kSsh)),
      ssh_(configuration, config.Below(kSsh), *machines.connections),
      winrm_(configuration, config.Below(kWinrm)),
      manual_(configuration, config.Below(kManual)) {}

std::string ShellMaker::ReadTransport(sdk::Section& section, const std::string& otherwise) {
  std::string transport = section.Text("transport", otherwise);
  if (std::ranges::count(kTransports, transport) > 0) return transport;
  section.Fault("transport", "is none of `ssh`, `winrm` and `manual`");
  return otherwise;
}

Shell& ShellMaker::Make(const std::string& name, sdk::Section& own) {
  const std::string transport = ReadTransport(own, transport_);
  for (const char* other : kTransports) {
    if (other != transport && own.Has(other))
      own.Fault(other, "is not used: the transport is `" + transport + '`');
  }
  machines_.shells.push_back(MakeOver(transport, name, own.Below(transport)));
  return *machines_.shells.back();
}

std::unique_ptr<Shell> ShellMaker::MakeOver(const std::string& transport,
                                            const std::string& name,
                                            sdk::Section own) {
  if (transport == kManual)
    return std::make_unique<manual::ManualShell>(manual_.Read(name, std::move(own)));
  if (transport == kWinrm)
    return std::make_unique<winrm::WinrmShell>(winrm_.Read(name, std::move(own)));
  ssh::Target target = ssh_.Read(name, std::move(own));
  std::string way = ssh::ToString(target);
  return std::make_unique<SshShell>(machines_.connections->Add(std::move(target)), std::move(way));
}

}  // namespace poolshift::lync
