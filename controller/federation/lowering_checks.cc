// A check that makes no order: no plan touches remote access (I-21).
#include <set>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// "edge1a.contoso.com/accessEdge" -> "edge1a.contoso.com"
std::string First(const ResourceId& id) { return id.name.substr(0, id.name.find('/')); }

class RemoteAccessCheck {
 public:
  explicit RemoteAccessCheck(const Organization& organization) {
    for (const auto& [name, pool] : organization.edge_pools) {
      names_.insert({pool.web_conferencing_fqdn, pool.av_fqdn});
      if (pool.condition == EdgePool::Condition::kOutOfService) continue;
      for (const EdgeServer& server : pool.servers)
        serving_.insert(server.fqdn);
    }
    names_.erase("");
  }

  bool Touches(const Action& action) const {
    const ResourceId& id = action.target;
    if (id.kind == kinds::kDnsRecordSet)
      return id.name.rfind("_sip._tls.", 0) == 0 || names_.contains(First(id));
    const bool stops = id.kind == kinds::kEdgeService && action.verb == Verb::kStop;
    return stops && serving_.contains(First(id)) && id.name != First(id) + "/xmppProxy";
  }

 private:
  std::set<std::string> names_;    // of Web Conferencing and A/V
  std::set<std::string> serving_;  // servers of pools in service
};

}  // namespace

void CheckRemoteAccess(Draft& draft) {
  const RemoteAccessCheck check(draft.organization);
  for (const Operator& step : draft.problem.operators) {
    if (step.action.verb == Verb::kGate || !check.Touches(step.action)) continue;
    draft.Refuse("I-21",
                 "the plan would touch remote access: " + step.action.title,
                 "this is a defect of Poolshift, not of the manifests: report it with this text");
  }
}

}  // namespace poolshift
