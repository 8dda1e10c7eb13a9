// What the machine with the Management Shell can do: asked once when the provider starts, and in
// depth by `provider check`.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "providers/lync/shell/shell.h"

namespace poolshift::lync {

struct Abilities {
  bool reached = false;
  bool xmpp =
      true;  // the product has XMPP partners and routes; taken for granted until it is known
  std::vector<std::string> remarks;
};

// Fails closed: what a product does not have is not served, and each action asks again for what it
// needs.
Abilities ProbeAtStart(Shell& admin, absl::Time deadline);

}  // namespace poolshift::lync
