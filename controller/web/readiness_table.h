// The last drill, as HTML. Pure.
#pragma once

#include <string>

#include "controller/gitops/board.h"

namespace poolshift::web {

std::string ReadinessTable(const Snapshot& snapshot);

}  // namespace poolshift::web
