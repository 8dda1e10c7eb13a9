// Checks that make no order: what policy allows (I-20), and that no plan touches remote access
// (I-21).
#include <set>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// Said, never refused: from every point of every plan there is a way back, and that is a planned
// move too.
void Object(Draft& draft, const std::string& text, std::string hint, const Origin& origin) {
  draft.warnings.Warning(origin, text + " (I-20)", std::move(hint));
}

void CheckPartner(Draft& draft, const Partner& partner) {
  const Observation* seen = draft.view.observed().Find(kinds::XmppPartner(partner.domain));
  if (seen == nullptr || seen->presence == Presence::kUnreachable) return;
  if (seen->presence == Presence::kAbsent) {
    Object(draft,
           "XMPP with " + partner.domain + " is declared, but it is no allowed XMPP partner",
           "New-CsXmppAllowedPartner -Identity " + partner.domain +
               " with what it supports, or take `xmpp` out of Partner/" + partner.domain,
           partner.origin);
    return;
  }
  const bool proves = seen->properties.StringOr("sasl", "optional") != "notSupported" ||
                      seen->properties.BooleanOr("dialback", true);
  if (proves) return;
  Object(draft,
         "XMPP partner " + partner.domain +
             " is allowed neither SASL nor dialback, so no stream to it can be authenticated",
         "Set-CsXmppAllowedPartner -Identity " + partner.domain +
             " -SupportDialbackNegotiation $true, or SASL, as it supports",
         partner.origin);
}

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

void CheckAccessPolicy(Draft& draft) {
  const Value* access =
      draft.view.observed().Properties(kinds::AccessConfig(draft.organization.name));
  if (access != nullptr && !access->BooleanOr("allowFederatedUsers", true)) {
    Object(draft,
           "AllowFederatedUsers is off: no federation works, whoever hosts it",
           "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true",
           draft.organization.origin);
  }
  if (draft.move(Protocol::kXmpp).to == nullptr) return;
  if (access != nullptr && !access->BooleanOr("enableXmppAccess", true)) {
    Object(draft,
           "EnableXmppAccess is off: no XMPP federation works, whoever hosts it",
           "Set-CsExternalAccessPolicy -Identity Global -EnableXmppAccess $true",
           draft.organization.origin);
  }
  for (const auto& [name, partner] : draft.organization.partners) {
    if (partner.xmpp) CheckPartner(draft, partner);
  }
}

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
