// Override: a designation that somebody has changed beside the declaration while everything else is
// as declared. It is never healed by itself (D13): whoever plans is told, with the line that keeps
// it.
#pragma once

#include "controller/federation/view.h"
#include "controller/model/diagnostics.h"

namespace poolshift {

// One warning for each protocol that has one.
void WarnOfOverrides(const View& view, Diagnostics& warnings);

}  // namespace poolshift
