#include "controller/engine/other_host.h"

#include "controller/engine/planning.h"
#include "controller/federation/observing.h"
#include "controller/model/try.h"

namespace poolshift {

absl::Status PlanOtherHost(Workspace& workspace, ObservedState& observed, OtherHost& other) {
  Organization supposed = workspace.organization();
  for (auto& [name, site] : supposed.sites) {
    if (other.sip && !site.hosts.federation.empty()) site.hosts.federation = other.pool;
    if (other.xmpp && !site.hosts.xmpp.empty()) site.hosts.xmpp = other.pool;
  }
  POOLSHIFT_TRY(workspace.ObserveMore(DesignationsToObserve(supposed), observed));
  POOLSHIFT_TRY(workspace.ObserveMore(DetailsToObserve(supposed, observed), observed));
  POOLSHIFT_ASSIGN(other.plan, MakePlanWithoutCommands(supposed, observed, workspace.assignment()));
  return absl::OkStatus();
}

}  // namespace poolshift
