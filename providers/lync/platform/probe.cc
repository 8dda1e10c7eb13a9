#include "providers/lync/platform/probe.h"

#include <algorithm>

#include "providers/lync/shell/answer.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

bool HasParameter(const Value* parameters, std::string_view cmdlet, std::string_view name) {
  const Value* known = parameters == nullptr ? nullptr : parameters->Find(cmdlet);
  return std::ranges::count(TextsOf(known), name) > 0;
}

bool HasCmdlet(const Value* parameters, std::string_view cmdlet) {
  const Value* known = parameters == nullptr ? nullptr : parameters->Find(cmdlet);
  return known != nullptr && !known->is_null();
}

}  // namespace

Abilities ProbeAtStart(Shell& admin, absl::Time deadline) {
  Abilities abilities;
  const Answer answer =
      RunScript(admin,
                "check-admin",
                Value::Map{{"deep", false},
                           {"cmdlets", Value::List{"Set-CsSite", "Get-CsXmppAllowedPartner"}}},
                deadline);
  if (answer.fault) {
    abilities.remarks.push_back("it could not be asked what it can do: " + answer.fault->text);
    return abilities;
  }
  abilities.reached = true;
  const Value* parameters = answer.value.Find("parameters");
  if (!HasCmdlet(parameters, "Set-CsSite")) {
    abilities.remarks.push_back(admin.name() + " has no Management Shell (no Set-CsSite)");
    return abilities;
  }
  abilities.xmpp = HasCmdlet(parameters, "Get-CsXmppAllowedPartner");
  if (!abilities.xmpp) {
    abilities.remarks.emplace_back(
        "this product has no XMPP federation (Skype for Business Server 2019 or later): "
        "XmppPartner is "
        "not served");
  }
  if (HasParameter(parameters, "Set-CsSite", "XmppExternalFederationRoute")) {
    abilities.remarks.emplace_back(
        "Set-CsSite has -XmppExternalFederationRoute here, which the cmdlet reference does not "
        "know");
  } else if (abilities.xmpp && !HasParameter(parameters, "Set-CsSite", "XmppFederationRoute")) {
    abilities.remarks.emplace_back(
        "Set-CsSite has no parameter for an XMPP route: none will be set");
  }
  return abilities;
}

}  // namespace poolshift::lync
