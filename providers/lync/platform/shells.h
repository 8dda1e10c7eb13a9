// Shells: makes the shell of each machine, over the transport that the configuration says: for all
// of them, or for one.
#pragma once

#include <memory>
#include <string>

#include "providers/lync/manual/settings.h"
#include "providers/lync/platform/settings.h"
#include "providers/lync/winrm/settings.h"
#include "providers/sdk/section.h"
#include "providers/ssh/settings.h"

namespace poolshift::lync {

class ShellMaker {
 public:
  // `config`: the whole configuration. Borrows all three.
  ShellMaker(const sdk::Configuration& configuration, sdk::Section& config, Machines& machines);

  // Of the machine `name`, by `transport` and the member of that name in its section. Faults go
  // to the section's list; what is made with one must not be used. Borrowed from the machines.
  Shell& Make(const std::string& name, sdk::Section& own);

 private:
  std::unique_ptr<Shell> MakeOver(const std::string& transport,
                                  const std::string& name,
                                  sdk::Section own);
  static std::string ReadTransport(sdk::Section& section, const std::string& otherwise);

  Machines& machines_;
  const std::string transport_;
  ssh::TargetReader ssh_;
  winrm::TargetReader winrm_;
  manual::TargetReader manual_;
};

}  // namespace poolshift::lync
