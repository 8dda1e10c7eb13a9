#include "controller/federation/way_inside.h"

#include <algorithm>

#include "controller/federation/kinds.h"
#include "controller/federation/protocol.h"

namespace poolshift {
namespace {

constexpr std::string_view kWays = "waysInside";

const Observation* Seen(const View& view, const std::string& server) {
  const Observation* seen = view.observed().Find(kinds::EdgeService(server, Role(Protocol::kSip)));
  return seen == nullptr || seen->presence != Presence::kPresent ? nullptr : seen;
}

}  // namespace

WayInside WayInsideOf(const View& view, const std::string& server) {
  const Observation* seen = Seen(view, server);
  if (seen == nullptr) return WayInside::kNotTold;
  if (std::find(seen->unknown.begin(), seen->unknown.end(), kWays) != seen->unknown.end())
    return WayInside::kUnread;
  const Value* ways = seen->properties.Find(kWays);
  if (ways == nullptr || !ways->is_integer()) return WayInside::kNotTold;
  return ways->integer() > 0 ? WayInside::kOpen : WayInside::kNone;
}

std::string RemarkOnInside(const View& view, const std::string& server) {
  const Observation* seen = Seen(view, server);
  return seen == nullptr || seen->reason.empty() ? "" : ": " + seen->reason;
}

}  // namespace poolshift
