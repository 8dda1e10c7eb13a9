#include "providers/lync/platform/shells.h"

#include "providers/lync/platform/ssh_shell.h"
#include "providers/lync/winrm/winrm_shell.h"

namespace poolshift::lync {
namespace {

constexpr const char* kSsh = "ssh";
constexpr const char* kWinrm = "winrm";

}  // namespace

ShellMaker::ShellMaker(const sdk::Configuration& configuration,
                       sdk::Section& config,
                       Machines& machines)
    : machines_(machines),
      transport_(ReadTransport(config, kSsh)),
      ssh_(configuration, config.Below(kSsh), *machines.connections),
      winrm_(configuration, config.Below(kWinrm)) {}

std::string ShellMaker::ReadTransport(sdk::Section& section, const std::string& otherwise) {
  std::string transport = section.Text("transport", otherwise);
  if (transport == kSsh || transport == kWinrm) return transport;
  section.Fault("transport", "is neither `ssh` nor `winrm`");
  return otherwise;
}

Shell& ShellMaker::Make(const std::string& name, sdk::Section& own) {
  const bool over_winrm = ReadTransport(own, transport_) == kWinrm;
  const char* const unused = over_winrm ? kSsh : kWinrm;
  if (own.Has(unused))
    own.Fault(unused,
              std::string("is not used: the transport is `") + (over_winrm ? kWinrm : kSsh) + '`');
  if (over_winrm) {
    machines_.shells.push_back(
        std::make_unique<winrm::WinrmShell>(winrm_.Read(name, own.Below(kWinrm))));
  } else {
    ssh::Target target = ssh_.Read(name, own.Below(kSsh));
    std::string way = ssh::ToString(target);
    ssh::Host& host = machines_.connections->Add(std::move(target));
    machines_.shells.push_back(std::make_unique<SshShell>(host, std::move(way)));
  }
  return *machines_.shells.back();
}

}  // namespace poolshift::lync
