// Settings of `transport: manual` as the provider's configuration spells them:
//
//   manual: {folder: /var/lib/poolshift/lync, answersHoldFor: 10m, changesHoldFor: 10m, lookWaits:
//   1s}
#pragma once

#include <string>

#include "providers/lync/manual/manual_shell.h"
#include "providers/sdk/section.h"
#include "providers/sdk/service.h"

namespace poolshift::lync::manual {

class TargetReader {
 public:
  // `common`: the section that holds for all machines. Faults go to its list.
  TargetReader(const sdk::Configuration& configuration, sdk::Section common);

  // The machine `name`; `own` holds what differs from the common section. The folder is made, if it
  // is not there, and must be one that can be believed.
  Target Read(const std::string& name, sdk::Section own) const;

 private:
  Target ReadWords(sdk::Section& section, const Target& defaults) const;

  const sdk::Configuration& configuration_;
  Target common_;
};

}  // namespace poolshift::lync::manual
