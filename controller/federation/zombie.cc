#include "controller/federation/zombie.h"

namespace poolshift {

bool WouldReturn(const View& view, const EdgeServer& server, Protocol protocol) {
  if (view.IsReached(server, protocol) || view.IsFenced(server, protocol)) return false;
  const Value* service =
      view.observed().Properties(kinds::EdgeService(server.fqdn, Role(protocol)));
  if (service == nullptr) return false;
  const Value* installed = view.observed().Properties(kinds::EdgeComponents(server.fqdn));
  if (installed != nullptr && !installed->BooleanOr(Member(protocol), false)) return false;
  return service->StringOr("state", "") != "stopped" ||
         service->StringOr("startMode", "automatic") != "disabled";
}

}  // namespace poolshift
