// The cmdlets that an action runs, as a person would type them. Pure.
#pragma once

#include <string>
#include <vector>

#include "controller/model/plan.h"
#include "providers/lync/platform/settings.h"

namespace poolshift::lync {

std::vector<std::string> PreviewOf(const Action& action,
                                   const Settings& settings,
                                   const std::string& admin);

}  // namespace poolshift::lync
