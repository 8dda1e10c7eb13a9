// A check that makes no order: no plan touches remote access (I-21).
#include <algorithm>
#include <unordered_set>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// "edge1a.contoso.com/accessEdge" -> "edge1a.contoso.com"
std::string_view FirstOf(const ResourceId& id) {
  return std::string_view(id.name).substr(0, id.name.find('/'));
}

class RemoteAccessCheck {
 public:
  explicit RemoteAccessCheck(const Organization& organization) {
    for (const auto& [name, pool] : organization.edge_pools) {
      for (const std::string* external : {&pool.web_conferencing_fqdn, &pool.av_fqdn})
        if (!external->empty()) names_.insert(*external);
      if (pool.condition == EdgePool::Condition::kOutOfService || !pool.in_topology()) continue;
      for (const EdgeServer& server : pool.servers)
        serving_.insert(server.fqdn);
    }
  }

  // Nothing else has to be compared with every pool of the organisation.
  static bool Concerns(const Action& action) { return IsRecord(action) || Stops(action); }

  bool Touches(const Action& action) const {
    const ResourceId& id = action.target;
    if (IsRecord(action))
      return id.name.rfind("_sip._tls.", 0) == 0 || names_.contains(FirstOf(id));
    return Stops(action) && serving_.contains(FirstOf(id)) &&
           id != kinds::EdgeService(std::string(FirstOf(id)), "xmppProxy");
  }

 private:
  static bool IsRecord(const Action& action) {
    return action.verb != Verb::kGate && action.target.kind == kinds::kDnsRecordSet;
  }
  static bool Stops(const Action& action) {
    return action.target.kind == kinds::kEdgeService && action.verb == Verb::kStop;
  }

  std::unordered_set<std::string_view> names_;    // of Web Conferencing and A/V
  std::unordered_set<std::string_view> serving_;  // servers of pools in service that carry it
};

}  // namespace

void CheckRemoteAccess(Draft& draft) {
  const auto& steps = draft.problem.operators;
  const bool concerns = std::any_of(steps.begin(), steps.end(), [](const Operator& step) {
    return RemoteAccessCheck::Concerns(step.action);
  });
  if (!concerns) return;
  const RemoteAccessCheck check(draft.organization);
  for (const Operator& step : draft.problem.operators) {
    if (step.action.verb == Verb::kGate || !check.Touches(step.action)) continue;
    draft.Refuse("I-21",
                 "the plan would touch remote access: " + step.action.title,
                 "this is a defect of Poolshift, not of the manifests: report it with this text");
  }
}

}  // namespace poolshift
