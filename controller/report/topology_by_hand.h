// The edit of a topology document (Get-CsTopology -AsXml), as lines of PowerShell that a person can
// paste: Port elements are cut out and put in, everything else stays. Provider `lync` makes the
// same edit of the text itself (providers/lync/text/topology_edit.h).
#pragma once

#include <string>
#include <vector>

#include "controller/model/plan.h"

namespace poolshift {

// The commands of an action that publishes flags of Edge pools, with the edit written out: from the
// reading of the document to its publication, then whatever the action's own commands do after
// that. Of every other action, its commands.
std::vector<std::string> ByHand(const Action& action);

// The same step in Topology Builder; "" of an action that publishes no flag.
std::string InTopologyBuilder(const Action& action);

// What puts the former document back, while nobody wrote after it; empty of an action that
// publishes no flag.
std::vector<std::string> RepublishFormer(const Action& action);

}  // namespace poolshift
