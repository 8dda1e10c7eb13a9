// Unfenced: providers whose platform takes a late write of an older controller. The plan says so.
#pragma once

#include <map>
#include <string>

#include "controller/federation/organization.h"
#include "controller/model/plan.h"

namespace poolshift {

// By provider: what it says about it, each remark behind "; ".
using Unfenced = std::map<std::string, std::string>;

// A warning for each of them that the plan writes through.
void WarnOfUnfenced(const Organization& organization, const Unfenced& unfenced, Plan& plan);

}  // namespace poolshift
