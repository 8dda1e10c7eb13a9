// What `poolshift adopt` prints: the lines to commit, the record sets to mark, and what cannot be
// adopted.
#pragma once

#include <string>

#include "controller/federation/adoption.h"
#include "controller/report/style.h"

namespace poolshift {

std::string AdoptionText(const std::string& organization,
                         const Adoption& adoption,
                         const Plan& marking,
                         const Style& style);

}  // namespace poolshift
