#include "controller/federation/no_return.h"

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

std::string ReturnLoses(const Action& action) {
  if (!NoReturn(action).empty()) return "";
  Action back;
  back.target = action.target;
  back.before = action.after;
  back.after = action.before;
  return NoReturn(back);
}

}  // namespace poolshift
