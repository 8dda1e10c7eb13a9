// What `poolshift adopt` prints: the lines to commit, and what cannot be adopted.
#pragma once

#include <string>

#include "controller/federation/adoption.h"
#include "controller/report/style.h"

namespace poolshift {

std::string AdoptionText(const std::string& organization,
                         const Adoption& adoption,
                         const Style& style);

}  // namespace poolshift
