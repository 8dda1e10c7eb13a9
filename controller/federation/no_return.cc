#include "controller/federation/no_return.h"

#include <algorithm>

#include "controller/federation/kinds.h"

namespace poolshift {

std::string NoReturn(const Action& action) {
  if (action.target.kind == kinds::kPoolFailover &&
      action.after.StringOr("servedBy", "") == "backup") {
    return "what users wrote since the backup pool last copied them is lost; failing back later "
           "brings the users home, not what was lost";
  }
  if (action.target.kind == kinds::kCentralStore) {
    return "writes that the backup of the central store did not hold yet are lost; the former "
           "master must not be used again";
  }
  return "";
}

std::size_t FirstNoReturn(const Plan& plan) {
  const auto found = std::find_if(plan.actions.begin(),
                                  plan.actions.end(),
                                  [](const Action& action) { return !NoReturn(action).empty(); });
  return static_cast<std::size_t>(found - plan.actions.begin());
}

}  // namespace poolshift
